"""Goods followed from their offer to the families they reached, by one code; news for whoever wishes it."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from aid.models import TrailWish
from aid.services.goods_deliveries import undo_goods_delivery
from aid.services.intake import take_in
from aid.services.kit_packing import assemble
from aid.services.kits import mark_arrived
from core.models import OutgoingSms
from core.outbox import drain
from donations.models import Donation, GiftInKind
from donations.services.in_kind import agree_to_offer
from provinces.models import County
from tests.aid.test_goods_deliveries import planned
from tests.donations.conftest import fields_of
from tests.factories.gifts import receive
from tests.factories.goods import given, goods, handed, offer, ready_batch, set_aside, warehouse
from tests.factories.people import person

pytestmark = pytest.mark.usefixtures("db", "country")
MOBILE = "+989121112233"


def page_of(code: str) -> str:
    answer = Client().get(f"/trail/{code}/", follow=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def messages(purpose: str = "trail") -> list[str]:
    drain()
    return [row.text for row in OutgoingSms.objects.filter(purpose=purpose).order_by("pk")]


@pytest.fixture
def rice() -> GiftInKind:
    """Rice that somebody offered, brought and was given a receipt for."""
    gift = offer(mobile=MOBILE, fund="livelihood")
    assert "پیشنهاد شما ثبت شد" in page_of(gift.tracking_code)
    agree_to_offer(gift.pk, actor=person(), words="چشم به راهیم")
    assert "اداره با سپاس می‌پذیرد" in page_of(gift.tracking_code)
    take_in(gift.pk, [goods("rice", 100, 90_000_000)], warehouse=warehouse(gift.office), actor=person())
    return GiftInKind.objects.get(pk=gift.pk)


def test_goods_are_followed_on_the_trail_from_their_offer_to_families(rice):
    code, place = rice.tracking_code, rice.intake.warehouse
    assert "هنوز به کسی داده نشده" in page_of(code) or "در انبار" in page_of(code)
    county = County.objects.get(pk="2301")
    given(place, quantity=30, households=24, county=county)
    page = page_of(code)
    assert f"تحویل شد: برنج در شهرستان {county.name}، استان تهران" in page
    assert "۳۰ کیلوگرم برنج" in page
    assert "به ۲۴ خانوار یا نفر رسید. سهم کالای شما: ۳۰ کیلوگرم." in page
    assert "بخشی به دست نیازمندان رسید" in page
    handed(ready_batch(place, 5), 5)
    page = page_of(code)
    assert "کالای شما در همین بسته‌هاست" in page
    assert "KIT-" not in page


def test_few_who_received_goods_are_not_pointed_at(rice):
    county = County.objects.get(pk="2301")
    given(rice.intake.warehouse, quantity=2, households=1, county=county)
    told = page_of(rice.tracking_code).split("تحویل شد", 1)[1].split("اداره کل", 1)[0]
    assert "گیرندگان اندک بودند" in told
    assert f"شهرستان {county.name}" not in told
    assert "خانوار" not in told


def test_what_was_undone_is_said(rice):
    made = given(rice.intake.warehouse, quantity=2)
    undo_goods_delivery(made.pk, actor=person(), reason="اشتباه ثبت")
    page = page_of(rice.tracking_code)
    assert "تحویلی که ثبت شده بود بازگردانده شد" in page
    assert "اشتباه ثبت" not in page


def test_whoever_gave_goods_is_told_when_they_move_if_wished(rice):
    place, address = rice.intake.warehouse, f"/give/in-kind/{rice.tracking_code}/"
    (receipt,) = [text for text in messages("in_kind") if "رسید:" in text]
    assert address in receipt  # one tap from the receipt's message
    given(place, quantity=1)
    assert messages() == []
    answer = Client(enforce_csrf_checks=True).post(address, {"wish": "on"})
    assert (answer.status_code, answer.url) == (303, f"{address}#wish")
    assert "دیگر خبر ندهید" in page_of(rice.tracking_code)
    given(place, quantity=1)
    (text,) = messages()
    assert f"/trail/{rice.tracking_code}/" in text
    given(place, quantity=1)
    assert len(messages()) == 1  # one a day


def test_an_offer_that_has_not_come_takes_no_wish():
    gift = offer(mobile=MOBILE)
    assert Client().post(f"/give/in-kind/{gift.tracking_code}/", {"wish": "on"}).status_code == 200
    assert not TrailWish.objects.exists()


# --- the wish said with the gift -------------------------------------------------------------------------
def send(**said) -> object:
    cache.clear()
    filled = fields_of(Client().get("/give/?fund=livelihood")) | {"fund": "livelihood", "amount": "100000"}
    return Client().post("/give/", filled | said)


def test_news_may_be_wished_for_with_the_gift():
    assert send(mobile="09121112233", news="on").status_code == 303
    gift = Donation.objects.get()
    assert (TrailWish.objects.get().donation, TrailWish.objects.get().is_on) == (gift, True)


def test_a_gift_without_that_wish_has_none():
    assert send(mobile="09121112233").status_code == 303
    assert not TrailWish.objects.exists()


def test_news_need_a_number():
    answer = send(news="on")
    assert answer.status_code == 422
    assert "برای خبر گرفتن شمارهٔ همراه خود را بنویسید" in answer.content.decode()
    assert not Donation.objects.exists()


def test_money_for_kits_is_followed_into_the_kits():
    batch, funding = planned(count=4)
    gift = receive(funding.amount_rial, fund="livelihood", province="23", mobile=MOBILE)
    other = receive(50_000, fund="livelihood", province="23")
    set_aside(funding, gift=gift)
    assert "تخصیص یافت: برنج، بستهٔ معیشتی" in page_of(gift.tracking_code)
    assert "هنوز تخصیص نیافته" in page_of(other.tracking_code)
    mark_arrived(funding.pk, actor=person())
    assemble(batch.pk, actor=person())
    handed(batch, 3, households=3)
    page = page_of(gift.tracking_code)
    assert "تحویل شد: بستهٔ معیشتی در استان تهران" in page
    assert "در راه رسیدن به نیازمندان" in page
    handed(batch, 1)
    assert "در راه رسیدن به نیازمندان" not in page_of(gift.tracking_code)
