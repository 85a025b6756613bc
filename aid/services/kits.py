"""Batches of kits: begun from a list of items and paid for item by item; `kit_packing` packs them and hands them over.

Public budget pays for items and is never income; it stands beside the gifts and is never in the books of gifts.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import IntegrityError, transaction
from django.db.models import Manager, QuerySet, Sum
from django.utils import timezone

from aid.enums import AllocationState, BatchState, KitSource
from aid.models import Allocation, BatchLine, Kit, KitBatch, KitFunding, StockItem, Warehouse
from aid.needs import answered
from aid.services.stock import OPEN_NEEDS
from aid.stock_selectors import promises_for_kits
from campaigns.models import Fund, Need, NeedItem
from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise
from partnerships.models import Commitment
from provinces.scoping import check_write

_SET_ASIDE = (AllocationState.APPROVED, AllocationState.DELIVERED)


@dataclass(frozen=True)
class Payer:
    """Who pays for an item of a kit. Cash names its fund; a promise or public budget says whose (`note`) or, for a
    promise, which commitment."""

    source: KitSource
    fund: Fund | None = None
    commitment_id: int | None = None
    note: str = ""
    reference: str = ""


@transaction.atomic
def begin_batch(
    kit: Kit,
    warehouse: Warehouse,
    count: int,
    *,
    title: str = "",
    need: Need | None = None,
    need_item: NeedItem | None = None,
    actor: User | None,
    job: str = "",
    is_demo: bool = False,
) -> KitBatch:
    """Plan `count` kits at a warehouse, for a need where one is meant: the list of items and prices is taken over as it
    is now. Where the need asks for kits, `need_item` says which of its items a kit is; what is in them counts as the
    items that bear its name. Audited.

    DomainError: not_found, bad_quantity, unknown_kit (not in use, or an empty list), need_not_for_kit (of another kind
    or another province, or over), need_item_of_other.
    """
    check_write(warehouse.office.province_id, warehouse.office.county_id)
    lines = list(kit.lines.select_related("item").prefetch_related("substitutes"))
    if not kit.is_active or not lines:
        raise DomainError("unknown_kit", field="kit")
    if count <= 0:
        raise DomainError("bad_quantity", field="count")
    if need is not None and (
        (need.kind, need.province_id) != (kit.purpose, warehouse.office.province_id)
        or need.state not in OPEN_NEEDS
    ):
        raise DomainError("need_not_for_kit", field="need")
    if need_item is not None and (need is None or need_item.need_id != need.pk):
        raise DomainError("need_item_of_other", field="need")
    wanted = list(need.wanted_items.all()) if need else []
    batch = KitBatch.objects.create(
        kit=kit,
        warehouse=warehouse,
        need=need,
        need_item=need_item,
        title=normalise(title)[:120] or kit.name,
        count=count,
        created_by=actor,
        is_demo=is_demo,
    )
    for line in lines:
        row = BatchLine.objects.create(
            batch=batch,
            item_id=line.item_id,
            need_item=answered(line.item, wanted),
            quantity=line.quantity * count,
            price_rial=line.price_rial,
        )
        row.substitutes.set(line.substitutes.all())
    record("kit.begin", batch, actor, job, count=count)
    return batch


@transaction.atomic
def fund_item(
    line_id: int,
    quantity: Decimal,
    payer: Payer,
    *,
    item: StockItem | None = None,
    amount_rial: int | None = None,
    actor: User | None,
    job: str = "",
) -> KitFunding:
    """Pay for `quantity` of an item of a batch, with the item itself or one that may stand in for it. Without an amount
    it costs what the plan says. Cash only plans here: allocations set it aside from its fund. Locks the batch; audited.

    DomainError: not_found, batch_closed, bad_quantity, not_a_substitute, kit_fund_required, fund_not_for_kit (with the
    fund's rule), whose_required, unknown_promise (not an open one of goods in the province, or nothing of it is free),
    promise_is_less (with how much is free), paid_for_already.
    """
    line = BatchLine.objects.select_related("item", "batch__kit").filter(pk=line_id).first()
    if line is None:
        raise DomainError("not_found", status=404)
    batch = locked_batch(line.batch_id, BatchState.PLANNED)
    if quantity <= 0:
        raise DomainError("bad_quantity", field="quantity")
    item = item or line.item
    if item.pk != line.item_id and not line.substitutes.filter(pk=item.pk).exists():
        raise DomainError("not_a_substitute", field="item")
    _check_payer(payer, batch.kit.purpose)
    whose = _whose(payer, batch, quantity)
    if quantity > left_of(line):
        raise DomainError("paid_for_already", field="quantity")
    planned = int((line.price_rial * quantity).to_integral_value(ROUND_HALF_UP))
    try:
        with transaction.atomic():
            funding = KitFunding.objects.create(
                line=line,
                source=payer.source,
                item=item,
                quantity=quantity,
                amount_rial=planned if amount_rial is None else amount_rial,
                fund=payer.fund,
                commitment_id=payer.commitment_id,
                reference=payer.reference[:60],
                note=normalise(payer.note or whose)[:200],
                recorded_by=actor,
            )
    except IntegrityError as error:
        code = "promise_is_less" if "promise" in str(error) else "paid_for_already"
        raise DomainError(code, field="quantity", status=409) from error
    record("kit.fund", batch, actor, job, source=str(payer.source), amount_rial=funding.amount_rial)
    return funding


def _check_payer(payer: Payer, purpose: str) -> None:
    if payer.source == KitSource.CASH:
        if payer.fund is None:
            raise DomainError("kit_fund_required", field="fund")
        if purpose not in payer.fund.spendable_on:
            raise DomainError("fund_not_for_kit", field="fund", rule=payer.fund.rule_text)
    elif payer.fund is not None:
        raise ValueError("only cash comes of a fund")
    is_nobodys = not payer.note.strip() and payer.commitment_id is None
    if payer.source in (KitSource.PROMISE, KitSource.PUBLIC) and is_nobodys:
        raise DomainError("whose_required", field="note")


def _whose(payer: Payer, batch: KitBatch, quantity: Decimal) -> str:
    """Who made the promise that is named, which has so much free; "" where none is named. Locks the promise."""
    if payer.commitment_id is None:
        return ""
    Commitment.objects.select_for_update(of=("self",)).filter(pk=payer.commitment_id).first()
    for free in promises_for_kits(batch.warehouse.office.province_id):
        if free.commitment.pk == payer.commitment_id:
            if quantity > free.quantity:
                raise DomainError("promise_is_less", field="quantity", free=free.quantity)
            return free.commitment.whose
    raise DomainError("unknown_promise", field="promise")


def left_of(line: BatchLine) -> Decimal:
    """How much of an item nobody pays for yet."""
    paid = line.fundings.filter(is_active=True).aggregate(Sum("quantity"))["quantity__sum"]
    return line.quantity - (paid or Decimal(0))


@transaction.atomic
def withdraw_funding(funding_id: int, *, actor: User, reason: str) -> None:
    """Take a payment out of the plan of a batch; the row stays and says so. Locks the batch; audited.
    DomainError: not_found, batch_closed, reason_required, kit_has_money (allocations hold or propose some)."""
    funding = _funding(funding_id)
    batch = locked_batch(funding.line.batch_id, BatchState.PLANNED)
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    _check_no_money(funding.allocations)
    KitFunding.objects.filter(pk=funding.pk).update(is_active=False)
    record("kit.withdraw", batch, actor, "", reason, funding=funding.pk)


@transaction.atomic
def mark_arrived(funding_id: int, *, actor: User | None, job: str = "") -> None:
    """Say that what was bought or promised for a batch is here; safe to repeat. Locks the batch; audited.
    DomainError: not_found, batch_closed, not_set_aside (no allocation has set the cash aside yet)."""
    funding = _funding(funding_id)
    batch = locked_batch(funding.line.batch_id, BatchState.PLANNED)
    if funding.source == KitSource.CASH and set_aside(funding) < funding.amount_rial:
        raise DomainError("not_set_aside")
    if KitFunding.objects.filter(pk=funding.pk, arrived_at=None).update(arrived_at=timezone.now()):
        record("kit.arrived", batch, actor, job, funding=funding.pk)


def set_aside(funding: KitFunding) -> int:
    """What approved allocations have set aside for a payment in cash, in rials, delivered or not."""
    rows = Allocation._base_manager.filter(funding=funding, state__in=_SET_ASIDE)
    return sum(rows.values_list("amount_rial", flat=True))


def _check_no_money(allocations: Manager | QuerySet) -> None:
    ended = (AllocationState.REFUSED, AllocationState.CANCELLED)
    if allocations.exclude(state__in=ended).exists():
        raise DomainError("kit_has_money", status=409)


@transaction.atomic
def promise_arrived(commitment_id: int, *, actor: User | None, job: str = "") -> int:
    """What a partner promised has come: say so of everything it pays for in batches that are still planned; returns of
    how many. Repeatable. For whoever records deliveries of promises."""
    waiting = KitFunding.objects.filter(
        commitment_id=commitment_id, is_active=True, arrived_at=None, line__batch__state=BatchState.PLANNED
    )
    found = list(waiting.order_by("line__batch_id", "pk").values_list("pk", flat=True))
    for pk in found:
        mark_arrived(pk, actor=actor, job=job)
    return len(found)


@transaction.atomic
def cancel_batch(batch_id: int, *, actor: User, reason: str) -> KitBatch:
    """Give up a batch that is still planned: its payments are withdrawn. Locks the batch; audited.
    DomainError: not_found, batch_closed, reason_required, kit_has_money."""
    batch = locked_batch(batch_id, BatchState.PLANNED)
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    _check_no_money(Allocation.objects.filter(funding__line__batch=batch))
    KitFunding.objects.filter(line__batch=batch, is_active=True).update(is_active=False)
    batch.state = BatchState.CANCELLED
    batch.save(update_fields=["state"])
    record("kit.cancel", batch, actor, "", reason)
    return batch


def _funding(funding_id: int) -> KitFunding:
    funding = KitFunding.objects.select_related("line").filter(pk=funding_id, is_active=True).first()
    if funding is None:
        raise DomainError("not_found", status=404)
    return funding


def locked_batch(batch_id: int, state: BatchState) -> KitBatch:
    """A batch of the open scope in this state, locked; DomainError not_found or batch_closed."""
    batch = (
        KitBatch.objects.select_for_update(of=("self",))
        .select_related("kit", "warehouse__office")
        .filter(pk=batch_id)
        .first()
    )
    if batch is None:
        raise DomainError("not_found", status=404)
    if batch.state != state:
        raise DomainError("batch_closed", status=409)
    return batch


def record(action: str, batch: KitBatch, actor: User | None, job: str, reason: str = "", **data) -> None:
    """Audit what was done to a batch."""
    audit.record(
        action,
        batch,
        actor=actor,
        job=job,
        province_code=batch.warehouse.office.province_id,
        reason=normalise(reason)[:300],
        **data,
    )
