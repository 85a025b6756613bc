"""Lines of operators, payment apps and card readers: each payment is a gift, unless a partner has reported it."""

from __future__ import annotations

from django.db import connection

from campaigns.selectors import find_fund
from core.outbox import promise_many
from donations.models import Donation
from donations.services.refunding import take_back
from ledger.posting import entry_of, reverse
from payments.enums import DiscrepancyKind, LineKind, LineState, SourceKind
from payments.models import Arrival, Partner, StatementLine, StatementSource
from payments.services import discrepancies
from payments.services.bank_lines import book_gifts
from payments.services.payout_entries import OTHERWISE_FUND
from payments.services.posting_lines import BY_DAY, Share, add_to_payouts

BATCH = 5_000
A_ROUND = 100_000  # gifts booked in one transaction; the rest follows in the next

_REVERSALS = """
    SELECT l.id, min(p.donation_id), count(DISTINCT p.donation_id) FROM payments_statementline l
      JOIN payments_statementline p ON p.source_id = l.source_id AND p.kind = 'payment' AND p.state = 'matched'
       AND p.donation_id IS NOT NULL AND p.amount_rial = l.amount_rial AND p.day BETWEEN l.day - 30 AND l.day
       AND ((l.rrn <> '' AND p.rrn = l.rrn) OR (l.rrn = '' AND l.reference <> '' AND p.reference = l.reference))
     WHERE l.source_id = %s AND l.kind = 'reversal' AND l.state IN ('new', 'differs')
     GROUP BY l.id
"""
# Gifts that somebody has reported before the file came: a partner by its API, the counter by a card slip.
_KNOWN = """
    WITH open_line AS (
        SELECT id, kind, day, amount_rial, fee_rial, payout_ref, reference, order_id, rrn, terminal_code
          FROM payments_statementline
         WHERE source_id = %(source)s AND kind = 'payment' AND state IN ('new', 'differs')),
    told AS (
        SELECT l.id, t.donation_id, t.amount_rial, 'partner' AS rule FROM open_line l
          JOIN payments_partnertransaction t ON t.partner_id = %(partner)s AND t.partner_txn_id = l.reference
        UNION
        SELECT l.id, t.donation_id, t.amount_rial, 'partner' FROM open_line l
          JOIN payments_partnertransaction t ON t.partner_id = %(partner)s AND t.partner_txn_id = l.order_id
        UNION
        SELECT l.id, t.donation_id, t.amount_rial, 'partner' FROM open_line l
          JOIN payments_partnertransaction t ON t.partner_id = %(partner)s AND t.rrn = l.rrn AND t.rrn <> ''
           AND t.amount_rial = l.amount_rial
           AND abs((t.paid_at AT TIME ZONE 'Asia/Tehran')::date - l.day) <= 1
        UNION
        SELECT l.id, g.donation_id, g.amount_rial, 'card_slip' FROM open_line l
          JOIN payments_cardslip s ON s.terminal_code = l.terminal_code AND s.rrn = l.rrn AND l.rrn <> ''
           AND NOT s.is_void AND abs(s.paid_on - l.day) <= 1
          JOIN payments_countergift g ON g.id = s.gift_id
         WHERE %(is_pos)s AND g.donation_id IS NOT NULL),
    sure AS (
        SELECT id, min(donation_id) AS donation_id, min(amount_rial) AS our_rial, min(rule) AS rule FROM told
         GROUP BY id HAVING count(DISTINCT donation_id) = 1)
    SELECT l.id, s.donation_id, s.our_rial, s.rule,
           row_number() OVER (PARTITION BY s.donation_id ORDER BY l.id) > 1 OR EXISTS (
             SELECT 1 FROM payments_statementline m WHERE m.source_id = %(source)s AND m.kind = 'payment'
                AND m.state = 'matched' AND m.attempt_id IS NULL AND m.donation_id = s.donation_id) AS is_twin
      FROM open_line l JOIN sure s USING (id) ORDER BY l.id
"""


def book(source: StatementSource) -> int:
    """Book the open lines of a source; returns how many payments are left for another round.

    The caller holds the source. A source without a way to give (`channel`) books nothing: its lines stay new.
    """
    _know_reported(source)
    left = 0
    if source.channel_id is not None:
        left = _book_gifts(source)
    if not left:
        _take_reversals(source)
    return left


