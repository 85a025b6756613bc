"""A signed memorandum stays as it was signed; shares and promises never add up to more than an item; what was delivered
is vouched for by two, proved by one gift each, and added up by the database."""

from django.db import migrations

RULES = """
CREATE TABLE partnerships_agreementmove (
    from_state varchar(8), to_state varchar(8), PRIMARY KEY (from_state, to_state));
INSERT INTO partnerships_agreementmove VALUES
    ('draft', 'signed'), ('signed', 'running'), ('signed', 'ended'), ('running', 'finished'), ('running', 'ended');
CREATE FUNCTION partnerships_guard_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM partnerships_agreementmove WHERE from_state = OLD.state AND to_state = NEW.state) THEN
        RAISE EXCEPTION 'agreement % may not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> 'draft' AND ROW(NEW.partner_id, NEW.title, NEW.number, NEW.province_id, NEW.signed_on, NEW.ends_on,
            NEW.value_rial, NEW.source)
        IS DISTINCT FROM ROW(OLD.partner_id, OLD.title, OLD.number, OLD.province_id, OLD.signed_on, OLD.ends_on,
            OLD.value_rial, OLD.source) THEN
        RAISE EXCEPTION 'agreement % is signed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON partnerships_agreement
    FOR EACH ROW EXECUTE FUNCTION partnerships_guard_agreement();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON partnerships_agreement
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();

CREATE FUNCTION partnerships_guard_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreement bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN agreement := OLD.agreement_id; ELSE agreement := NEW.agreement_id; END IF;
    IF EXISTS (SELECT 1 FROM partnerships_agreement WHERE id = agreement AND state <> 'draft') THEN
        RAISE EXCEPTION 'agreement % is signed', agreement USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON partnerships_agreementitem
    FOR EACH ROW EXECUTE FUNCTION partnerships_guard_item();

CREATE FUNCTION partnerships_check_item(item bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    target bigint;
    place record;
BEGIN
    SELECT i.target INTO target FROM partnerships_agreementitem i WHERE i.id = item FOR UPDATE;
    IF (SELECT coalesce(sum(quantity), 0) FROM partnerships_itemshare WHERE item_id = item) > target THEN
        RAISE EXCEPTION 'item % is split into more than it is', item USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT coalesce(sum(CASE state WHEN 'dropped' THEN delivered ELSE quantity END), 0)
          FROM partnerships_commitment WHERE item_id = item) > target THEN
        RAISE EXCEPTION 'of item % is promised more than it is', item USING ERRCODE = 'check_violation';
    END IF;
    SELECT s.province_id, s.quantity INTO place FROM partnerships_itemshare s
     WHERE s.item_id = item AND s.quantity < (
        SELECT coalesce(sum(CASE c.state WHEN 'dropped' THEN c.delivered ELSE c.quantity END), 0)
          FROM partnerships_commitment c WHERE c.item_id = item AND c.province_id = s.province_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'of item % is promised more than the share of %', item, place.province_id
            USING ERRCODE = 'check_violation';
    END IF;
END $$;
CREATE FUNCTION partnerships_check_share() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM partnerships_check_item(NEW.item_id);
    RETURN NULL;
END $$;
CREATE TRIGGER adds_up AFTER INSERT OR UPDATE ON partnerships_itemshare
    FOR EACH ROW EXECUTE FUNCTION partnerships_check_share();

CREATE FUNCTION partnerships_guard_commitment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.delivered <> 0 THEN
            RAISE EXCEPTION 'a promise begins with nothing delivered' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF NEW.delivered <> OLD.delivered AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'what came of promise % is what its deliveries say', OLD.id
            USING ERRCODE = 'restrict_violation';
    ELSIF OLD.delivered > 0 AND ROW(NEW.measure, NEW.unit, NEW.item_id) IS DISTINCT FROM
            ROW(OLD.measure, OLD.unit, OLD.item_id) THEN
        RAISE EXCEPTION 'promise % has deliveries', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'kept' AND (TG_OP = 'INSERT' OR OLD.state <> 'kept') AND NEW.measure <> 'words' AND NEW.delivered < NEW.quantity THEN
        RAISE EXCEPTION 'promise % is not kept yet', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.item_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM partnerships_agreementitem i
            WHERE i.id = NEW.item_id AND i.measure = NEW.measure AND i.unit = NEW.unit) THEN
        RAISE EXCEPTION 'promise and item are not counted alike' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON partnerships_commitment
    FOR EACH ROW EXECUTE FUNCTION partnerships_guard_commitment();
CREATE FUNCTION partnerships_check_commitment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.item_id IS NOT NULL THEN
        PERFORM partnerships_check_item(NEW.item_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER adds_up AFTER INSERT OR UPDATE OF item_id, quantity, state, province_id ON partnerships_commitment
    FOR EACH ROW EXECUTE FUNCTION partnerships_check_commitment();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON partnerships_commitment
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();

CREATE FUNCTION partnerships_guard_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' THEN
            RAISE EXCEPTION 'a delivery waits for a second person' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF ROW(NEW.commitment_id, NEW.form, NEW.donation_id, NEW.goods_id, NEW.quantity, NEW.delivered_on, NEW.evidence,
                NEW.file_path, NEW.recorded_by_id, NEW.recorded_at)
            IS DISTINCT FROM ROW(OLD.commitment_id, OLD.form, OLD.donation_id, OLD.goods_id, OLD.quantity,
                OLD.delivered_on, OLD.evidence, OLD.file_path, OLD.recorded_by_id, OLD.recorded_at)
        OR OLD.state <> 'waiting' AND (
            NEW.state <> OLD.state AND NOT (OLD.state = 'confirmed' AND NEW.state = 'undone')
            OR ROW(NEW.decided_by_id, NEW.decided_at, NEW.reason)
                IS DISTINCT FROM ROW(OLD.decided_by_id, OLD.decided_at, OLD.reason))
        OR NEW.outcome <> OLD.outcome AND NEW.state <> 'confirmed' THEN
        RAISE EXCEPTION 'delivery % stays as it was written', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IN ('waiting', 'confirmed') AND (TG_OP = 'INSERT' OR NEW.state <> OLD.state) THEN
        IF NEW.form = 'money' AND NOT EXISTS (SELECT 1 FROM donations_donation d
                WHERE d.id = NEW.donation_id AND d.kind = 'cash' AND d.status = 'received'
                  AND d.amount_rial = NEW.quantity) THEN
            RAISE EXCEPTION 'money that came is a received gift of that amount' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.form = 'stock' AND NOT EXISTS (SELECT 1 FROM donations_givengoods g
                JOIN donations_giftinkind k ON k.id = g.gift_id
                WHERE g.id = NEW.goods_id AND k.state = 'received' AND g.quantity >= NEW.quantity) THEN
            RAISE EXCEPTION 'goods that came are a line of a received gift in kind' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM partnerships_commitment c
                WHERE c.id = NEW.commitment_id AND (NEW.form = 'money') = (c.measure = 'cash')) THEN
            RAISE EXCEPTION 'money for money, goods for goods' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON partnerships_promisedelivery
    FOR EACH ROW EXECUTE FUNCTION partnerships_guard_delivery();
CREATE FUNCTION partnerships_add_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE partnerships_commitment SET delivered = delivered
        + CASE WHEN NEW.state = 'confirmed' THEN NEW.quantity ELSE 0 END
        - CASE WHEN OLD.state = 'confirmed' THEN OLD.quantity ELSE 0 END
     WHERE id = NEW.commitment_id;
    RETURN NULL;
END $$;
CREATE TRIGGER adds_up AFTER UPDATE ON partnerships_promisedelivery
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION partnerships_add_deliveries();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON partnerships_promisedelivery
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""

UNDO = """
DROP TRIGGER never_deleted ON partnerships_promisedelivery;
DROP TRIGGER adds_up ON partnerships_promisedelivery;
DROP FUNCTION partnerships_add_deliveries();
DROP TRIGGER guard ON partnerships_promisedelivery;
DROP FUNCTION partnerships_guard_delivery();
DROP TRIGGER never_deleted ON partnerships_commitment;
DROP TRIGGER adds_up ON partnerships_commitment;
DROP FUNCTION partnerships_check_commitment();
DROP TRIGGER guard ON partnerships_commitment;
DROP FUNCTION partnerships_guard_commitment();
DROP TRIGGER adds_up ON partnerships_itemshare;
DROP FUNCTION partnerships_check_share();
DROP FUNCTION partnerships_check_item(bigint);
DROP TRIGGER guard ON partnerships_agreementitem;
DROP FUNCTION partnerships_guard_item();
DROP TRIGGER kept ON partnerships_agreement;
DROP TRIGGER guard ON partnerships_agreement;
DROP FUNCTION partnerships_guard_agreement();
DROP TABLE partnerships_agreementmove;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0001_partners_and_promises"),
        ("core", "0002_append_only"),
        ("donations", "0011_in_kind_kept"),
    ]
    operations = [migrations.RunSQL(RULES, UNDO)]
