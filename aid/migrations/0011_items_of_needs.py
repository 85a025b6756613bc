"""Goods that were brought for a need, and kits for one, count as its items; and the fund firewall holds for goods: what
leaves a warehouse for people, or for kits, leaves for what it was given for."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

_STOCK = import_module("aid.migrations.0005_stock_rules")
PLAIN = "{row}.donation_id, {row}.parent_id)"
WITH_ITEM = "{row}.donation_id, {row}.parent_id, {row}.need_item_id)"
BEGINS = """            RAISE EXCEPTION 'a lot begins empty and is filled by a move' USING ERRCODE = 'restrict_violation';
        END IF;
"""
OF_ITS_NEED = """        IF NEW.need_item_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM donations_donation d JOIN campaigns_needitem i ON i.need_id = d.need_id
             WHERE d.id = NEW.donation_id AND i.id = NEW.need_item_id) THEN
            RAISE EXCEPTION 'lot % was not brought for that need', NEW.id USING ERRCODE = 'restrict_violation';
        END IF;
"""


def keeping(changes: list[tuple[str, str]]) -> str:
    """The function that keeps lots, with these changes."""
    start = _STOCK.RULES.index("CREATE FUNCTION aid_keep_lot()")
    body = _STOCK.RULES[start : _STOCK.RULES.index("CREATE TRIGGER", start)]
    for before, after in changes:
        if body.count(before) != 1:
            raise ValueError(before)
        body = body.replace(before, after)
    return body.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


FIREWALL = """
CREATE FUNCTION aid_check_goods() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    brought record;
    used record;
    named bigint := substring(NEW.reference FROM ':([0-9]{1,18})$')::bigint;
    rule text;
BEGIN
    SELECT f.code, f.spendable_on, i.category, d.need_id, n.state INTO brought
      FROM aid_lot l JOIN campaigns_fund f ON f.code = l.fund_id JOIN aid_stockitem i ON i.code = l.item_id
      LEFT JOIN donations_donation d ON d.id = l.donation_id LEFT JOIN campaigns_need n ON n.id = d.need_id
     WHERE l.id = NEW.lot_id;
    IF NEW.kind = 'issued' THEN
        SELECT g.purpose, g.need_id INTO used FROM aid_goodsdelivery g
         WHERE g.id = named AND NEW.reference = 'goods_delivery:' || named;
    ELSE
        SELECT k.purpose, b.need_id INTO used FROM aid_kitbatch b JOIN aid_kit k ON k.code = b.kit_id
         WHERE b.id = named AND NEW.reference = 'kit_batch:' || named;
    END IF;
    rule := CASE
        WHEN used.purpose IS NULL OR used.purpose <> ALL(brought.spendable_on) THEN 'purpose'
        WHEN brought.state IN ('verified', 'published', 'funded') AND used.need_id IS DISTINCT FROM brought.need_id
        THEN 'need_pool'
        WHEN brought.spendable_on = ARRAY['food']::varchar[] AND brought.category <> 'food' THEN 'food_only'
    END;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION 'fund_firewall %: lot % of % for %', rule, NEW.lot_id, brought.code, NEW.reference
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER firewall BEFORE INSERT ON aid_stockmove FOR EACH ROW WHEN (NEW.kind IN ('issued', 'to_kit'))
    EXECUTE FUNCTION aid_check_goods();
"""
UNDO = """
DROP TRIGGER firewall ON aid_stockmove;
DROP FUNCTION aid_check_goods();
"""


def _item(related_name: str, label: str) -> models.ForeignKey:
    return models.ForeignKey(
        "campaigns.needitem", django.db.models.deletion.PROTECT, null=True, related_name=related_name,
        verbose_name=label,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("aid", "0010_promises_of_kits"),
        ("campaigns", "0010_need_life"),
        ("donations", "0014_goods_for_needs"),
        ("partnerships", "0004_promise_in_the_queue"),
    ]
    operations = [
        migrations.AddField("lot", "need_item", _item("lots", "برای قلم نیاز")),
        migrations.AddField("kitbatch", "need_item", _item("+", "قلم نیاز")),
        migrations.AddField("batchline", "need_item", _item("+", "قلم نیاز")),
        migrations.AddConstraint(
            "kitbatch",
            models.CheckConstraint(
                name="kits_are_an_item_of_their_need",
                condition=models.Q(need_item=None) | models.Q(need__isnull=False),
            ),
        ),
        migrations.RunSQL(
            keeping([*((PLAIN.format(row=r), WITH_ITEM.format(row=r)) for r in ("NEW", "OLD")), (BEGINS, BEGINS + OF_ITS_NEED)])
            + FIREWALL,
            UNDO + keeping([]),
        ),
    ]
