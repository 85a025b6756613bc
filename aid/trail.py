"""What became of a gift, told to whoever holds its tracking code: truthfully, at any time, and without pointing at
anybody.

A pool is told of as a pool: how much of this gift, with how many others. Where few received something, neither their
number nor the day nor the county is told; the same sizes hold as for needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, Sum

from aid import trail_phrases as phrases
from aid.enums import MoveKind, Purpose
from aid.models import Allocation, AllocationShare, Delivery, DeliveryShare, GoodsDelivery, StockMove
from campaigns.need_selectors import shown_county
from core.jalali import format_long, month_title, to_jalali
from core.money import format_quantity, format_toman, group_digits
from donations.enums import DonationStatus, GoodsUnit
from donations.journey import whereabouts_teller
from donations.models import Donation
from provinces.models import Province
from provinces.scoping import all_provinces

_LEFT_BY = ("goods_delivery", "kit_batch")  # what the moves of goods that left refer to


@dataclass(frozen=True)
class Part:
    """What an allocation took of one gift, ever and now, and how much of that its deliveries used (now; 0: undone)."""

    allocation: Allocation
    taken_rial: int
    held_rial: int
    reached: tuple[tuple[Delivery, int], ...] = ()

    @property
    def reached_rial(self) -> int:
        return sum(rial for _, rial in self.reached)


@dataclass(frozen=True)
class Whereabouts:
    """A gift's amount by where it is: it always adds up to the gift."""

    waiting_rial: int
    allocated_rial: int
    delivered_rial: int
    refunded_rial: int = 0
    parts: tuple[Part, ...] = field(default=())


@all_provinces("whoever holds a tracking code may follow the gift")
def whereabouts(gift: Donation) -> Whereabouts:
    """Where a received or refunded gift of money is now (one query, four when it was allocated, whatever the
    pool's size)."""
    rows = AllocationShare.objects.filter(donation=gift).values_list("allocation_id", "amount_rial")
    taken: dict[int, int] = {}
    held: dict[int, int] = {}
    for pk, rial in rows:
        taken[pk] = taken.get(pk, 0) + max(rial, 0)
        held[pk] = held.get(pk, 0) + rial
    if not taken:
        is_back = gift.status == DonationStatus.REFUNDED
        return Whereabouts(0 if is_back else gift.amount_rial, 0, 0, gift.amount_rial if is_back else 0)
    used = dict(
        DeliveryShare.objects.filter(donation=gift)
        .values_list("delivery_id")
        .annotate(sum=Sum("amount_rial"))
        .order_by()
    )
    deliveries = (
        Delivery.objects.filter(pk__in=used).select_related("province", "county__province").order_by("pk")
    )
    reached: dict[int, list[tuple[Delivery, int]]] = {}
    for delivery in deliveries:
        reached.setdefault(delivery.allocation_id, []).append((delivery, used[delivery.pk]))
    allocations = Allocation.objects.filter(pk__in=taken).select_related(
        "need", "province", "county__province", "funding__item", "funding__line__batch__kit"
    )
    parts = tuple(
        Part(a, taken[a.pk], held[a.pk], tuple(reached.get(a.pk, ())))
        for a in allocations.order_by("decided_at")
    )
    if gift.status == DonationStatus.REFUNDED:
        return Whereabouts(0, 0, 0, gift.amount_rial, parts)
    delivered, kept = sum(part.reached_rial for part in parts), sum(held.values())
    return Whereabouts(gift.amount_rial - kept, kept - delivered, delivered, 0, parts)


@whereabouts_teller
def steps(gift: Donation) -> list[dict[str, Any]]:
    """The way of a received gift of money since its receipt, for components/timeline.html."""
    found = whereabouts(gift)
    told = [step for part in found.parts for step in _steps_of(gift, part)]
    if found.waiting_rial:
        told.append(_waiting(gift, found.waiting_rial))
    return told


def _waiting(gift: Donation, rial: int) -> dict[str, Any]:
    sentence = phrases.WAITING if rial == gift.amount_rial else phrases.WAITING_PART
    text = sentence.format(amount=format_toman(rial), fund=gift.fund.name)
    if gift.fund.distribute_within_hours:
        text += phrases.WITHIN.format(hours=group_digits(gift.fund.distribute_within_hours))
    return {"title": phrases.NOT_ALLOCATED, "text": text, "at": None, "state": "now"}


def _steps_of(gift: Donation, part: Part) -> list[dict[str, Any]]:
    allocation = part.allocation
    told = [_allocated(gift, part)]
    for delivery, rial in part.reached:
        told.append(_delivered(delivery, rial) if rial else _undone(delivery))
    back = part.taken_rial - part.held_rial
    if allocation.cancelled_at and back:
        text = phrases.CANCELLED_TEXT.format(amount=format_toman(back))
        told.append(_step(phrases.CANCELLED, text, allocation.cancelled_at, icon="refund"))
    left = part.held_rial - part.reached_rial
    is_food = allocation.purpose == Purpose.FOOD
    if left:
        sentence = phrases.FOOD_IS_OPEN if is_food else phrases.ON_ITS_WAY_TEXT
        text = sentence.format(amount=format_toman(left), fund=gift.fund.name)
        told.append({"title": phrases.ON_ITS_WAY, "text": text, "at": None, "state": "now"})
    elif is_food and part.reached_rial == gift.amount_rial:
        told.append(_step(phrases.DISCHARGED.format(fund=gift.fund.name), phrases.DISCHARGED_TEXT, None))
    return told


