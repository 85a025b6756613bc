"""Kits count on no more of a promise than was promised: on an open one, of goods, in their own province."""

from django.db import migrations, models

RULES = """
CREATE FUNCTION aid_check_kit_promise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    promised record;
BEGIN
    SELECT c.quantity, c.state, c.measure, c.province_id INTO promised
      FROM partnerships_commitment c WHERE c.id = NEW.commitment_id FOR UPDATE;
    IF promised.quantity IS NULL OR promised.measure <> 'goods' OR TG_OP = 'INSERT' AND promised.state <> 'open'
       OR promised.province_id IS DISTINCT FROM (
            SELECT o.province_id FROM aid_batchline l JOIN aid_kitbatch b ON b.id = l.batch_id
              JOIN aid_warehouse w ON w.id = b.warehouse_id JOIN provinces_office o ON o.id = w.office_id
             WHERE l.id = NEW.line_id) THEN
        RAISE EXCEPTION 'promise % is not for these kits', NEW.commitment_id USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT sum(quantity) FROM aid_kitfunding WHERE commitment_id = NEW.commitment_id AND is_active)
            > promised.quantity THEN
        RAISE EXCEPTION 'kits count on more of promise % than it is', NEW.commitment_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER promise_suffices AFTER INSERT OR UPDATE OF quantity, commitment_id, line_id, is_active ON aid_kitfunding
    FOR EACH ROW WHEN (NEW.is_active AND NEW.commitment_id IS NOT NULL) EXECUTE FUNCTION aid_check_kit_promise();

CREATE FUNCTION aid_keep_promise_of_kits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted numeric;
BEGIN
    SELECT sum(quantity) INTO counted FROM aid_kitfunding WHERE commitment_id = NEW.id AND is_active;
    IF counted > NEW.quantity OR counted IS NOT NULL AND (NEW.measure <> OLD.measure OR NEW.unit <> OLD.unit
            OR NEW.province_id IS DISTINCT FROM OLD.province_id) THEN
        RAISE EXCEPTION 'kits count on promise %', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER kits_count_on_it AFTER UPDATE OF quantity, measure, unit, province_id ON partnerships_commitment
    FOR EACH ROW EXECUTE FUNCTION aid_keep_promise_of_kits();
"""
UNDO = """
DROP TRIGGER kits_count_on_it ON partnerships_commitment;
DROP FUNCTION aid_keep_promise_of_kits();
DROP TRIGGER promise_suffices ON aid_kitfunding;
DROP FUNCTION aid_check_kit_promise();
"""


class Migration(migrations.Migration):
    dependencies = [("aid", "0009_photos_of_goods"), ("partnerships", "0004_promise_in_the_queue")]
    operations = [
        migrations.AddIndex(
            model_name="kitfunding",
            index=models.Index(
                condition=models.Q(("commitment_id__isnull", False)), fields=["commitment_id"], name="kits_of_promise"
            ),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
