"""What must be true of lines, payouts and the accounts where money waits; registered by `payments.checks`."""

from core.invariants import invariant, violations


@invariant("reconciliation: the account of unknown deposits holds exactly the deposits nobody knows")
def suspense_is_open_deposits():
    return violations(
        """SELECT b.rial AS booked, w.rial AS waiting FROM
             (SELECT coalesce(-sum(p.amount_rial), 0) AS rial FROM ledger_posting p
                JOIN ledger_account a ON a.id = p.account_id AND a.code = 'suspense:deposits') b,
             (SELECT coalesce(sum(amount_rial), 0) AS rial FROM payments_statementline WHERE state = 'suspense') w
            WHERE b.rial <> w.rial""",
        "unknown deposits: {booked} rial in the books, {waiting} rial in open lines",
    )


@invariant("reconciliation: a terminal's clearing holds what was verified and not paid out")
def clearing_is_not_paid_out():
    return violations(
        """WITH given AS (
               SELECT 'clearing:' || t.gateway || ':' || t.id AS code,
                      sum(coalesce(h.amount_rial, t.amount_rial)) AS rial
                 FROM (SELECT a.id AS attempt, a.amount_rial, a.gateway, a.terminal_id AS id, a.state
                         FROM payments_attempt a) t
                 LEFT JOIN payments_heldmoney h ON h.attempt_id = t.attempt
                WHERE t.state = 'succeeded' OR (t.state = 'under_review' AND h.kind = 'amount_differs') GROUP BY 1),
           paid AS (
               SELECT s.account AS code,
                      sum(CASE l.kind WHEN 'payment' THEN l.amount_rial ELSE -l.amount_rial END) AS rial
                 FROM payments_statementline l
                 JOIN payments_payout p ON p.id = l.payout_id AND p.posted_at IS NOT NULL
                 JOIN payments_statementsource s ON s.id = l.source_id
                WHERE s.account LIKE 'clearing:%%' AND l.kind IN ('payment', 'reversal') GROUP BY 1),
           other AS (
               SELECT a.code, sum(p.amount_rial) AS rial FROM ledger_posting p
                 JOIN ledger_account a ON a.id = p.account_id AND a.code LIKE 'clearing:%%'
                 JOIN ledger_entry e ON e.id = p.entry_id
                 LEFT JOIN ledger_entry o ON o.id = e.reverses_id
                WHERE split_part(coalesce(o.source, e.source), ':', 1) NOT IN ('attempt', 'payout') GROUP BY 1),
           books AS (
               SELECT a.code, sum(p.amount_rial) AS rial FROM ledger_posting p
                 JOIN ledger_account a ON a.id = p.account_id AND a.code LIKE 'clearing:%%' GROUP BY 1)
           SELECT code, coalesce(b.rial, 0) AS booked,
                  coalesce(g.rial, 0) - coalesce(paid.rial, 0) + coalesce(o.rial, 0) AS waiting
             FROM books b FULL JOIN given g USING (code) FULL JOIN paid USING (code) FULL JOIN other o USING (code)
            WHERE coalesce(b.rial, 0) <> coalesce(g.rial, 0) - coalesce(paid.rial, 0) + coalesce(o.rial, 0)""",
        "{code} holds {booked} rial, {waiting} rial are verified and not paid out",
    )


@invariant("reconciliation: a matched line has the amount of its payment")
def matched_amounts_agree():
    return violations(
        """SELECT l.id, l.amount_rial, coalesce(h.amount_rial, a.amount_rial, d.amount_rial) AS ours
             FROM payments_statementline l
             LEFT JOIN payments_attempt a ON a.id = l.attempt_id
             LEFT JOIN payments_heldmoney h ON h.attempt_id = a.id
             LEFT JOIN donations_donation d ON d.id = l.donation_id AND l.attempt_id IS NULL
            WHERE l.state = 'matched' AND l.rule <> 'by_hand'
              AND (l.attempt_id IS NOT NULL OR l.donation_id IS NOT NULL)
              AND l.amount_rial <> coalesce(h.amount_rial, a.amount_rial, d.amount_rial)""",
        "line {id} of {amount_rial} rial is matched to {ours} rial",
    )


@invariant("reconciliation: no line is booked twice, and every payout is booked with the sum of its lines")
def lines_are_booked_once():
    return violations(
        """SELECT p.id, p.net_rial, coalesce(sum(CASE l.kind WHEN 'payment' THEN l.amount_rial - l.fee_rial
                    WHEN 'reversal' THEN -l.amount_rial - l.fee_rial ELSE -l.amount_rial END), 0) AS lines,
                  (SELECT coalesce(sum(g.amount_rial), 0) FROM ledger_entry e JOIN ledger_posting g ON g.entry_id = e.id
                     JOIN ledger_account a ON a.id = g.account_id AND a.code LIKE 'transit:%%'
                    WHERE e.source = 'payout:' || p.id) AS booked
             FROM payments_payout p LEFT JOIN payments_statementline l
                  ON l.payout_id = p.id AND l.source_id = p.source_id AND l.day BETWEEN p.first_day AND p.day
            GROUP BY p.id HAVING p.net_rial <> coalesce(sum(CASE l.kind WHEN 'payment' THEN l.amount_rial - l.fee_rial
                    WHEN 'reversal' THEN -l.amount_rial - l.fee_rial ELSE -l.amount_rial END), 0)
               OR (p.posted_at IS NOT NULL AND p.net_rial <> (
                   SELECT coalesce(sum(g.amount_rial), 0) FROM ledger_entry e JOIN ledger_posting g ON g.entry_id = e.id
                     JOIN ledger_account a ON a.id = g.account_id AND a.code LIKE 'transit:%%'
                    WHERE e.source = 'payout:' || p.id))""",
        "payout {id} of {net_rial} rial: lines {lines}, booked {booked}",
    )


@invariant("reconciliation: a bank line is booked with its own amount")
def bank_lines_are_booked():
    return violations(
        """SELECT l.id, l.amount_rial, sum(p.amount_rial) AS booked FROM payments_statementline l
             JOIN payments_statementsource s ON s.id = l.source_id AND s.kind = 'bank'
             LEFT JOIN ledger_entry e ON e.source = l.entry_source
             LEFT JOIN ledger_account a ON a.code = s.account
             LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id = a.id
            WHERE l.kind = 'credit' AND l.state IN ('matched', 'suspense')
            GROUP BY l.id HAVING sum(p.amount_rial) IS DISTINCT FROM l.amount_rial""",
        "line {id} of {amount_rial} rial is booked with {booked}",
    )


@invariant("reconciliation: nothing was booked into a day after it was closed")
def closed_days_are_kept():
    return violations(
        """SELECT DISTINCT e.id, e.source, c.day, c.province_code FROM ledger_closedday c
             JOIN ledger_entry e ON e.day = c.day AND e.posted_at > c.closed_at
             JOIN ledger_posting p ON p.entry_id = e.id
             JOIN ledger_dimension d ON d.id = p.dimension_id AND coalesce(d.province_id, '') = c.province_code""",
        "entry {id} ({source}) was booked into {day} after it was closed for '{province_code}'",
    )


@invariant("reconciliation: what does not fit has a row for a person")
def open_lines_are_held():
    return violations(
        """SELECT l.id, l.state FROM payments_statementline l
            WHERE l.state IN ('differs', 'suspense')
              AND NOT EXISTS (SELECT 1 FROM payments_discrepancy d WHERE d.line_id = l.id AND d.settled_at IS NULL)""",
        "line {id} is {state} and on nobody's list",
    )
