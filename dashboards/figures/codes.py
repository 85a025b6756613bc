"""What printed codes brought together, by place and by hour of the day, within the open scope."""

from __future__ import annotations

from dashboards.figures.database import rows as read
from dashboards.figures.values import CodesOfPlace, Hour
from provinces.scoping import current_scope

_SCANS = """
    SELECT placement_id, hour, scans FROM campaigns_scanhour UNION ALL SELECT placement_id, at, 1 FROM campaigns_scan
"""


def codes_by_place(*, kind: str = "", province: str = "") -> list[CodesOfPlace]:
    """Codes, scans and gifts since they exist by province, or by county where a province is named or the scope is not
    the country; those that brought most first. A code of no county, or of no province, stands on a row of its own."""
    by_county = bool(province) or not current_scope().everything
    mine, values = _mine(kind, province)
    county = "m.county_id" if by_county else "NULL::text"
    sql = f"""
        WITH mine AS ({mine}),
             scanned AS (SELECT placement_id, sum(scans) AS scans FROM ({_SCANS}) s
                          WHERE placement_id IN (SELECT id FROM mine) GROUP BY 1)
        SELECT m.province_id, {county}, count(*)::bigint, coalesce(sum(s.scans), 0)::bigint,
               coalesce(sum(t.gifts), 0)::bigint, coalesce(sum(t.total_rial), 0)::bigint
          FROM mine m LEFT JOIN dashboards_placementtotal t ON t.placement_id = m.id
          LEFT JOIN scanned s ON s.placement_id = m.id
         GROUP BY 1, 2 ORDER BY 6 DESC, 4 DESC, 1 NULLS LAST, 2 NULLS LAST
    """  # noqa: S608 - its own words
    return [CodesOfPlace(*row) for row in read(sql, values)]


def codes_by_hour(*, kind: str = "", province: str = "") -> list[Hour]:
    """Scans and gifts of the same codes by Tehran's hour of the day; hours without any are left out."""
    mine, values = _mine(kind, province)
    sql = f"""
        WITH mine AS ({mine})
        SELECT extract(hour FROM hour AT TIME ZONE 'Asia/Tehran')::int, sum(scans)::bigint, sum(gifts)::bigint,
               sum(rial)::bigint
          FROM (SELECT placement_id, hour, 0 AS scans, gifts, total_rial AS rial FROM dashboards_placementhour
                 UNION ALL SELECT placement_id, hour, scans, 0, 0 FROM ({_SCANS}) s) x
         WHERE placement_id IN (SELECT id FROM mine) GROUP BY 1 ORDER BY 1
    """  # noqa: S608 - its own words
    return [Hour(*row) for row in read(sql, values)]


def _mine(kind: str, province: str) -> tuple[str, list]:
    """The codes that are meant, as a statement with its values."""
    scope, said, values = current_scope(), ["true"], []
    if not scope.everything:
        said.append("(province_id = ANY(%s) OR county_id = ANY(%s))")
        values += [sorted(scope.provinces), sorted(scope.counties)]
    if kind:
        said.append("kind = %s")
        values.append(kind)
    if province:
        said.append("province_id = %s")
        values.append(province)
    return f"SELECT id, province_id, county_id FROM campaigns_placement WHERE {' AND '.join(said)}", values  # noqa: S608
