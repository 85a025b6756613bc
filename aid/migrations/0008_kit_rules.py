"""The firewall knows kits; goods that left for families are kept as they were written down; stock moves, kits and
goods join the second hash chain."""

from importlib import import_module

from django.db import migrations

_RULES = import_module("aid.migrations.0002_allocation_rules")
_WITHDRAWN = import_module("aid.migrations.0006_withdrawn_needs")

KIT_FACTS = """
    SELECT f.source, f.is_active, f.fund_id, k.purpose, b.state, b.need_id, o.province_id, o.county_id INTO kit
      FROM aid_kitfunding f JOIN aid_batchline l ON l.id = f.line_id JOIN aid_kitbatch b ON b.id = l.batch_id
      JOIN aid_kit k ON k.code = b.kit_id JOIN aid_warehouse w ON w.id = b.warehouse_id
      JOIN provinces_office o ON o.id = w.office_id WHERE f.id = NEW.funding_id;
    SELECT * INTO wanted FROM campaigns_need WHERE id = coalesce(NEW.need_id, kit.need_id);
"""
FIREWALL_CHANGES = [
    ("rule text; moves bool;", "rule text; moves bool; kit record;"),
    (
        "NEW.programme, NEW.province_id, NEW.county_id,\n               NEW.attribution",
        "NEW.programme, NEW.province_id, NEW.county_id,\n               NEW.funding_id, NEW.attribution",
    ),
    (
        "OLD.programme, OLD.province_id, OLD.county_id,\n               OLD.attribution",
        "OLD.programme, OLD.province_id, OLD.county_id,\n               OLD.funding_id, OLD.attribution",
    ),
    ("    SELECT * INTO wanted FROM campaigns_need WHERE id = NEW.need_id;\n", KIT_FACTS),
    ("AND NEW.need_id IS DISTINCT FROM own.id", "AND wanted.id IS DISTINCT FROM own.id"),
    (
        "WHEN wanted.id IS NOT NULL AND (NEW.province_id IS DISTINCT FROM wanted.province_id",
        "WHEN NEW.need_id IS NOT NULL AND (NEW.province_id IS DISTINCT FROM wanted.province_id",
    ),
    (
        "    rule := CASE\n",
        """    rule := CASE
        WHEN NEW.funding_id IS NOT NULL AND (kit.source <> 'cash' OR NOT kit.is_active OR kit.fund_id <> pool.fund_id
             OR kit.purpose <> NEW.purpose OR kit.state <> 'planned') THEN 'kit'
        WHEN NEW.funding_id IS NOT NULL AND (NEW.province_id IS DISTINCT FROM kit.province_id
             OR NEW.county_id IS DISTINCT FROM kit.county_id) THEN 'place'
""",
    ),
]
DELIVERY_CHANGES = [
    ("ROW(NEW.allocation_id, NEW.amount_rial", "ROW(NEW.allocation_id, NEW.goods_id, NEW.amount_rial"),
    ("ROW(OLD.allocation_id, OLD.amount_rial", "ROW(OLD.allocation_id, OLD.goods_id, OLD.amount_rial"),
    (
        "    IF spent.purpose = 'food'",
        """    IF (spent.funding_id IS NULL) <> (NEW.goods_id IS NULL) THEN
        RAISE EXCEPTION 'money of kits is delivered with kits, and no other' USING ERRCODE = 'restrict_violation';
    END IF;
    IF spent.purpose = 'food'""",
    ),
]


def _changed(body: str, changes: list[tuple[str, str]]) -> str:
    for before, after in changes:
        if body.count(before) != 1:
            raise ValueError(before)
        body = body.replace(before, after)
    return body


