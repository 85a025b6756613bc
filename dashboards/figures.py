"""Every published number, defined once. All of them come from the books by way of the rollups.

A period is read as years, months and edge days, so its cost does not grow with the number of gifts. The open
province scope always applies: nobody can ask for another province's money by forgetting a filter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from core.errors import DomainError
from core.jalali import iso_jalali, same_day_last_year, split_period
from provinces.scoping import current_scope

# facet -> (key, label, order) as SQL over r (rollup), d (dimension) and the facet's own table
_FACETS = {
    "province": ("d.province_id", "p.name", "LEFT JOIN provinces_province p ON p.code = d.province_id"),
    "county": ("d.county_id", "c.name", "LEFT JOIN provinces_county c ON c.code = d.county_id"),
    "campaign": (
        "k.slug",
        "k.name",
        "LEFT JOIN campaigns_edition e ON e.id = d.edition_id LEFT JOIN campaigns_campaign k ON k.id = e.campaign_id",
    ),
    "edition": ("d.edition_id::text", "e.title", "LEFT JOIN campaigns_edition e ON e.id = d.edition_id"),
    "fund": ("d.fund_id", "f.name", "JOIN campaigns_fund f ON f.code = d.fund_id"),
    "channel": ("h.code", "h.name", "LEFT JOIN campaigns_channel h ON h.id = d.channel_id"),
    "kind": ("r.kind", "r.kind", ""),
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
NONE_LABELS = {
    "province": "سراسری (بدون استان)",
    "county": "بدون شهرستان",
    "campaign": "بدون پویش",
    "edition": "بدون پویش",
    "channel": "بدون راه پرداخت",
}
KIND_LABELS = {"cash": "نقدی", "in_kind": "غیرنقدی", "service": "خدمت"}
BY = ("province", "campaign", "channel", "fund", "day", "kind")


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


def totals(period: Period | None = None, *, by: str = "province", **filters: str | int | None) -> Totals:
    """Income of a period (None: since the beginning) broken down by a facet or by Jalali "day" or "month".

    Filters: province, county, fund, kind, campaign (slug), edition (id), channel (code); None or empty ones are left
    out. DomainError("unknown_breakdown") for another facet.
    """
    if by in ("day", "month"):
        rows = _by_time(by, period, filters)
    elif by in _FACETS:
        rows = _by_facet(by, period, filters)
    else:
        raise DomainError("unknown_breakdown", field="by")
    return Totals(folded_at(), sum(r.total_rial for r in rows), sum(r.count for r in rows), tuple(rows))


def total(period: Period | None = None, **filters: str | int | None) -> Row:
    """Only the sum of `totals`."""
    found = totals(period, by="kind", **filters)
    return Row(None, "", found.total_rial, found.count)


def _by_facet(by: str, period: Period | None, filters: dict) -> list[Row]:
    key, label, joins = _FACETS[by]
    where, values = _where(period, filters)
    sql = (
        f"SELECT {key}, max({label}), sum(r.total_rial)::bigint, sum(r.gifts)::bigint FROM dashboards_rollup r "
        f"JOIN ledger_dimension d ON d.id = r.dimension_id {joins} WHERE {where} GROUP BY 1 "
        "HAVING sum(r.gifts) <> 0 OR sum(r.total_rial) <> 0 ORDER BY 3 DESC, 1"
    )
    labels = KIND_LABELS if by == "kind" else {}
    return [
        Row(key, labels.get(key, name) or NONE_LABELS.get(by, ""), rial, gifts)
        for key, name, rial, gifts in _rows(sql, values)
    ]


def _by_time(by: str, period: Period | None, filters: dict) -> list[Row]:
    where, values = _conditions(filters)
    where = ["r.grain = %s", *where]
    values = ["d" if by == "day" else "m", *values]
    if period is not None:
        where.append("r.starts_on BETWEEN %s AND %s")
        values += [period.start, period.end]
    sql = (
        "SELECT r.starts_on, sum(r.total_rial)::bigint, sum(r.gifts)::bigint FROM dashboards_rollup r "
        f"JOIN ledger_dimension d ON d.id = r.dimension_id WHERE {' AND '.join(where)} GROUP BY 1 ORDER BY 1"
    )
    cut = 10 if by == "day" else 7
    return [
        Row(iso_jalali(day)[:cut], iso_jalali(day)[:cut], rial, gifts)
        for day, rial, gifts in _rows(sql, values)
    ]


def _where(period: Period | None, filters: dict) -> tuple[str, list]:
    where, values = _conditions(filters)
    if period is None:
        return " AND ".join(["r.grain = 'y'", *where]), values
    pieces = split_period(period.start, period.end)
    marks = ", ".join(["(%s, %s)"] * len(pieces))
    grains = [item for grain, starts_on in pieces for item in (grain[0], starts_on)]
    return " AND ".join([f"(r.grain, r.starts_on) IN ({marks})", *where]), [*grains, *values]


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


def placement_totals(placement_ids: Sequence[int]) -> dict[int, Row]:
    """What came in through each printed code since it exists; the caller has fetched the ids in its scope."""
    sql = "SELECT placement_id, total_rial, gifts FROM dashboards_placementtotal WHERE placement_id = ANY(%s)"
    return {pk: Row(str(pk), "", rial, gifts) for pk, rial, gifts in _rows(sql, [list(placement_ids)])}


def folded_at() -> datetime:
    """When the figures last took in what the books hold."""
    return _rows("SELECT folded_at FROM dashboards_foldstate WHERE id = 1", [])[0][0]


def growth_percent(now_rial: int, before_rial: int) -> float | None:
    """Change in percent against the period before; None when there was nothing to compare with."""
    return None if before_rial <= 0 else round((now_rial - before_rial) * 100 / before_rial, 1)


def _rows(sql: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
