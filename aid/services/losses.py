"""Goods that are damaged, expired or missing: said by one person, out of the books by another's word."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from aid.enums import LossCause, LossState, MoveKind
from aid.models import Lot, StockLoss
from aid.services.stock import Cause, locked_lot, move, portion_of
from aid.services.stock_books import LOSSES, book_move, facet_of
from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise
from provinces.scoping import check_write


@transaction.atomic
def report_loss(lot_id: int, quantity: Decimal, *, cause: LossCause, note: str, actor: User) -> StockLoss:
    """Say that some of a lot is lost, with a reason; nothing leaves before somebody else confirms it. Locks the lot;
    audited. DomainError: not_found, bad_quantity, not_enough_stock, reason_required, loss_waits (another one)."""
    lot = _writable(lot_id)
    note = normalise(note)[:300]
    if not note:
        raise DomainError("reason_required", field="note")
    if quantity <= 0:
        raise DomainError("bad_quantity", field="quantity")
    _check(lot, quantity)
    try:
        with transaction.atomic():
            loss = StockLoss.objects.create(
                lot=lot, quantity=quantity, cause=cause, note=note, reported_by=actor
            )
    except IntegrityError as error:
        raise DomainError("loss_waits", status=409) from error
    _record("stock.report_loss", loss, actor, note)
    return loss


@transaction.atomic
def decide_loss(loss_id: int, *, actor: User, approve: bool, reason: str = "") -> StockLoss:
    """Confirm a loss, which takes the goods out of the lot and out of the books at their value, or refuse it; somebody
    other than who reported it (the database sees to it). Locks loss and lot; audited.

    DomainError: not_found, loss_decided, four_eyes, reason_required, not_enough_stock (they moved meanwhile).
    """
    loss = StockLoss.objects.select_for_update(of=("self",)).filter(pk=loss_id).first()
    if loss is None:
        raise DomainError("not_found", status=404)
    lot = _writable(loss.lot_id)
    if loss.state != LossState.WAITING:
        raise DomainError("loss_decided", status=409)
    if loss.reported_by_id == actor.pk:
        raise DomainError("four_eyes")
    reason = normalise(reason)[:300]
    if not approve and not reason:
        raise DomainError("reason_required", field="reason")
    loss.state = LossState.BOOKED if approve else LossState.REFUSED
    loss.decided_by, loss.decided_at, loss.reason = actor, timezone.now(), reason
    loss.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    if approve:
        _book(loss, lot)
    _record("stock.write_off" if approve else "stock.refuse_loss", loss, actor, reason or loss.note)
    return loss


def _book(loss: StockLoss, lot: Lot) -> None:
    _check(lot, loss.quantity)
    portion = portion_of(lot, loss.quantity)
    cause = Cause(
        MoveKind.LOST, loss.reference, loss.reported_by, note=loss.note, loss=loss.cause, at=loss.decided_at
    )
    move([portion], cause, out=True)
    book_move(
        f"stock:lost:{loss.reference}",
        debit=LOSSES,
        credit=lot.warehouse.account,
        sums=[(facet_of(lot), portion.value_rial)],
        at=loss.decided_at,
        memo=lot.item.name,
    )


def _check(lot: Lot, quantity: Decimal) -> None:
    if quantity > lot.quantity:
        raise DomainError(
            "not_enough_stock", field="quantity", item=lot.item.name, wanted=quantity, there=lot.quantity
        )


def _writable(lot_id: int) -> Lot:
    lot = locked_lot(lot_id)
    office = lot.warehouse.office
    check_write(office.province_id, office.county_id)
    return lot


def _record(action: str, loss: StockLoss, actor: User, reason: str) -> None:
    audit.record(
        action,
        loss.lot,
        actor=actor,
        province_code=loss.lot.warehouse.office.province_id,
        reason=reason,
        quantity=str(loss.quantity),
        cause=str(loss.cause),
    )
