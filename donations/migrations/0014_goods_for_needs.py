"""Goods may be given for a need; once they are received that stays as it is."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

_RULES = import_module("donations.migrations.0011_in_kind_kept")
BEFORE = "ROW({row}.state, {row}.donation_id, {row}.reply"
AFTER = "ROW({row}.state, {row}.need_id, {row}.donation_id, {row}.reply"


def keeping(facts: str) -> str:
    """The function that keeps gifts of goods, with these facts in the place of BEFORE."""
    start = _RULES.RULES.index("CREATE FUNCTION donations_in_kind_keep()")
    body = _RULES.RULES[start : _RULES.RULES.index("CREATE TRIGGER", start)]
    for row in ("NEW", "OLD"):
        if body.count(BEFORE.format(row=row)) != 1:
            raise ValueError(row)
        body = body.replace(BEFORE.format(row=row), facts.format(row=row))
    return body.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("donations", "0013_planned_once"), ("campaigns", "0010_need_life")]
    operations = [
        migrations.AddField(
            model_name="giftinkind",
            name="need",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="goods_offered",
                to="campaigns.need", verbose_name="برای نیاز",
            ),
        ),
        migrations.RunSQL(keeping(AFTER), keeping(BEFORE)),
    ]
