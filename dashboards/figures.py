"""Every published number, defined once. All of them come from the books by way of the rollups.

A period is read as years, months and edge days, so its cost does not grow with the number of gifts. The open
province scope always applies: nobody can ask for another province's money by forgetting a filter.
"""

# ruff: noqa: S608 - statements are put together from this module's own words; values are always parameters

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connections, transaction

from core.errors import DomainError
from core.jalali import iso_jalali, month_bounds, same_day_last_year, split_period, to_jalali
from dashboards.phrases import NONE_LABELS
from ledger.enums import GiftKind
from provinces.scoping import current_scope

# facet -> (column of the dimension, key and label of its sums x, the facet's own table)
_FACETS = {
    "province": ("province_id", "x.id, t.name", "LEFT JOIN provinces_province t ON t.code = x.id"),
    "county": ("county_id", "x.id, t.name", "LEFT JOIN provinces_county t ON t.code = x.id"),
    "campaign": (
        "edition_id",
        "t.slug, t.name",
        "LEFT JOIN campaigns_edition e ON e.id = x.id LEFT JOIN campaigns_campaign t ON t.id = e.campaign_id",
    ),
    "edition": ("edition_id", "x.id::text, t.title", "LEFT JOIN campaigns_edition t ON t.id = x.id"),
    "fund": ("fund_id", "x.id, t.name", "JOIN campaigns_fund t ON t.code = x.id"),
    "channel": ("channel_id", "t.code, t.name", "LEFT JOIN campaigns_channel t ON t.id = x.id"),
    "kind": ("kind", "x.id, x.id", ""),
}
_FILTERS = {
    "province": "d.province_id = %s",
    "county": "d.county_id = %s",
    "fund": "d.fund_id = %s",
    "kind": "r.kind = %s",
    "edition": "d.edition_id = %s",
    "campaign": (
        "d.edition_id IN (SELECT e.id FROM campaigns_edition e JOIN campaigns_campaign k ON k.id = e.campaign_id "
        "WHERE k.slug = %s)"
    ),
    "channel": "d.channel_id = (SELECT id FROM campaigns_channel WHERE code = %s)",
}
# grain -> (rollups' letter, column of the calendar, how much of the Jalali date names it)
_GRAINS = {
    "day": ("d", "c.day", 10),
    "month": ("m", "c.month_starts_on", 7),
    "year": ("y", "c.year_starts_on", 4),
}
BY = ("province", "campaign", "channel", "fund", "day", "month", "kind")
KIND_LABELS = dict(GiftKind.choices)


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


def totals(period: Period | None = None, *, by: str = "province", **filters: str | int | None) -> Totals:
    """Income of a period (None: since the beginning) broken down by a facet or by Jalali "day", "month" or "year".

    Filters: province, county, fund, kind, campaign (slug), edition (id), channel (code); None or empty ones are left
    out. DomainError("unknown_breakdown") for another facet.
    """
    if by in _GRAINS:
        as_of, rows = _by_time(by, period, filters)
        return Totals(as_of, sum(r.total_rial for r in rows), sum(r.count for r in rows), rows)
    found = sheet(period, by, **filters)
    return Totals(found.as_of, found.total_rial, found.count, found[by])


def sheet(period: Period | None = None, *by: str, **filters: str | int | None) -> Sheet:
    """Income of a period by each of these facets, in one query. Filters and errors as for `totals`."""
    facets = by or ("kind",)
    if unknown := [facet for facet in facets if facet not in _FACETS]:
        raise DomainError("unknown_breakdown", field="by", value=unknown[0])
    where, values = _where(period, filters)
    arms = " UNION ALL ".join(_arm(facet) for facet in facets)
    columns = ", ".join(sorted({_FACETS[facet][0] for facet in facets}))
    found = _with_as_of(
        f"SELECT {columns}, sum(r.total_rial) AS total_rial, sum(r.gifts) AS gifts FROM dashboards_rollup r "
        f"JOIN ledger_dimension d ON d.id = r.dimension_id WHERE {where} GROUP BY {columns}",
        f"{arms} ORDER BY 1, 4 DESC, 2",
        values,
    )
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


def total(period: Period | None = None, **filters: str | int | None) -> Row:
    """Only the sum of `totals`."""
    found = sheet(period, "kind", **filters)
    return Row(None, "", found.total_rial, found.count)


