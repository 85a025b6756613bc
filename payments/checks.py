"""What must be true of payments."""

from core.invariants import invariant, violations
from payments import (  # noqa: F401  register their checks with these
    box_checks,
    counter_checks,
    reconciliation_checks,
    statement_checks,
)


@invariant("payments: every success is in the books once, with its amount")
def success_is_booked():
    return violations(
        """SELECT a.order_id, a.state, e.id AS entry, p.rial FROM payments_attempt a
             LEFT JOIN payments_heldmoney h ON h.attempt_id = a.id
             LEFT JOIN ledger_entry e ON e.source = 'attempt:' || a.order_id
             LEFT JOIN LATERAL (
               SELECT sum(amount_rial) FILTER (WHERE amount_rial > 0) AS rial FROM ledger_posting
                WHERE entry_id = e.id) p ON true
            WHERE (a.state IN ('succeeded', 'refunded')
                   OR a.state = 'under_review' AND coalesce(h.kind = 'amount_differs', false))
                  <> (e.id IS NOT NULL)
               OR (e.id IS NOT NULL AND p.rial IS DISTINCT FROM coalesce(h.amount_rial, a.amount_rial))""",
        "order {order_id} is {state}, entry {entry} holds {rial} rial",
    )


@invariant("payments: every gift entry has its attempt")
def entry_has_attempt():
    return violations(
        """SELECT e.id, e.source FROM ledger_entry e
             LEFT JOIN payments_attempt a ON 'attempt:' || a.order_id = e.source
            WHERE e.source LIKE 'attempt:%%' AND a.id IS NULL""",
        "entry {id} ({source}) has no attempt",
    )


@invariant("payments: no received gift without the bank's evidence")
def received_has_evidence():
    return violations(
        """SELECT d.tracking_code FROM donations_donation d
            WHERE d.status = 'received' AND d.kind <> 'in_kind' AND NOT EXISTS (
              SELECT 1 FROM payments_attempt a JOIN payments_bankreference b ON b.attempt_id = a.id
                 LEFT JOIN payments_heldmoney h ON h.attempt_id = a.id AND h.state = 'gift'
               WHERE coalesce(h.donation_id, a.donation_id) = d.id AND a.state = 'succeeded'
                 AND a.evidence IS NOT NULL AND b.reference = a.reference)
              AND NOT EXISTS (SELECT 1 FROM payments_arrival r WHERE r.donation_id = d.id)""",
        "gift {tracking_code} is received without a verified attempt or an arrival",
    )


@invariant("payments: every arrival is in the books once, with its amount and account")
def arrival_is_booked():
    return violations(
        """SELECT r.source, r.amount_rial, sum(p.amount_rial) AS booked FROM payments_arrival r
             LEFT JOIN ledger_entry e ON e.source = r.source
             LEFT JOIN ledger_account a ON a.code = r.account
             LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.account_id = a.id
            GROUP BY r.source, r.amount_rial HAVING sum(p.amount_rial) IS DISTINCT FROM r.amount_rial""",
        "arrival {source} of {amount_rial} rial is booked with {booked}",
    )


@invariant("payments: no bank reference is booked twice")
def reference_once():
    return violations(
        """SELECT gateway, terminal_key, reference, count(*) AS times FROM payments_bankreference
            GROUP BY 1, 2, 3 HAVING count(*) > 1""",
        "{gateway} {terminal_key}: reference {reference} is booked {times} times",
    )


@invariant("payments: no attempt is undecided past its deadline without a case")
def undecided_has_case():
    return violations(
        """SELECT a.order_id, a.state FROM payments_attempt a
            WHERE a.state IN ('created', 'redirected', 'unknown') AND a.next_ask_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.subject = 'attempt:' || a.order_id)
              AND NOT EXISTS (SELECT 1 FROM core_outboxmessage o WHERE o.task = 'cases.open_case'
                               AND o.payload->>'subject' = 'attempt:' || a.order_id)
            UNION ALL
           SELECT a.order_id, a.state FROM payments_attempt a
            WHERE a.state IN ('created', 'redirected', 'unknown')
              AND coalesce(a.ask_until, a.created_at) < now() - interval '30 minutes'
              AND a.next_ask_at < now() - interval '30 minutes'""",
        "order {order_id} is {state} and nobody looks after it",
    )


@invariant("payments: the events of an attempt lead to its state")
def events_lead_to_state():
    return violations(
        """SELECT a.order_id, a.state, e.to_state FROM payments_attempt a
             LEFT JOIN LATERAL (SELECT to_state FROM payments_attemptevent
                                 WHERE attempt_id = a.id ORDER BY id DESC LIMIT 1) e ON true
            WHERE a.state <> coalesce(e.to_state, 'created')""",
        "order {order_id} is {state}, its last event says {to_state}",
    )


