"""What the database itself enforces of the books: append-only, balanced, whole, queued for figures and seals."""

from django.db import migrations

TABLES = ["account", "dimension", "entry", "posting", "sealchunk"]

RULES = """
ALTER TABLE ledger_entry ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION ledger_check_legs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken bigint;
BEGIN
    SELECT e.id INTO broken
      FROM (SELECT DISTINCT entry_id FROM new_legs) touched
      JOIN ledger_entry e ON e.id = touched.entry_id
     WHERE e.xact <> pg_current_xact_id() LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'entry % is closed: a leg cannot join it later', broken USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT p.entry_id INTO broken
      FROM (SELECT DISTINCT entry_id FROM new_legs) touched
      JOIN ledger_posting p ON p.entry_id = touched.entry_id
      JOIN ledger_account a ON a.id = p.account_id
     GROUP BY p.entry_id, a.unit HAVING sum(p.amount_rial) <> 0 LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'entry % does not balance', broken USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER balanced AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS new_legs
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_legs();

CREATE FUNCTION ledger_entry_has_legs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'entry % has no legs', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_legs AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_has_legs();

CREATE FUNCTION ledger_queue_fold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_foldrow (entry_id) SELECT id FROM new_entries;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_fold AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS new_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_queue_fold();
""" + "\n".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();"
    for table in TABLES
)

UNDO = "\n".join(f"DROP TRIGGER append_only ON ledger_{table};" for table in TABLES) + """
DROP TRIGGER queue_fold ON ledger_entry;
DROP TRIGGER has_legs ON ledger_entry;
DROP TRIGGER balanced ON ledger_posting;
DROP FUNCTION ledger_queue_fold();
DROP FUNCTION ledger_entry_has_legs();
DROP FUNCTION ledger_check_legs();
ALTER TABLE ledger_entry DROP COLUMN xact;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(RULES, UNDO)]
