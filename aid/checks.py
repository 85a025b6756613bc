"""What must be true of what was allocated and delivered. Amounts are asked of the gifts and of the books."""

from aid import stock_checks  # noqa: F401  registers its checks with these
from core.invariants import invariant, violations


@invariant("aid: received = waiting + allocated + delivered + refunded, by fund and province and in all")
def nothing_is_lost():
    """Gifts and shares on one side, the balances of the books on the other."""
    return violations(
        """WITH gift AS (
               SELECT d.fund_id AS fund, coalesce(d.province_id, '') AS province, d.amount_rial, d.status,
                      coalesce(h.rial, 0) AS held, coalesce(g.rial, 0) AS given
                 FROM donations_donation d
                 LEFT JOIN (SELECT donation_id, sum(amount_rial) AS rial FROM aid_allocationshare GROUP BY 1) h
                   ON h.donation_id = d.id
                 LEFT JOIN (SELECT donation_id, sum(amount_rial) AS rial FROM aid_deliveryshare GROUP BY 1) g
                   ON g.donation_id = d.id
                WHERE d.kind = 'cash' AND d.status IN ('received', 'refunded')),
           said AS (
               SELECT fund, province, sum(amount_rial) AS received,
                      sum(CASE status WHEN 'refunded' THEN amount_rial ELSE 0 END) AS refunded,
                      sum(held - given) AS allocated, sum(given) AS delivered
                 FROM gift GROUP BY GROUPING SETS ((fund, province), ())),
           leg AS (
               SELECT d.fund_id AS fund, coalesce(d.province_id, '') AS province, a.code, p.amount_rial
                 FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
                 JOIN ledger_dimension d ON d.id = p.dimension_id
                WHERE a.code IN ('income:cash', 'allocated:cash', 'delivered:cash')),
           booked AS (
               SELECT fund, province, -sum(amount_rial) AS waiting,
                      sum(CASE code WHEN 'allocated:cash' THEN amount_rial ELSE 0 END) AS allocated,
                      sum(CASE code WHEN 'delivered:cash' THEN amount_rial ELSE 0 END) AS delivered
                 FROM leg GROUP BY GROUPING SETS ((fund, province), ()))
           SELECT coalesce(s.fund, b.fund, 'all') AS fund, coalesce(s.province, b.province, 'all') AS province,
                  received, waiting, b.allocated, b.delivered, refunded
             FROM said s FULL JOIN booked b
               ON coalesce(b.fund, '-') = coalesce(s.fund, '-')
              AND coalesce(b.province, '-') = coalesce(s.province, '-')
            WHERE waiting < 0 OR received IS DISTINCT FROM waiting + b.allocated + b.delivered + refunded
               OR s.allocated IS DISTINCT FROM b.allocated OR s.delivered IS DISTINCT FROM b.delivered""",
        "fund {fund}, province '{province}': received {received}, waiting {waiting}, allocated {allocated}, "
        "delivered {delivered}, refunded {refunded} rial",
    )


@invariant("aid: what gifts give to allocations is no more than they are")
def shares_fit_gifts():
    return violations(
        """SELECT d.tracking_code, d.amount_rial, held.rial AS held, given.rial AS given
             FROM (SELECT donation_id, sum(amount_rial) AS rial FROM aid_allocationshare GROUP BY 1) held
             FULL JOIN (SELECT donation_id, sum(amount_rial) AS rial FROM aid_deliveryshare GROUP BY 1) given
               USING (donation_id)
             JOIN donations_donation d ON d.id = donation_id
            WHERE coalesce(held.rial, 0) NOT BETWEEN 0 AND d.amount_rial
               OR coalesce(given.rial, 0) NOT BETWEEN 0 AND coalesce(held.rial, 0)
               OR d.is_allocated <> (coalesce(held.rial, 0) = d.amount_rial)
               OR (d.status <> 'received' AND coalesce(held.rial, 0) <> 0)""",
        "gift {tracking_code} of {amount_rial} rial: allocated {held}, delivered {given}",
    )


