"""Cases by what is due, by when they were closed, and by the gift that they are about; made without holding anything up."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KeyTransform


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0008_promise_label")]
    operations = [
        AddIndexConcurrently(
            "case", models.Index(fields=["due_at", "id"], condition=models.Q(state="open"), name="case_by_due")
        ),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["-closed_at", "id"], condition=models.Q(state="closed"), name="case_by_closing"),
        ),
        AddIndexConcurrently("case", models.Index(KeyTransform("tracking_code", "facts"), name="case_by_gift")),
    ]
