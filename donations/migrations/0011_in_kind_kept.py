"""Goods that were received are kept as they were written down: neither the gift nor its lines change any more.

Who gave, what they wrote and where they live may be taken away: a donor may wish to be forgotten.
"""

from django.db import migrations

RULES = """
CREATE FUNCTION donations_goods_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN touched := NEW.gift_id; ELSE touched := OLD.gift_id; END IF;
    IF EXISTS (SELECT 1 FROM donations_giftinkind g WHERE g.id = touched AND g.state = 'received') THEN
        RAISE EXCEPTION 'gift % is received: its goods stay as they are', touched USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE OR DELETE ON donations_givengoods
    FOR EACH ROW EXECUTE FUNCTION donations_goods_keep();
CREATE FUNCTION donations_in_kind_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR ROW(NEW.tracking_code, NEW.key, NEW.fund_id, NEW.office_id, NEW.offered_at)
          IS DISTINCT FROM ROW(OLD.tracking_code, OLD.key, OLD.fund_id, OLD.office_id, OLD.offered_at)
       OR OLD.state IN ('received', 'declined', 'lapsed')
          AND ROW(NEW.state, NEW.donation_id, NEW.reply, NEW.decided_by_id, NEW.decided_at)
              IS DISTINCT FROM ROW(OLD.state, OLD.donation_id, OLD.reply, OLD.decided_by_id, OLD.decided_at) THEN
        RAISE EXCEPTION 'gift % cannot be changed', OLD.tracking_code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON donations_giftinkind
    FOR EACH ROW EXECUTE FUNCTION donations_in_kind_keep();
"""
UNDO = """
DROP TRIGGER kept ON donations_giftinkind;
DROP FUNCTION donations_in_kind_keep();
DROP TRIGGER kept ON donations_givengoods;
DROP FUNCTION donations_goods_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0010_in_kind")]
    operations = [migrations.RunSQL(RULES, UNDO)]
