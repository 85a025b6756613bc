"""A gift's amount may change in one move: when it is received at the amount that was really paid."""

from django.db import migrations

BODY = """
CREATE OR REPLACE FUNCTION donations_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {amount_is_kept}
       OR NEW.kind <> OLD.kind OR NEW.tracking_code <> OLD.tracking_code
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
"""
NEVER = "NEW.amount_rial <> OLD.amount_rial"
WHEN_RECEIVED = (
    "(NEW.amount_rial <> OLD.amount_rial "
    "AND NOT (OLD.status NOT IN ('received', 'refunded') AND NEW.status = 'received'))"
)


class Migration(migrations.Migration):
    dependencies = [("donations", "0002_frozen")]
    operations = [
        migrations.RunSQL(BODY.format(amount_is_kept=WHEN_RECEIVED), BODY.format(amount_is_kept=NEVER))
    ]