def placement_totals(placement_ids: Sequence[int]) -> dict[int, Row]:
    """What came in through each printed code since it exists; the caller has fetched the ids in its scope."""
    sql = "SELECT placement_id, total_rial, gifts FROM dashboards_placementtotal WHERE placement_id = ANY(%s)"
    return {pk: Row(str(pk), "", rial, gifts) for pk, rial, gifts in _rows(sql, [list(placement_ids)])}


def scan_counts(placement_ids: Sequence[int]) -> dict[int, int]:
    """How often each printed code was opened since it exists, to this moment; ids as for `placement_totals`."""
    sql = """
        SELECT placement_id, sum(scans)::bigint FROM (
            SELECT placement_id, scans FROM campaigns_scanhour WHERE placement_id = ANY(%s)
             UNION ALL SELECT placement_id, 1 FROM campaigns_scan WHERE placement_id = ANY(%s)) s
         GROUP BY placement_id
    """
    return dict(_rows(sql, [list(placement_ids), list(placement_ids)]))


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


def _arm(facet: str) -> str:
    """Sums of one facet over the common table, named only once they are few."""
    column, names, joins = _FACETS[facet]
    return (
        f"SELECT '{facet}' AS facet, {names}, sum(x.total_rial)::bigint, sum(x.gifts)::bigint "
        f"FROM (SELECT {column} AS id, sum(total_rial) AS total_rial, sum(gifts) AS gifts FROM income GROUP BY 1) x "
        f"{joins} GROUP BY 2, 3 HAVING sum(x.gifts) <> 0 OR sum(x.total_rial) <> 0"
    )


def _label(facet: str, key: str | None, name: str | None) -> str:
    if facet == "kind":
        return str(KIND_LABELS.get(key, key))
    return name or NONE_LABELS.get(facet, "")


def _by_time(by: str, period: Period | None, filters: dict) -> tuple[datetime, tuple[Row, ...]]:
    letter, column, cut = _GRAINS[by]
    where, values = _conditions(filters)
    if period is None:
        where, values = ["r.grain = %s", *where], [letter, *values]
    elif by == "day":
        where = ["r.grain = 'd'", "r.starts_on BETWEEN %s AND %s", *where]
        values = [period.start, period.end, *values]
    else:
        condition, pieces = _in_pieces(_pieces(period, whole_years=by == "year"))
        where, values = [condition, *where], [*pieces, *values]
    found = _with_as_of(
        f"SELECT {column} AS starts_on, sum(r.total_rial)::bigint AS total_rial, sum(r.gifts)::bigint AS gifts "
        "FROM dashboards_rollup r JOIN ledger_dimension d ON d.id = r.dimension_id "
        f"JOIN dashboards_calendarday c ON c.day = r.starts_on WHERE {' AND '.join(where)} GROUP BY 1",
        "SELECT starts_on, total_rial, gifts FROM income ORDER BY 1",
        values,
    )
    names = [(iso_jalali(starts_on)[:cut], rial, gifts) for _, starts_on, rial, gifts in found if starts_on]
    return found[0][0], tuple(Row(name, name, rial, gifts) for name, rial, gifts in names)


def _where(period: Period | None, filters: dict) -> tuple[str, list]:
    where, values = _conditions(filters)
    if period is None:
        return " AND ".join(["r.grain = 'y'", *where]), values
    condition, pieces = _in_pieces(_pieces(period, whole_years=True))
    return " AND ".join([condition, *where]), [*pieces, *values]


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


def _conditions(filters: dict) -> tuple[list[str], list]:
    where, values = [], []
    for name, value in filters.items():
        if value not in (None, ""):
            where.append(_FILTERS[name])
            values.append(value)
    scope = current_scope()
    if not scope.everything:
        where.append("(d.province_id = ANY(%s) OR d.county_id = ANY(%s))")
        values += [list(scope.provinces), list(scope.counties)]
    return where, values


def _with_as_of(income: str, select: str, values: list) -> list[tuple]:
    """Rows of `select` over the common table `income`, each behind the fold's time; never fewer than one row."""
    sql = (
        f"WITH income AS MATERIALIZED ({income}) "
        f"SELECT s.folded_at, x.* FROM dashboards_foldstate s LEFT JOIN ({select}) x ON true WHERE s.id = 1"
    )
    return _rows(sql, values)


def _rows(sql: str, values: list) -> list[tuple]:
    with connections[_database()].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _database() -> str:
    """Figures may be read from a replica; `as_of` then says how far it has followed."""
    return "replica" if "replica" in settings.DATABASES else "default"
