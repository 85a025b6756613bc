"""Writing a gift down and marking it received as functions of the database, which plans their statements once a
connection, not once a gift.

A gift is taken as JSON of the whole row, so that a new column needs no new function. Prepared statements would do the
same for the planning, but not behind PgBouncer, where one client's statements come over many connections.
"""

from django.db import migrations

# A plan made while a table is small must not read all of it once it has grown.
BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"
MAKE = f"""
CREATE FUNCTION donations_write_gift(gift jsonb, key_hash text, body_hash text) RETURNS bigint LANGUAGE plpgsql {BY_INDEX} AS $$
DECLARE written donations_donation := jsonb_populate_record(NULL::donations_donation, gift);
BEGIN
    written.id := nextval('donations_donation_id_seq');
    INSERT INTO donations_donation VALUES (written.*);
    IF key_hash <> '' THEN
        INSERT INTO donations_idempotencykey (key_hash, body_hash, donation_id)
        VALUES (key_hash, body_hash, written.id);
    END IF;
    RETURN written.id;
END $$;

CREATE FUNCTION donations_mark_received(gifts bigint[], moments timestamptz[]) RETURNS void LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    UPDATE donations_donation d SET status = 'received', received_at = r.at
      FROM unnest(gifts, moments) AS r (id, at) WHERE d.id = r.id;
END $$;
"""
UNDO = """
DROP FUNCTION donations_mark_received(bigint[], timestamptz[]);
DROP FUNCTION donations_write_gift(jsonb, text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0012_sealed_goods")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
