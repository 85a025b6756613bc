"""What was promised comes: written down with its proof by one person, confirmed by another.

Money that came is a gift in the books and goods are a line of a gift in kind; a delivery names it and is exactly that
gift, or as much of the goods. Nothing is booked here, so nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.need_units import unit_key
from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.outbox import after_commit
from core.text import normalise
from donations.enums import DonationStatus, InKindState
from donations.models import Donation, GivenGoods
from donations.services.refunding import before_taking_back
from ledger.enums import GiftKind
from partnerships.enums import CommitmentState, DeliveryForm, DeliveryState, Measure
from partnerships.models import Commitment, PromiseDelivery
from partnerships.services import files
from partnerships.services.promises import close_cases, late_days, locked_promise
from provinces.scoping import all_provinces

DIRECTORY = "promises"


@dataclass(frozen=True)
class Proof:
    """What came and how one knows. Money names its gift, and is as much as that; goods in a warehouse name the line of
    the gift in kind; what was given on the spot says its quantity."""

    form: DeliveryForm
    delivered_on: date
    evidence: str
    quantity: int | None = None
    donation: Donation | None = None
    goods: GivenGoods | None = None
    file: BinaryIO | None = None


@transaction.atomic
def record_delivery(promise_id: int, proof: Proof, *, actor: User, job: str = "") -> PromiseDelivery:
    """Write down that something promised came; it waits for somebody else. Locks the promise; audited.

    DomainError: not_found, promise_is_settled, day_to_come, evidence_required, form_does_not_fit (money for money,
    goods for goods), gift_required, promised_goods_required, gift_not_received, gift_keeps_another_promise, bad_target,
    more_than_came (than the goods that were taken in), promised_other_unit (say how many of the promise's unit those
    goods are), bad_partner_file.
    """
    promise = locked_promise(promise_id)
    if promise.state != CommitmentState.OPEN:
        raise DomainError("promise_is_settled", status=409)
    if proof.delivered_on > tehran_today():
        raise DomainError("day_to_come", field="delivered_on")
    if not normalise(proof.evidence):
        raise DomainError("evidence_required", field="evidence")
    if (proof.form == DeliveryForm.MONEY) is not (promise.measure == Measure.CASH):
        raise DomainError("form_does_not_fit", field="form")
    quantity = _proven(proof, promise)
    path = files.store(proof.file, DIRECTORY)[0] if proof.file else ""
    try:
        with transaction.atomic():
            row = PromiseDelivery.objects.create(
                commitment=promise,
                form=proof.form,
                donation=proof.donation,
                goods=proof.goods,
                quantity=quantity,
                delivered_on=proof.delivered_on,
                evidence=normalise(proof.evidence)[:300],
                file_path=path,
                recorded_by=actor,
            )
    except IntegrityError as error:
        if not any(name in str(error) for name in ("keeps_one_promise", "keep_one_promise")):
            raise
        raise DomainError("gift_keeps_another_promise", field="code", status=409) from error
    _record("promise.delivery", row, actor, job, quantity=quantity)
    return row


def _proven(proof: Proof, promise: Commitment) -> int:
    """How much came, by its proof."""
    if proof.form == DeliveryForm.MONEY:
        if proof.donation is None:
            raise DomainError("gift_required", field="code")
        if proof.donation.status != DonationStatus.RECEIVED or proof.donation.kind != GiftKind.CASH:
            raise DomainError("gift_not_received", field="code")
        return proof.donation.amount_rial
    if proof.form == DeliveryForm.STOCK:
        if proof.goods is None:
            raise DomainError("promised_goods_required", field="code")
        if proof.goods.gift.state != InKindState.RECEIVED:
            raise DomainError("gift_not_received", field="code")
        whole = int(proof.goods.quantity)
        if proof.quantity is not None and proof.quantity > whole:
            raise DomainError("more_than_came", field="quantity", there=whole)
        if proof.quantity is None and not _counted_alike(proof.goods, promise):
            raise DomainError("promised_other_unit", field="quantity")
        quantity = whole if proof.quantity is None else proof.quantity
    else:
        quantity = proof.quantity or 0
    if quantity <= 0:
        raise DomainError("bad_target", field="quantity")
    return quantity


def _counted_alike(goods: GivenGoods, promise: Commitment) -> bool:
    return promise.measure == Measure.GOODS and unit_key(goods.get_unit_display()) == unit_key(promise.unit)


@transaction.atomic
def decide_delivery(
    delivery_id: int, *, approve: bool, reason: str = "", actor: User, job: str = ""
) -> PromiseDelivery:
    """Confirm what somebody else wrote down, or refuse it with a reason. Once all of a promise has come it is kept,
    and its cases close. Locks promise and delivery; audited.

    DomainError: not_found, delivery_is_decided (somebody was quicker), own_delivery, reason_required,
    gift_not_received (the gift was taken back meanwhile).
    """
    found = PromiseDelivery.objects.filter(pk=delivery_id).first()
    if found is None:
        raise DomainError("not_found", status=404)
    promise = locked_promise(found.commitment_id)
    row = PromiseDelivery.objects.select_for_update(of=("self",)).select_related("donation").get(pk=found.pk)
    if row.state != DeliveryState.WAITING:
        raise DomainError("delivery_is_decided", status=409)
    if row.recorded_by_id == actor.pk:
        raise DomainError("own_delivery")
    if not approve and not normalise(reason):
        raise DomainError("reason_required", field="reason")
    if approve and row.donation and row.donation.status != DonationStatus.RECEIVED:
        raise DomainError("gift_not_received")
    late = late_days(promise)
    row.state = DeliveryState.CONFIRMED if approve else DeliveryState.REFUSED
    row.decided_by, row.decided_at, row.reason = actor, timezone.now(), normalise(reason)[:300]
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    _record("promise.decide", row, actor, job, row.reason, state=str(row.state), quantity=row.quantity)
    if approve:
        _settle(promise, late, actor)
    return row


def _settle(promise: Commitment, late: list[date], actor: User) -> None:
    """What the confirmed deliveries of a locked promise make of it."""
    promise.refresh_from_db(fields=["delivered"])
    if promise.delivered >= promise.quantity and promise.state == CommitmentState.OPEN:
        promise.state, promise.followed_at = CommitmentState.KEPT, timezone.now()
        promise.save(update_fields=["state", "followed_at"])
        after_commit("aid.promise_arrived", commitment_id=promise.pk)
    close_cases(promise, set(late) - set(late_days(promise)), f"{promise.delivered}", actor)


@transaction.atomic
def tell_outcome(delivery_id: int, *, outcome: str, actor: User) -> PromiseDelivery:
    """What a confirmed delivery became: who works with it, what stands there now; no word that names a person.
    Audited. DomainError: not_found, delivery_not_confirmed, outcome_required."""
    row = PromiseDelivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if row is None:
        raise DomainError("not_found", status=404)
    locked_promise(row.commitment_id)
    if row.state != DeliveryState.CONFIRMED:
        raise DomainError("delivery_not_confirmed")
    row.outcome = normalise(outcome)[:500]
    if not row.outcome:
        raise DomainError("outcome_required", field="outcome")
    row.save(update_fields=["outcome"])
    _record("promise.outcome", row, actor)
    return row


@before_taking_back
@all_provinces("a gift is the same wherever it was promised")
def forget_gifts(gifts: Sequence[Donation]) -> None:
    """A gift that goes back keeps no promise: its delivery is undone and the promise is open again. In the transaction
    that takes gifts back; often there is none. One that still waits can only be refused from now on."""
    kept = PromiseDelivery.objects.filter(
        donation__in=[gift.pk for gift in gifts], state=DeliveryState.CONFIRMED
    )
    for found in kept.order_by("commitment_id", "pk"):
        promise = Commitment.objects.select_for_update(of=("self",)).get(pk=found.commitment_id)
        row = PromiseDelivery.objects.select_for_update(of=("self",)).get(pk=found.pk)
        row.state = DeliveryState.UNDONE
        row.save(update_fields=["state"])
        promise.refresh_from_db(fields=["delivered"])
        if promise.state == CommitmentState.KEPT and promise.delivered < promise.quantity:
            promise.state = CommitmentState.OPEN
            promise.save(update_fields=["state"])
        _record("promise.undone", row, None, "donations.taking_back", quantity=row.quantity)


def _record(
    action: str, row: PromiseDelivery, actor: User | None, job: str = "", reason: str = "", **data: object
) -> None:
    promise = row.commitment
    audit.record(
        action,
        row,
        actor=actor,
        job=job,
        province_code=promise.province_id,
        reason=reason,
        promise=promise.pk,
        **data,
    )
