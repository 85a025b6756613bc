"""Lots change by their moves alone, moves are never edited, a kit is never paid for twice nor by the wrong fund."""

from django.db import migrations

RULES = """
CREATE FUNCTION aid_move_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE aid_lot SET quantity = quantity + NEW.quantity, value_rial = value_rial + NEW.value_rial
     WHERE id = NEW.lot_id;
    RETURN NULL;
END $$;
CREATE TRIGGER moves_lot AFTER INSERT ON aid_stockmove FOR EACH ROW EXECUTE FUNCTION aid_move_lot();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON aid_stockmove
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();

CREATE FUNCTION aid_keep_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.quantity <> 0 OR NEW.value_rial <> 0 THEN
            RAISE EXCEPTION 'a lot begins empty and is filled by a move' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF pg_trigger_depth() < 2 OR ROW(NEW.warehouse_id, NEW.item_id, NEW.fund_id, NEW.donation_id, NEW.parent_id)
          IS DISTINCT FROM ROW(OLD.warehouse_id, OLD.item_id, OLD.fund_id, OLD.donation_id, OLD.parent_id) THEN
        RAISE EXCEPTION 'lot % changes by its moves only', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON aid_lot FOR EACH ROW EXECUTE FUNCTION aid_keep_lot();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON aid_lot
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();

CREATE FUNCTION aid_check_kit_funding() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted numeric;
    purpose text;
    promised numeric;
BEGIN
    SELECT l.quantity, k.purpose INTO wanted, purpose
      FROM aid_batchline l JOIN aid_kitbatch b ON b.id = l.batch_id JOIN aid_kit k ON k.code = b.kit_id
     WHERE l.id = NEW.line_id FOR UPDATE OF l;
    SELECT coalesce(sum(quantity), 0) INTO promised FROM aid_kitfunding WHERE line_id = NEW.line_id AND is_active;
    IF promised > wanted THEN
        RAISE EXCEPTION 'line % is paid for already', NEW.line_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.fund_id IS NOT NULL AND NEW.is_active AND NOT EXISTS (
        SELECT 1 FROM campaigns_fund f WHERE f.code = NEW.fund_id AND purpose = ANY(f.spendable_on)) THEN
        RAISE EXCEPTION 'fund % may not pay for %', NEW.fund_id, purpose USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER adds_up AFTER INSERT OR UPDATE ON aid_kitfunding FOR EACH ROW EXECUTE FUNCTION aid_check_kit_funding();
"""
UNDO = """
DROP TRIGGER adds_up ON aid_kitfunding;
DROP FUNCTION aid_check_kit_funding();
DROP TRIGGER never_deleted ON aid_lot;
DROP TRIGGER kept ON aid_lot;
DROP FUNCTION aid_keep_lot();
DROP TRIGGER append_only ON aid_stockmove;
DROP TRIGGER moves_lot ON aid_stockmove;
DROP FUNCTION aid_move_lot();
"""


class Migration(migrations.Migration):
    dependencies = [("aid", "0004_stock_and_kits"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(RULES, UNDO)]
