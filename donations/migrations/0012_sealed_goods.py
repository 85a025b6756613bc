"""Gifts of goods and their lines join the second hash chain when they are received."""

from django.db import migrations

RULES = """
CREATE FUNCTION donations_queue_goods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_sealrow (kind, row_id)
    SELECT 'gift in kind', NEW.id UNION ALL SELECT 'given goods', id FROM donations_givengoods WHERE gift_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_seal AFTER UPDATE ON donations_giftinkind FOR EACH ROW
    WHEN (OLD.state <> 'received' AND NEW.state = 'received') EXECUTE FUNCTION donations_queue_goods();
INSERT INTO ledger_sealrow (kind, row_id)
SELECT 'gift in kind', id FROM donations_giftinkind WHERE state = 'received' UNION ALL
SELECT 'given goods', l.id FROM donations_givengoods l JOIN donations_giftinkind g ON g.id = l.gift_id
 WHERE g.state = 'received';
"""
UNDO = """
DROP TRIGGER queue_seal ON donations_giftinkind;
DROP FUNCTION donations_queue_goods();
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0011_in_kind_kept"), ("ledger", "0007_row_seals")]
    operations = [migrations.RunSQL(RULES, UNDO)]
