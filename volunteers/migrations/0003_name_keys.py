"""Those who joined before are found by name too, and have their section among their sections."""

from django.db import migrations

from core.text import search_key


def fill(apps, schema_editor):
    volunteer = apps.get_model("volunteers", "Volunteer")
    rows = []
    for row in volunteer._base_manager.only("name", "section").iterator():
        row.name_key, row.sections = search_key(row.name)[:160], [row.section]
        rows.append(row)
    volunteer._base_manager.bulk_update(rows, ["name_key", "sections"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0002_joining")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
