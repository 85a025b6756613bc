"""What must be true of the money of boxes; registered by `payments.checks`."""

from core.invariants import invariant, violations


@invariant("boxes: every confirmed count is in the books once, with its amount and its box, and no other is")
def counts_are_booked():
    return violations(
        """SELECT coalesce(c.id, 0) AS id, coalesce(a.source, '') AS source, c.second_rial AS rial
             FROM (SELECT c.*, 'box:' || c.box_id || ':' || c.round AS source FROM payments_boxcount c
                    WHERE c.state = 'confirmed' AND c.second_rial > 0) c
             FULL JOIN (SELECT * FROM payments_arrival WHERE source LIKE 'box:%%') a ON a.source = c.source
             LEFT JOIN donations_donation d ON d.id = a.donation_id
            WHERE c.id IS NULL OR a.donation_id IS DISTINCT FROM c.donation_id
               OR d.amount_rial IS DISTINCT FROM c.second_rial OR a.account <> 'cash:' || c.office_id""",
        "box count {id} of {rial} rial and arrival {source} disagree",
    )


@invariant("boxes: what the notes of a count add up to is what was counted")
def notes_add_up():
    return violations(
        """SELECT c.id, c.first_rial, c.second_rial FROM payments_boxcount c
             LEFT JOIN LATERAL (
                 SELECT coalesce(sum(l.pieces * d.value_rial) FILTER (WHERE NOT l.is_second), 0) AS first,
                        coalesce(sum(l.pieces * d.value_rial) FILTER (WHERE l.is_second), 0) AS second
                   FROM payments_boxcountline l JOIN payments_denomination d ON d.id = l.denomination_id
                  WHERE l.count_id = c.id) n ON true
            WHERE n.first <> c.first_rial OR n.second <> coalesce(c.second_rial, 0)""",
        "box count {id}: notes do not make {first_rial} and {second_rial}",
    )


@invariant("boxes: a box is where its money is")
def states_follow_money():
    return violations(
        """SELECT b.number, b.state, coalesce(s.state, '-') AS slip FROM campaigns_box b
             LEFT JOIN payments_boxcount c ON c.box_id = b.id AND c.round = b.round AND c.state = 'confirmed'
             LEFT JOIN payments_cashdeposit s ON s.id = c.deposit_id
            WHERE (b.state IN ('counted', 'deposited', 'reconciled')) <> (c.id IS NOT NULL)
               OR (b.state = 'counted' AND c.deposit_id IS NOT NULL)
               OR (b.state = 'deposited' AND s.state IS DISTINCT FROM 'awaiting')
               OR (b.state = 'reconciled' AND c.second_rial > 0 AND s.state IS DISTINCT FROM 'matched')""",
        "box {number} is {state}, its slip {slip}",
    )
