"""Every published number, defined once. All of them come from the books by way of the rollups.

A period is read as years, months and edge days, so its cost does not grow with the number of gifts. The open
province scope always applies: nobody can ask for another province's money by forgetting a filter.
"""

# ruff: noqa: S608 - statements are put together from this module's own words; values are always parameters

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connections, transaction

from core.errors import DomainError
from core.jalali import iso_jalali, month_bounds, same_day_last_year, split_period, to_jalali
from dashboards.cubes import COLUMNS, smallest_cube
from dashboards.models import Flow
from dashboards.phrases import NONE_LABELS
from ledger.enums import GiftKind
from provinces.scoping import current_scope

# facet -> (the cubes' facet that holds it, key and label of its sums x, the facet's own table)
_FACETS = {
    "province": ("province", "x.id, t.name", "LEFT JOIN provinces_province t ON t.code = x.id"),
    "county": ("county", "x.id, t.name", "LEFT JOIN provinces_county t ON t.code = x.id"),
    "campaign": (
        "edition",
        "t.slug, t.name",
        "LEFT JOIN campaigns_edition e ON e.id = x.id::bigint LEFT JOIN campaigns_campaign t ON t.id = e.campaign_id",
    ),
    "edition": ("edition", "x.id, t.title", "LEFT JOIN campaigns_edition t ON t.id = x.id::bigint"),
    "fund": ("fund", "x.id, t.name", "JOIN campaigns_fund t ON t.code = x.id"),
    "channel": ("channel", "t.code, t.name", "LEFT JOIN campaigns_channel t ON t.id = x.id::bigint"),
    "need": ("need", "t.code, t.title", "LEFT JOIN campaigns_need t ON t.id = x.id::bigint"),
    "kind": ("", "x.id, x.id", ""),
}
# filter -> (the cubes' facets it needs, its conditions on them)
_FILTERS = {
    "province": (("province",), "{province} = %s"),
    "county": (
        ("province", "county"),
        "{county} = %s AND {province} = (SELECT province_id FROM provinces_county WHERE code = %s)",
    ),
    "fund": (("fund",), "{fund} = %s"),
    "kind": ((), "r.kind = %s"),
    "need": (("need",), "{need} = %s::text"),
    "edition": (("edition",), "{edition} = %s::text"),
    "campaign": (
        ("edition",),
        "{edition} IN (SELECT e.id::text FROM campaigns_edition e JOIN campaigns_campaign k ON k.id = e.campaign_id "
        "WHERE k.slug = %s)",
    ),
    "channel": (("channel",), "{channel} = (SELECT id::text FROM campaigns_channel WHERE code = %s)"),
}
# grain -> (rollups' letter, column of the calendar, how much of the Jalali date names it)
_GRAINS = {
    "day": ("d", "c.day", 10),
    "month": ("m", "c.month_starts_on", 7),
    "year": ("y", "c.year_starts_on", 4),
}
BY = ("province", "campaign", "channel", "fund", "day", "month", "kind")
KIND_LABELS = dict(GiftKind.choices)
_own_transaction: ContextVar[bool] = ContextVar("figures_of_own_transaction", default=False)


