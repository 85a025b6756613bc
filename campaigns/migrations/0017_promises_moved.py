"""Promises of events stand in the register of promises."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0016_sheet_prints"), ("partnerships", "0003_promises_of_events")]
    operations = [migrations.DeleteModel(name="Promise")]
