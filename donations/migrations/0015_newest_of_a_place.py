"""The newest gifts of a county, and the payments of a province, by short walks of an index; made without holding up
giving."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("donations", "0014_goods_for_needs")]
    operations = [
        AddIndexConcurrently(
            "donation",
            models.Index(
                fields=["county", "-received_at"],
                condition=models.Q(status="received", county__isnull=False),
                name="received_by_county",
            ),
        ),
        AddIndexConcurrently(
            "donation", models.Index(fields=["province", "id"], name="donation_of_province")
        ),
    ]
