"""Neighbourhoods of the register; what somebody needs is kept with its consent and goes with it; an approval is looked
at where there is one."""

import django.db.models.deletion
from django.db import migrations, models

RULES = """
UPDATE volunteers_volunteer v SET access_needs = '' WHERE access_needs <> '' AND NOT EXISTS (
    SELECT 1 FROM volunteers_consent c
     WHERE c.volunteer_id = v.id AND c.kind = 'access' AND c.withdrawn_at IS NULL);

DROP TRIGGER keep_vetting ON volunteers_volunteer;
CREATE TRIGGER keep_first_vetting AFTER INSERT ON volunteers_volunteer
    FOR EACH ROW WHEN (NEW.vetting = 'approved') EXECUTE FUNCTION volunteers_keep_vetting();
CREATE TRIGGER keep_vetting AFTER UPDATE OF vetting ON volunteers_volunteer
    FOR EACH ROW WHEN (NEW.vetting <> OLD.vetting) EXECUTE FUNCTION volunteers_keep_vetting();

CREATE FUNCTION volunteers_needs_are_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM volunteers_volunteer v WHERE v.id = NEW.id AND v.access_needs <> '')
       AND NOT EXISTS (SELECT 1 FROM volunteers_consent c
                        WHERE c.volunteer_id = NEW.id AND c.kind = 'access' AND c.withdrawn_at IS NULL) THEN
        RAISE EXCEPTION 'needs of volunteer % are kept without a consent', NEW.id
              USING ERRCODE = 'check_violation', CONSTRAINT = 'needs_are_agreed';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER needs_are_agreed AFTER INSERT OR UPDATE OF access_needs ON volunteers_volunteer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.access_needs <> '')
    EXECUTE FUNCTION volunteers_needs_are_agreed();

CREATE FUNCTION volunteers_needs_go_with_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE volunteers_volunteer v SET access_needs = ''
     WHERE v.id = OLD.volunteer_id AND v.access_needs <> '' AND NOT EXISTS (
           SELECT 1 FROM volunteers_consent c
            WHERE c.volunteer_id = v.id AND c.kind = 'access' AND c.withdrawn_at IS NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER needs_go_with_consent AFTER UPDATE OF withdrawn_at, volunteer_id OR DELETE ON volunteers_consent
    FOR EACH ROW WHEN (OLD.kind = 'access') EXECUTE FUNCTION volunteers_needs_go_with_consent();
"""
UNDO = """
DROP TRIGGER keep_first_vetting ON volunteers_volunteer;
DROP TRIGGER keep_vetting ON volunteers_volunteer;
CREATE TRIGGER keep_vetting AFTER INSERT OR UPDATE OF vetting ON volunteers_volunteer
    FOR EACH ROW EXECUTE FUNCTION volunteers_keep_vetting();
DROP TRIGGER needs_go_with_consent ON volunteers_consent;
DROP FUNCTION volunteers_needs_go_with_consent();
DROP TRIGGER needs_are_agreed ON volunteers_volunteer;
DROP FUNCTION volunteers_needs_are_agreed();
"""


def neighbourhood(**options):
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="provinces.neighbourhood",
        verbose_name="محله در دفتر",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("provinces", "0006_people_and_sessions"),
        ("volunteers", "0007_latest_decision"),
    ]
    operations = [
        migrations.AddField(
            "volunteer",
            "neighbourhood",
            models.CharField(
                blank=True, db_default="", default="", max_length=80, verbose_name="محله یا روستا"
            ),
        ),
        migrations.AddField("volunteer", "neighbourhood_row", neighbourhood(db_index=False)),
        migrations.AddField("volunteergroup", "neighbourhood_row", neighbourhood()),
        migrations.AlterField(
            "revelation",
            "what",
            models.CharField(
                choices=[
                    ("mobile", "شمارهٔ همراه"),
                    ("national_id", "کد ملی"),
                    ("guardian", "شمارهٔ سرپرست"),
                    ("needs", "نیازهای دسترس‌پذیری"),
                ],
                max_length=12,
                verbose_name="چه",
            ),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
