"""Kits packed with what their batch was paid for with, handed over, taken back when a hand-over was written wrongly."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from aid.enums import BatchState, KitSource, MoveKind
from aid.models import KitBatch, KitFunding, KitHandOver
from aid.services.kits import left_of, locked_batch, record
from aid.services.stock import Cause, take
from aid.services.stock_books import GIVEN, book_move, facet_of
from core.errors import DomainError
from core.models import User
from ledger.balances import legs_on
from ledger.dimensions import Facet


@transaction.atomic
def assemble(batch_id: int, *, actor: User | None, job: str = "") -> KitBatch:
    """Pack a batch: what its plan takes from the warehouse leaves it (first to expire first, and only goods given for
    such a purpose), at what it is worth. Locks batch and lots; audited.

    DomainError: not_found, batch_closed, not_paid_for, not_arrived, not_enough_stock, fund_firewall.
    """
    batch = locked_batch(batch_id, BatchState.PLANNED)
    lines = list(batch.lines.order_by("pk"))
    if any(left_of(line) for line in lines):
        raise DomainError("not_paid_for")
    fundings = KitFunding.objects.filter(line__batch=batch, is_active=True)
    if fundings.exclude(source=KitSource.STOCK).filter(arrived_at=None).exists():
        raise DomainError("not_arrived")
    at, sums = timezone.now(), []
    cause = Cause(MoveKind.TO_KIT, f"kit_batch:{batch.pk}", actor, job, batch.title, at=at)
    for funding in fundings.filter(source=KitSource.STOCK).select_related("item").order_by("item_id", "pk"):
        portions = take(
            batch.warehouse,
            funding.item,
            funding.quantity,
            cause,
            purpose=batch.kit.purpose,
            need_id=batch.need_id,
        )
        funding.amount_rial, funding.arrived_at = sum(p.value_rial for p in portions), at
        funding.save(update_fields=["amount_rial", "arrived_at"])
        sums += [(facet_of(p.lot), p.value_rial) for p in portions]
    book_move(
        _packed_source(batch),
        debit=batch.warehouse.kit_account,
        credit=batch.warehouse.account,
        sums=sums,
        at=at,
        memo=batch.title,
    )
    batch.state, batch.assembled_by, batch.assembled_at = BatchState.ASSEMBLED, actor, at
    batch.value_rial = sum(rial for _, rial in sums)
    batch.save()
    record("kit.assemble", batch, actor, job, value_rial=batch.value_rial)
    return batch


@transaction.atomic
def hand_over(
    batch_id: int,
    count: int,
    *,
    reference: str,
    actor: User | None,
    job: str = "",
    at: datetime | None = None,
) -> KitHandOver:
    """Let `count` ready kits leave for families: their share of the donated goods is booked as given in kind, the last
    kit takes what is left. `reference` names the delivery, which takes kits of a batch once: repeated, it returns what
    was written first. Locks the batch; audited.

    DomainError: not_found, batch_closed, bad_quantity, kits_not_ready.
    """
    batch = locked_batch(batch_id, BatchState.ASSEMBLED)
    if known := KitHandOver.objects.filter(batch=batch, reference=reference).first():
        return known
    if count <= 0:
        raise DomainError("bad_quantity", field="count")
    if count > batch.left:
        raise DomainError("kits_not_ready", field="count", there=batch.left)
    sums = [
        (facet, rial if count == batch.left else rial * count // batch.left)
        for facet, rial in _held_by_facet(batch).items()
    ]
    row = KitHandOver.objects.create(
        batch=batch,
        count=count,
        value_rial=sum(rial for _, rial in sums),
        reference=reference,
        actor=actor,
        at=at or timezone.now(),
    )
    book_move(
        row.source, debit=GIVEN, credit=batch.warehouse.kit_account, sums=sums, at=row.at, memo=batch.title
    )
    batch.handed_over += count
    batch.value_rial -= row.value_rial
    batch.save(update_fields=["handed_over", "value_rial"])
    record("kit.hand_over", batch, actor, job, count=count, reference=reference)
    return row


@transaction.atomic
def take_back(batch_id: int, *, reference: str, at: datetime) -> None:
    """Kits of a hand-over that was recorded wrongly are here again, with their goods: a contra entry; in the
    transaction that undoes their delivery. Locks the batch. DomainError: not_found."""
    batch = locked_batch(batch_id, BatchState.ASSEMBLED)
    row = KitHandOver.objects.filter(batch=batch, reference=reference, undone_at=None).first()
    if row is None:
        raise DomainError("not_found", status=404)
    sums = [(facet, -rial) for facet, rial in legs_on(batch.warehouse.kit_account, [row.source]).items()]
    book_move(
        f"{row.source}:back",
        debit=batch.warehouse.kit_account,
        credit=GIVEN,
        sums=sums,
        at=at,
        memo=batch.title,
    )
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    batch.handed_over -= row.count
    batch.value_rial += row.value_rial
    batch.save(update_fields=["handed_over", "value_rial"])


def _held_by_facet(batch: KitBatch) -> dict[Facet, int]:
    """What the books still hold of a batch's donated goods, by where they came from."""
    handed = [row.source for row in batch.hand_overs.all()]
    sources = [_packed_source(batch), *handed, *(f"{source}:back" for source in handed)]
    held = legs_on(batch.warehouse.kit_account, sources)
    return {facet: rial for facet, rial in held.items() if rial}


def _packed_source(batch: KitBatch) -> str:
    """The source of the entry that packed a batch."""
    return f"stock:packed:kit_batch:{batch.pk}"
