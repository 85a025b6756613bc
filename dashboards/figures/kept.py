"""Sums that are kept for one thing since it exists: a printed code, a need, a branch; and how fresh all of them are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dashboards.cubes import smallest_cube
from dashboards.figures.database import rows as read
from dashboards.figures.values import Hour, Row
from dashboards.models import Flow
from ledger.enums import GiftKind


def placement_totals(placement_ids: Sequence[int]) -> dict[int, Row]:
    """What came in through each printed code since it exists; the caller has fetched the ids in its scope."""
    sql = "SELECT placement_id, total_rial, gifts FROM dashboards_placementtotal WHERE placement_id = ANY(%s)"
    return {pk: Row(str(pk), "", rial, gifts) for pk, rial, gifts in read(sql, [list(placement_ids)])}


def placement_needs(placement_id: int) -> dict[int, Row]:
    """What came in through a printed code for each need, by the need's id; gifts for no need are left out. The caller
    has fetched the id in its scope."""
    sql = "SELECT need_id, total_rial, gifts FROM dashboards_placementneed WHERE placement_id = %s ORDER BY need_id"
    return {pk: Row(str(pk), "", rial, gifts) for pk, rial, gifts in read(sql, [placement_id])}


def need_totals(need_ids: Sequence[int]) -> dict[int, Row]:
    """What came in money for each need since it was published; the caller has fetched the ids in its scope."""
    cube = smallest_cube({"need"})
    sql = """
        SELECT first::bigint, sum(total_rial)::bigint, sum(gifts)::bigint FROM dashboards_cube
         WHERE cube = %s AND grain = 'y' AND flow = %s AND kind = %s AND first = ANY(%s) GROUP BY 1
    """
    found = read(sql, [cube.number, Flow.IN, GiftKind.CASH, [str(pk) for pk in need_ids]])
    return {pk: Row(str(pk), "", rial, gifts) for pk, rial, gifts in found}


def branch_totals(branches: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Rials of every kind that came in for editions in provinces, each (edition id, province) fetched in the caller's
    scope; one query however many there are."""
    cube = smallest_cube({"province", "edition"})
    sql = """
        SELECT second::bigint, first, sum(total_rial)::bigint FROM dashboards_cube
         WHERE cube = %s AND grain = 'y' AND flow = %s
           AND (first, second) IN (SELECT * FROM unnest(%s::text[], %s::text[])) GROUP BY 1, 2
    """
    keys = [[province for _, province in branches], [str(edition) for edition, _ in branches]]
    found = read(sql, [cube.number, Flow.IN, *keys])
    return {(edition, province): rial for edition, province, rial in found}


def scan_counts(placement_ids: Sequence[int]) -> dict[int, int]:
    """How often each printed code was opened since it exists, to this moment; ids as for `placement_totals`."""
    sql = """
        SELECT placement_id, sum(scans)::bigint FROM (
            SELECT placement_id, scans FROM campaigns_scanhour WHERE placement_id = ANY(%s)
             UNION ALL SELECT placement_id, 1 FROM campaigns_scan WHERE placement_id = ANY(%s)) s
         GROUP BY placement_id
    """
    return dict(read(sql, [list(placement_ids), list(placement_ids)]))


def placement_hours(placement_id: int) -> list[Hour]:
    """Scans and gifts of one printed code by Tehran's hour of the day, since it exists; hours without any are left out.
    The caller has fetched the id in its scope."""
    sql = """
        SELECT extract(hour FROM hour AT TIME ZONE 'Asia/Tehran')::int, sum(scans)::bigint, sum(gifts)::bigint,
               sum(rial)::bigint
          FROM (SELECT hour, 0 AS scans, gifts, total_rial AS rial FROM dashboards_placementhour WHERE placement_id = %s
                 UNION ALL SELECT hour, scans, 0, 0 FROM campaigns_scanhour WHERE placement_id = %s
                 UNION ALL SELECT at, 1, 0, 0 FROM campaigns_scan WHERE placement_id = %s) x
         GROUP BY 1 ORDER BY 1
    """
    return [Hour(*row) for row in read(sql, [placement_id] * 3)]


def folded_at() -> datetime:
    """When the figures last took in what the books hold."""
    return read("SELECT folded_at FROM dashboards_foldstate WHERE id = 1", [])[0][0]
