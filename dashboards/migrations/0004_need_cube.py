"""A cube by need joins the others; the next fold makes all of them anew from the books."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0003_cubes"), ("ledger", "0006_need")]
    operations = [
        migrations.RunSQL(
            "UPDATE dashboards_foldstate SET rebuild_wanted = EXISTS (SELECT 1 FROM ledger_entry)",
            migrations.RunSQL.noop,
        ),
    ]