@invariant("payments: a refunded attempt has its refund and its contra entry, and no other has")
def refunds_are_booked():
    return violations(
        """SELECT a.order_id, a.state, r.id AS refund, c.id AS contra FROM payments_attempt a
             LEFT JOIN payments_refund r ON r.attempt_id = a.id AND r.state = 'done'
             LEFT JOIN ledger_entry e ON e.source = 'attempt:' || a.order_id
             LEFT JOIN ledger_entry c ON c.reverses_id = e.id
            WHERE (a.state = 'refunded') <> (c.id IS NOT NULL)
               OR (a.state = 'refunded' AND r.id IS NULL)""",
        "order {order_id} is {state}, refund {refund}, contra entry {contra}",
    )


@invariant("payments: suspense holds exactly the unusual money that is open")
def suspense_is_open_money():
    return violations(
        """WITH entries AS (
               SELECT e.id, split_part(e.source, ':', 1) AS room, split_part(e.source, ':', 2) AS number
                 FROM ledger_entry e WHERE e.source LIKE 'attempt:%%' OR e.source LIKE 'held:%%'),
           suspense AS (
               SELECT p.amount_rial, coalesce(e.reverses_id, e.id) AS entry FROM ledger_posting p
                 JOIN ledger_account a ON a.id = p.account_id AND a.code = 'suspense:unexpected'
                 JOIN ledger_entry e ON e.id = p.entry_id),
           booked AS (
               SELECT coalesce(by_order.id, n.number::bigint * (n.room = 'held')::int) AS held,
                      -sum(s.amount_rial) AS rial
                 FROM suspense s LEFT JOIN entries n ON n.id = s.entry
                 LEFT JOIN payments_attempt t ON n.room = 'attempt' AND t.order_id = n.number::bigint
                 LEFT JOIN payments_heldmoney by_order ON by_order.attempt_id = t.id
                GROUP BY 1),
           waiting AS (
               SELECT h.id, CASE WHEN h.state = 'open' AND h.kind IN ('paid_twice', 'amount_differs')
                                 THEN h.amount_rial ELSE 0 END AS rial FROM payments_heldmoney h)
           SELECT coalesce(w.id, b.held) AS held, coalesce(b.rial, 0) AS booked, coalesce(w.rial, 0) AS waiting
             FROM waiting w FULL JOIN booked b ON b.held = w.id
            WHERE coalesce(b.rial, 0) <> coalesce(w.rial, 0)""",
        "unusual money {held}: {booked} rial in suspense, {waiting} rial wait",
    )


@invariant("payments: what is under review or was paid twice is on the accountant's list")
def review_is_held():
    return violations(
        """SELECT a.order_id, a.state, a.reason FROM payments_attempt a
            WHERE (a.state = 'under_review' OR (a.state = 'succeeded' AND a.reason = 'paid_twice'))
              AND NOT EXISTS (SELECT 1 FROM payments_heldmoney h WHERE h.attempt_id = a.id)""",
        "order {order_id} is {state} ({reason}) and on nobody's list",
    )


@invariant("payments: a gift made of unusual money has its amount and two people's decision")
def held_gift_is_decided():
    return violations(
        """SELECT h.id, h.amount_rial, d.tracking_code, d.amount_rial AS given FROM payments_heldmoney h
             JOIN donations_donation d ON d.id = h.donation_id
            WHERE h.state = 'gift'
              AND (d.amount_rial <> h.amount_rial OR (h.kind <> 'late' AND NOT EXISTS (
                   SELECT 1 FROM payments_helddecision c WHERE c.held_id = h.id AND c.state = 'done'
                      AND c.decided_by_id <> c.requested_by_id)))""",
        "unusual money {id} of {amount_rial} rial became gift {tracking_code} of {given} rial without fit decision",
    )


@invariant(
    "payments: every reported transaction is a gift of its amount, and every reported gift has its transaction"
)
def report_is_a_gift():
    return violations(
        """SELECT t.partner_txn_id AS name, t.amount_rial, d.amount_rial AS given
             FROM payments_partnertransaction t JOIN donations_donation d ON d.id = t.donation_id
            WHERE d.amount_rial <> t.amount_rial
               OR NOT EXISTS (SELECT 1 FROM payments_arrival r WHERE r.donation_id = t.donation_id)
            UNION ALL
           SELECT r.source, NULL, r.amount_rial FROM payments_arrival r
            WHERE r.source LIKE 'partner:%%'
              AND NOT EXISTS (SELECT 1 FROM payments_partnertransaction t WHERE t.donation_id = r.donation_id)""",
        "transaction {name} of {amount_rial} rial became a gift of {given} rial",
    )
