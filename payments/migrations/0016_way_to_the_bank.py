"""What the way to the bank and back asks of the database, as functions: their statements are planned once a
connection, not once a gift (see donations 0013). Each is one transaction by itself and says nothing it does not do."""

from django.db import migrations

# A plan made while a table is small must not read all of it once it has grown.
BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"
MAKE = f"""
CREATE FUNCTION payments_gift_to_pay(
    code text,
    OUT id bigint, OUT tracking_code text, OUT amount_rial bigint, OUT province_id text, OUT fund_id text,
    OUT fund_name text, OUT preferred_gateway text, OUT is_new boolean
) RETURNS SETOF record LANGUAGE plpgsql STABLE {BY_INDEX} AS $$
BEGIN
    RETURN QUERY
    SELECT d.id, d.tracking_code::text, d.amount_rial, d.province_id::text, d.fund_id::text, f.name::text,
           d.preferred_gateway::text, NOT EXISTS (SELECT FROM payments_attempt a WHERE a.donation_id = d.id)
      FROM donations_donation d JOIN campaigns_fund f ON f.code = d.fund_id
     WHERE d.tracking_code = payments_gift_to_pay.code;
END $$;

CREATE FUNCTION payments_open_first(
    gift bigint, terminal bigint, version smallint, gateway text, amount bigint, until timestamptz,
    OUT id bigint, OUT order_id bigint
) RETURNS SETOF record LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    PERFORM FROM donations_donation d WHERE d.id = gift AND d.status = 'pending' FOR UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM payments_attempt a WHERE a.donation_id = gift) THEN
        RETURN;
    END IF;
    RETURN QUERY
    INSERT INTO payments_attempt AS a
           (donation_id, terminal_id, credentials_version, gateway, amount_rial, next_ask_at)
    VALUES (gift, terminal, version, payments_open_first.gateway, amount, until) RETURNING a.id, a.order_id;
END $$;

CREATE FUNCTION payments_hand_over(
    attempt bigint, token text, at timestamptz, ask_until timestamptz, next_ask_at timestamptz
) RETURNS boolean LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    UPDATE payments_attempt a
       SET state = 'redirected', reason = 'handed_over', token = payments_hand_over.token, redirected_at = at,
           ask_until = payments_hand_over.ask_until, next_ask_at = payments_hand_over.next_ask_at
     WHERE a.id = attempt AND a.state = 'created';
    RETURN FOUND;
END $$;

CREATE FUNCTION payments_take_in(gateway text, token text, order_id bigint, payload jsonb) RETURNS text
LANGUAGE plpgsql {BY_INDEX} AS $$
DECLARE mine record;
BEGIN
    IF token <> '' THEN
        SELECT a.id, d.tracking_code INTO mine
          FROM payments_attempt a JOIN donations_donation d ON d.id = a.donation_id
         WHERE a.gateway = payments_take_in.gateway AND a.token = payments_take_in.token AND a.token <> '';
    ELSE
        SELECT a.id, d.tracking_code INTO mine
          FROM payments_attempt a JOIN donations_donation d ON d.id = a.donation_id
         WHERE a.gateway = payments_take_in.gateway AND a.order_id = payments_take_in.order_id;
    END IF;
    INSERT INTO payments_callback (gateway, attempt_id, payload) VALUES (gateway, mine.id, payload);
    RETURN mine.tracking_code;
END $$;
"""
UNDO = """
DROP FUNCTION payments_take_in(text, text, bigint, jsonb);
DROP FUNCTION payments_hand_over(bigint, text, timestamptz, timestamptz, timestamptz);
DROP FUNCTION payments_open_first(bigint, bigint, smallint, text, bigint, timestamptz);
DROP FUNCTION payments_gift_to_pay(text);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_account_numbers"), ("donations", "0013_planned_once")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
