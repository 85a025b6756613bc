"""What counts as an item of a need counts for the need whose item it is: deliveries of goods, kits and what is in them."""

from django.db import migrations

CHECK = """
CREATE FUNCTION aid_check_need_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    need bigint;
BEGIN
    IF TG_TABLE_NAME = 'aid_batchline' THEN
        SELECT b.need_id INTO need FROM aid_kitbatch b WHERE b.id = (to_jsonb(NEW) ->> 'batch_id')::bigint;
    ELSE
        need := (to_jsonb(NEW) ->> 'need_id')::bigint;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM campaigns_needitem i WHERE i.id = NEW.need_item_id AND i.need_id = need) THEN
        RAISE EXCEPTION 'item % is of another need', NEW.need_item_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
WATCHED = {
    "goodsdelivery": "need_id, need_item_id",
    "kitbatch": "need_id, need_item_id",
    "batchline": "batch_id, need_item_id",
}
TRIGGERS = "\n".join(
    f"CREATE TRIGGER item_of_its_need BEFORE INSERT OR UPDATE OF {columns} ON aid_{table} FOR EACH ROW "
    "WHEN (NEW.need_item_id IS NOT NULL) EXECUTE FUNCTION aid_check_need_item();"
    for table, columns in WATCHED.items()
)
UNDO = "\n".join(
    [*(f"DROP TRIGGER item_of_its_need ON aid_{table};" for table in WATCHED), "DROP FUNCTION aid_check_need_item();"]
)


class Migration(migrations.Migration):
    dependencies = [("aid", "0011_items_of_needs")]
    operations = [migrations.RunSQL(CHECK + TRIGGERS, UNDO)]
