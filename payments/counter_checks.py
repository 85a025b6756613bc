"""What must be true of the counters; registered by `payments.checks`."""

from core.invariants import invariant, violations


@invariant("counter: numbers run from 1 without a gap, per office and year")
def numbers_are_gapless():
    return violations(
        """SELECT coalesce(b.office_id, n.office_id) AS office, coalesce(b.year, n.year) AS year,
                  coalesce(b.last_number, 0) AS last, coalesce(n.given, 0) AS given, n.highest
             FROM payments_counterbook b
             FULL JOIN (SELECT office_id, year, count(*) AS given, max(number) AS highest
                          FROM payments_counternumber GROUP BY 1, 2) n USING (office_id, year)
            WHERE b.last_number IS DISTINCT FROM n.given OR n.given IS DISTINCT FROM n.highest""",
        "office {office}, {year}: {given} numbers given, the highest {highest}, the book says {last}",
    )


@invariant(
    "counter: every booked gift has its number, its arrival and its receipt with that number, and no other has"
)
def numbered_and_booked():
    return violations(
        """SELECT g.id, g.state FROM payments_countergift g
             LEFT JOIN payments_counternumber n ON n.gift_id = g.id
             LEFT JOIN payments_arrival a ON a.donation_id = g.donation_id
             LEFT JOIN donations_donation d ON d.id = g.donation_id
             LEFT JOIN donations_receipt r ON r.donation_id = g.donation_id
            WHERE (g.state IN ('booked', 'cancelled')) <> (n.gift_id IS NOT NULL)
               OR (n.gift_id IS NOT NULL AND (
                     n.office_id <> g.office_id OR d.amount_rial <> g.amount_rial
                     OR a.source IS DISTINCT FROM 'counter:' || n.office_id || ':' || n.year || ':' || n.number
                     OR r.office_id IS DISTINCT FROM g.office_id
                     OR r.serial IS DISTINCT FROM
                        n.year || '-C' || n.office_id || '-' || lpad(n.number::text, 6, '0')))
            UNION ALL
           SELECT a.donation_id, 'arrived' FROM payments_arrival a
            WHERE a.source LIKE 'counter:%%' AND NOT EXISTS (
                  SELECT 1 FROM payments_countergift g WHERE g.donation_id = a.donation_id)""",
        "counter gift {id} is {state}: number, arrival and receipt disagree",
    )


@invariant("counter: a cancelled gift was decided by two people, is contra-booked and its receipt revoked")
def cancelled_by_two():
    return violations(
        """SELECT g.id, g.state FROM payments_countergift g
             JOIN payments_counternumber n ON n.gift_id = g.id
             JOIN donations_donation d ON d.id = g.donation_id
             JOIN donations_receipt r ON r.donation_id = g.donation_id
             LEFT JOIN ledger_entry e
                    ON e.source = 'counter:' || n.office_id || ':' || n.year || ':' || n.number || ':cancel'
             LEFT JOIN payments_countercorrection c ON c.gift_id = g.id AND c.state = 'done'
                   AND c.decided_by_id <> c.requested_by_id
            WHERE (g.state = 'cancelled') <> (e.reverses_id IS NOT NULL)
               OR (g.state = 'cancelled') <> (c.id IS NOT NULL)
               OR (g.state = 'cancelled' AND (d.status <> 'refunded' OR r.revoked_at IS NULL))""",
        "counter gift {id} is {state}: decision, contra entry and receipt disagree",
    )


@invariant(
    "counter: cash in an office's account is what was taken there, not shown by the bank and not decided about"
)
def cash_is_what_lies_there():
    return violations(
        """WITH taken AS (
               SELECT office_id, sum(rial) AS rial FROM (
                   SELECT g.office_id, g.amount_rial AS rial FROM payments_countergift g
                    WHERE g.way IN ('cash', 'cheque') AND (g.state = 'booked' OR EXISTS (
                          SELECT 1 FROM payments_countercorrection c
                           WHERE c.gift_id = g.id AND c.state = 'done' AND c.money = 'bank'))
                    UNION ALL
                   SELECT c.office_id, f.amount_rial FROM payments_cashdifference f
                     JOIN payments_cashcount c ON c.id = f.count_id
                    WHERE f.state = 'done' AND f.way IN ('write_off', 'gift')
                    UNION ALL
                   SELECT office_id, second_rial FROM payments_boxcount WHERE state = 'confirmed') g GROUP BY 1),
           banked AS (
               SELECT office_id, sum(amount_rial) AS rial FROM payments_cashdeposit WHERE state = 'matched' GROUP BY 1),
           booked AS (
               SELECT split_part(a.code, ':', 2)::bigint AS office_id, sum(p.amount_rial) AS rial
                 FROM ledger_account a
                 JOIN ledger_posting p ON p.account_id = a.id
                 JOIN ledger_entry e ON e.id = p.entry_id
                WHERE a.code LIKE 'cash:%%'
                  AND split_part(e.source, ':', 1) IN ('counter', 'deposit', 'box', 'difference') GROUP BY 1)
           SELECT office_id AS office, coalesce(b.rial, 0) AS booked,
                  coalesce(t.rial, 0) - coalesce(k.rial, 0) AS lying
             FROM booked b FULL JOIN taken t USING (office_id) FULL JOIN banked k USING (office_id)
            WHERE coalesce(b.rial, 0) <> coalesce(t.rial, 0) - coalesce(k.rial, 0)""",
        "office {office}: {booked} rial in cash by the books, {lying} rial taken, not banked and not written off",
    )


