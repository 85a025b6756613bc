"""Payments of a state that few are in, newest first; made without holding up giving."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0020_counter_gifts_anew")]
    operations = [
        AddIndexConcurrently(
            "attempt",
            models.Index(
                fields=["state", "-donation", "-id"],
                condition=models.Q(state__in=["created", "redirected", "unknown", "under_review", "refunded"]),
                name="attempt_of_rare_state",
            ),
        ),
    ]
