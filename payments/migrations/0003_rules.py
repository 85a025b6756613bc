"""Moves of attempts as a table in the database, and the event each move leaves.

The table is written out here as it stood; a test keeps it equal to `payments.states.MOVES`.
"""

from django.db import migrations

MOVES = {
    "created": ["redirected", "failed"],
    "redirected": ["unknown", "under_review", "succeeded", "failed"],
    "unknown": ["under_review", "succeeded", "failed"],
    "under_review": ["succeeded", "failed", "refunded"],
    "failed": ["under_review", "succeeded"],
    "succeeded": ["refunded"],
}
ROWS = ", ".join(f"('{old}', '{new}')" for old, news in MOVES.items() for new in news)

RULES = f"""
CREATE TABLE payments_attemptmove (from_state varchar(12), to_state varchar(12), PRIMARY KEY (from_state, to_state));
INSERT INTO payments_attemptmove VALUES {ROWS};

CREATE FUNCTION payments_guard_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.donation_id, NEW.terminal_id, NEW.gateway, NEW.order_id, NEW.amount_rial)
       IS DISTINCT FROM ROW(OLD.donation_id, OLD.terminal_id, OLD.gateway, OLD.order_id, OLD.amount_rial)
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
CREATE TRIGGER guard BEFORE UPDATE ON payments_attempt FOR EACH ROW EXECUTE FUNCTION payments_guard_attempt();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_attempt
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_attemptevent
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_bankreference
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""

UNDO = """
DROP TRIGGER append_only ON payments_bankreference;
DROP TRIGGER append_only ON payments_attemptevent;
DROP TRIGGER kept ON payments_attempt;
DROP TRIGGER guard ON payments_attempt;
DROP FUNCTION payments_guard_attempt();
DROP TABLE payments_attemptmove;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_initial"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(RULES, UNDO)]
