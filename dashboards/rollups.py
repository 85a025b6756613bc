"""Folding the books into rollups, and rebuilding them. The only writer of the rollups."""

from __future__ import annotations

from django.db import connection, transaction

from ledger import folding

BATCH = 5_000

# The income legs of some entries, by day and dimension. Credits are negative legs, so income is their opposite.
_INCOME = """
    SELECT e.id, e.day, e.placement_id, p.dimension_id, a.gift_kind AS kind, -p.amount_rial AS amount,
           CASE WHEN p.amount_rial < 0 THEN 1 ELSE -1 END AS gifts
      FROM ledger_entry e
      JOIN ledger_posting p ON p.entry_id = e.id
      JOIN ledger_account a ON a.id = p.account_id AND a.type = 'income'
"""
_BY_PERIOD = """
    INSERT INTO dashboards_rollup AS r (grain, starts_on, dimension_id, kind, total_rial, gifts)
    SELECT grain, starts_on, dimension_id, kind, sum(amount), sum(gifts)
      FROM income JOIN dashboards_calendarday c ON c.day = income.day
     CROSS JOIN LATERAL (VALUES ('d', c.day), ('m', c.month_starts_on), ('y', c.year_starts_on)) AS g (grain, starts_on)
     GROUP BY grain, starts_on, dimension_id, kind
     ORDER BY grain, starts_on, kind, dimension_id
    ON CONFLICT (grain, starts_on, kind, dimension_id)
    DO UPDATE SET total_rial = r.total_rial + EXCLUDED.total_rial, gifts = r.gifts + EXCLUDED.gifts
"""
_BY_PLACEMENT = """
    INSERT INTO dashboards_placementtotal AS t (placement_id, total_rial, gifts)
    SELECT placement_id, sum(amount), sum(gifts) FROM income WHERE placement_id IS NOT NULL
     GROUP BY placement_id ORDER BY placement_id
    ON CONFLICT (placement_id)
    DO UPDATE SET total_rial = t.total_rial + EXCLUDED.total_rial, gifts = t.gifts + EXCLUDED.gifts
"""
_TOUCH = "UPDATE dashboards_foldstate SET folded_at = now() WHERE id = 1"


def fold(limit: int = BATCH) -> int:
    """Take up to `limit` entries into the rollups and the seals, in one transaction; returns how many.

    Figures may lag by seconds and are never wrong: an entry leaves the queue in the transaction that adds it.
    """
    with transaction.atomic():
        entry_ids = folding.take(limit)
        if entry_ids is None:
            return 0
        with connection.cursor() as cursor:
            if entry_ids:
                income = f"WITH income AS ({_INCOME} WHERE e.id = ANY(%s))"
                cursor.execute(income + _BY_PERIOD, [entry_ids])
                cursor.execute(income + _BY_PLACEMENT, [entry_ids])
            cursor.execute(_TOUCH)
    return len(entry_ids)


def fold_all() -> int:
    """Fold until the queue is empty; returns how many entries were taken in."""
    total = 0
    while taken := fold():
        total += taken
    return total


@transaction.atomic
def rebuild() -> None:
    """Make the rollups anew from the books, less what still waits in the queue. Readers see the old ones till then."""
    folding.hold()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM dashboards_rollup")
        cursor.execute("DELETE FROM dashboards_placementtotal")
        folded = "NOT EXISTS (SELECT 1 FROM ledger_foldrow f WHERE f.entry_id = e.id)"
        income = f"WITH income AS ({_INCOME} WHERE {folded})"
        cursor.execute(income + _BY_PERIOD)
        cursor.execute(income + _BY_PLACEMENT)
