"""The gifts of a province by when they were begun, so that those of some days are a short walk too; made without
holding up giving. The one by keys goes only when the new one is there."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("donations", "0015_newest_of_a_place")]
    operations = [
        AddIndexConcurrently(
            "donation",
            models.Index(fields=["province", "-created_at", "-id"], name="donation_of_place_by_time"),
        ),
        RemoveIndexConcurrently("donation", "donation_of_province"),
    ]