def _allocated(gift: Donation, part: Part) -> dict[str, Any]:
    allocation = part.allocation
    whole = part.taken_rial == gift.amount_rial
    others = allocation.gift_count - 1
    text = (phrases.ALLOCATED_WHOLE if whole else phrases.ALLOCATED_PART).format(
        amount=format_toman(part.taken_rial),
        purpose=allocation.get_purpose_display(),
        place=place_of(allocation.province, _shown_county(allocation)),
    )
    if others > 0:
        text += phrases.IN_POOL.format(count=group_digits(others), total=format_toman(allocation.amount_rial))
    if allocation.is_demo:
        text += phrases.DEMO
    return _step(phrases.ALLOCATED.format(title=title_of(allocation)), text, allocation.decided_at)


def _shown_county(allocation: Allocation):
    """A need of enough people may say its county; what a programme reached is told with its deliveries."""
    return shown_county(allocation.need) if allocation.need is not None else None


def title_of(allocation: Allocation) -> str:
    """What an allocation is for, as the public may read it: a need that was never published has no title there."""
    need = allocation.need
    if need is None:
        return allocation.funding.title if allocation.funding_id else allocation.programme
    is_shown = need.published_at is not None and need.persons >= settings.NEED_LEAST_PERSONS
    return need.title if is_shown else allocation.get_purpose_display()


def _delivered(delivery: Delivery, rial: int) -> dict[str, Any]:
    amount = f"{group_digits(delivery.quantity)} {delivery.unit}"
    share = phrases.SHARE_OF_GIFT.format(amount=format_toman(rial))
    return told_delivery(
        delivery, delivery.province, amount, share, phrases.PHOTO if delivery.photo_reviewed_at else ""
    )


def told_delivery(
    made: Delivery | GoodsDelivery, province: Province | None, amount: str, share: str, photo: str = ""
) -> dict[str, Any]:
    """A step that says what reached how many people, where, when and by whose word, as far as that points at nobody:
    of few neither number nor day nor county. `share` says what of it was this gift's."""
    few = made.households < settings.NEED_LEAST_PERSONS
    is_known = made.households >= settings.NEED_COUNTY_PERSONS
    place = place_of(province, made.county if is_known else None)
    text = (phrases.DELIVERED_FEW if few else phrases.DELIVERED_TEXT).format(
        what=made.what,
        amount=amount,
        households=group_digits(made.households),
        place=place,
        day=_month(made.delivered_on) if few else format_long(made.delivered_on),
    )
    text += share
    text += phrases.SIGNED.format(
        first=made.get_first_signatory_display(), second=made.get_second_signatory_display()
    )
    text += photo
    if made.is_demo:
        text += phrases.DEMO
    return _step(phrases.DELIVERED.format(what=made.what, place=place), text, None)


def _month(day: date) -> str:
    jalali = to_jalali(day)
    return month_title(jalali.year, jalali.month)


def _undone(delivery: Delivery | GoodsDelivery) -> dict[str, Any]:
    return {
        "title": phrases.UNDONE,
        "text": phrases.UNDONE_TEXT,
        "at": delivery.undone_at,
        "state": "bad",
    }


def _step(title: str, text: str, at: datetime | None, icon: str = "") -> dict[str, Any]:
    return {"title": title, "text": text, "at": at, "state": "done", "icon": icon}


@all_provinces("whoever holds a tracking code may follow the gift")
def goods_steps(gift: Donation) -> list[dict[str, Any]]:
    """The deliveries in which goods of a received gift in kind reached people: of those given as they came how much was
    this gift's; of kits that its goods are in them."""
    moves = StockMove.objects.filter(lot__donation=gift, kind__in=[MoveKind.ISSUED, MoveKind.TO_KIT])
    own: dict[str, list[str]] = {}
    for reference, quantity, unit in moves.values_list("reference", "quantity", "lot__item__unit"):
        own.setdefault(reference, []).append(f"{format_quantity(-quantity)} {GoodsUnit(unit).label}")
    ids = {kind: [int(r.split(":")[1]) for r in own if r.startswith(f"{kind}:")] for kind in _LEFT_BY}
    found = GoodsDelivery.objects.filter(Q(pk__in=ids["goods_delivery"]) | Q(batch__in=ids["kit_batch"]))
    related = ("warehouse__office__province", "county__province", "item", "batch__kit")
    return [_goods_step(row, own) for row in found.select_related(*related).order_by("delivered_on", "pk")]


def _goods_step(row: GoodsDelivery, own: dict[str, list[str]]) -> dict[str, Any]:
    if row.undone_at is not None:
        return _undone(row)
    amount = f"{format_quantity(row.quantity)} {row.get_unit_display()}"
    mine = "، ".join(own.get(row.reference, ()))
    share = phrases.SHARE_OF_GOODS.format(amount=mine) if mine else phrases.GOODS_IN_KITS
    photo = phrases.PHOTO if row.photo_reviewed_at else ""
    return told_delivery(row, row.warehouse.office.province, amount, share, photo)


def place_of(province, county) -> str:
    """«شهرستان شیراز، استان فارس», or «سراسر کشور»."""
    if county is not None:
        return phrases.COUNTY.format(county=county.name, province=county.province.name)
    return phrases.PROVINCE.format(province=province.name) if province is not None else phrases.COUNTRY


def sums_of(gift: Donation) -> Sequence[dict[str, str]]:
    """The gift by where it is, rows for components/facts.html; what is nothing is left out."""
    found = whereabouts(gift)
    rows = (
        (phrases.SUM_WAITING, found.waiting_rial),
        (phrases.SUM_ALLOCATED, found.allocated_rial),
        (phrases.SUM_DELIVERED, found.delivered_rial),
        (phrases.SUM_REFUNDED, found.refunded_rial),
    )
    return [{"label": label, "value": format_toman(rial)} for label, rial in rows if rial]
