"""What verifying and settling ask of the database, as functions that are planned once a connection (see donations
0013). All take many rows at once."""

from django.db import migrations

# A plan made while a table is small must not read all of it once it has grown.
BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"
MAKE = f"""
CREATE FUNCTION payments_lease_callbacks(tired text[], at timestamptz, until timestamptz, most integer)
RETURNS SETOF payments_callback LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    RETURN QUERY
    WITH waiting AS MATERIALIZED (
        SELECT w.id FROM payments_callback w
         WHERE w.verdict = 'waiting' AND (w.leased_until IS NULL OR w.leased_until < at) AND w.gateway <> ALL (tired)
         ORDER BY w.id LIMIT most FOR UPDATE SKIP LOCKED
    )
    UPDATE payments_callback c SET leased_until = until FROM waiting WHERE c.id = waiting.id RETURNING c.*;
END $$;

CREATE FUNCTION payments_note_callbacks(ids bigint[], verdicts text[], waits timestamptz[]) RETURNS void
LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    UPDATE payments_callback c SET verdict = n.verdict, leased_until = n.until
      FROM unnest(ids, verdicts, waits) AS n (id, verdict, until) WHERE c.id = n.id;
END $$;

CREATE FUNCTION payments_lease_attempts(ids bigint[], askable text[], at timestamptz, until timestamptz)
RETURNS SETOF payments_attempt LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    RETURN QUERY
    WITH free AS MATERIALIZED (
        SELECT f.id FROM payments_attempt f
         WHERE f.id = ANY (ids) AND f.state = ANY (askable) AND (f.leased_until IS NULL OR f.leased_until < at)
         ORDER BY f.id FOR UPDATE SKIP LOCKED
    )
    UPDATE payments_attempt a SET leased_until = until, asks = a.asks + 1
      FROM free WHERE a.id = free.id RETURNING a.*;
END $$;

CREATE FUNCTION payments_keep_seen(looks jsonb) RETURNS void LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    UPDATE payments_attempt a SET seen = s.seen
      FROM jsonb_to_recordset(looks) AS s (id bigint, seen jsonb)
     WHERE a.id = s.id AND a.seen->>'outcome' IS DISTINCT FROM 'paid';
END $$;

CREATE FUNCTION payments_lock_gifts(attempts bigint[]) RETURNS SETOF donations_donation LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    RETURN QUERY
    SELECT d.* FROM donations_donation d
     WHERE d.id IN (SELECT a.donation_id FROM payments_attempt a WHERE a.id = ANY (attempts))
     ORDER BY d.id FOR UPDATE;
END $$;

CREATE FUNCTION payments_lock_attempts(attempts bigint[]) RETURNS SETOF payments_attempt LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    RETURN QUERY
    SELECT a.* FROM payments_attempt a WHERE a.id = ANY (attempts) ORDER BY a.donation_id, a.id FOR UPDATE;
END $$;

CREATE FUNCTION payments_claim_references(claims jsonb) RETURNS SETOF bigint LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    RETURN QUERY
    INSERT INTO payments_bankreference AS b (gateway, terminal_key, reference, attempt_id)
    SELECT c.gateway, c.terminal_key, c.reference, c.attempt_id
      FROM jsonb_to_recordset(claims)
           AS c (gateway text, terminal_key text, reference text, attempt_id bigint)
    ON CONFLICT DO NOTHING RETURNING b.attempt_id;
END $$;

CREATE FUNCTION payments_move_attempts(moves jsonb) RETURNS void LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    UPDATE payments_attempt a
       SET state = m.state, reason = m.reason, evidence = coalesce(m.evidence, a.evidence),
           reference = coalesce(nullif(m.reference, ''), a.reference), rrn = coalesce(nullif(m.rrn, ''), a.rrn),
           trace_no = coalesce(nullif(m.trace_no, ''), a.trace_no),
           card_masked = coalesce(nullif(m.card_masked, ''), a.card_masked),
           decided_at = coalesce(m.decided_at, a.decided_at), next_ask_at = m.next_ask_at, leased_until = NULL
      FROM jsonb_to_recordset(moves)
           AS m (id bigint, state text, reason text, evidence jsonb, reference text, rrn text, trace_no text,
                 card_masked text, decided_at timestamptz, next_ask_at timestamptz)
     WHERE a.id = m.id;
END $$;
"""
UNDO = """
DROP FUNCTION payments_move_attempts(jsonb);
DROP FUNCTION payments_claim_references(jsonb);
DROP FUNCTION payments_lock_attempts(bigint[]);
DROP FUNCTION payments_lock_gifts(bigint[]);
DROP FUNCTION payments_keep_seen(jsonb);
DROP FUNCTION payments_lease_attempts(bigint[], text[], timestamptz, timestamptz);
DROP FUNCTION payments_note_callbacks(bigint[], text[], timestamptz[]);
DROP FUNCTION payments_lease_callbacks(text[], timestamptz, timestamptz, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0016_way_to_the_bank")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
