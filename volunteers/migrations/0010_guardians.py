"""A guardian answers from their own number; until then nobody under age is approved or given work."""

from django.db import migrations, models
from django.db.models import Q

RULES = """
CREATE FUNCTION volunteers_guardian_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM volunteers_volunteer v
                WHERE v.id = NEW.volunteer_id AND v.guardian_state IN ('waiting', 'refused')) THEN
        RAISE EXCEPTION 'the guardian of volunteer % has not agreed', NEW.volunteer_id
              USING ERRCODE = 'check_violation', CONSTRAINT = 'guardian_agrees';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guardian_agrees BEFORE INSERT OR UPDATE OF state, volunteer_id ON volunteers_assignment
    FOR EACH ROW WHEN (NEW.state IN ('invited', 'signed_up') AND NEW.volunteer_id IS NOT NULL)
    EXECUTE FUNCTION volunteers_guardian_agrees();

CREATE FUNCTION volunteers_keep_guardian() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM volunteers_assignment a
                WHERE a.volunteer_id = NEW.id AND a.state IN ('invited', 'signed_up')) THEN
        RAISE EXCEPTION 'volunteer % is still expected somewhere', NEW.id
              USING ERRCODE = 'check_violation', CONSTRAINT = 'guardian_agrees';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_guardian AFTER UPDATE OF guardian_state ON volunteers_volunteer
    FOR EACH ROW WHEN (NEW.guardian_state IN ('waiting', 'refused') AND OLD.guardian_state NOT IN ('waiting', 'refused'))
    EXECUTE FUNCTION volunteers_keep_guardian();
"""
UNDO = """
DROP TRIGGER keep_guardian ON volunteers_volunteer;
DROP FUNCTION volunteers_keep_guardian();
DROP TRIGGER guardian_agrees ON volunteers_assignment;
DROP FUNCTION volunteers_guardian_agrees();
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0009_asked_indexes")]
    operations = [
        migrations.AddField(
            "volunteer",
            "guardian_hash",
            models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            "volunteer",
            "guardian_state",
            models.CharField(
                choices=[
                    ("none", "نیازی نیست"),
                    ("waiting", "در انتظار سرپرست"),
                    ("agreed", "سرپرست رضایت داد"),
                    ("refused", "سرپرست رضایت نداد"),
                ],
                db_default="none",
                default="none",
                max_length=8,
                verbose_name="رضایت سرپرست",
            ),
        ),
        migrations.AddField(
            "volunteer",
            "guardian_asked_at",
            models.DateTimeField(null=True, verbose_name="پرسش از سرپرست"),
        ),
        migrations.AddIndex(
            "volunteer",
            models.Index(fields=["guardian_hash"], condition=~Q(guardian_hash=""), name="volunteer_guardian"),
        ),
        migrations.AddConstraint(
            "volunteer",
            models.CheckConstraint(
                name="approved_with_their_guardian",
                condition=~Q(vetting="approved") | Q(guardian_state__in=["none", "agreed"]),
            ),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
