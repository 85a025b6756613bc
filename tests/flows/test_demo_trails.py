"""The demo's gifts: each adds up to the rial, by itself, in the books and on its trail."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.cache import cache
from django.test import Client

from aid.models import Allocation, Delivery, GoodsDelivery, KitBatch
from aid.trail import whereabouts
from campaigns.services.demo_campaigns import seed_demo_campaigns
from campaigns.services.demo_needs import seed_demo_needs
from core.invariants import run_checks
from core.money import format_toman
from dashboards import demo, demo_aid
from donations.enums import InKindState
from donations.models import Donation, GiftInKind
from ledger.balances import balances
from provinces.services.demo_people import seed_demo_people

pytestmark = pytest.mark.usefixtures("db", "country")
GIFTS, POOLS = 130, 12
PLACES = ("waiting_rial", "allocated_rial", "delivered_rial", "refunded_rial")


@pytest.fixture
def seeded(settings, monkeypatch):
    settings.DEMO = True
    cache.clear()
    monkeypatch.setattr(demo, "GIFTS", GIFTS)
    monkeypatch.setattr(demo, "BOXES_A_PROVINCE", 1)
    monkeypatch.setattr(demo_aid, "POOLS", POOLS)
    people = {row.username: row for row in seed_demo_people()}
    seed_demo_campaigns(people["hq.analyst"], people["hq.manager"])
    seed_demo_needs(people["tehran.officer"], people["hq.manager"])
    demo.seed_history(lambda _: None)
    demo_aid.seed_aid(people, lambda _: None)
    return people


def test_every_seeded_gift_is_somewhere_to_the_rial_and_its_trail_says_so(seeded):
    sums: Counter[str] = Counter()
    received = list(Donation.objects.filter(kind="cash", status__in=["received", "refunded"]))
    assert len(received) > GIFTS // 2
    for gift in received:
        found = whereabouts(gift)
        parts = {place: getattr(found, place) for place in PLACES}
        assert sum(parts.values()) == gift.amount_rial, gift.tracking_code
        assert min(parts.values()) >= 0
        sums.update(parts)
    assert min(sums[place] for place in PLACES[:3]) > 0
    booked = balances(["income:cash", "allocated:cash", "delivered:cash", "drawn:cash"])
    assert booked["allocated:cash"] == sums["allocated_rial"]
    assert booked["delivered:cash"] == sums["delivered_rial"]
    assert booked["drawn:cash"] == -(sums["allocated_rial"] + sums["delivered_rial"])
    assert -booked["income:cash"] == sum(sums.values()) - sums["refunded_rial"]
    assert [(check.name, check.findings) for check in run_checks() if not check.holds] == []
    _trails_say(received)
    _goods_are_there(seeded)


def _trails_say(received: list[Donation]) -> None:
    """One gift of each mixture of places, on its page."""
    by_mixture = {}
    for gift in received:
        found = whereabouts(gift)
        by_mixture[tuple(bool(getattr(found, place)) for place in PLACES)] = (gift, found)
    for gift, found in by_mixture.values():
        page = Client().get(f"/trail/{gift.tracking_code}/").content.decode()
        for rial in (getattr(found, place) for place in PLACES):
            assert not rial or format_toman(rial) in page
        if found.waiting_rial:
            assert "هنوز تخصیص نیافته" in page
        assert ("نمونهٔ نمایشی" in page) is bool(found.parts)


def _goods_are_there(people) -> None:
    states = set(GiftInKind.objects.values_list("state", flat=True))
    assert states == {InKindState.OFFERED, InKindState.AGREED, InKindState.DECLINED, InKindState.RECEIVED}
    assert {batch.state for batch in KitBatch.objects.all()} == {"planned", "assembled"}
    for model in (Allocation, Delivery, GoodsDelivery, KitBatch, GiftInKind):
        assert not model.objects.filter(is_demo=False).exists()
    in_parcels = Delivery.objects.filter(goods__batch__isnull=False).first()
    gift = Donation.objects.filter(delivered_shares__delivery=in_parcels).first()
    assert (
        "تخصیص یافت: روغن خوراکی، بستهٔ معیشتی"
        in Client().get(f"/trail/{gift.tracking_code}/").content.decode()
    )
    rice = GiftInKind.objects.filter(given__item_code="rice").get()
    page = Client().get(f"/trail/{rice.tracking_code}/", follow=True).content.decode()
    assert "کالای شما در همین بسته‌هاست" in page
    before = Allocation.objects.count()
    demo_aid.seed_aid(people, lambda _: None)
    assert Allocation.objects.count() == before
