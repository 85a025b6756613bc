"""Counting how often a printed code is opened: one small row a scan, added up by a worker, then dropped."""

from django.db import connection

from campaigns.models import Placement, Scan

# Hours are Tehran's, so that 24 of them make a Tehran day. Ordered, so that two folders never wait for each
# other crosswise.
_FOLD = """
    WITH taken AS (
        DELETE FROM campaigns_scan WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM campaigns_scan ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
        RETURNING placement_id, at),
    hours AS (
        SELECT placement_id, date_trunc('hour', at, 'Asia/Tehran') AS hour, count(*) AS scans
          FROM taken GROUP BY 1, 2),
    kept AS (
        INSERT INTO campaigns_scanhour AS h (placement_id, hour, scans)
        SELECT placement_id, hour, scans FROM hours ORDER BY placement_id, hour
        ON CONFLICT (placement_id, hour) DO UPDATE SET scans = h.scans + EXCLUDED.scans)
    SELECT count(*) FROM taken
"""


def count_scan(placement: Placement) -> None:
    """Write down that a code was opened now; nothing about who did."""
    Scan.objects.create(placement=placement)


def fold_scans(limit: int = 20_000) -> int:
    """Add up to `limit` scans to the hours of their codes and drop them, in one statement; returns how many.

    Safe to repeat, to race and to be killed: a scan is dropped by the statement that counts it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [limit])
        return cursor.fetchone()[0]
