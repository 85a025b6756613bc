"""A batch of kits stays what it was begun as, and so does what each payment for it is of: money that was set aside for
kits of a need, out of a fund, cannot be turned to another by changing them."""

from django.db import migrations

GUARD = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW({new}) IS DISTINCT FROM ROW({old}){more} THEN
        RAISE EXCEPTION '% % stays as it was planned', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER as_planned BEFORE UPDATE ON aid_{table} FOR EACH ROW EXECUTE FUNCTION {name}();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON aid_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
# table: (columns that never change, what else is refused)
KEPT = {
    "kitbatch": (
        "kit_id warehouse_id need_id need_item_id title count created_by_id created_at is_demo",
        " OR OLD.state <> 'planned' AND NEW.state <> OLD.state",
    ),
    "batchline": ("batch_id item_id need_item_id quantity price_rial", ""),
    "kitfunding": (
        "line_id source item_id quantity fund_id commitment_id recorded_by_id recorded_at",
        " OR NEW.is_active AND NOT OLD.is_active OR NEW.amount_rial <> OLD.amount_rial AND OLD.source <> 'stock'",
    ),
}


def _guard(table: str) -> str:
    columns, more = KEPT[table]
    new, old = (", ".join(f"{row}.{name}" for name in columns.split()) for row in ("NEW", "OLD"))
    return GUARD.format(name=f"aid_as_planned_{table}", table=table, new=new, old=old, more=more)


UNDO = "\n".join(
    f"DROP TRIGGER never_deleted ON aid_{table}; DROP TRIGGER as_planned ON aid_{table}; "
    f"DROP FUNCTION aid_as_planned_{table}();"
    for table in KEPT
)


class Migration(migrations.Migration):
    dependencies = [("aid", "0012_items_of_their_needs"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL("\n".join(map(_guard, KEPT)), UNDO)]
