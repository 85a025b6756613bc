"""The rollups made anew from the books: added up once, beside the old ones, which are then changed where they differ.

The books are read in one pass into sums by day and dimension. Everything else is added up from those: months from
days, years from months, cubes of two facets from days, cubes of one from those of two. Days, months and cubes are
tables of this transaction alone (not temporary ones: several processes read them side by side).
"""

# ruff: noqa: S608 - statements are put together from this module's own words

from __future__ import annotations

from dashboards.cubes import CUBES, Cube

_MEMORY = (
    "work_mem = '256MB'",
    "max_parallel_workers_per_gather = 4",
    "min_parallel_table_scan_size = '1MB'",
)
# What the figures add up, as one number for all accounts of a flow and kind; income stands in the books as a credit.
_SIDES = """
    SELECT id, first_value(id) OVER (PARTITION BY type = 'income', gift_kind ORDER BY id) AS side,
           CASE type WHEN 'income' THEN 'in' ELSE 'out' END AS flow, gift_kind AS kind,
           CASE type WHEN 'income' THEN -1 ELSE 1 END AS sign
      FROM ledger_account WHERE gift_kind <> ''
"""
_DAYS = f"""
    CREATE UNLOGGED TABLE dashboards_fresh_day AS
    SELECT e.day, p.dimension_id, s.side, sum(s.sign * p.amount_rial)::bigint AS amount,
           sum(s.sign * sign(p.amount_rial))::bigint AS gifts
      FROM ledger_posting p JOIN ({_SIDES}) s ON s.id = p.account_id
      JOIN ledger_entry e ON e.id = p.entry_id
     WHERE NOT EXISTS (SELECT 1 FROM ledger_foldrow f WHERE f.entry_id = e.id)
     GROUP BY 1, 2, 3
"""
_LONGER = """
    CREATE UNLOGGED TABLE dashboards_fresh_{into} AS
    SELECT c.{column} AS day, x.dimension_id, x.side, sum(x.amount)::bigint AS amount, sum(x.gifts)::bigint AS gifts
      FROM dashboards_fresh_{out_of} x JOIN dashboards_calendarday c ON c.day = x.day GROUP BY 1, 2, 3
"""
_GRAINS = " UNION ALL ".join(
    f"SELECT '{grain}' AS grain, * FROM dashboards_fresh_{name}"
    for grain, name in (("d", "day"), ("m", "month"), ("y", "year"))
)
_ROLLUPS = f"""
    MERGE INTO dashboards_rollup r
    USING (SELECT x.dimension_id, x.grain, x.day AS starts_on, s.flow, s.kind, x.amount, x.gifts
             FROM ({_GRAINS}) x JOIN ({_SIDES}) s ON s.id = x.side ORDER BY 1, 2, 3) n
       ON (r.dimension_id, r.grain, r.starts_on, r.flow, r.kind)
        = (n.dimension_id, n.grain, n.starts_on, n.flow, n.kind)
     WHEN MATCHED AND (r.total_rial, r.gifts) <> (n.amount, n.gifts)
     THEN UPDATE SET total_rial = n.amount, gifts = n.gifts
     WHEN NOT MATCHED THEN INSERT (dimension_id, grain, starts_on, flow, kind, total_rial, gifts)
          VALUES (n.dimension_id, n.grain, n.starts_on, n.flow, n.kind, n.amount, n.gifts)
     WHEN NOT MATCHED BY SOURCE THEN DELETE
"""
_KEYS = ("cube", "grain", "starts_on", "first", "second", "flow", "kind")
_OLD, _NEW = (", ".join(f"{alias}.{key}" for key in _KEYS) for alias in "rn")
_MERGE_CUBES = f"""
    MERGE INTO dashboards_cube r
    USING (SELECT x.cube, g.grain, g.starts_on, x.first, x.second, s.flow, s.kind, sum(x.amount)::bigint AS amount,
                  sum(x.gifts)::bigint AS gifts
             FROM ({{cubes}}) x JOIN dashboards_calendarday c ON c.day = x.day
            CROSS JOIN LATERAL (VALUES ('d', c.day), ('m', c.month_starts_on), ('y', c.year_starts_on))
                       AS g (grain, starts_on)
             JOIN ({_SIDES}) s ON s.id = x.side
            GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5) n
       ON ({_OLD}) = ({_NEW})
     WHEN MATCHED AND (r.total_rial, r.gifts) <> (n.amount, n.gifts)
     THEN UPDATE SET total_rial = n.amount, gifts = n.gifts
     WHEN NOT MATCHED THEN INSERT ({", ".join(_KEYS)}, total_rial, gifts)
          VALUES ({_NEW}, n.amount, n.gifts)
     WHEN NOT MATCHED BY SOURCE THEN DELETE
"""


