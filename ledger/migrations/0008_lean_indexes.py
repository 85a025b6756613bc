"""No query of ours looks for the beginning of a code: the indexes for that only made every gift dearer."""

from django.db import migrations

DROP = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname LIKE '%\\_like'
                   AND tablename IN ('ledger_entry')
    LOOP
        EXECUTE format('DROP INDEX %I', name);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_row_seals")]
    operations = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]