@dataclass(frozen=True)
class Period:
    """Gregorian days, both included. DomainError("bad_period") when they are in the wrong order."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise DomainError("bad_period")

    def year_before(self) -> Period:
        """The same Jalali days of the year before."""
        return Period(same_day_last_year(self.start), same_day_last_year(self.end))

    def until(self, day: date) -> Period:
        """The part that has passed by `day`; the period itself when it lies ahead altogether."""
        return Period(self.start, min(self.end, day)) if self.start <= day else self


@dataclass(frozen=True)
class Row:
    """One line of a breakdown; `key` is None for gifts without that facet."""

    key: str | None
    label: str
    total_rial: int
    count: int


@dataclass(frozen=True)
class Hour:
    """What one hour of the day brought: scans, gifts and rials."""

    hour: int
    scans: int
    count: int
    total_rial: int


@dataclass(frozen=True)
class Totals:
    """Rials and number of gifts of a period, with the rows that add up to them, as of the last fold."""

    as_of: datetime
    total_rial: int
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """One period broken down by several facets at once; the rows of each facet add up to the same total."""

    as_of: datetime
    total_rial: int
    count: int
    facets: dict[str, tuple[Row, ...]]

    def __getitem__(self, facet: str) -> tuple[Row, ...]:
        return self.facets[facet]

    def row(self, facet: str, key: str | None) -> Row:
        """The line of one key; a line of zeros when nothing was given there."""
        return next((row for row in self.facets[facet] if row.key == key), Row(key, "", 0, 0))


def totals(
    period: Period | None = None, *, by: str = "province", flow: str = Flow.IN, **filters: str | int | None
) -> Totals:
    """Income of a period (None: since the beginning) broken down by a facet or by Jalali "day", "month" or "year".
    With `flow` "out" it is what was spent instead.

    Filters: province, county, fund, kind, campaign (slug), edition and need (ids), channel (code); None or empty
    ones are left out. DomainError("unknown_breakdown") for another facet.
    """
    if by in _GRAINS:
        as_of, rows = _by_time(by, period, flow, filters)
        return Totals(as_of, sum(r.total_rial for r in rows), sum(r.count for r in rows), rows)
    found = sheet(period, by, flow=flow, **filters)
    return Totals(found.as_of, found.total_rial, found.count, found[by])


def sheet(period: Period | None = None, *by: str, flow: str = Flow.IN, **filters: str | int | None) -> Sheet:
    """Income of a period by each of these facets, in one query. Flow, filters and errors as for `totals`."""
    facets = by or ("kind",)
    if unknown := [facet for facet in facets if facet not in _FACETS]:
        raise DomainError("unknown_breakdown", field="by", value=unknown[0])
    arms, values = [], []
    for facet in facets:
        arm, of_arm = _arm(facet, _period(period), flow, filters)
        arms.append(arm)
        values += of_arm
    found = _with_as_of(f"{' UNION ALL '.join(arms)} ORDER BY 1, 4 DESC, 2", values)
    rows: dict[str, list[Row]] = {facet: [] for facet in facets}
    for _as_of, facet, key, label, rial, gifts in found:
        if facet is not None:
            rows[facet].append(Row(key, _label(facet, key, label), rial, gifts))
    first = rows[facets[0]]
    return Sheet(
        found[0][0],
        sum(row.total_rial for row in first),
        sum(row.count for row in first),
        {facet: tuple(found) for facet, found in rows.items()},
    )


def total(period: Period | None = None, *, flow: str = Flow.IN, **filters: str | int | None) -> Row:
    """Only the sum of `totals`."""
    found = sheet(period, "kind", flow=flow, **filters)
    return Row(None, "", found.total_rial, found.count)


def by_month(facet: str, *, flow: str = Flow.IN) -> list[tuple[date, Row]]:
    """Every Jalali month there is (its first day) by one facet, in no order. DomainError("unknown_breakdown")."""
    if facet not in _FACETS:
        raise DomainError("unknown_breakdown", field="by", value=facet)
    held, names, joins = _FACETS[facet]
    column, source, values = _source(held, ("r.grain = 'm'", []), flow, {})
    found = _rows(
        f"SELECT x.starts_on, {names}, sum(x.total_rial)::bigint, sum(x.gifts)::bigint "
        f"FROM (SELECT r.starts_on, {column} AS id, sum(r.total_rial) AS total_rial, sum(r.gifts) AS gifts "
        f"{source} GROUP BY 1, 2) x {joins} GROUP BY 1, 2, 3 HAVING sum(x.gifts) <> 0 OR sum(x.total_rial) <> 0",
        values,
    )
    return [(day, Row(key, _label(facet, key, name), rial, gifts)) for day, key, name, rial, gifts in found]


def placement_totals(placement_ids: Sequence[int]) -> dict[int, Row]:
    """What came in through each printed code since it exists; the caller has fetched the ids in its scope."""
    sql = "SELECT placement_id, total_rial, gifts FROM dashboards_placementtotal WHERE placement_id = ANY(%s)"
    return {pk: Row(str(pk), "", rial, gifts) for pk, rial, gifts in _rows(sql, [list(placement_ids)])}


def placement_needs(placement_id: int) -> dict[int, Row]:
    """What came in through a printed code for each need, by the need's id; gifts for no need are left out. The caller
    has fetched the id in its scope."""
    sql = "SELECT need_id, total_rial, gifts FROM dashboards_placementneed WHERE placement_id = %s ORDER BY need_id"
    return {pk: Row(str(pk), "", rial, gifts) for pk, rial, gifts in _rows(sql, [placement_id])}


def need_totals(need_ids: Sequence[int]) -> dict[int, Row]:
    """What came in money for each need since it was published; the caller has fetched the ids in its scope."""
    cube = smallest_cube({"need"})
    sql = """
        SELECT first::bigint, sum(total_rial)::bigint, sum(gifts)::bigint FROM dashboards_cube
         WHERE cube = %s AND grain = 'y' AND flow = %s AND kind = %s AND first = ANY(%s) GROUP BY 1
    """
    found = _rows(sql, [cube.number, Flow.IN, GiftKind.CASH, [str(pk) for pk in need_ids]])
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
    found = _rows(sql, [cube.number, Flow.IN, *keys])
    return {(edition, province): rial for edition, province, rial in found}


def scan_counts(placement_ids: Sequence[int]) -> dict[int, int]:
    """How often each printed code was opened since it exists, to this moment; ids as for `placement_totals`."""
    sql = """
        SELECT placement_id, sum(scans)::bigint FROM (
            SELECT placement_id, scans FROM campaigns_scanhour WHERE placement_id = ANY(%s)
             UNION ALL SELECT placement_id, 1 FROM campaigns_scan WHERE placement_id = ANY(%s)) s
         GROUP BY placement_id
    """
    return dict(_rows(sql, [list(placement_ids), list(placement_ids)]))


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
    return [Hour(*row) for row in _rows(sql, [placement_id] * 3)]


def folded_at() -> datetime:
    """When the figures last took in what the books hold."""
    return _rows("SELECT folded_at FROM dashboards_foldstate WHERE id = 1", [])[0][0]


def growth_percent(now_rial: int, before_rial: int) -> float | None:
    """Change in percent against the period before; None when there was nothing to compare with."""
    return None if before_rial <= 0 else round((now_rial - before_rial) * 100 / before_rial, 1)


def mean_rial(row: Row | Sheet) -> int | None:
    """What one gift is worth on average, in whole rials (cut); None without gifts."""
    return row.total_rial // row.count if row.count > 0 else None


def share_percent(part_rial: int, total_rial: int) -> float:
    """The part of a total in percent, one decimal; 0 when there is no total."""
    return round(part_rial * 100 / total_rial, 1) if total_rial > 0 else 0.0


@contextmanager
def one_moment() -> Iterator[None]:
    """Figures read inside belong to one state of the books, so that all numbers of a page agree with each other.

    Nothing may be written inside. Within a transaction that has begun already it takes that one's view.
    """
    alias = _database()
    if connections[alias].in_atomic_block:
        yield
        return
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def of_own_transaction() -> Iterator[None]:
    """Figures read inside come from where the caller writes, with what its transaction has folded, replica or not."""
    token = _own_transaction.set(True)
    try:
        yield
    finally:
        _own_transaction.reset(token)


def _arm(facet: str, period: tuple[str, list], flow: str, filters: dict) -> tuple[str, list]:
    """Sums of one facet, named only once they are few."""
    held, names, joins = _FACETS[facet]
    column, source, values = _source(held, period, flow, filters)
    return (
        f"SELECT '{facet}' AS facet, {names}, sum(x.total_rial)::bigint, sum(x.gifts)::bigint "
        f"FROM (SELECT {column} AS id, sum(r.total_rial) AS total_rial, sum(r.gifts) AS gifts {source} GROUP BY 1) x "
        f"{joins} GROUP BY 2, 3 HAVING sum(x.gifts) <> 0 OR sum(x.total_rial) <> 0",
        values,
    )


def _source(held: str, period: tuple[str, list], flow: str, filters: dict) -> tuple[str, str, list]:
    """The column of a facet, and the rows to read it from: the smallest cube that holds it and every filter."""
    said = [(*_FILTERS[name], value) for name, value in filters.items() if value not in (None, "")]
    needed = {held} - {""} | {facet for facets, _, _ in said for facet in facets}
    scope = current_scope()
    if not scope.everything:
        needed |= {"province", "county"} if scope.counties else {"province"}
    cube = smallest_cube(needed)
    columns = {facet: cube.column(facet) if cube else COLUMNS[facet] for facet in needed}
    where, values = ["r.flow = %s", period[0]], [flow, *period[1]]
    if cube:
        source = "FROM dashboards_cube r WHERE r.cube = %s AND "
        values.insert(0, cube.number)
    else:
        source = "FROM dashboards_rollup r JOIN ledger_dimension d ON d.id = r.dimension_id WHERE "
    for _, condition, value in said:
        where.append(condition.format(**columns))
        values += [value] * condition.count("%s")
    if not scope.everything:
        own = [f"{columns['province']} = ANY(%s)"]
        values.append(sorted(scope.provinces))
        if scope.counties:
            own.append(f"{columns['county']} = ANY(%s)")
            values.append(sorted(scope.counties))
        where.append(f"({' OR '.join(own)})")
    column = f"NULLIF({columns[held]}, '')" if held else "r.kind"
    return column, source + " AND ".join(where), values


def _label(facet: str, key: str | None, name: str | None) -> str:
    if facet == "kind":
        return str(KIND_LABELS.get(key, key))
    return name or NONE_LABELS.get(facet, "")


def _by_time(by: str, period: Period | None, flow: str, filters: dict) -> tuple[datetime, tuple[Row, ...]]:
    letter, column, cut = _GRAINS[by]
    if period is None:
        when: tuple[str, list] = ("r.grain = %s", [letter])
    elif by == "day":
        when = ("r.grain = 'd' AND r.starts_on BETWEEN %s AND %s", [period.start, period.end])
    else:
        when = _in_pieces(_pieces(period, whole_years=by == "year"))
    _, source, values = _source("", when, flow, filters)
    found = _with_as_of(
        f"SELECT {column} AS starts_on, sum(x.total_rial)::bigint, sum(x.gifts)::bigint "
        f"FROM (SELECT r.starts_on, sum(r.total_rial) AS total_rial, sum(r.gifts) AS gifts {source} GROUP BY 1) x "
        "JOIN dashboards_calendarday c ON c.day = x.starts_on GROUP BY 1 ORDER BY 1",
        values,
    )
    names = [(iso_jalali(starts_on)[:cut], rial, gifts) for _, starts_on, rial, gifts in found if starts_on]
    return found[0][0], tuple(Row(name, name, rial, gifts) for name, rial, gifts in names)


def _period(period: Period | None) -> tuple[str, list]:
    """The condition on the rollups that cover a period exactly, and its values."""
    if period is None:
        return "r.grain = 'y'", []
    return _in_pieces(_pieces(period, whole_years=True))


def _pieces(period: Period, *, whole_years: bool) -> list[tuple[str, date]]:
    """The rollups that cover a period exactly, as (letter, first day)."""
    pieces: list[tuple[str, date]] = []
    for grain, starts_on in split_period(period.start, period.end):
        if grain == "year" and not whole_years:
            year = to_jalali(starts_on).year
            pieces += [("m", month_bounds(year, month)[0]) for month in range(1, 13)]
        else:
            pieces.append((grain[0], starts_on))
    return pieces


def _in_pieces(pieces: list[tuple[str, date]]) -> tuple[str, list]:
    """One range or list of days a grain, so that the index on (grain, first day) is used for each."""
    conditions, values = [], []
    for letter in sorted({letter for letter, _ in pieces}):
        conditions.append("(r.grain = %s AND r.starts_on = ANY(%s))")
        values += [letter, [starts_on for piece, starts_on in pieces if piece == letter]]
    return f"({' OR '.join(conditions)})", values


def _with_as_of(select: str, values: list) -> list[tuple]:
    """Rows of `select`, each behind the fold's time; never fewer than one row."""
    return _rows(
        f"SELECT s.folded_at, x.* FROM dashboards_foldstate s LEFT JOIN ({select}) x ON true WHERE s.id = 1",
        values,
    )


def _rows(sql: str, values: list) -> list[tuple]:
    with connections[_database()].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _database() -> str:
    """Figures may be read from a replica; `as_of` then says how far it has followed."""
    return "replica" if "replica" in settings.DATABASES and not _own_transaction.get() else "default"
