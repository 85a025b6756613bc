"""The gifts of a pool that wait to be allocated, oldest first. Built without holding up giving."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("donations", "0006_allocated")]
    operations = [
        AddIndexConcurrently(
            model_name="donation",
            index=models.Index(
                condition=models.Q(("is_allocated", False), ("kind", "cash"), ("status", "received")),
                fields=["fund", "province", "county", "edition", "need", "received_at", "id"],
                name="waiting_in_pool",
            ),
        ),
    ]
