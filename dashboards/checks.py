"""What must be true of the figures: they equal the books as of their fold."""

from core.invariants import invariant, violations


@invariant("figures: rollups equal the books as of their fold")
def rollups_equal_books():
    return violations(
        """WITH booked AS (
               SELECT g.grain, g.starts_on, p.dimension_id, a.gift_kind AS kind, -sum(p.amount_rial) AS rial,
                      sum(CASE WHEN p.amount_rial < 0 THEN 1 ELSE -1 END) AS gifts
                 FROM ledger_entry e
                 JOIN ledger_posting p ON p.entry_id = e.id
                 JOIN ledger_account a ON a.id = p.account_id AND a.type = 'income'
                 JOIN dashboards_calendarday c ON c.day = e.day
                CROSS JOIN LATERAL (VALUES ('d', c.day), ('m', c.month_starts_on), ('y', c.year_starts_on))
                           AS g (grain, starts_on)
                WHERE NOT EXISTS (SELECT 1 FROM ledger_foldrow f WHERE f.entry_id = e.id)
                GROUP BY 1, 2, 3, 4)
           SELECT coalesce(r.grain, b.grain) AS grain, coalesce(r.starts_on, b.starts_on) AS starts_on,
                  coalesce(r.dimension_id, b.dimension_id) AS dimension,
                  coalesce(r.total_rial, 0) AS shown, coalesce(b.rial, 0) AS booked
             FROM dashboards_rollup r FULL JOIN booked b
               ON b.grain = r.grain AND b.starts_on = r.starts_on AND b.dimension_id = r.dimension_id
              AND b.kind = r.kind
            WHERE coalesce(r.total_rial, 0) <> coalesce(b.rial, 0) OR coalesce(r.gifts, 0) <> coalesce(b.gifts, 0)""",
        "{grain} {starts_on}, dimension {dimension}: shown {shown}, booked {booked} rial",
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