def _know_reported(source: StatementSource) -> None:
    """Tie lines to the gifts that a partner or the counter has told of; such a line books no gift."""
    partner = Partner.objects.filter(source_key=source.key).values_list("pk", flat=True).first()
    is_pos = source.kind == SourceKind.POS
    if partner is None and not is_pos:
        return
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"source": source.pk, "partner": partner, "is_pos": is_pos})
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    known = list(rows)
    for at in range(0, len(known), BATCH):
        _tie(source, {pk: rows[pk] for pk in known[at : at + BATCH]})


def _tie(source: StatementSource, rows: dict[int, tuple]) -> None:
    lines = list(StatementLine.objects.filter(pk__in=rows).order_by("pk"))
    fitting = [x for x in lines if x.amount_rial == rows[x.pk][1] and not rows[x.pk][3]]
    payouts = add_to_payouts(source, _shares(fitting))
    fits = {line.pk for line in fitting}
    for line in lines:
        donation, our_rial, rule, is_twin = rows[line.pk]
        if line.pk in fits:
            line.state, line.payout_id = LineState.MATCHED, payouts[_ref(line)]
        elif line.state == LineState.NEW:
            line.state = LineState.DIFFERS
            kind = DiscrepancyKind.TWIN_OR_REPEAT if is_twin else DiscrepancyKind.AMOUNT_DIFFERS
            discrepancies.open_for_line(kind, line, our_rial=our_rial)
        line.rule, line.donation_id = rule, donation
    StatementLine.objects.bulk_update(lines, ["state", "rule", "donation_id", "payout_id"], batch_size=1_000)


def _book_gifts(source: StatementSource) -> int:
    fund = source.fund or find_fund(OTHERWISE_FUND)
    payments = StatementLine.objects.filter(
        source=source, state=LineState.NEW, kind=LineKind.PAYMENT
    ).order_by("pk")
    for _ in range(A_ROUND // BATCH):
        lines = list(payments[:BATCH])
        if not lines:
            return 0
        shares = _shares(lines)
        payouts = add_to_payouts(source, shares)
        for line in lines:
            line.payout_id = payouts[_ref(line)]
        book_gifts(source, [(line, source.office, fund) for line in lines], rule="gift")
    return payments.count()


def _ref(line: StatementLine) -> str:
    return line.payout_ref or f"{BY_DAY}{line.day}"


def _shares(lines: list[StatementLine]) -> list[Share]:
    sums: dict[str, list] = {}
    for line in lines:
        days = sums.setdefault(_ref(line), [line.day, line.day, 0, 0, 0])
        sums[_ref(line)] = [
            min(days[0], line.day), max(days[1], line.day), days[2] + 1,
            days[3] + line.amount_rial, days[4] + line.fee_rial,
        ]  # fmt: skip
    return [Share(ref, *values) for ref, values in sums.items()]


def _take_reversals(source: StatementSource) -> None:
    """A payment that the operator took back: contra entry, receipt revoked, totals fall, the donor is told."""
    with connection.cursor() as cursor:
        cursor.execute(_REVERSALS, [source.pk])
        found = {line: donation for line, donation, count in cursor.fetchall() if count == 1}
    lines = StatementLine.objects.filter(
        source=source, kind=LineKind.REVERSAL, state__in=[LineState.NEW, LineState.DIFFERS]
    ).order_by("pk")
    for line in lines:
        if line.pk in found:
            _reverse(line, found[line.pk])
        elif line.state == LineState.NEW:
            line.state = LineState.DIFFERS
            line.save(update_fields=["state"])
            discrepancies.open_for_line(DiscrepancyKind.MISSING_HERE, line)


def _reverse(line: StatementLine, donation_id: int) -> None:
    gift = Donation.objects.select_for_update(of=("self",)).get(pk=donation_id)
    arrival = Arrival.objects.get(donation=gift)
    contra = f"reversal:{arrival.source}"[:80]
    if entry_of(contra) is None:
        reverse(entry_of(arrival.source), source=contra, memo=f"line {line.pk}")
        take_back(gift, was_the_gift=True)
        if gift.donor_id:
            promise_many("donations.tell_refund", [{"donation_id": gift.pk}])
    line.state, line.rule, line.donation_id, line.entry_source = (
        LineState.MATCHED,
        "reversal",
        gift.pk,
        contra,
    )
    line.save(update_fields=["state", "rule", "donation_id", "entry_source"])
    discrepancies.note_settled(DiscrepancyKind.REVERSED_LATER, [(line, None)])
