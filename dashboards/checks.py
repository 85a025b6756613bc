"""What must be true of the figures: they equal the books as of their fold."""

from core.invariants import invariant, violations
from dashboards.cubes import grouping_sets


@invariant("figures: rollups equal the books as of their fold")
def rollups_equal_books():
    return violations(
        """WITH booked AS (
               SELECT g.grain, g.starts_on, p.dimension_id, a.gift_kind AS kind,
                      CASE a.type WHEN 'income' THEN 'in' ELSE 'out' END AS flow,
                      sum(CASE a.type WHEN 'income' THEN -p.amount_rial ELSE p.amount_rial END) AS rial,
                      sum(CASE WHEN (p.amount_rial < 0) = (a.type = 'income') THEN 1 ELSE -1 END) AS gifts
                 FROM ledger_entry e
                 JOIN ledger_posting p ON p.entry_id = e.id
                 JOIN ledger_account a ON a.id = p.account_id AND a.gift_kind <> ''
                 JOIN dashboards_calendarday c ON c.day = e.day
                CROSS JOIN LATERAL (VALUES ('d', c.day), ('m', c.month_starts_on), ('y', c.year_starts_on))
                           AS g (grain, starts_on)
                WHERE NOT EXISTS (SELECT 1 FROM ledger_foldrow f WHERE f.entry_id = e.id)
                GROUP BY 1, 2, 3, 4, 5)
           SELECT coalesce(r.grain, b.grain) AS grain, coalesce(r.starts_on, b.starts_on) AS starts_on,
                  coalesce(r.dimension_id, b.dimension_id) AS dimension,
                  coalesce(r.total_rial, 0) AS shown, coalesce(b.rial, 0) AS booked
             FROM dashboards_rollup r FULL JOIN booked b
               ON b.grain = r.grain AND b.starts_on = r.starts_on AND b.dimension_id = r.dimension_id
              AND b.kind = r.kind AND b.flow = r.flow
            WHERE coalesce(r.total_rial, 0) <> coalesce(b.rial, 0) OR coalesce(r.gifts, 0) <> coalesce(b.gifts, 0)""",
        "{grain} {starts_on}, dimension {dimension}: shown {shown}, booked {booked} rial",
    )


@invariant("figures: every cube equals the rollups it adds up")
def cubes_equal_rollups():
    return violations(
        f"""WITH added AS (
               SELECT q.cube, r.grain, r.starts_on, q.first, q.second, r.flow, r.kind,
                      sum(r.total_rial) AS rial, sum(r.gifts) AS gifts
                 FROM dashboards_rollup r JOIN ledger_dimension d ON d.id = r.dimension_id
                CROSS JOIN LATERAL (VALUES {grouping_sets()}) AS q (cube, first, second)
                GROUP BY 1, 2, 3, 4, 5, 6, 7)
           SELECT coalesce(c.cube, a.cube) AS cube, coalesce(c.grain, a.grain) AS grain,
                  coalesce(c.starts_on, a.starts_on) AS starts_on, coalesce(c.first, a.first) AS first,
                  coalesce(c.second, a.second) AS second,
                  coalesce(c.total_rial, 0) AS shown, coalesce(a.rial, 0) AS rial
             FROM dashboards_cube c FULL JOIN added a USING (cube, grain, starts_on, first, second, flow, kind)
            WHERE coalesce(c.total_rial, 0) <> coalesce(a.rial, 0) OR coalesce(c.gifts, 0) <> coalesce(a.gifts, 0)""",  # noqa: S608 - the cubes' own words
        "cube {cube}, {grain} {starts_on} '{first}' '{second}': shown {shown}, rollups {rial} rial",
    )


@invariant("figures: totals of printed codes equal the books as of their fold")
def placements_equal_books():
    return violations(
        """WITH booked AS (
               SELECT e.placement_id, -sum(p.amount_rial) AS rial FROM ledger_entry e
                 JOIN ledger_posting p ON p.entry_id = e.id
                 JOIN ledger_account a ON a.id = p.account_id AND a.type = 'income'
                WHERE e.placement_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM ledger_foldrow f WHERE f.entry_id = e.id)
                GROUP BY 1)
           SELECT coalesce(t.placement_id, b.placement_id) AS placement, coalesce(t.total_rial, 0) AS shown,
                  coalesce(b.rial, 0) AS booked
             FROM dashboards_placementtotal t FULL JOIN booked b USING (placement_id)
            WHERE coalesce(t.total_rial, 0) <> coalesce(b.rial, 0)""",
        "code {placement}: shown {shown}, booked {booked} rial",
    )


@invariant("figures: what printed codes brought for needs equals the books as of their fold")
def placement_needs_equal_books():
    return violations(
        """WITH booked AS (
               SELECT e.placement_id, d.need_id, -sum(p.amount_rial) AS rial FROM ledger_entry e
                 JOIN ledger_posting p ON p.entry_id = e.id
                 JOIN ledger_account a ON a.id = p.account_id AND a.type = 'income'
                 JOIN ledger_dimension d ON d.id = p.dimension_id AND d.need_id IS NOT NULL
                WHERE e.placement_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM ledger_foldrow f WHERE f.entry_id = e.id)
                GROUP BY 1, 2)
           SELECT coalesce(t.placement_id, b.placement_id) AS placement, coalesce(t.need_id, b.need_id) AS need,
                  coalesce(t.total_rial, 0) AS shown, coalesce(b.rial, 0) AS booked
             FROM dashboards_placementneed t FULL JOIN booked b USING (placement_id, need_id)
            WHERE coalesce(t.total_rial, 0) <> coalesce(b.rial, 0)""",
        "code {placement}, need {need}: shown {shown}, booked {booked} rial",
    )


@invariant("figures: the hours of a printed code add up to its total")
def hours_equal_placements():
    return violations(
        """WITH added AS (SELECT placement_id, sum(total_rial) AS rial, sum(gifts) AS gifts
                            FROM dashboards_placementhour GROUP BY 1)
           SELECT coalesce(t.placement_id, a.placement_id) AS placement, coalesce(t.total_rial, 0) AS total,
                  coalesce(a.rial, 0) AS hours
             FROM dashboards_placementtotal t FULL JOIN added a USING (placement_id)
            WHERE coalesce(t.total_rial, 0) <> coalesce(a.rial, 0) OR coalesce(t.gifts, 0) <> coalesce(a.gifts, 0)""",
        "code {placement}: total {total}, hours {hours} rial",
    )