def _of_deliveries(changes: list[tuple[str, str]]) -> str:
    body = _RULES.DELIVERIES.split("CREATE TRIGGER", 1)[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    return _changed(body, changes)


FIREWALL_BEFORE = _WITHDRAWN.firewall(_WITHDRAWN.AFTER)

GOODS = """
CREATE FUNCTION aid_keep_goods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.warehouse_id, NEW.batch_id, NEW.item_id, NEW.quantity, NEW.unit, NEW.purpose, NEW.need_id,
           NEW.need_item_id, NEW.households, NEW.county_id, NEW.delivered_on, NEW.first_signatory,
           NEW.second_signatory, NEW.minutes_number, NEW.recorded_by_id, NEW.recorded_at)
       IS DISTINCT FROM
       ROW(OLD.warehouse_id, OLD.batch_id, OLD.item_id, OLD.quantity, OLD.unit, OLD.purpose, OLD.need_id,
           OLD.need_item_id, OLD.households, OLD.county_id, OLD.delivered_on, OLD.first_signatory,
           OLD.second_signatory, OLD.minutes_number, OLD.recorded_by_id, OLD.recorded_at)
       OR (OLD.value_rial <> 0 AND NEW.value_rial <> OLD.value_rial)
       OR (OLD.undone_at IS NOT NULL AND ROW(NEW.undone_at, NEW.undone_by_id, NEW.undo_reason)
           IS DISTINCT FROM ROW(OLD.undone_at, OLD.undone_by_id, OLD.undo_reason)) THEN
        RAISE EXCEPTION 'goods delivery % cannot be edited', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON aid_goodsdelivery FOR EACH ROW EXECUTE FUNCTION aid_keep_goods();

CREATE FUNCTION aid_keep_goods_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.delivery_id, NEW.reference_hash, NEW.again_because)
       IS DISTINCT FROM ROW(OLD.delivery_id, OLD.reference_hash, OLD.again_because)
       OR (NEW.is_active AND NOT OLD.is_active) THEN
        RAISE EXCEPTION 'who received goods % cannot be edited', OLD.delivery_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON aid_goodsreference FOR EACH ROW EXECUTE FUNCTION aid_keep_goods_reference();
"""
KEPT = ("goodsdelivery", "goodsreference", "kithandover")
QUEUED = {"stockmove": "stock move", "goodsdelivery": "goods delivery", "goodsreference": "goods case"}
GUARDS = "\n".join(
    [
        *(
            f"CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON aid_{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();"
            for table in KEPT
        ),
        *(
            f"CREATE TRIGGER queue_seal AFTER INSERT ON aid_{table} REFERENCING NEW TABLE AS new_rows "
            f"FOR EACH STATEMENT EXECUTE FUNCTION ledger_queue_seal('{kind}');"
            for table, kind in QUEUED.items()
        ),
        "CREATE TRIGGER queue_kit_seal AFTER INSERT ON aid_allocation FOR EACH ROW "
        "WHEN (NEW.funding_id IS NOT NULL) EXECUTE FUNCTION ledger_queue_seal_of_row('kit allocation');",
        "CREATE TRIGGER queue_seal_undone_at AFTER UPDATE ON aid_goodsdelivery FOR EACH ROW "
        "WHEN (OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL) "
        "EXECUTE FUNCTION ledger_queue_seal_of_row('goods undoing');",
        "INSERT INTO ledger_sealrow (kind, row_id) SELECT 'stock move', id FROM aid_stockmove;",
    ]
)
UNDO = "\n".join(
    [
        "DROP TRIGGER queue_seal_undone_at ON aid_goodsdelivery;",
        "DROP TRIGGER queue_kit_seal ON aid_allocation;",
        *(f"DROP TRIGGER queue_seal ON aid_{table};" for table in QUEUED),
        *(f"DROP TRIGGER kept ON aid_{table};" for table in KEPT),
        "DROP TRIGGER frozen ON aid_goodsreference;",
        "DROP FUNCTION aid_keep_goods_reference();",
        "DROP TRIGGER frozen ON aid_goodsdelivery;",
        "DROP FUNCTION aid_keep_goods();",
    ]
)


class Migration(migrations.Migration):
    dependencies = [("aid", "0007_kits_for_gifts"), ("donations", "0012_sealed_goods")]
    operations = [
        migrations.RunSQL(
            _changed(FIREWALL_BEFORE, FIREWALL_CHANGES) + _of_deliveries(DELIVERY_CHANGES) + GOODS + GUARDS,
            UNDO + FIREWALL_BEFORE + _of_deliveries([]),
        )
    ]
