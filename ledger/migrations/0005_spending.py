"""Accounts of what gifts were spent on carry the kind of gift, as income does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_closed_days")]
    operations = [
        migrations.RemoveConstraint(model_name="account", name="income_has_gift_kind"),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                name="income_has_gift_kind",
                condition=models.Q(type="income") & ~models.Q(gift_kind="")
                | models.Q(type="expense")
                | ~models.Q(type__in=["income", "expense"]) & models.Q(gift_kind=""),
            ),
        ),
    ]
