"""What becomes of an allocation whose gift goes back to its donor.

What the gift holds in allocations is taken over by other gifts of the same pool, oldest first, so that what was
promised and delivered stays as it is. Where the pool has none, an allocation shrinks by what was not delivered, and
what was delivered is borne by the organisation: it leaves the donors' figures. A person may ask for a refund only
while nothing of the gift has been delivered; a bank that takes money back asks nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Sum
from django.utils import timezone

from aid.enums import AllocationState
from aid.models import Allocation, AllocationShare, Delivery, DeliveryShare
from aid.services import shares
from aid.services.allocations import book, lock_pools
from core import audit
from core.errors import DomainError
from donations.models import Donation
from donations.services.refunding import before_taking_back
from ledger.accounts import BORNE, DELIVERED
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, post
from provinces.scoping import all_provinces


@all_provinces("a gift is the same wherever it is spent")
def check_refundable(gift: Donation) -> None:
    """DomainError("gift_delivered") when a part of the gift has already reached people."""
    if DeliveryShare.objects.filter(donation=gift).aggregate(sum=Sum("amount_rial"))["sum"]:
        raise DomainError("gift_delivered", status=409)


@before_taking_back
@all_provinces("a gift is the same wherever it is spent")
def release(gifts: Sequence[Donation]) -> None:
    """Free locked gifts of every allocation, in the transaction that takes them back; often there is none."""
    shared = AllocationShare.objects.filter(donation__in=[gift.pk for gift in gifts])
    allocated = set(shared.values_list("donation_id", flat=True))
    for gift in gifts:
        if gift.pk in allocated:
            _release(gift)


def _release(gift: Donation) -> None:
    held = _sums(AllocationShare, gift, "allocation_id")
    if not held:
        return
    pools = lock_pools(sorted(set(Allocation.objects.filter(pk__in=held).values_list("pool_id", flat=True))))
    for allocation in Allocation.objects.select_for_update(of=("self",)).filter(pk__in=held).order_by("pk"):
        allocation.pool = pools[allocation.pool_id]
        _release_from(allocation, gift, held[allocation.pk])


def _release_from(allocation: Allocation, gift: Donation, held: int) -> None:
    delivered = _sums(DeliveryShare, gift, "delivery_id", allocation=allocation)
    for delivery, rial in delivered.items():
        DeliveryShare.objects.create(
            delivery_id=delivery, allocation=allocation, donation=gift, amount_rial=-rial
        )
    AllocationShare.objects.create(allocation=allocation, donation=gift, amount_rial=-held)
    replaced = shares.take(allocation, held, without=gift.pk)
    was_delivered, missing = sum(delivered.values()), held - replaced
    allocation.held_rial -= missing
    free = allocation.held_rial - (allocation.delivered_rial - was_delivered)
    borne = _deliver_again(delivered, free)
    allocation.delivered_rial -= borne
    if allocation.state == AllocationState.APPROVED and 0 < allocation.delivered_rial == allocation.held_rial:
        allocation.state = AllocationState.DELIVERED
    allocation.save(update_fields=["held_rial", "delivered_rial", "state"])
    allocation.pool.placed_rial -= missing
    allocation.pool.save(update_fields=["placed_rial"])
    source, now = f"allocation:{allocation.pk}:gift:{gift.pk}", timezone.now()
    if missing > borne:
        book(allocation, f"{source}:back", borne - missing, now)
    if borne:
        _bear(allocation, borne, f"{source}:borne", now)
    audit.record(
        "allocation.gift_taken_back",
        allocation,
        job="refund",
        province_code=allocation.province_id,
        held_rial=held,
        delivered_rial=was_delivered,
        replaced_rial=replaced,
        borne_rial=borne,
    )


def _deliver_again(delivered: dict[int, int], free: int) -> int:
    """Let gifts of the allocation that have not delivered yet (`free` rials of them) stand for what was delivered;
    returns what none stands for."""
    borne = 0
    for delivery in Delivery.objects.select_related("allocation").filter(pk__in=delivered).order_by("pk"):
        wanted = delivered[delivery.pk]
        used = shares.deliver(delivery, min(wanted, free)) if free else 0
        free -= used
        if used < wanted:
            borne += wanted - used
            delivery.borne_rial += wanted - used
            delivery.save(update_fields=["borne_rial"])
    return borne


def _bear(allocation: Allocation, rial: int, source: str, at) -> None:
    """The organisation itself pays for what was delivered: out of the donors' account, and out of what was drawn of
    their money."""
    facet = allocation.pool.facet(allocation.wanted_id)
    legs = (Leg(BORNE, rial, facet), Leg(DELIVERED, -rial, facet))
    post([NewEntry(EntryKind.DELIVERY, source, at, legs)])


def _sums(model, gift: Donation, by: str, **more) -> dict[int, int]:
    rows = model.objects.filter(donation=gift, **more).values_list(by).annotate(sum=Sum("amount_rial"))
    return {pk: rial for pk, rial in rows.order_by(by) if rial}
