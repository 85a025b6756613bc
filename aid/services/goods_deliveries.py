"""Ready kits and goods of a warehouse that reach people: with evidence, once to a case, undone when it was wrong.

The money that gifts paid for kits is delivered in the same transaction, allocation by allocation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from aid.enums import AllocationState, BatchState, MoveKind, Outcome
from aid.models import Allocation, GoodsDelivery, GoodsReference, KitBatch, StockItem, StockMove, Warehouse
from aid.needs import answered, is_counted_in
from aid.services import kit_packing, kits, stock
from aid.services.allocations import lock_pools
from aid.services.deliveries import deliver_with_kits, undo_with_kits
from aid.services.evidence import (
    Proof,
    case_columns,
    columns_of,
    mark_reviewed,
    mark_undone,
    write_outcome,
)
from aid.services.receivers import Received, codes_of
from aid.services.stock import Cause, Portion, move
from aid.services.stock_books import GIVEN, book_move, facet_of
from campaigns.models import Need, NeedItem
from core import audit
from core.errors import DomainError
from core.jalali import tehran_day, tehran_today
from core.models import User
from core.outbox import after_commit
from donations.enums import GoodsUnit
from provinces.scoping import all_provinces, check_write


@transaction.atomic
def deliver_kits(
    batch_id: int, count: int, evidence: Proof, *, actor: User, at: datetime | None = None
) -> GoodsDelivery:
    """Hand `count` ready kits to families: donated goods are booked as given, and of each allocation to the kits its
    share as delivered; the last kit takes what is left. Donors who wished so are told. Locks the batch, then the pools.
    Audited.

    DomainError: not_found, batch_closed, bad_quantity, kits_not_ready, and those of evidence (see `deliver_goods`).
    """
    batch = kits.locked_batch(batch_id, BatchState.ASSEMBLED)
    _check(evidence, batch.warehouse, since=tehran_day(batch.assembled_at))
    if count <= 0:
        raise DomainError("bad_quantity", field="count")
    if count > batch.left:
        raise DomainError("kits_not_ready", field="count", there=batch.left)
    made = _write(
        evidence,
        actor,
        at,
        warehouse=batch.warehouse,
        batch=batch,
        quantity=Decimal(count),
        purpose=batch.kit.purpose,
        need=batch.need,
        need_item=batch.need_item,
    )
    handed = kit_packing.hand_over(
        batch.pk, count, reference=made.reference, actor=actor, at=made.recorded_at
    )
    _keep_value(made, handed.value_rial)
    batch.refresh_from_db(fields=["handed_over"])
    _deliver_money(made, batch)
    _tell(made)
    _record("goods.deliver", made, actor)
    return made


def _deliver_money(made: GoodsDelivery, batch: KitBatch) -> None:
    """Of each allocation to the kits, what belongs to those that have left and was not delivered with earlier ones."""
    with all_provinces("money of kits may come from a national pool"):
        paying = Allocation.objects.filter(funding__line__batch=batch, state=AllocationState.APPROVED)
        pools = lock_pools(sorted(set(paying.values_list("pool_id", flat=True))))
        rows = paying.select_related("funding__line__batch", "need").select_for_update(of=("self",))
        for allocation in rows.order_by("pk"):
            allocation.pool = pools[allocation.pool_id]
            rial = allocation.held_rial * batch.handed_over // batch.count - allocation.delivered_rial
            if rial > 0:
                deliver_with_kits(allocation, made, rial)


@transaction.atomic
def deliver_goods(
    warehouse: Warehouse,
    item: StockItem,
    quantity: Decimal,
    evidence: Proof,
    *,
    purpose: str,
    need_item: NeedItem | None = None,
    need: Need | None = None,
    actor: User,
    at: datetime | None = None,
) -> GoodsDelivery:
    """Give goods of a warehouse to families, first to expire first, and only such as were given for the purpose; booked
    as given in kind. For a need, `need_item` says which of its items they meet; without it, the one that bears their
    name. The same goods reach a case once a day. Donors who wished so are told. Locks the warehouse and the lots.
    Audited.

    DomainError: not_found, bad_quantity, not_enough_stock, fund_firewall, need_not_for_goods, need_item_of_other,
    need_item_unit, bad_day, same_signatory, bad_reference, personal_reference, references_do_not_match,
    delivered_before, delivered_lately, photo_shows_faces, photo_unknown, photo_too_large.
    """
    check_write(warehouse.office.province_id, warehouse.office.county_id)
    need = need or (need_item.need if need_item else None)
    if need is not None and (need.kind, need.province_id) != (purpose, warehouse.office.province_id):
        raise DomainError("need_not_for_goods", field="need")
    if need is not None and need_item is None:
        need_item = answered(item, need.wanted_items.all())
    if need_item is not None and need_item.need_id != need.pk:
        raise DomainError("need_item_of_other", field="need")
    if need_item is not None and not is_counted_in(str(item.get_unit_display()), need_item):
        raise DomainError("need_item_unit", field="need")
    _check(evidence, warehouse)
    Warehouse.objects.select_for_update(no_key=True, of=("self",)).get(pk=warehouse.pk)
    made = _write(
        evidence,
        actor,
        at,
        warehouse=warehouse,
        item=item,
        quantity=quantity,
        unit=item.unit,
        purpose=purpose,
        need=need,
        need_item=need_item,
    )
    portions = stock.issue(
        warehouse,
        item,
        quantity,
        purpose=purpose,
        need_id=made.need_id,
        reference=made.reference,
        actor=actor,
        at=made.recorded_at,
    )
    _keep_value(made, sum(portion.value_rial for portion in portions))
    _tell(made)
    _record("goods.deliver", made, actor)
    return made


def _check(evidence: Proof, warehouse: Warehouse, since: date | None = None) -> None:
    if evidence.first == evidence.second:
        raise DomainError("same_signatory", field="second")
    if evidence.delivered_on > tehran_today() or (since and evidence.delivered_on < since):
        raise DomainError("bad_day", field="delivered_on")
    if evidence.county is not None:
        check_write(evidence.county.province_id, evidence.county.pk)
        if evidence.county.province_id != warehouse.office.province_id:
            raise DomainError("not_found", field="county", status=404)


def _write(
    evidence: Proof, actor: User, at: datetime | None, *, unit: str = GoodsUnit.PIECE, **facts
) -> GoodsDelivery:
    received = Received(
        evidence.references,
        evidence.households,
        facts["purpose"],
        evidence.delivered_on,
        evidence.again_because,
    )
    codes = codes_of(received, known=lambda: _known(evidence, **facts))
    made = GoodsDelivery.objects.create(
        unit=unit,
        county=evidence.county or facts["warehouse"].office.county,
        **columns_of(evidence, actor, at),
        **facts,
    )
    GoodsReference.objects.bulk_create(
        GoodsReference(delivery=made, **case_columns(code, evidence)) for code in codes
    )
    return made


def _known(evidence: Proof, *, batch: KitBatch | None = None, **facts) -> QuerySet[GoodsReference]:
    """In what a case may not stand a second time: kits of the same batch, or the same goods of a warehouse on one
    day."""
    if batch is not None:
        return GoodsReference.objects.filter(delivery__batch=batch)
    return GoodsReference.objects.filter(
        delivery__warehouse=facts["warehouse"],
        delivery__item=facts["item"],
        delivery__delivered_on=evidence.delivered_on,
    )


def _keep_value(made: GoodsDelivery, rial: int) -> None:
    made.value_rial = rial
    made.save(update_fields=["value_rial"])


@transaction.atomic
def undo_goods_delivery(delivery_id: int, *, actor: User, reason: str) -> GoodsDelivery:
    """Take back a delivery of goods that was recorded wrongly: the goods lie where they lay, the money of kits is
    allocated again, contra entries. Not by whoever recorded it (the database sees to it). Locks batch and pools, or
    lots. Audited.

    DomainError: not_found, four_eyes, reason_required, already_undone, allocation_cancelled, partly_borne.
    """
    made = _locked(delivery_id)
    mark_undone(made, actor=actor, reason=reason, at=timezone.now())
    if made.batch_id:
        kit_packing.take_back(made.batch_id, reference=made.reference, at=made.undone_at)
        with all_provinces("money of kits may come from a national pool"):
            undo_with_kits(made)
    else:
        _put_back(made)
    _tell(made)
    _record("goods.undo", made, actor, made.undo_reason)
    return made


def _put_back(made: GoodsDelivery) -> None:
    moves = StockMove.objects.filter(reference=made.reference, kind=MoveKind.ISSUED)
    portions = [
        Portion(row.lot, -row.quantity, -row.value_rial)
        for row in moves.select_related("lot__donation", "lot__warehouse__office").order_by("lot_id")
    ]
    cause = Cause(MoveKind.RETURNED, made.reference, made.undone_by, note=made.undo_reason, at=made.undone_at)
    move(portions, cause, out=False)
    book_move(
        f"stock:returned:{made.reference}",
        debit=made.warehouse.account,
        credit=GIVEN,
        sums=[(facet_of(p.lot), p.value_rial) for p in portions],
        at=made.undone_at,
        memo=made.what,
    )


@transaction.atomic
def review_goods_photo(delivery_id: int, *, actor: User) -> GoodsDelivery:
    """Say, as somebody other than who recorded it, that a photo shows no face. Audited. Repeating it changes nothing.

    DomainError: not_found, no_photo, four_eyes.
    """
    made = _locked(delivery_id)
    if mark_reviewed(made, actor=actor):
        _record("goods.review_photo", made, actor)
    return made


@transaction.atomic
def record_goods_outcome(
    delivery_id: int, *, actor: User, outcome: Outcome, references: Sequence[str] = (), on: date | None = None
) -> int:
    """Write down what goods led to, for all of their cases or the named ones; returns for how many. Audited.

    DomainError: not_found, bad_reference, personal_reference, unknown_reference.
    """
    made = _locked(delivery_id)
    count = write_outcome(made, outcome=outcome, references=references, on=on)
    _record("goods.outcome", made, actor, outcome=str(outcome), count=count)
    return count


def _locked(delivery_id: int) -> GoodsDelivery:
    """A delivery of the open scope, its batch locked before it; DomainError("not_found") otherwise."""
    batch_id = GoodsDelivery.objects.filter(pk=delivery_id).values_list("batch_id", flat=True).first()
    if batch_id is not None:
        kits.locked_batch(batch_id, BatchState.ASSEMBLED)
    made = (
        GoodsDelivery.objects.select_for_update(of=("self",))
        .select_related("warehouse__office", "batch__kit", "item")
        .filter(pk=delivery_id)
        .first()
    )
    if made is None:
        raise DomainError("not_found", status=404)
    return made


def _tell(made: GoodsDelivery) -> None:
    after_commit("aid.note_goods_news", delivery_id=made.pk)


def _record(action: str, made: GoodsDelivery, actor: User, reason: str = "", **more: object) -> None:
    audit.record(
        action,
        made,
        actor=actor,
        province_code=made.warehouse.office.province_id,
        reason=reason,
        quantity=str(made.quantity),
        value_rial=made.value_rial,
        **more,
    )
