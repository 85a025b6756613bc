"""A warehouse counted by two people; what is missing or too much is booked with the second one's confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from aid.enums import LossCause, MoveKind, StockCountState
from aid.models import Lot, StockCount, StockCountLine, Warehouse
from aid.services.stock import Cause, Portion, locked_lot, move, portion_of
from aid.services.stock_books import LOSSES, book_move, facet_of
from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise
from provinces.scoping import check_write


@transaction.atomic
def count_stock(
    warehouse: Warehouse, counted: Mapping[int, Decimal], *, actor: User, note: str = ""
) -> StockCount:
    """Write down what was counted (lot id → quantity) of all lots of a warehouse that hold anything; one left out is
    zero. Audited. Somebody else confirms it.

    DomainError: not_found, nothing_in_stock, bad_quantity, difference_needs_note, count_waits.
    """
    check_write(warehouse.office.province_id, warehouse.office.county_id)
    lots = list(Lot.objects.filter(warehouse=warehouse, quantity__gt=0))
    if not lots:
        raise DomainError("nothing_in_stock")
    if any(quantity < 0 for quantity in counted.values()):
        raise DomainError("bad_quantity")
    found = {lot.pk: Decimal(counted.get(lot.pk, 0)) for lot in lots}
    if any(found[lot.pk] != lot.quantity for lot in lots) and not note.strip():
        raise DomainError("difference_needs_note", field="note")
    try:
        with transaction.atomic():
            count = StockCount.objects.create(
                warehouse=warehouse, note=normalise(note)[:300], counted_by=actor
            )
    except IntegrityError as error:
        raise DomainError("count_waits", status=409) from error
    StockCountLine.objects.bulk_create(
        [StockCountLine(count=count, lot=lot, expected=lot.quantity, counted=found[lot.pk]) for lot in lots]
    )
    _record("stock.count", count, actor)
    return count


@transaction.atomic
def decide_count(count_id: int, *, actor: User, approve: bool, reason: str = "") -> StockCount:
    """Confirm a count, which books its differences, or have it counted again; somebody other than who counted. A
    difference is what it was when it was counted, whatever moved since. Locks count and lots; audited.

    DomainError: not_found, stock_count_decided, four_eyes, reason_required, stock_moved.
    """
    count = (
        StockCount.objects.select_for_update(of=("self",))
        .select_related("warehouse__office")
        .filter(pk=count_id)
        .first()
    )
    if count is None:
        raise DomainError("not_found", status=404)
    if count.state != StockCountState.WAITING:
        raise DomainError("stock_count_decided", status=409)
    if count.counted_by_id == actor.pk:
        raise DomainError("four_eyes")
    if not approve and not reason.strip():
        raise DomainError("reason_required", field="reason")
    count.state = StockCountState.CONFIRMED if approve else StockCountState.REFUSED
    count.decided_by, count.decided_at, count.reason = actor, timezone.now(), normalise(reason)[:300]
    count.save()
    if approve:
        _book_differences(count, actor)
    _record(f"stock.count_{count.state}", count, actor)
    return count


def _book_differences(count: StockCount, actor: User) -> None:
    lost, found = [], []
    for line in count.lines.order_by("lot_id"):
        if not line.difference:
            continue
        lot = locked_lot(line.lot_id)
        if line.difference < 0:
            if -line.difference > lot.quantity:
                raise DomainError("stock_moved", status=409)
            lost.append(portion_of(lot, -line.difference))
        else:
            found.append(Portion(lot, line.difference, _worth(lot, line.difference)))
    reference, at = f"count:{count.pk}", count.decided_at
    for kind, portions, out in ((MoveKind.LOST, lost, True), (MoveKind.FOUND, found, False)):
        move(portions, Cause(kind, reference, actor, note=count.note, loss=LossCause.COUNT, at=at), out=out)
    stock = count.warehouse.account
    for source, debit, credit, portions in (("lost", LOSSES, stock, lost), ("found", stock, LOSSES, found)):
        sums = [(facet_of(p.lot), p.value_rial) for p in portions]
        book_move(f"stock:{source}:{reference}", debit=debit, credit=credit, sums=sums, at=at)


def _worth(lot: Lot, quantity: Decimal) -> int:
    """What was found too much is worth what the rest of its lot is worth; nothing where nothing is left to compare."""
    return int(lot.value_rial * quantity // lot.quantity) if lot.quantity else 0


def _record(action: str, count: StockCount, actor: User) -> None:
    audit.record(
        action,
        count,
        actor=actor,
        province_code=count.warehouse.office.province_id,
        reason=count.reason or count.note,
    )
