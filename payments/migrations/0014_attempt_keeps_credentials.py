"""Which credentials an attempt was begun with is as fixed as its terminal: by them it is asked about and reversed."""

from django.db import migrations

BODY = """
CREATE OR REPLACE FUNCTION payments_guard_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.donation_id, NEW.terminal_id, {more_of_new}NEW.gateway, NEW.order_id, NEW.amount_rial)
       IS DISTINCT FROM ROW(OLD.donation_id, OLD.terminal_id, {more_of_old}OLD.gateway, OLD.order_id, OLD.amount_rial)
       OR (OLD.token <> '' AND NEW.token <> OLD.token) THEN
        RAISE EXCEPTION 'attempt % cannot be changed', OLD.order_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('succeeded', 'refunded') AND ROW(NEW.reference, NEW.rrn, NEW.decided_at)
       IS DISTINCT FROM ROW(OLD.reference, OLD.rrn, OLD.decided_at) THEN
        RAISE EXCEPTION 'attempt % is decided', OLD.order_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state THEN
        IF NOT EXISTS (SELECT 1 FROM payments_attemptmove WHERE from_state = OLD.state AND to_state = NEW.state) THEN
            RAISE EXCEPTION 'attempt % may not go from % to %', OLD.order_id, OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO payments_attemptevent (attempt_id, from_state, to_state, reason, evidence)
        VALUES (OLD.id, OLD.state, NEW.state, NEW.reason,
                CASE WHEN NEW.evidence IS DISTINCT FROM OLD.evidence THEN NEW.evidence END);
    END IF;
    RETURN NEW;
END $$;
"""
NOW = BODY.format(more_of_new="NEW.credentials_version, ", more_of_old="OLD.credentials_version, ")
BEFORE = BODY.format(more_of_new="", more_of_old="")


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_box_counts")]
    operations = [migrations.RunSQL(NOW, BEFORE)]
