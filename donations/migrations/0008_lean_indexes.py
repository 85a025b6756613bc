"""No query of ours looks for the beginning of a code: the indexes for that only made every gift dearer."""

from django.db import migrations

DROP = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname LIKE '%\\_like'
                   AND tablename IN ('donations_donation', 'donations_receipt', 'donations_idempotencykey',
                                     'donations_donor')
    LOOP
        EXECUTE format('DROP INDEX %I', name);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0007_waiting_in_pool")]
    operations = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]
