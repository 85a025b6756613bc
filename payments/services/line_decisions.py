"""What the machine does not decide about a line: proposed by one person, done by another's approval."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Channel, Fund
from campaigns.selectors import WEB_CHANNEL, Designation, find_fund
from core import audit
from core.errors import DomainError
from core.models import User
from core.outbox import promise_many
from donations.services.arrived import ArrivedGift
from ledger.accounts import FEES, UNKNOWN_DEPOSITS
from ledger.balances import legs_on
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, entry_of, post, reverse
from payments.enums import ClaimState, DecisionState, LineKind, LineState, LineWay, SourceKind
from payments.models import Attempt, Discrepancy, DonorClaim, ManualDecision, Payout, StatementLine
from payments.reconciliation_selectors import transit_account
from payments.services import bank_lines, discrepancies, payout_entries, posting_lines
from payments.services.arrivals import NewArrival, book_arrivals
from payments.services.matching import hold_source
from provinces.models import Province
from provinces.scoping import all_provinces, check_write

BY_HAND = "by_hand"
UNDECIDED = (LineState.NEW, LineState.SUGGESTED, LineState.SUSPENSE, LineState.DIFFERS)


def ways_of(line: StatementLine) -> tuple[LineWay, ...]:
    """What may be proposed for a line, by what it is and where it stands."""
    if line.state not in UNDECIDED:
        return ()
    if line.state == LineState.SUSPENSE:
        return (LineWay.MATCH, LineWay.GIFT, LineWay.DISCARD)
    if line.source.kind == SourceKind.BANK:
        if line.kind == LineKind.CREDIT:
            return (LineWay.MATCH, LineWay.DISCARD)
        return (LineWay.WRITE_OFF, LineWay.DISCARD)
    if line.kind == LineKind.PAYMENT:
        if line.attempt_id and line.rule:
            return (LineWay.WRITE_OFF, LineWay.DISCARD)
        return (LineWay.MATCH, LineWay.GIFT, LineWay.DISCARD)
    return (LineWay.ACCEPT, LineWay.DISCARD)


def ways_of_discrepancy(row: Discrepancy) -> tuple[LineWay, ...]:
    """What may be proposed where there is no line."""
    if row.settled_at or row.line_id:
        return ()
    return (LineWay.WRITE_OFF, LineWay.ACCEPT)


@transaction.atomic
def propose_for_line(
    line_id: int, way: LineWay, *, actor: User, reason: str, order_id: int | None = None,
    payout_id: int | None = None, fund: str = "", claim: DonorClaim | None = None,
) -> ManualDecision:  # fmt: skip
    """Propose what a line is. Holds its source; audited. Another person decides.

    DomainError: not_found, way_not_open, decision_waits, reason_required, unknown_payment, amount_does_not_fit,
    unknown_fund.
    """
    line = _held_line(line_id)
    if way != LineWay.CLAIM and way not in ways_of(line):
        raise DomainError("way_not_open")
    attempt = (
        _attempt(line, order_id) if way == LineWay.MATCH and line.source.kind != SourceKind.BANK else None
    )
    payout = _payout(line, payout_id) if way == LineWay.MATCH and attempt is None else None
    return _propose(
        line.source.office, way, actor, reason, amount_rial=line.amount_rial, line=line, attempt=attempt,
        payout=payout, fund=find_fund(fund) if way == LineWay.GIFT else None, claim=claim,
    )  # fmt: skip


@transaction.atomic
def propose_for_discrepancy(discrepancy_id: int, way: LineWay, *, actor: User, reason: str) -> ManualDecision:
    """Propose how something without a line is settled: written off, or accepted. Audited.
    DomainError: not_found, way_not_open, decision_waits, reason_required."""
    row = Discrepancy.objects.select_for_update(of=("self",)).select_related("source__office").filter(
        pk=discrepancy_id
    ).first()  # fmt: skip
    if row is None:
        raise DomainError("not_found", status=404)
    if way not in ways_of_discrepancy(row):
        raise DomainError("way_not_open")
    return _propose(row.source.office, way, actor, reason, amount_rial=row.our_rial or 0, discrepancy=row)


def _propose(office, way: LineWay, actor: User, reason: str, **about) -> ManualDecision:
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    check_write(office.province_id, office.county_id)
    try:
        with transaction.atomic():
            decision = ManualDecision.objects.create(
                office=office, way=way, reason=reason.strip()[:300], requested_by=actor, **about
            )
    except IntegrityError as error:
        raise DomainError("decision_waits", status=409) from error
    _record("match.propose", decision, actor, decision.reason)
    return decision


@transaction.atomic
def decide(decision_id: int, *, actor: User, approve: bool, reason: str = "") -> ManualDecision:
    """Approve and do, or refuse, as somebody other than who proposed. Holds the line's source; audited.

    DomainError: not_found, decision_made, four_eyes, reason_required (a refusal says why), line_decided (the machine or
    another decision was first), amount_does_not_fit.
    """
    found = ManualDecision.objects.select_related("line", "discrepancy").filter(pk=decision_id).first()
    if found is None:
        raise DomainError("not_found", status=404)
    hold_source((found.line or found.discrepancy).source_id)
    decision = (
        ManualDecision.objects.select_for_update(of=("self",)).select_related("office").get(pk=decision_id)
    )
    if decision.state != DecisionState.REQUESTED:
        raise DomainError("decision_made")
    if decision.requested_by_id == actor.pk:
        raise DomainError("four_eyes")
    if not approve and not reason.strip():
        raise DomainError("reason_required", field="reason")
    decision.state = DecisionState.DONE if approve else DecisionState.REFUSED
    decision.decided_by, decision.decided_at = actor, timezone.now()
    decision.decision_reason = reason.strip()[:300]
    decision.save()
    if approve:
        _apply(decision, actor)
    elif decision.claim_id:
        DonorClaim.objects.filter(pk=decision.claim_id).update(state=ClaimState.OPEN)
    _record("match.approve" if approve else "match.refuse", decision, actor, decision.decision_reason)
    return decision


def _apply(decision: ManualDecision, actor: User) -> None:
    if decision.line_id is None:
        _apply_to_discrepancy(decision, actor)
        return
    line = StatementLine.objects.select_related("source__office__province", "source__channel").get(
        pk=decision.line_id
    )
    if line.state not in UNDECIDED:
        raise DomainError("line_decided")
    _DO[LineWay(decision.way)](decision, line, actor)
    _settle(Discrepancy.objects.filter(line=line, settled_at=None), decision, actor)


def _match(decision: ManualDecision, line: StatementLine, actor: User) -> None:
    if decision.payout_id:
        payout = Payout.objects.select_related("source__office").get(pk=decision.payout_id)
        parts = list(
            Payout.objects.select_for_update(of=("self",)).filter(
                source=payout.source_id, ref=payout.ref, bank_line=None
            )
        )
        if not parts:
            raise DomainError("line_decided")
        bank_lines.receive(line.source, line, payout.source, parts, rule=BY_HAND)
        return
    attempt = decision.attempt
    line.state, line.rule = LineState.MATCHED, BY_HAND
    line.attempt_id, line.donation_id = attempt.pk, attempt.donation_id
    try:
        with transaction.atomic():
            line.save(update_fields=["state", "rule", "attempt_id", "donation_id"])
    except IntegrityError as error:
        raise DomainError("line_decided") from error
    if line.kind == LineKind.REVERSAL:
        posting_lines.note_reversals(line.source, [(line.pk, attempt.pk)])
    _pay_out(line)


def _gift(decision: ManualDecision, line: StatementLine, actor: User) -> None:
    """The line becomes a gift: from suspense, or as what its payer owes us."""
    claim = decision.claim
    gift = ArrivedGift(
        amount_rial=line.amount_rial,
        target=_target(line, claim.fund if claim else decision.fund, claim.province if claim else None),
        at=line.occurred_at,
        reference=line.rrn or line.reference or line.trace_no or bytes(line.fingerprint).hex()[:16],
        name=claim.name if claim else "",
        mobile=claim.mobile if claim else "",
    )
    account = UNKNOWN_DEPOSITS if line.state == LineState.SUSPENSE else line.source.account
    arrival = NewArrival(
        decision.entry_source, account, gift, evidence={"line": line.pk, "decision": decision.pk}
    )
    donation_id = book_arrivals([arrival], recorded_by=actor)[decision.entry_source]
    line.state, line.rule, line.donation_id = LineState.MATCHED, BY_HAND, donation_id
    line.save(update_fields=["state", "rule", "donation_id"])
    if account != UNKNOWN_DEPOSITS:
        _pay_out(line)
    if claim:
        DonorClaim.objects.filter(pk=claim.pk).update(
            state=ClaimState.DONE, donation_id=donation_id, answered_at=timezone.now()
        )


@all_provinces("a way to give of the whole country")
def _national_channel() -> Channel:
    """By which an unknown deposit came, where its account names no way of its own."""
    ways = Channel.objects.filter(kind__in=["bank", "card"], office=None).order_by("pk")
    return ways.first() or Channel.objects.get(code=WEB_CHANNEL)


def _target(line: StatementLine, fund: Fund, province: Province | None) -> Designation:
    channel = line.source.channel or _national_channel()
    return Designation(fund=fund, channel=channel, province=province or line.source.office.province)


def _discard(decision: ManualDecision, line: StatementLine, actor: User) -> None:
    if line.entry_source:
        reverse(entry_of(line.entry_source), source=decision.entry_source, memo=decision.reason[:200])
    line.state, line.rule = LineState.DISCARDED, BY_HAND
    line.save(update_fields=["state", "rule"])


def _accept(decision: ManualDecision, line: StatementLine, actor: User) -> None:
    line.state, line.rule = LineState.MATCHED, BY_HAND
    line.save(update_fields=["state", "rule"])


def _write_off(decision: ManualDecision, line: StatementLine, actor: User) -> None:
    """A difference becomes an expense: what the bank took, or what was paid out short (or over)."""
    facet, account, amount = payout_entries.fallback_facet(line.source), line.source.account, line.amount_rial
    if line.source.kind != SourceKind.BANK:
        ours = Discrepancy.objects.filter(line=line).values_list("our_rial", flat=True).first() or 0
        facet, amount = (
            Attempt.objects.select_related("donation").get(pk=line.attempt_id).donation.facet,
            ours - amount,
        )
    if amount:
        legs = (Leg(FEES, amount, facet), Leg(account, -amount, facet))
        post(
            [
                NewEntry(
                    EntryKind.ADJUSTMENT,
                    decision.entry_source,
                    line.occurred_at,
                    legs,
                    memo=decision.reason[:200],
                )
            ]
        )
    line.state, line.rule = LineState.MATCHED, BY_HAND
    line.entry_source = line.entry_source or decision.entry_source
    try:
        with transaction.atomic():
            line.save(update_fields=["state", "rule", "entry_source"])
    except IntegrityError as error:
        raise DomainError("line_decided") from error
    _pay_out(line)


_DO = {
    LineWay.MATCH: _match,
    LineWay.GIFT: _gift,
    LineWay.CLAIM: _gift,
    LineWay.DISCARD: _discard,
    LineWay.ACCEPT: _accept,
    LineWay.WRITE_OFF: _write_off,
}


def _pay_out(line: StatementLine) -> None:
    """Add a payment that is decided to its payout, where its file tells of payouts."""
    if line.kind != LineKind.PAYMENT or line.source.kind in (
        SourceKind.BANK,
        SourceKind.GATEWAY_TRANSACTIONS,
    ):
        return
    ref = line.payout_ref or f"{posting_lines.BY_DAY}{line.day}"
    share = posting_lines.Share(ref, line.day, line.day, 1, line.amount_rial, line.fee_rial)
    line.payout_id = posting_lines.add_to_payouts(line.source, [share])[ref]
    line.save(update_fields=["payout_id"])
    posting_lines.post_payouts(line.source)


def _apply_to_discrepancy(decision: ManualDecision, actor: User) -> None:
    """What has come, or gone back to its donor, since it was proposed is settled already and not done again."""
    discrepancies.settle_by_themselves(decision.discrepancy.source)
    row = Discrepancy.objects.select_related("source__office", "attempt__donation", "payout", "donation").get(
        pk=decision.discrepancy_id
    )
    if row.settled_at:
        raise DomainError("line_decided")
    if decision.way == LineWay.WRITE_OFF:
        account, amounts = _held_by(row)
        legs = [
            leg
            for facet, amount in amounts.items()
            for leg in (Leg(FEES, amount, facet), Leg(account, -amount, facet))
        ]
        entry = NewEntry(
            EntryKind.ADJUSTMENT,
            decision.entry_source,
            timezone.now(),
            tuple(legs),
            memo=decision.reason[:200],
        )
        post([entry])
    _settle(Discrepancy.objects.filter(pk=row.pk), decision, actor)


def _held_by(row: Discrepancy) -> tuple[str, dict]:
    """The account on which a missing amount stands, and how much of it for what."""
    if row.payout_id:
        transit = transit_account(row.source)
        return transit, {f: a for f, a in legs_on(transit, [row.payout.entry_source]).items() if a}
    gift = row.donation or row.attempt.donation
    return row.source.account, {gift.facet: row.our_rial}


def _settle(rows, decision: ManualDecision, actor: User) -> None:
    resolution = f"{decision.get_way_display()}: {decision.reason}"[:300]
    subjects = list(rows.values_list("kind", "subject"))
    if decision.claim_id:
        subjects.append(("donor_claim", f"claim:{decision.claim_id}"))
    rows.update(settled_at=timezone.now(), settled_by=actor, resolution=resolution)
    promise_many(
        "cases.close_settled",
        [{"kind": k, "subject": s, "actor_id": actor.pk, "resolution": resolution} for k, s in subjects],
    )


def _held_line(line_id: int) -> StatementLine:
    source_id = StatementLine.objects.filter(pk=line_id).values_list("source_id", flat=True).first()
    if source_id is None:
        raise DomainError("not_found", status=404)
    hold_source(source_id)
    return StatementLine.objects.select_related("source__office").get(pk=line_id)


def _attempt(line: StatementLine, order_id: int | None) -> Attempt:
    """A booked attempt of the line's terminal, with the line's amount."""
    attempt = Attempt.objects.filter(order_id=order_id or 0, gateway=line.source.gateway).first()
    if attempt is None or entry_of(f"attempt:{attempt.order_id}") is None:
        raise DomainError("unknown_payment", field="order_id")
    if line.source.terminal_id not in (None, attempt.terminal_id):
        raise DomainError("unknown_payment", field="order_id")
    held = getattr(attempt, "held", None)
    if (held.amount_rial if held else attempt.amount_rial) != line.amount_rial:
        raise DomainError("amount_does_not_fit", field="order_id")
    return attempt


def _payout(line: StatementLine, payout_id: int | None) -> Payout:
    payout = Payout.objects.filter(
        pk=payout_id or 0, bank_line=None, source__office=line.source.office_id
    ).first()
    if payout is None:
        raise DomainError("unknown_payment", field="payout_id")
    return payout


def _record(action: str, decision: ManualDecision, actor: User, reason: str) -> None:
    audit.record(
        action, decision, actor=actor, province_code=decision.office.province_id, reason=reason,
        way=decision.way, amount_rial=decision.amount_rial,
    )  # fmt: skip