@invariant("aid: restricted funds are never spent outside their purpose")
def firewall_holds():
    """The rules as they are today, and every gift in the pool of its allocation."""
    yield from violations(
        """SELECT a.id, p.fund_id, a.purpose FROM aid_allocation a JOIN aid_pool p ON p.id = a.pool_id
             JOIN campaigns_fund f ON f.code = p.fund_id
            WHERE a.state <> 'refused' AND a.purpose <> ALL(f.spendable_on)""",
        "allocation {id} spends fund {fund_id} on {purpose}",
    )
    yield from violations(
        """SELECT DISTINCT s.allocation_id, d.tracking_code FROM aid_allocationshare s
             JOIN aid_allocation a ON a.id = s.allocation_id JOIN aid_pool p ON p.id = a.pool_id
             JOIN donations_donation d ON d.id = s.donation_id
            WHERE ROW(d.fund_id, d.province_id, d.county_id, d.edition_id, d.need_id)
                  IS DISTINCT FROM ROW(p.fund_id, p.province_id, p.county_id, p.edition_id, p.need_id)""",
        "allocation {allocation_id} holds gift {tracking_code} of another pool",
    )
    yield from violations(
        """SELECT y.id, y.form FROM aid_delivery y JOIN aid_allocation a ON a.id = y.allocation_id
            WHERE a.purpose = 'food' AND y.form <> 'food' AND y.undone_at IS NULL""",
        "delivery {id} gives {form} where food is owed",
    )


@invariant("aid: allocations, deliveries and pools hold what their shares and the books say")
def sums_agree():
    yield from violations(
        """SELECT a.id, a.held_rial, a.delivered_rial, coalesce(held.rial, 0) AS held, coalesce(given.rial, 0) AS given,
                  coalesce(booked.rial, 0) AS booked
             FROM aid_allocation a
             LEFT JOIN (SELECT allocation_id, sum(amount_rial) AS rial FROM aid_allocationshare GROUP BY 1) held
               ON held.allocation_id = a.id
             LEFT JOIN (SELECT allocation_id, sum(amount_rial) AS rial FROM aid_deliveryshare GROUP BY 1) given
               ON given.allocation_id = a.id
             LEFT JOIN (SELECT split_part(e.source, ':', 2)::bigint AS allocation_id, -sum(p.amount_rial) AS rial
                          FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id
                          JOIN ledger_account k ON k.id = p.account_id AND k.code = 'drawn:cash'
                         WHERE starts_with(e.source, 'allocation:') GROUP BY 1) booked ON booked.allocation_id = a.id
            WHERE a.held_rial <> coalesce(held.rial, 0) OR a.delivered_rial <> coalesce(given.rial, 0)
               OR a.held_rial <> coalesce(booked.rial, 0)
                  - coalesce((SELECT sum(borne_rial) FROM aid_delivery y WHERE y.allocation_id = a.id), 0)""",
        "allocation {id}: {held_rial} held and {delivered_rial} delivered, by its shares {held} and {given}, "
        "by the books {booked} rial",
    )
    yield from violations(
        """SELECT y.id, y.amount_rial, y.borne_rial, coalesce(s.rial, 0) AS used FROM aid_delivery y
             LEFT JOIN (SELECT delivery_id, sum(amount_rial) AS rial FROM aid_deliveryshare GROUP BY 1) s
               ON s.delivery_id = y.id
            WHERE coalesce(s.rial, 0) <> CASE WHEN y.undone_at IS NULL THEN y.amount_rial - y.borne_rial ELSE 0 END""",
        "delivery {id} of {amount_rial} rial ({borne_rial} borne): gifts gave {used}",
    )
    yield from violations(
        """SELECT p.id, p.placed_rial, coalesce(sum(a.held_rial), 0) AS held FROM aid_pool p
             LEFT JOIN aid_allocation a ON a.pool_id = p.id GROUP BY p.id
            HAVING p.placed_rial <> coalesce(sum(a.held_rial), 0)""",
        "pool {id} says {placed_rial} allocated, its allocations hold {held} rial",
    )
