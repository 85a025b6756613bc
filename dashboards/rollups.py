"""Folding the books into rollups, and rebuilding them. The only writer of the rollups and their cubes."""

# ruff: noqa: S608 - statements are put together from this module's own words

from __future__ import annotations

from django.db import connection, transaction

from dashboards.cubes import grouping_sets
from dashboards.fresh_rollups import replace_rollups
from dashboards.models import FoldState
from ledger import folding

BATCH = 50_000

# What came in and what was spent by some entries, by day and dimension, as positive rials. A reversal counts minus one.
_MOVED = """
    SELECT e.day, date_trunc('hour', e.occurred_at, 'Asia/Tehran') AS hour, e.placement_id, p.dimension_id,
           a.gift_kind AS kind,
           CASE a.type WHEN 'income' THEN 'in' ELSE 'out' END AS flow,
           CASE a.type WHEN 'income' THEN -p.amount_rial ELSE p.amount_rial END AS amount,
           CASE WHEN (p.amount_rial < 0) = (a.type = 'income') THEN 1 ELSE -1 END AS gifts
      FROM ledger_entry e
      JOIN ledger_posting p ON p.entry_id = e.id
      JOIN ledger_account a ON a.id = p.account_id AND a.gift_kind <> ''
"""
_BY_DAY = """
    SELECT day, dimension_id, flow, kind, sum(amount)::bigint AS amount, sum(gifts)::bigint AS gifts
      FROM moved GROUP BY day, dimension_id, flow, kind
"""
_GRAINS = """
    JOIN dashboards_calendarday c ON c.day = daily.day
    CROSS JOIN LATERAL (VALUES ('d', c.day), ('m', c.month_starts_on), ('y', c.year_starts_on)) AS g (grain, starts_on)
"""
_ROLLUPS = f"""
    INSERT INTO dashboards_rollup AS r (dimension_id, grain, starts_on, flow, kind, total_rial, gifts)
    SELECT dimension_id, grain, starts_on, flow, kind, sum(amount), sum(daily.gifts) FROM daily {_GRAINS}
     GROUP BY dimension_id, grain, starts_on, flow, kind ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (dimension_id, grain, starts_on, flow, kind)
    DO UPDATE SET total_rial = r.total_rial + EXCLUDED.total_rial, gifts = r.gifts + EXCLUDED.gifts
"""
_CUBES = f"""
    INSERT INTO dashboards_cube AS r (cube, grain, starts_on, first, second, flow, kind, total_rial, gifts)
    SELECT cube, grain, starts_on, first, second, flow, kind, sum(amount), sum(x.gifts)
      FROM (SELECT q.cube, daily.day, q.first, q.second, flow, kind, sum(amount) AS amount, sum(daily.gifts) AS gifts
              FROM daily JOIN ledger_dimension d ON d.id = daily.dimension_id
             CROSS JOIN LATERAL (VALUES {grouping_sets()}) AS q (cube, first, second)
             GROUP BY 1, 2, 3, 4, 5, 6) x
      {_GRAINS.replace("daily.day", "x.day")}
     GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (cube, grain, starts_on, first, second, flow, kind)
    DO UPDATE SET total_rial = r.total_rial + EXCLUDED.total_rial, gifts = r.gifts + EXCLUDED.gifts
"""
_PLACEMENTS = """
    INSERT INTO dashboards_placementtotal AS t (placement_id, total_rial, gifts)
    SELECT placement_id, sum(amount), sum(gifts) FROM moved WHERE placement_id IS NOT NULL AND flow = 'in'
     GROUP BY placement_id ORDER BY placement_id
    ON CONFLICT (placement_id)
    DO UPDATE SET total_rial = t.total_rial + EXCLUDED.total_rial, gifts = t.gifts + EXCLUDED.gifts
"""
_PLACEMENT_HOURS = """
    INSERT INTO dashboards_placementhour AS t (placement_id, hour, total_rial, gifts)
    SELECT placement_id, hour, sum(amount), sum(gifts) FROM moved WHERE placement_id IS NOT NULL AND flow = 'in'
     GROUP BY placement_id, hour ORDER BY placement_id, hour
    ON CONFLICT (placement_id, hour)
    DO UPDATE SET total_rial = t.total_rial + EXCLUDED.total_rial, gifts = t.gifts + EXCLUDED.gifts
"""
_PLACEMENT_NEEDS = """
    INSERT INTO dashboards_placementneed AS t (placement_id, need_id, total_rial, gifts)
    SELECT placement_id, n.need_id, sum(amount), sum(gifts)
      FROM moved JOIN ledger_dimension n ON n.id = moved.dimension_id AND n.need_id IS NOT NULL
     WHERE placement_id IS NOT NULL AND flow = 'in' GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (placement_id, need_id)
    DO UPDATE SET total_rial = t.total_rial + EXCLUDED.total_rial, gifts = t.gifts + EXCLUDED.gifts
"""
_TAKEN = f"WITH moved AS MATERIALIZED ({_MOVED} WHERE e.id = ANY(%s)), daily AS MATERIALIZED ({_BY_DAY})"
_OF_PLACEMENTS = {
    "placementtotal": _PLACEMENTS,
    "placementhour": _PLACEMENT_HOURS,
    "placementneed": _PLACEMENT_NEEDS,
}
_BESIDE = {"rollup": _ROLLUPS, **_OF_PLACEMENTS}
_ADD = ", ".join([_TAKEN, *(f"{name} AS ({sql})" for name, sql in _BESIDE.items())]) + _CUBES
_TOUCH = "UPDATE dashboards_foldstate SET folded_at = now() WHERE id = 1"
_FOLDED = "NOT EXISTS (SELECT 1 FROM ledger_foldrow f WHERE f.entry_id = e.id)"


def fold(limit: int = BATCH) -> int:
    """Take up to `limit` entries into the rollups and the seals, in one transaction; returns how many.

    Figures may lag by seconds and are never wrong: an entry leaves the queue in the transaction that adds it.
    """
    if FoldState.objects.filter(rebuild_wanted=True).exists():
        rebuild()
    with transaction.atomic():
        entry_ids = folding.take(limit)
        if entry_ids is None:
            return 0
        with connection.cursor() as cursor:
            if entry_ids:
                cursor.execute(_ADD, [entry_ids])
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
        replace_rollups(cursor)
        moved = f"WITH moved AS ({_MOVED} WHERE {_FOLDED} AND e.placement_id IS NOT NULL)"
        for table, statement in _OF_PLACEMENTS.items():
            cursor.execute(f"DELETE FROM dashboards_{table}")
            cursor.execute(f"{moved} {statement}")
        cursor.execute("UPDATE dashboards_foldstate SET rebuild_wanted = false WHERE id = 1")
