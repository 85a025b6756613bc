"""The queue between the books and the figures."""

from django.db import connection, transaction

from core.locks import Lock
from ledger.models import FoldRow
from ledger.row_seals import seal_waiting
from ledger.seals import seal

# By their places in the table: joined by key, a plan made while the queue was empty looks through it once a row.
_TAKE = """
    DELETE FROM ledger_foldrow WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ledger_foldrow ORDER BY entry_id LIMIT %s FOR UPDATE SKIP LOCKED))
    RETURNING entry_id
"""


def waiting() -> int:
    """How many entries the figures have not taken in yet."""
    return FoldRow.objects.count()


def take(limit: int) -> list[int] | None:
    """Take up to `limit` entries off the queue and seal them, and as many waiting rows of the second chain, in the
    caller's transaction.

    None when another fold is at work. Giving never waits for this: only committed rows are taken.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the fold needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.FOLD])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(_TAKE, [limit])
        entry_ids = sorted(row[0] for row in cursor.fetchall())
    if entry_ids:
        seal(entry_ids)
    seal_waiting(limit)
    return entry_ids


def hold() -> None:
    """Keep the fold away until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.FOLD])
