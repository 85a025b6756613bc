"""Goods from one warehouse to another: sent by one person, confirmed at the far end by another. On the way they stand
in an account of their own; what did not arrive is a loss with the receiver's words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from aid.enums import MoveKind, TransferState
from aid.models import Transfer, TransferLine, Warehouse
from aid.services.stock import Cause, Portion, locked_lot, move, open_lot, portion_of
from aid.services.stock_books import LOSSES, STOCK_TRANSIT, book_move, facet_of
from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise
from provinces.scoping import all_provinces, check_write, current_scope


@transaction.atomic
def send_goods(
    source: Warehouse, target: Warehouse, quantities: Mapping[int, Decimal], *, actor: User, note: str = ""
) -> Transfer:
    """Send these quantities (lot id → quantity) on their way. Locks the lots; audited. The target may be another
    province's. DomainError: not_found, same_warehouse, nothing_to_move, bad_quantity, not_enough_stock."""
    check_write(source.office.province_id, source.office.county_id)
    if source.pk == target.pk:
        raise DomainError("same_warehouse", field="target")
    wanted = {pk: quantity for pk, quantity in sorted(quantities.items()) if quantity}
    if not wanted:
        raise DomainError("nothing_to_move")
    transfer = Transfer.objects.create(
        source=source, target=target, note=normalise(note)[:300], sent_by=actor, sent_at=timezone.now()
    )
    portions = [_portion(source, pk, quantity) for pk, quantity in wanted.items()]
    TransferLine.objects.bulk_create(
        [
            TransferLine(transfer=transfer, lot=p.lot, quantity=p.quantity, value_rial=p.value_rial)
            for p in portions
        ]
    )
    reference = f"transfer:{transfer.pk}"
    move(portions, Cause(MoveKind.SENT, reference, actor, note=note, at=transfer.sent_at), out=True)
    book_move(
        f"stock:sent:{reference}",
        debit=STOCK_TRANSIT,
        credit=source.account,
        sums=[(facet_of(p.lot), p.value_rial) for p in portions],
        at=transfer.sent_at,
    )
    _record("stock.send", transfer, actor)
    return transfer


def _portion(source: Warehouse, lot_id: int, quantity: Decimal) -> Portion:
    lot = locked_lot(lot_id)
    if lot.warehouse_id != source.pk:
        raise DomainError("not_found", status=404)
    if quantity < 0:
        raise DomainError("bad_quantity")
    if quantity > lot.quantity:
        raise DomainError("not_enough_stock", item=lot.item.name, wanted=quantity, there=lot.quantity)
    return portion_of(lot, quantity)


@transaction.atomic
def receive_goods(
    transfer_id: int, arrived: Mapping[int, Decimal], *, actor: User, note: str = ""
) -> Transfer:
    """Confirm at the far end what arrived (line id → quantity). What is missing is booked as lost, for which the note
    says why. Locks the transfer; audited.

    DomainError: not_found, transfer_decided, four_eyes (the sender), more_than_sent, difference_needs_note.
    """
    transfer = _locked(transfer_id, actor)
    lines = _lines(transfer)
    parts = {line.pk: arrived.get(line.pk, Decimal(0)) for line in lines}
    if any(not 0 <= parts[line.pk] <= line.quantity for line in lines):
        raise DomainError("more_than_sent")
    if any(parts[line.pk] < line.quantity for line in lines) and not note.strip():
        raise DomainError("difference_needs_note", field="note")
    now, reference = timezone.now(), f"transfer:{transfer.pk}"
    came, lost = [], []
    for line in lines:
        line.arrived = parts[line.pk]
        line.save(update_fields=["arrived"])
        rial = _share(line)
        if line.arrived:
            came.append(Portion(_arriving_lot(line, transfer, now), line.arrived, rial))
        if line.value_rial > rial:
            lost.append((facet_of(line.lot), line.value_rial - rial))
    move(came, Cause(MoveKind.ARRIVED, reference, actor, note=note, at=now), out=False)
    book_move(
        f"stock:arrived:{reference}",
        debit=transfer.target.account,
        credit=STOCK_TRANSIT,
        sums=[(facet_of(p.lot), p.value_rial) for p in came],
        at=now,
    )
    book_move(f"stock:strayed:{reference}", debit=LOSSES, credit=STOCK_TRANSIT, sums=lost, at=now)
    return _decided(transfer, TransferState.ARRIVED, actor, note)


def _share(line: TransferLine) -> int:
    """The value of what arrived of a line: all of it or its share, cut to whole rials."""
    if line.arrived == line.quantity:
        return line.value_rial
    return int(line.value_rial * line.arrived // line.quantity)


def _arriving_lot(line: TransferLine, transfer: Transfer, at):
    lot = line.lot
    return open_lot(
        transfer.target,
        lot.item,
        lot.fund,
        condition=lot.condition,
        expires_on=lot.expires_on,
        donation=lot.donation,
        need_item=lot.need_item,
        parent=lot,
        at=at,
    )


@transaction.atomic
def refuse_goods(transfer_id: int, *, actor: User, note: str) -> Transfer:
    """Send everything back: it lies in the lots it came from again. Locks the transfer; audited.
    DomainError: not_found, transfer_decided, four_eyes, reason_required."""
    transfer = _locked(transfer_id, actor)
    if not note.strip():
        raise DomainError("reason_required", field="note")
    now, reference = timezone.now(), f"transfer:{transfer.pk}"
    portions = [Portion(line.lot, line.quantity, line.value_rial) for line in _lines(transfer)]
    move(portions, Cause(MoveKind.RETURNED, reference, actor, note=note, at=now), out=False)
    book_move(
        f"stock:returned:{reference}",
        debit=transfer.source.account,
        credit=STOCK_TRANSIT,
        sums=[(facet_of(p.lot), p.value_rial) for p in portions],
        at=now,
    )
    return _decided(transfer, TransferState.REFUSED, actor, note)


def _locked(transfer_id: int, actor: User) -> Transfer:
    """A transfer whose far end is in the open scope, wherever it came from."""
    scope = current_scope()
    with all_provinces("a transfer has two ends"):
        transfer = (
            Transfer.objects.select_for_update(of=("self",))
            .select_related("source__office", "target__office")
            .filter(pk=transfer_id)
            .first()
        )
    if transfer is None or not scope.holds(
        transfer.target.office.province_id, transfer.target.office.county_id
    ):
        raise DomainError("not_found", status=404)
    if transfer.state != TransferState.SENT:
        raise DomainError("transfer_decided", status=409)
    if transfer.sent_by_id == actor.pk:
        raise DomainError("four_eyes")
    return transfer


def _lines(transfer: Transfer) -> list[TransferLine]:
    with all_provinces("a transfer has two ends"):
        return list(
            TransferLine.objects.filter(transfer=transfer).select_related(
                "lot__item", "lot__fund", "lot__donation", "lot__warehouse__office"
            )
        )


def _decided(transfer: Transfer, state: TransferState, actor: User, note: str) -> Transfer:
    transfer.state, transfer.decided_by, transfer.decided_at = state, actor, timezone.now()
    transfer.reason = normalise(note)[:300]
    transfer.save()
    _record(f"stock.{state}", transfer, actor)
    return transfer


def _record(action: str, transfer: Transfer, actor: User) -> None:
    audit.record(
        action,
        transfer,
        actor=actor,
        province_code=transfer.source.office.province_id,
        reason=transfer.reason or transfer.note,
        to_warehouse=transfer.target_id,
    )
