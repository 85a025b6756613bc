"""Sending money back: asked for, approved by somebody else, reversed at the bank or returned by hand, contra-booked.

Where the bank's own window for reversing is still open the portal asks the bank; later the accountant returns
the money through the bank's panel and writes its reference down. Either way the books get a contra entry today,
the receipt is revoked, totals fall, and the donor is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from aid.services.taking_back import check_refundable
from core import audit
from core.errors import DomainError
from core.models import User
from core.outbox import nudge, promise_many
from donations.models import Donation
from donations.services.refunding import take_back
from ledger.posting import entry_of, reverse
from payments.enums import AttemptState, DecisionState, HeldState, RefundKind, RefundState
from payments.gateways import GATEWAYS
from payments.gateways.base import Answer, Outcome, Question
from payments.models import Attempt, HeldMoney, Refund
from payments.services import clock
from payments.services.held import close_its_case, may_be_refunded
from payments.services.terminals import access_to
from payments.states import Move, transition

RETRY_AFTER = timedelta(seconds=20)
MOST_TRIES = 6  # then a person returns the money by hand


@transaction.atomic
def request_refund(attempt_id: int, *, actor: User, reason: str) -> Refund:
    """Ask for the whole of a paid attempt to go back. Locks the attempt; audited.

    DomainError: not_found, not_refundable (not paid, refunded, or another attempt's money), refund_exists,
    decision_waits (another way was proposed for this money), reason_required, gift_delivered (it has reached people).
    """
    attempt = _locked(attempt_id)
    held = _held(attempt)
    if attempt.state not in (AttemptState.SUCCEEDED, AttemptState.UNDER_REVIEW):
        raise DomainError("not_refundable")
    if held is not None and not may_be_refunded(held):
        raise DomainError("not_refundable")
    if held is not None and held.decisions.filter(state=DecisionState.REQUESTED).exists():
        raise DomainError("decision_waits")
    if attempt.refunds.exclude(state=RefundState.REFUSED).exists():
        raise DomainError("refund_exists")
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    _check_not_delivered(attempt, held)
    refund = Refund.objects.create(
        attempt=attempt,
        amount_rial=held.amount_rial if held else attempt.amount_rial,
        reason=reason.strip()[:300],
        requested_by=actor,
    )
    _record("refund.request", refund, actor, refund.reason)
    return refund


@transaction.atomic
def decide_refund(refund_id: int, *, actor: User, approve: bool, reason: str = "") -> Refund:
    """Approve or refuse a request, as somebody other than who asked; audited.

    DomainError: not_found, refund_decided, four_eyes, reason_required (a refusal says why), gift_delivered.
    """
    refund = Refund.objects.select_for_update(of=("self",)).filter(pk=refund_id).first()
    if refund is None:
        raise DomainError("not_found", status=404)
    if refund.state != RefundState.REQUESTED:
        raise DomainError("refund_decided")
    if refund.requested_by_id == actor.pk:
        raise DomainError("four_eyes")
    if not approve and not reason.strip():
        raise DomainError("reason_required", field="reason")
    if approve:
        _check_not_delivered(refund.attempt, _held(refund.attempt))
    refund.state = RefundState.APPROVED if approve else RefundState.REFUSED
    refund.decided_by, refund.decided_at, refund.decision_reason = actor, timezone.now(), reason.strip()[:300]
    refund.next_try_at = timezone.now() if approve else None
    refund.save()
    _record("refund.approve" if approve else "refund.refuse", refund, actor, refund.decision_reason)
    if approve:
        transaction.on_commit(lambda: nudge("payments.send_refunds"))
    return refund


def _check_not_delivered(attempt: Attempt, held: HeldMoney | None) -> None:
    """A gift of which a part has reached people is not asked back by anybody here; its bank may still take it."""
    if held is None and _was_the_gift(attempt):
        check_refundable(attempt.donation)
    elif held is not None and held.state == HeldState.GIFT and held.donation is not None:
        check_refundable(held.donation)


def send_due(limit: int = 20) -> int:
    """Ask the banks to reverse what was approved; returns how many were asked. Safe in many workers at once."""
    refunds = _lease(limit)
    for refund in refunds:
        _settle_answer(refund, _ask(refund.attempt))
    return len(refunds)


@transaction.atomic
def _lease(limit: int) -> list[Refund]:
    now = timezone.now()
    due = (
        Refund.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("attempt__terminal")
        .filter(state=RefundState.APPROVED, next_try_at__lte=now)
        .order_by("next_try_at")[:limit]
    )
    found = list(due)
    Refund.objects.filter(pk__in=[r.pk for r in found]).update(next_try_at=now + clock.lease())
    return found


def _ask(attempt: Attempt) -> Answer:
    question = Question(
        order_id=str(attempt.order_id),
        amount_rial=attempt.amount_rial,
        token=attempt.token,
        reference=attempt.reference or (attempt.evidence or {}).get("reference", ""),
        seen=attempt.seen,
    )
    return GATEWAYS[attempt.gateway].reverse(
        access_to(attempt.terminal, attempt.credentials_version), question
    )


def _settle_answer(refund: Refund, answer: Answer) -> None:
    evidence = answer.seen() | {"message": answer.message}
    if answer.outcome is Outcome.REVERSED:
        finish(refund.pk, bank_answer=evidence)
        return
    is_final = answer.outcome is not Outcome.UNKNOWN or refund.tries + 1 >= MOST_TRIES
    Refund.objects.filter(pk=refund.pk, state=RefundState.APPROVED).update(
        state=RefundState.BY_HAND if is_final else RefundState.APPROVED,
        next_try_at=None if is_final else timezone.now() + RETRY_AFTER,
        tries=refund.tries + 1,
        bank_answer=evidence,
    )


@transaction.atomic
def record_return(refund_id: int, *, actor: User, bank_reference: str) -> None:
    """Write down that the money was returned through the bank's panel; audited.

    DomainError: not_found, refund_not_by_hand, reference_required.
    """
    refund = Refund.objects.select_for_update(of=("self",)).filter(pk=refund_id).first()
    if refund is None:
        raise DomainError("not_found", status=404)
    if refund.state != RefundState.BY_HAND:
        raise DomainError("refund_not_by_hand")
    if not bank_reference.strip():
        raise DomainError("reference_required", field="bank_reference")
    finish(refund.pk, bank_reference=bank_reference.strip()[:64])
    _record("refund.return", refund, actor, bank_reference.strip())


@transaction.atomic
def note_reversal_by_bank(
    attempt_id: int, *, evidence: dict, source: str, at: datetime | None = None
) -> Refund:
    """The bank took verified money back by itself (a settlement file or the bank's own word says so).

    Repeating it changes nothing. `source` names where it was read. DomainError: not_found, not_refundable.
    """
    attempt = _locked(attempt_id)
    known = attempt.refunds.filter(state=RefundState.DONE).first()
    if known is not None:
        return known
    if attempt.state not in (AttemptState.SUCCEEDED, AttemptState.UNDER_REVIEW):
        raise DomainError("not_refundable")
    refund = attempt.refunds.exclude(state=RefundState.REFUSED).first()
    if refund is not None and refund.state != RefundState.REQUESTED:
        finish(refund.pk, bank_answer=evidence)
        return refund
    if refund is None:
        held = _held(attempt)
        refund = Refund(
            attempt=attempt,
            amount_rial=held.amount_rial if held else attempt.amount_rial,
            reason=source[:300],
        )
    # What nobody had approved is the bank's doing, not two people's; the audit trail keeps who had asked.
    refund.kind, refund.requested_by, refund.bank_answer = RefundKind.BY_BANK, None, evidence
    refund.state, refund.done_at = RefundState.DONE, at or timezone.now()
    refund.save()
    _book(refund, attempt)
    return refund


@transaction.atomic
def finish(refund_id: int, *, bank_answer: dict | None = None, bank_reference: str = "") -> None:
    """Book a refund whose money is on its way back: contra entry, states, receipt, the donor's message.

    Locks donation and attempt. Repeating it changes nothing.
    """
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    if refund.state == RefundState.DONE:
        return
    attempt = _locked(refund.attempt_id)
    refund.state, refund.done_at, refund.next_try_at = RefundState.DONE, timezone.now(), None
    refund.bank_reference = bank_reference or refund.bank_reference
    refund.bank_answer = bank_answer or refund.bank_answer
    refund.save()
    _book(refund, attempt)


def _book(refund: Refund, attempt: Attempt) -> None:
    """Undo the attempt's entry where there is one; money that was never booked only changes the state."""
    entry_id = entry_of(f"attempt:{attempt.order_id}")
    held = _held(attempt)
    if entry_id is None:
        transition([Move(attempt.pk, AttemptState.FAILED, "returned_unbooked", decided_at=timezone.now())])
    else:
        reverse(entry_id, source=f"refund:{refund.pk}", memo=refund.reason[:200])
        transition([Move(attempt.pk, AttemptState.REFUNDED, f"refund:{refund.pk}")])
    if held is None:
        gift, was_the_gift = attempt.donation, _was_the_gift(attempt)
    else:
        gift, was_the_gift = _undo_held(refund, attempt, held)
    take_back(gift, was_the_gift=was_the_gift)
    if gift.donor_id:
        told = {"donation_id": gift.pk, "amount_rial": refund.amount_rial}
        stays = not was_the_gift and gift.received_at is not None
        promise_many("donations.tell_refund", [told | {"gift_stays": stays}])


def _undo_held(refund: Refund, attempt: Attempt, held: HeldMoney) -> tuple[Donation, bool]:
    """Undo what held money became, if anything; the gift it concerns, and whether its money was that gift."""
    became_a_gift = held.state == HeldState.GIFT
    gift = held.donation if became_a_gift and held.donation_id != attempt.donation_id else attempt.donation
    release = entry_of(held.source)
    if release is not None:
        reverse(release, source=f"refund:{refund.pk}:release", memo=refund.reason[:200])
    HeldMoney.objects.filter(pk=held.pk).update(state=HeldState.RETURNED, settled_at=timezone.now())
    if refund.decided_by is not None:
        close_its_case(held, refund.decided_by, refund.reason)
    return gift, became_a_gift


def _held(attempt: Attempt) -> HeldMoney | None:
    """The row of an attempt whose money is unusual, locked."""
    held = (
        HeldMoney.objects.select_for_update(of=("self",))
        .select_related("donation")
        .filter(attempt=attempt)
        .first()
    )
    if held is not None:
        held.attempt = attempt
    return held


def _was_the_gift(attempt: Attempt) -> bool:
    """Whether this attempt is what made the donation received (its receipt carries the reference)."""
    receipt = getattr(attempt.donation, "receipt", None)
    return receipt is not None and receipt.bank_reference == attempt.reference


def _locked(attempt_id: int) -> Attempt:
    """The attempt with its donation, both locked, donation first as everywhere."""
    attempt = (
        Attempt.objects.select_for_update(of=("self", "donation"))
        .select_related("donation", "terminal")
        .filter(pk=attempt_id)
        .first()
    )
    if attempt is None:
        raise DomainError("not_found", status=404)
    return attempt


def _record(action: str, refund: Refund, actor: User, reason: str) -> None:
    audit.record(
        action, refund, actor=actor, province_code=refund.attempt.donation.province_id, reason=reason,
        amount_rial=refund.amount_rial,
    )  # fmt: skip