@invariant("counter: counts and deposits add up")
def counts_add_up():
    return violations(
        """WITH covered AS (
               SELECT count_id, amount_rial FROM payments_countergift WHERE count_id IS NOT NULL
                UNION ALL
               SELECT r.count_id, g.amount_rial FROM payments_countercorrection r
                 JOIN payments_countergift g ON g.id = r.gift_id WHERE r.count_id IS NOT NULL AND r.state = 'done'
                UNION ALL
               SELECT counted_in_id, -amount_rial FROM payments_cashdifference WHERE counted_in_id IS NOT NULL)
           SELECT 'count' AS what, c.id, c.expected_rial AS says, coalesce(sum(g.amount_rial), 0) AS holds
             FROM payments_cashcount c LEFT JOIN covered g ON g.count_id = c.id
            WHERE c.state <> 'refused' GROUP BY c.id HAVING c.expected_rial <> coalesce(sum(g.amount_rial), 0)
            UNION ALL
           SELECT 'notes of count', c.id, c.counted_rial, coalesce(sum(l.pieces * d.value_rial), 0)
             FROM payments_cashcount c LEFT JOIN payments_cashcountline l ON l.count_id = c.id
             LEFT JOIN payments_denomination d ON d.id = l.denomination_id
            GROUP BY c.id HAVING c.counted_rial <> coalesce(sum(l.pieces * d.value_rial), 0)
            UNION ALL
           SELECT 'deposit', s.id, s.amount_rial, coalesce(c.rial, q.rial, b.rial, 0)
             FROM payments_cashdeposit s
             LEFT JOIN (SELECT deposit_id, sum(counted_rial) AS rial FROM payments_cashcount GROUP BY 1) c
                    ON c.deposit_id = s.id
             LEFT JOIN (SELECT h.deposit_id, g.amount_rial AS rial FROM payments_cheque h
                          JOIN payments_countergift g ON g.id = h.gift_id) q ON q.deposit_id = s.id
             LEFT JOIN (SELECT deposit_id, sum(second_rial) AS rial FROM payments_boxcount GROUP BY 1) b
                    ON b.deposit_id = s.id
            WHERE s.state <> 'withdrawn' AND s.amount_rial <> coalesce(c.rial, q.rial, b.rial, 0)""",
        "{what} {id} says {says} rial, its rows hold {holds}",
    )


@invariant(
    "counter: a deposit that the bank has shown is in the books once, with its amount, and no other is"
)
def deposits_are_booked():
    return violations(
        """SELECT s.id, s.state, s.amount_rial, sum(p.amount_rial) AS booked
             FROM payments_cashdeposit s
             LEFT JOIN ledger_entry e ON e.source = 'deposit:' || s.id
             LEFT JOIN ledger_account a ON a.code = s.bank_account
             LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id = a.id
            GROUP BY s.id, e.id
           HAVING (s.state = 'matched') <> (e.id IS NOT NULL)
               OR (s.state = 'matched' AND s.amount_rial IS DISTINCT FROM sum(p.amount_rial))""",
        "deposit {id} of {amount_rial} rial is {state}, booked with {booked}",
    )


@invariant("counter: what was decided about missing or too much cash is in the books once, with its amount")
def differences_are_booked():
    return violations(
        """SELECT f.id, f.way, f.state, f.amount_rial, sum(p.amount_rial) AS booked FROM payments_cashdifference f
             JOIN payments_cashcount c ON c.id = f.count_id
             LEFT JOIN ledger_entry e ON e.source = 'difference:' || f.id
             LEFT JOIN ledger_account a ON a.code = 'cash:' || c.office_id
             LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id = a.id
            GROUP BY f.id, e.id
           HAVING (f.state = 'done' AND f.way <> 'made_good') <> (e.id IS NOT NULL)
               OR (e.id IS NOT NULL AND sum(p.amount_rial) IS DISTINCT FROM f.amount_rial)""",
        "decision {id} ({way}, {state}) about {amount_rial} rial is booked with {booked}",
    )


@invariant(
    "counter: a gift that was written anew is its forerunner's money, and nothing is left between them"
)
def written_anew_is_the_same_money():
    return violations(
        """SELECT 'gift' AS what, n.id, n.amount_rial AS says, g.amount_rial AS holds
             FROM payments_countercorrection c JOIN payments_countergift g ON g.id = c.gift_id
             JOIN payments_countergift n ON n.id = c.anew_id
            WHERE ROW(n.office_id, n.way, n.amount_rial) IS DISTINCT FROM ROW(g.office_id, g.way, g.amount_rial)
               OR g.state <> 'cancelled' OR c.state <> 'done'
            UNION ALL
           SELECT 'account', a.id, 0, sum(p.amount_rial) FROM ledger_account a
             JOIN ledger_posting p ON p.account_id = a.id WHERE a.code = 'suspense:anew'
            GROUP BY a.id HAVING sum(p.amount_rial) <> 0""",
        "{what} {id}: {says} rial, {holds} rial are its forerunner's or left",
    )
