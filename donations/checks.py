"""What must be true of gifts and receipts."""

from core.invariants import invariant, violations


@invariant("donations: received gifts equal income, by fund, province and campaign")
def gifts_equal_income():
    return violations(
        """WITH given AS (
               SELECT fund_id, coalesce(province_id, '') AS province, coalesce(edition_id, 0) AS edition,
                      sum(amount_rial) AS rial, count(*) AS gifts
                 FROM donations_donation WHERE status = 'received' GROUP BY 1, 2, 3),
           booked AS (
               SELECT d.fund_id, coalesce(d.province_id, '') AS province, coalesce(d.edition_id, 0) AS edition,
                      -sum(p.amount_rial) AS rial, sum(CASE WHEN p.amount_rial < 0 THEN 1 ELSE -1 END) AS gifts
                 FROM ledger_posting p
                 JOIN ledger_account a ON a.id = p.account_id AND a.type = 'income'
                 JOIN ledger_dimension d ON d.id = p.dimension_id GROUP BY 1, 2, 3)
           SELECT coalesce(g.fund_id, b.fund_id) AS fund, coalesce(g.province, b.province) AS province,
                  coalesce(g.edition, b.edition) AS edition,
                  coalesce(g.rial, 0) AS given, coalesce(b.rial, 0) AS booked
             FROM given g FULL JOIN booked b
               ON b.fund_id = g.fund_id AND b.province = g.province AND b.edition = g.edition
            WHERE coalesce(g.rial, 0) <> coalesce(b.rial, 0) OR coalesce(g.gifts, 0) <> coalesce(b.gifts, 0)""",
        "fund {fund}, province '{province}', edition {edition}: given {given}, booked {booked} rial",
    )


@invariant("donations: every received gift has exactly one receipt in force")
def receipted():
    return violations(
        """SELECT d.tracking_code FROM donations_donation d
             LEFT JOIN donations_receipt r ON r.donation_id = d.id AND r.revoked_at IS NULL
            WHERE (d.status = 'received') <> (r.id IS NOT NULL)""",
        "gift {tracking_code}: receipt and status disagree",
    )


@invariant("donations: a received gift in kind is worth what its goods were appraised at, and names them")
def goods_are_the_gift():
    return violations(
        """SELECT coalesce(d.tracking_code, g.tracking_code) AS code, d.amount_rial, w.rial
             FROM (SELECT * FROM donations_donation WHERE kind = 'in_kind') d
             FULL JOIN (SELECT * FROM donations_giftinkind WHERE state = 'received') g ON g.donation_id = d.id
             LEFT JOIN LATERAL (SELECT sum(value_rial)::bigint AS rial FROM donations_givengoods
                                 WHERE gift_id = g.id) w ON true
            WHERE d.id IS NULL OR g.id IS NULL OR d.amount_rial IS DISTINCT FROM w.rial
               OR d.tracking_code <> g.tracking_code""",
        "gift {code}: {amount_rial} rial, its goods {rial}",
    )