def replace_rollups(cursor) -> None:
    """Make rollups and cubes what the books say, less what waits in the queue. Within the caller's transaction, which
    holds the fold; readers see the old rows until it commits."""
    for setting in _MEMORY:
        cursor.execute(f"SET LOCAL {setting}")
    cursor.execute(_DAYS)
    cursor.execute(_LONGER.format(into="month", out_of="day", column="month_starts_on"))
    cursor.execute(_LONGER.format(into="year", out_of="month", column="year_starts_on"))
    cursor.execute("ANALYZE dashboards_fresh_day, dashboards_fresh_month, dashboards_fresh_year")
    cursor.execute(_ROLLUPS)
    made = _make_cubes(cursor)
    cursor.execute(_MERGE_CUBES.format(cubes=" UNION ALL ".join(f"SELECT * FROM {table}" for table in made)))
    tables = [
        "dashboards_fresh_group",
        *made,
        *(f"dashboards_fresh_{name}" for name in ("day", "month", "year")),
    ]
    cursor.execute(f"DROP TABLE {', '.join(tables)}")


def _make_cubes(cursor) -> list[str]:
    """The cubes by day, one table each; their names."""
    numbers = ", ".join(
        f"dense_rank() OVER (ORDER BY {', '.join(cube.keys())}) AS g{cube.number}" for cube in CUBES
    )
    cursor.execute(
        f"CREATE UNLOGGED TABLE dashboards_fresh_group AS SELECT d.*, {numbers} FROM ledger_dimension d"
    )
    cursor.execute("ANALYZE dashboards_fresh_group")
    for cube in sorted(CUBES, key=lambda cube: -len(cube.facets)):
        whole = next((other for other in CUBES if set(cube.facets) < set(other.facets)), None)
        cursor.execute(_part_of(cube, whole) if whole else _of_days(cube))
    return [_table(cube) for cube in CUBES]


def _table(cube: Cube) -> str:
    return f"dashboards_fresh_cube_{cube.number}"


def _of_days(cube: Cube) -> str:
    """Grouped by a number for each pair of keys, named only once the sums are few."""
    first, second = cube.keys()
    return f"""
        CREATE UNLOGGED TABLE {_table(cube)} AS
        SELECT {cube.number} AS cube, x.day, k.first, k.second, x.side, x.amount, x.gifts
          FROM (SELECT f.day, g.g{cube.number} AS number, f.side, sum(f.amount)::bigint AS amount,
                       sum(f.gifts)::bigint AS gifts
                  FROM dashboards_fresh_day f JOIN dashboards_fresh_group g ON g.id = f.dimension_id
                 GROUP BY 1, 2, 3) x
          JOIN (SELECT DISTINCT d.g{cube.number} AS number, {first} AS first, {second} AS second
                  FROM dashboards_fresh_group d) k USING (number)
    """


def _part_of(cube: Cube, whole: Cube) -> str:
    """Added up from a cube that holds this one's facet and another."""
    first = whole.column(cube.facets[0]) if cube.facets else "''"
    return f"""
        CREATE UNLOGGED TABLE {_table(cube)} AS
        SELECT {cube.number} AS cube, r.day, {first} AS first, '' AS second, r.side, sum(r.amount)::bigint AS amount,
               sum(r.gifts)::bigint AS gifts
          FROM {_table(whole)} r GROUP BY 2, 3, 5
    """
