"""Allocations and deliveries of gifts, with fitting values unless a test says otherwise."""

from __future__ import annotations

import itertools

from aid.models import Allocation, Delivery
from aid.services import telling
from aid.services.allocations import Plan, PoolKey, allocate, decide, pool_of
from aid.services.deliveries import Evidence, deliver
from core.jalali import tehran_today
from donations.models import Donation
from provinces.models import County, Province
from tests.factories.gifts import receive
from tests.factories.people import person

_cases = itertools.count(1)


def pool_of_gift(gift: Donation):
    return pool_of(PoolKey(gift.fund_id, gift.province_id, gift.county_id, gift.edition_id, gift.need_id))


def proposed(gift: Donation, amount_rial: int | None = None, **plan) -> Allocation:
    """A proposal out of the pool of a gift, for its whole amount, to a programme where the gift belongs."""
    facts = {"purpose": gift.fund.spendable_on[0]}
    if "need" not in plan:
        facts |= {
            "programme": "بسته‌های معیشتی آذر",
            "province": Province.objects.filter(pk=gift.province_id).first(),
            "county": County.objects.filter(pk=gift.county_id).first(),
        }
    actor = plan.pop("actor", None) or person()
    made = Plan(amount_rial=amount_rial or gift.amount_rial, **facts | plan)
    return allocate(pool_of_gift(gift), made, actor=actor)


def allocated(gift: Donation, amount_rial: int | None = None, **plan) -> Allocation:
    """The same, approved by somebody else."""
    return decide(proposed(gift, amount_rial, **plan).pk, actor=person(), approve=True)


def evidence(amount_rial: int, **more) -> Evidence:
    facts = {
        "form": "food",
        "what": "بستهٔ خوراک",
        "quantity": 2,
        "unit": "بسته",
        "households": 2,
        "delivered_on": tehran_today(),
        "first": "social_worker",
        "second": "recipient",
    }
    count = more.get("households", 2)
    facts["references"] = [f"BZ-1405-{next(_cases):05d}" for _ in range(count)]
    return Evidence(amount_rial=amount_rial, **facts | more)


def delivered(allocation: Allocation, amount_rial: int | None = None, **more) -> Delivery:
    """A part of an allocation, by default all that is left of it, as food for two households."""
    allocation.refresh_from_db()
    actor = more.pop("actor", None) or person()
    return deliver(allocation.pk, evidence(amount_rial or allocation.left_rial, **more), actor=actor)


def aid_rows(**place: str) -> dict[str, object]:
    """A row of everything that has an address or a place: a proposal that waits and a delivery of another one."""
    gift = receive(fund="livelihood", mobile="+989121234567", **place)
    waiting = proposed(gift, 100_000)
    made = delivered(allocated(gift, 200_000), 100_000)
    telling.wish(gift, is_on=True)
    return {"aid.allocation": waiting, "aid.delivery": made, "aid.gift": gift}
