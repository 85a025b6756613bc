"""What came in or was spent: a period's sum, broken down by one facet or by several at once."""

# ruff: noqa: S608 - statements are put together from this package's own words; values are always parameters

from __future__ import annotations

from datetime import date, datetime

from core.errors import DomainError
from core.jalali import iso_jalali
from dashboards.figures.database import rows as read
from dashboards.figures.questions import FACETS, GRAINS, arm_of, covering, in_pieces, pieces_of, source_of
from dashboards.figures.values import Period, Row, Sheet, Totals
from dashboards.models import Flow
from dashboards.phrases import NONE_LABELS
from ledger.enums import GiftKind

BY = ("province", "campaign", "channel", "fund", "day", "month", "kind")
KIND_LABELS = dict(GiftKind.choices)


def totals(
    period: Period | None = None, *, by: str = "province", flow: str = Flow.IN, **filters: str | int | None
) -> Totals:
    """Income of a period (None: since the beginning) broken down by a facet or by Jalali "day", "month" or "year".
    With `flow` "out" it is what was spent instead.

    Filters: province, county, fund, kind, campaign (slug), edition and need (ids), channel (code); None or empty
    ones are left out. DomainError("unknown_breakdown") for another facet.
    """
    if by in GRAINS:
        as_of, rows = _by_time(by, period, flow, filters)
        return Totals(as_of, sum(r.total_rial for r in rows), sum(r.count for r in rows), rows)
    found = sheet(period, by, flow=flow, **filters)
    return Totals(found.as_of, found.total_rial, found.count, found[by])


def sheet(period: Period | None = None, *by: str, flow: str = Flow.IN, **filters: str | int | None) -> Sheet:
    """Income of a period by each of these facets, in one query. Flow, filters and errors as for `totals`."""
    facets = by or ("kind",)
    if unknown := [facet for facet in facets if facet not in FACETS]:
        raise DomainError("unknown_breakdown", field="by", value=unknown[0])
    arms, values = [], []
    for facet in facets:
        arm, of_arm = arm_of(facet, covering(period), flow, filters)
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
    if facet not in FACETS:
        raise DomainError("unknown_breakdown", field="by", value=facet)
    held, names, joins = FACETS[facet]
    column, source, values = source_of(held, ("r.grain = 'm'", []), flow, {})
    found = read(
        f"SELECT x.starts_on, {names}, sum(x.total_rial)::bigint, sum(x.gifts)::bigint "
        f"FROM (SELECT r.starts_on, {column} AS id, sum(r.total_rial) AS total_rial, sum(r.gifts) AS gifts "
        f"{source} GROUP BY 1, 2) x {joins} GROUP BY 1, 2, 3 HAVING sum(x.gifts) <> 0 OR sum(x.total_rial) <> 0",
        values,
    )
    return [(day, Row(key, _label(facet, key, name), rial, gifts)) for day, key, name, rial, gifts in found]


def _label(facet: str, key: str | None, name: str | None) -> str:
    if facet == "kind":
        return str(KIND_LABELS.get(key, key))
    return name or NONE_LABELS.get(facet, "")


def _by_time(by: str, period: Period | None, flow: str, filters: dict) -> tuple[datetime, tuple[Row, ...]]:
    letter, column, cut = GRAINS[by]
    if period is None:
        when: tuple[str, list] = ("r.grain = %s", [letter])
    elif by == "day":
        when = ("r.grain = 'd' AND r.starts_on BETWEEN %s AND %s", [period.start, period.end])
    else:
        when = in_pieces(pieces_of(period, whole_years=by == "year"))
    _, source, values = source_of("", when, flow, filters)
    found = _with_as_of(
        f"SELECT {column} AS starts_on, sum(x.total_rial)::bigint, sum(x.gifts)::bigint "
        f"FROM (SELECT r.starts_on, sum(r.total_rial) AS total_rial, sum(r.gifts) AS gifts {source} GROUP BY 1) x "
        "JOIN dashboards_calendarday c ON c.day = x.starts_on GROUP BY 1 ORDER BY 1",
        values,
    )
    names = [(iso_jalali(starts_on)[:cut], rial, gifts) for _, starts_on, rial, gifts in found if starts_on]
    return found[0][0], tuple(Row(name, name, rial, gifts) for name, rial, gifts in names)


def _with_as_of(select: str, values: list) -> list[tuple]:
    """Rows of `select`, each behind the fold's time; never fewer than one row."""
    return read(
        f"SELECT s.folded_at, x.* FROM dashboards_foldstate s LEFT JOIN ({select}) x ON true WHERE s.id = 1",
        values,
    )
