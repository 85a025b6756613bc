"""Lines of a registry are written by one COPY from what was just read: no look at each county and file again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("provinces", "0006_people_and_sessions"),
        ("volunteers", "0012_leaders_write"),
    ]
    operations = [
        migrations.AlterField(
            "registryline",
            "registry",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="volunteers.registryimport",
                verbose_name="فایل",
            ),
        ),
        migrations.AlterField(
            "registryline",
            "county",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="provinces.county",
            ),
        ),
        migrations.AlterField(
            "registryline",
            "state",
            models.CharField(
                choices=[
                    ("new", "تازه"),
                    ("left", "نگرفته"),
                    ("known", "از پیش ثبت است"),
                    ("twin", "تکراری در همین فایل"),
                    ("conflict", "کد ملی با شمارهٔ دیگری ثبت است"),
                    ("refused", "پذیرفته نشد"),
                    ("taken", "ثبت شد"),
                ],
                max_length=8,
                verbose_name="وضعیت",
            ),
        ),
    ]
