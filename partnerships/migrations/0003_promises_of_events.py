"""What guests of events promised comes into the one register, with its key: cases about it name that."""

from django.db import migrations

MOVE = """
INSERT INTO partnerships_commitment (id, event_id, guest_id, who, what, purpose, measure, unit, quantity, delivered,
        worth_rial, province_id, county_id, promised_on, state, note, followed_at, minded_by_id, made_by_id, made_at,
        is_demo)
    SELECT p.id, p.event_id, p.guest_id, p.who, p.what, 'other', 'words', '', 1, 0, p.amount_rial, e.province_id,
           e.county_id, (e.starts_at AT TIME ZONE 'Asia/Tehran')::date, p.state, p.note, p.followed_at, p.minded_by_id,
           p.minded_by_id, now(), false
      FROM campaigns_promise p JOIN campaigns_event e ON e.id = p.event_id
    ON CONFLICT (id) DO NOTHING;
INSERT INTO partnerships_instalment (commitment_id, due_on, quantity, reaches)
    SELECT p.id, p.due_on, 1, 1 FROM campaigns_promise p ON CONFLICT DO NOTHING;
SELECT setval(pg_get_serial_sequence('partnerships_commitment', 'id'), max(id)) FROM partnerships_commitment
HAVING max(id) IS NOT NULL;
"""

BACK = """
INSERT INTO campaigns_promise (id, event_id, guest_id, who, what, amount_rial, due_on, state, note, followed_at,
        minded_by_id)
    SELECT c.id, c.event_id, c.guest_id, c.who, c.what, c.worth_rial, min(i.due_on), c.state, c.note, c.followed_at,
           c.minded_by_id
      FROM partnerships_commitment c JOIN partnerships_instalment i ON i.commitment_id = c.id
     WHERE c.event_id IS NOT NULL GROUP BY c.id;
SELECT setval(pg_get_serial_sequence('campaigns_promise', 'id'), max(id)) FROM campaigns_promise
HAVING max(id) IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_promise_rules"), ("campaigns", "0014_events")]
    operations = [migrations.RunSQL(MOVE, BACK)]
