"""A gift says whether all of it is allocated; receipts, and their revocations, join the hash chain."""

from django.db import migrations, models

RULES = """
CREATE TRIGGER queue_seal AFTER INSERT ON donations_receipt REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_queue_seal('receipt');
CREATE TRIGGER queue_seal_of_revocation AFTER UPDATE ON donations_receipt FOR EACH ROW
    WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
    EXECUTE FUNCTION ledger_queue_seal_of_row('revocation');
INSERT INTO ledger_sealrow (kind, row_id) SELECT 'receipt', id FROM donations_receipt ORDER BY id;
INSERT INTO ledger_sealrow (kind, row_id)
    SELECT 'revocation', id FROM donations_receipt WHERE revoked_at IS NOT NULL ORDER BY id;
"""
UNDO = """
DROP TRIGGER queue_seal_of_revocation ON donations_receipt;
DROP TRIGGER queue_seal ON donations_receipt;
DELETE FROM ledger_sealrow WHERE kind IN ('receipt', 'revocation');
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0005_need"), ("ledger", "0007_row_seals")]
    operations = [
        migrations.AddField(
            model_name="donation",
            name="is_allocated",
            field=models.BooleanField("همهٔ آن تخصیص یافته", default=False, db_default=False),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
