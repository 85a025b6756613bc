"""Putting a counter's mistake right on the day it was made: one person asks, another decides, the books get a contra
entry, the receipt is revoked and its number stays used."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from donations.services.refunding import take_back
from ledger.posting import entry_of, reverse
from payments.enums import CorrectionState, CounterState
from payments.models import CounterCorrection, CounterGift
from payments.services.counter import locked_gift, tell_donor, void_slip


@transaction.atomic
def request_cancellation(gift_id: int, *, actor: User, reason: str) -> CounterCorrection:
    """Ask for a booked gift of today to be cancelled. Locks the gift; audited.

    DomainError: not_found, reason_required, not_today, already_counted, not_booked, correction_exists.
    """
    gift = locked_gift(gift_id)
    _check_cancellable(gift)
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    if gift.corrections.exclude(state=CorrectionState.REFUSED).exists():
        raise DomainError("correction_exists")
    correction = CounterCorrection.objects.create(gift=gift, reason=reason.strip()[:300], requested_by=actor)
    _record("counter.cancel_request", gift, actor, correction.reason)
    return correction


@transaction.atomic
def decide_cancellation(gift_id: int, *, actor: User, approve: bool, reason: str = "") -> CounterCorrection:
    """Cancel the gift, or refuse to, as somebody other than who asked. Locks the gift; audited.

    Cancelling books the contra entry, takes the gift and its receipt back, frees a card slip, and tells the donor.
    DomainError: not_found, correction_decided, four_eyes, reason_required (a refusal says why), and those of asking.
    """
    gift = locked_gift(gift_id)
    correction = (
        gift.corrections.select_for_update(of=("self",)).filter(state=CorrectionState.REQUESTED).first()
    )
    if correction is None:
        raise DomainError("correction_decided")
    if correction.requested_by_id == actor.pk:
        raise DomainError("four_eyes")
    if not approve and not reason.strip():
        raise DomainError("reason_required", field="reason")
    if approve:
        _check_cancellable(gift)
    correction.state = CorrectionState.DONE if approve else CorrectionState.REFUSED
    correction.decided_by, correction.decided_at = actor, timezone.now()
    correction.decision_reason = reason.strip()[:300]
    correction.save()
    if approve:
        _cancel(gift, correction)
    action = "counter.cancel" if approve else "counter.cancel_refuse"
    _record(action, gift, actor, correction.decision_reason or correction.reason)
    return correction


def _check_cancellable(gift: CounterGift) -> None:
    if gift.state != CounterState.BOOKED:
        raise DomainError("not_booked")
    if gift.way == "cheque":
        raise DomainError("cheque_not_cancellable")
    if gift.taken_on != tehran_today():
        raise DomainError("not_today")
    if gift.count_id is not None:
        raise DomainError("already_counted")


def _cancel(gift: CounterGift, correction: CounterCorrection) -> None:
    source = gift.number.source
    reverse(entry_of(source), source=f"{source}:cancel", memo=correction.reason[:200])
    take_back(gift.donation, was_the_gift=True)
    gift.state = CounterState.CANCELLED
    gift.save(update_fields=["state"])
    void_slip(gift)
    tell_donor(gift, "cancelled")


def _record(action: str, gift: CounterGift, actor: User, reason: str) -> None:
    audit.record(
        action,
        gift,
        actor=actor,
        province_code=gift.office.province_id,
        reason=reason,
        amount_rial=gift.amount_rial,
    )
