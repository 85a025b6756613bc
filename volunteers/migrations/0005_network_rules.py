"""Nobody meets clients before they are vetted, a shift is never overbooked, what was shown of whom is never changed."""

from django.db import migrations

RULES = """
CREATE FUNCTION volunteers_only_vetted_meet_clients() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF NEW.volunteer_id IS NOT NULL
       AND (NEW.state IN ('invited', 'signed_up')
            OR (NEW.state = 'present' AND (TG_OP = 'INSERT' OR OLD.state <> 'present'))) AND EXISTS (
        SELECT 1 FROM volunteers_shift s JOIN volunteers_opportunity o ON o.id = s.opportunity_id
         WHERE s.id = NEW.shift_id AND o.meets_clients) THEN
        SELECT vetting INTO found FROM volunteers_volunteer WHERE id = NEW.volunteer_id FOR SHARE;
        IF found <> 'approved' THEN
            RAISE EXCEPTION 'volunteer % is not vetted', NEW.volunteer_id USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'only_vetted_meet_clients';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_vetted_meet_clients BEFORE INSERT OR UPDATE OF state, volunteer_id, shift_id
    ON volunteers_assignment FOR EACH ROW EXECUTE FUNCTION volunteers_only_vetted_meet_clients();

CREATE FUNCTION volunteers_keep_vetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.vetting = 'approved' AND (TG_OP = 'INSERT' OR OLD.vetting <> 'approved') AND 'approve' IS DISTINCT FROM (
        SELECT decision FROM volunteers_vettingdecision WHERE volunteer_id = NEW.id ORDER BY id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'volunteer % was approved by nobody', NEW.id USING ERRCODE = 'check_violation',
              CONSTRAINT = 'approved_by_somebody';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.vetting = 'approved' AND NEW.vetting <> 'approved' AND EXISTS (
        SELECT 1 FROM volunteers_assignment a JOIN volunteers_shift s ON s.id = a.shift_id
          JOIN volunteers_opportunity o ON o.id = s.opportunity_id
         WHERE a.volunteer_id = NEW.id AND a.state IN ('invited', 'signed_up') AND o.meets_clients) THEN
        RAISE EXCEPTION 'volunteer % is still expected by clients', NEW.id USING ERRCODE = 'check_violation',
              CONSTRAINT = 'only_vetted_meet_clients';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_vetting AFTER INSERT OR UPDATE OF vetting ON volunteers_volunteer
    FOR EACH ROW EXECUTE FUNCTION volunteers_keep_vetting();

CREATE FUNCTION volunteers_keep_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.meets_clients <> OLD.meets_clients AND EXISTS (
        SELECT 1 FROM volunteers_assignment a JOIN volunteers_shift s ON s.id = a.shift_id
         WHERE s.opportunity_id = NEW.id) THEN
        RAISE EXCEPTION 'somebody was asked to opportunity % already', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_meeting AFTER UPDATE OF meets_clients ON volunteers_opportunity
    FOR EACH ROW EXECUTE FUNCTION volunteers_keep_meeting();

CREATE FUNCTION volunteers_count_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before integer := 0;
    after integer := 0;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := (OLD.state IN ('signed_up', 'present', 'absent'))::integer;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        after := (NEW.state IN ('signed_up', 'present', 'absent'))::integer;
    END IF;
    IF before <> after THEN
        UPDATE volunteers_shift SET taken = taken + after - before WHERE id = coalesce(NEW.shift_id, OLD.shift_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER counts_places AFTER INSERT OR UPDATE OF state OR DELETE ON volunteers_assignment
    FOR EACH ROW EXECUTE FUNCTION volunteers_count_places();

CREATE FUNCTION volunteers_keep_shift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'INSERT' AND NEW.taken <> 0)
       OR (TG_OP = 'UPDATE' AND pg_trigger_depth() < 2 AND NEW.taken <> OLD.taken) THEN
        RAISE EXCEPTION 'places of a shift are counted by its assignments' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_shift BEFORE INSERT OR UPDATE ON volunteers_shift
    FOR EACH ROW EXECUTE FUNCTION volunteers_keep_shift();

CREATE FUNCTION volunteers_keep_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.shift_id <> OLD.shift_id OR NEW.code <> OLD.code
       OR (NEW.volunteer_id IS NOT NULL AND OLD.volunteer_id IS NULL) THEN
        RAISE EXCEPTION 'assignment % keeps its shift, code and person', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_assignment BEFORE UPDATE ON volunteers_assignment
    FOR EACH ROW EXECUTE FUNCTION volunteers_keep_assignment();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON volunteers_revelation
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER never_changed BEFORE UPDATE ON volunteers_vettingdecision
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""
UNDO = """
DROP TRIGGER never_changed ON volunteers_vettingdecision;
DROP TRIGGER append_only ON volunteers_revelation;
DROP TRIGGER keep_assignment ON volunteers_assignment;
DROP FUNCTION volunteers_keep_assignment();
DROP TRIGGER keep_shift ON volunteers_shift;
DROP FUNCTION volunteers_keep_shift();
DROP TRIGGER counts_places ON volunteers_assignment;
DROP FUNCTION volunteers_count_places();
DROP TRIGGER keep_meeting ON volunteers_opportunity;
DROP FUNCTION volunteers_keep_meeting();
DROP TRIGGER keep_vetting ON volunteers_volunteer;
DROP FUNCTION volunteers_keep_vetting();
DROP TRIGGER only_vetted_meet_clients ON volunteers_assignment;
DROP FUNCTION volunteers_only_vetted_meet_clients();
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0004_network"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(RULES, UNDO)]
