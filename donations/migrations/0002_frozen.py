"""A received donation is frozen: only its status may go on to refunded. No donation is ever deleted."""

from django.db import migrations

RULES = """
CREATE FUNCTION donations_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount_rial <> OLD.amount_rial OR NEW.kind <> OLD.kind OR NEW.tracking_code <> OLD.tracking_code
       OR NEW.fund_id <> OLD.fund_id OR NEW.channel_id <> OLD.channel_id
       OR NEW.province_id IS DISTINCT FROM OLD.province_id OR NEW.county_id IS DISTINCT FROM OLD.county_id
       OR NEW.edition_id IS DISTINCT FROM OLD.edition_id OR NEW.branch_id IS DISTINCT FROM OLD.branch_id
       OR NEW.placement_id IS DISTINCT FROM OLD.placement_id THEN
        RAISE EXCEPTION 'donation % cannot be changed', OLD.tracking_code USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.status IN ('received', 'refunded')
       AND (NEW.received_at IS DISTINCT FROM OLD.received_at
            OR NOT (NEW.status = OLD.status OR (OLD.status = 'received' AND NEW.status = 'refunded'))) THEN
        RAISE EXCEPTION 'donation % is received and stays so', OLD.tracking_code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON donations_donation FOR EACH ROW EXECUTE FUNCTION donations_keep();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON donations_donation
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON donations_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE FUNCTION donations_receipt_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.donation_id, NEW.serial, NEW.token, NEW.code, NEW.bank_reference, NEW.issued_at)
       IS DISTINCT FROM ROW(OLD.donation_id, OLD.serial, OLD.token, OLD.code, OLD.bank_reference, OLD.issued_at)
       OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) THEN
        RAISE EXCEPTION 'receipt % cannot be edited', OLD.serial USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON donations_receipt FOR EACH ROW EXECUTE FUNCTION donations_receipt_keep();
"""

UNDO = """
DROP TRIGGER frozen ON donations_receipt;
DROP FUNCTION donations_receipt_keep();
DROP TRIGGER kept ON donations_receipt;
DROP TRIGGER kept ON donations_donation;
DROP TRIGGER frozen ON donations_donation;
DROP FUNCTION donations_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0001_initial"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(RULES, UNDO)]
