"""A question about income or spending as SQL over the smallest rollups that hold its answer.

A period is read as years, months and edge days, so its cost does not grow with the number of gifts. The open
province scope always applies: nobody can ask for another province's money by forgetting a filter.
"""

# ruff: noqa: S608 - statements are put together from this module's own words; values are always parameters

from __future__ import annotations

from datetime import date

from core.jalali import month_bounds, split_period, to_jalali
from dashboards.cubes import COLUMNS, smallest_cube
from dashboards.figures.values import Period
from provinces.scoping import current_scope

# facet -> (the cubes' facet that holds it, key and label of its sums x, the facet's own table)
FACETS = {
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
GRAINS = {
    "day": ("d", "c.day", 10),
    "month": ("m", "c.month_starts_on", 7),
    "year": ("y", "c.year_starts_on", 4),
}


def arm_of(facet: str, period: tuple[str, list], flow: str, filters: dict) -> tuple[str, list]:
    """Sums of one facet, named only once they are few."""
    held, names, joins = FACETS[facet]
    column, source, values = source_of(held, period, flow, filters)
    return (
        f"SELECT '{facet}' AS facet, {names}, sum(x.total_rial)::bigint, sum(x.gifts)::bigint "
        f"FROM (SELECT {column} AS id, sum(r.total_rial) AS total_rial, sum(r.gifts) AS gifts {source} GROUP BY 1) x "
        f"{joins} GROUP BY 2, 3 HAVING sum(x.gifts) <> 0 OR sum(x.total_rial) <> 0",
        values,
    )


def source_of(held: str, period: tuple[str, list], flow: str, filters: dict) -> tuple[str, str, list]:
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


def covering(period: Period | None) -> tuple[str, list]:
    """The condition on the rollups that cover a period exactly, and its values."""
    if period is None:
        return "r.grain = 'y'", []
    return in_pieces(pieces_of(period, whole_years=True))


def pieces_of(period: Period, *, whole_years: bool) -> list[tuple[str, date]]:
    """The rollups that cover a period exactly, as (letter, first day)."""
    pieces: list[tuple[str, date]] = []
    for grain, starts_on in split_period(period.start, period.end):
        if grain == "year" and not whole_years:
            year = to_jalali(starts_on).year
            pieces += [("m", month_bounds(year, month)[0]) for month in range(1, 13)]
        else:
            pieces.append((grain[0], starts_on))
    return pieces


def in_pieces(pieces: list[tuple[str, date]]) -> tuple[str, list]:
    """One range or list of days a grain, so that the index on (grain, first day) is used for each."""
    conditions, values = [], []
    for letter in sorted({letter for letter, _ in pieces}):
        conditions.append("(r.grain = %s AND r.starts_on = ANY(%s))")
        values += [letter, [starts_on for piece, starts_on in pieces if piece == letter]]
    return f"({' OR '.join(conditions)})", values
