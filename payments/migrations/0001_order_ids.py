"""Order ids: 15 digits, the second and a running number; unique for ever, and still so after a restore."""

from django.db import migrations

MAKE = """
CREATE SEQUENCE payments_order_number;
CREATE FUNCTION payments_next_order_id() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT extract(epoch FROM clock_timestamp())::bigint * 100000 + nextval('payments_order_number') % 100000
$$;
"""
UNDO = """
DROP FUNCTION payments_next_order_id();
DROP SEQUENCE payments_order_number;
"""


class Migration(migrations.Migration):
    dependencies: list = []
    operations = [migrations.RunSQL(MAKE, UNDO)]
