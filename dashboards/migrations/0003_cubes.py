"""Rollups by dimension first, cubes beside them. The next fold makes both anew from the books."""

from django.db import migrations, models

GRAINS = [("d", "روز"), ("m", "ماه"), ("y", "سال")]
FLOWS = [("in", "دریافت"), ("out", "هزینه‌کرد")]
KINDS = [("cash", "نقدی"), ("in_kind", "غیرنقدی"), ("service", "خدمت")]


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0002_calendar"), ("ledger", "0005_spending")]
    operations = [
        migrations.RunSQL("DELETE FROM dashboards_rollup", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="rollup", name="one_rollup_row"),
        migrations.AddField(
            model_name="rollup",
            name="flow",
            field=models.CharField(choices=FLOWS, default="in", max_length=3),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="rollup",
            constraint=models.UniqueConstraint(
                fields=("dimension_id", "grain", "starts_on", "flow", "kind"), name="one_rollup_row"
            ),
        ),
        migrations.CreateModel(
            name="Cube",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cube", models.SmallIntegerField()),
                ("grain", models.CharField(choices=GRAINS, max_length=1)),
                ("starts_on", models.DateField()),
                ("first", models.CharField(max_length=40)),
                ("second", models.CharField(max_length=40)),
                ("flow", models.CharField(choices=FLOWS, max_length=3)),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("total_rial", models.BigIntegerField()),
                ("gifts", models.BigIntegerField()),
            ],
            options={"verbose_name": "جمع آماده", "verbose_name_plural": "جمع‌های آماده"},
        ),
        migrations.AddConstraint(
            model_name="cube",
            constraint=models.UniqueConstraint(
                fields=("cube", "grain", "starts_on", "first", "second", "flow", "kind"), name="one_cube_row"
            ),
        ),
        migrations.AddField(
            model_name="foldstate", name="rebuild_wanted", field=models.BooleanField(default=False)
        ),
        migrations.RunSQL(
            "UPDATE dashboards_foldstate SET rebuild_wanted = EXISTS (SELECT 1 FROM ledger_entry)",
            migrations.RunSQL.noop,
        ),
    ]
