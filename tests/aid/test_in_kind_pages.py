"""Goods offered on the public page without scripts and followed by their code; answered and taken in at the desk."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from PIL import Image

from aid.models import Intake, Lot
from aid.services.intake import take_in
from core.codes import show_code
from core.jalali import format_short
from core.outbox import drain
from donations.enums import HandOver
from donations.models import Donation, GiftInKind, OfferedGoods
from provinces.enums import Role
from provinces.scoping import all_provinces
from tests.donations.conftest import fields_of
from tests.factories.goods import goods, in_days, offer, office, picture, stocked, walk_in, warehouse
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]
URL = "/give/in-kind/"
TYPED = {
    "goods-0-description": "پتو", "goods-0-quantity": "۴", "goods-1-description": "برنج",
    "goods-1-quantity": "۲٫۵", "goods-1-unit": "kilogram", "mobile": "۰۹۱۲۱۱۱۲۲۳۳", "name": "علي",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    cache.clear()
    settings.MEDIA_ROOT = tmp_path


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def offer_form(province: str = TEHRAN, county: str = "") -> dict:
    answer = Client().get(URL, {"province": province, "county": county})
    return fields_of(answer) | {"province": province, "county": county}


def test_first_it_asks_where_one_is_and_says_truly_what_is_not_known():
    first = Client().get(URL).content
    assert b'name="mobile"' not in first
    assert b"aria-invalid" not in first
    assert b"aria-invalid" in Client().get(URL, {"province": ""}).content
    near = text_of(Client().get(URL, {"province": TEHRAN}))
    assert near.count("از اداره بپرسید") == 3


def test_a_countys_own_office_is_nearer():
    own = office(TEHRAN, TEHRAN_COUNTY)
    page = Client().get(URL, {"province": TEHRAN, "county": TEHRAN_COUNTY}).content.decode()
    assert page.index(own.name) < page.index(office(TEHRAN).name)


def test_an_offer_is_sent_and_followed_without_a_cookie():
    browser = Client()
    answer = browser.post(URL, offer_form() | TYPED)
    assert answer.status_code == 303
    gift = GiftInKind.objects.get()
    assert answer["Location"] == reverse("in-kind-status", args=[gift.tracking_code])
    assert [(g.description, str(g.quantity)) for g in gift.offered.all()] == [
        ("پتو", "4.000"),
        ("برنج", "2.500"),
    ]
    assert (gift.donor_name, gift.donor.mobile) == ("علی", "+989121112233")
    page = browser.get(answer["Location"])
    assert not browser.cookies
    assert page["Referrer-Policy"] == "no-referrer"
    shown = text_of(page)
    assert "برنج: ۲٫۵ کیلوگرم" in shown
    assert "علی" not in shown
    assert "۹۱۲۱۱۱" not in shown
    typed = show_code(gift.tracking_code).lower()
    assert browser.get(reverse("in-kind-status", args=[typed])).status_code == 302
    assert browser.get(f"/give/{gift.tracking_code}/")["Location"] == answer["Location"]
    assert browser.get(reverse("in-kind-status", args=["nothing"])).status_code == 404


def test_the_same_form_twice_is_one_offer():
    form = offer_form() | TYPED
    assert Client().post(URL, form)["Location"] == Client().post(URL, form)["Location"]
    assert GiftInKind.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"goods-0-description": "", "goods-0-quantity": "", "goods-1-description": "", "goods-1-quantity": ""},
         "دست‌کم یک کالا"),
        ({"goods-0-quantity": "هیچ"}, "مقدار را با رقم"),
        ({"goods-0-quantity": ""}, "مقدار را بنویسید"),
        ({"mobile": "123"}, "شمارهٔ همراه درست نیست"),
        ({"way": "pickup"}, "نشانی را بنویسید"),
        ({"wished_on": "1400/01/01"}, "این روز گذشته است"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(change, said):
    answer = Client().post(URL, offer_form() | TYPED | change)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="علي"' in answer.content.decode()
    assert not GiftInKind.objects.exists()


def test_more_lines_come_without_scripts():
    form = offer_form() | TYPED
    answer = Client().post(URL, form | {"more": "1"})
    fields = fields_of(answer)
    assert fields["goods-0-description"] == "پتو"
    assert int(fields["goods-TOTAL_FORMS"]) >= 6
    assert Client().post(URL, fields | {"province": TEHRAN}).status_code == 303


def test_a_picture_loses_where_it_was_taken_and_is_for_staff_only():
    Client().post(URL, offer_form() | TYPED | {"goods-0-photo": picture()})
    line = OfferedGoods.objects.exclude(photo="").get()
    with Image.open(line.photo.path) as kept:
        assert (kept.format, dict(kept.getexif())) == ("JPEG", {})
    address = reverse("in-kind-offered-photo", args=[line.pk])
    assert Client().get(address).status_code == 302
    answer = browser_of(person(Role.PROVINCIAL_EXPERT)).get(address)
    assert answer["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(b"".join(answer.streaming_content))).size == (64, 48)


def test_what_is_no_picture_is_refused():
    bad = picture()
    bad.file = BytesIO(b"<svg onload=alert(1)>")
    answer = Client().post(URL, offer_form() | TYPED | {"goods-0-photo": bad})
    assert answer.status_code == 422
    assert "JPEG" in text_of(answer)


def test_each_step_is_on_the_donors_page():
    gift = offer()
    page = reverse("in-kind-status", args=[gift.tracking_code])
    clerk = browser_of(person(Role.PROVINCIAL_EXPERT))
    assert "اداره پیشنهاد را می‌بیند" in text_of(Client().get(page))
    desk = reverse("in-kind-gift", args=[gift.pk])
    agreed = {
        "act": "agree",
        "agree-words": "منتظر شماییم",
        "agree-on": format_short(in_days(1)),
        "agree-part": "noon",
    }
    assert clerk.post(desk, agreed).status_code == 303
    assert "۱۲ تا ۱۶" in text_of(Client().get(page))
    take = reverse("in-kind-take", args=[gift.pk])
    form = fields_of(clerk.get(take))
    form |= {
        "appraised_by": "کارشناس انبار", "goods-0-item": "لحاف", "goods-0-quantity": "4", "goods-0-value": "۸۰۰٬۰۰۰",
        "goods-1-item": "برنج", "goods-1-quantity": "20", "goods-1-value": "2 میلیون",
        "goods-1-expires_on": format_short(in_days(90)), "goods-1-photo": picture(),
    }  # fmt: skip
    answer = clerk.post(take, form)
    assert answer.status_code == 303, text_of(answer)
    gift.refresh_from_db()
    assert gift.donation.amount_rial == 28_000_000
    shown = text_of(Client().get(page))
    assert "در انبار ثبت شد و رسید صادر شد" in shown
    assert "هنوز در انبار است" in shown
    assert {lot.item_id for lot in Lot.objects.all()} == {"blanket", "rice"}
    receipt = Client().get(reverse("receipt", args=[gift.donation.receipt.token]))
    said = text_of(receipt)
    assert "رسید کمک غیرنقدی" in said
    assert "۲۰ کیلوگرم" in said
    assert "ارزش برآوردی" in said
    pdf = Client().get(reverse("receipt-pdf", args=[gift.donation.receipt.token]))
    assert pdf.content.startswith(b"%PDF")
    drain()


def test_the_second_person_is_asked_for_at_the_desk(settings):
    settings.IN_KIND_SECOND_APPRAISAL_RIAL = 1
    clerk, manager = person(Role.PROVINCIAL_EXPERT), person(Role.PROVINCIAL_MANAGER)
    gift = walk_in()
    place = warehouse(gift.office)
    take_in(gift.pk, [goods()], warehouse=place, actor=clerk)
    desk = reverse("in-kind-gift", args=[gift.pk])
    yes = {"act": "value", "value-decision": "yes"}
    assert browser_of(clerk).post(desk, yes).status_code == 403
    assert browser_of(manager).post(desk, yes).status_code == 303
    assert Intake.objects.get().confirmed_by == manager
    assert Donation.objects.get().status == "received"


def test_somebody_brings_goods_unannounced():
    clerk = browser_of(person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY))
    page = clerk.get(reverse("in-kind-new"))
    answer = clerk.post(reverse("in-kind-new"), fields_of(page))
    gift = GiftInKind.objects.get()
    assert answer["Location"] == reverse("in-kind-take", args=[gift.pk])
    assert (gift.is_walk_in, gift.office.county_id, gift.donor) == (True, TEHRAN_COUNTY, None)


def test_the_queue_finds_by_code_and_shows_ones_own_place_only():
    here, there = offer(), offer(office(KHUZESTAN))
    manager = browser_of(person(Role.PROVINCIAL_MANAGER))
    assert show(manager, here) is True
    assert show(manager, there) is False
    with all_provinces("test"):
        stocked(warehouse())
    assert manager.get(reverse("in-kind"), {"state": "received"}).content.count(b'<th scope="row">') == 1


def test_only_who_meets_the_donor_sees_number_and_home():
    gift = offer(mobile="+989121112233", way=HandOver.PICKUP, pickup_address="خیابان بهار، پلاک ۷")
    desk = reverse("in-kind-gift", args=[gift.pk])
    expert, manager = (browser_of(person(role)) for role in (Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER))
    for browser, sees in ((expert, True), (manager, False)):
        page = browser.get(desk).content.decode()
        assert [private in page for private in ("09121112233", "خیابان بهار")] == [sees, sees]
        assert ("0912***2233" in page) is not sees


def show(browser, gift) -> bool:
    page = browser.get(reverse("in-kind"), {"q": show_code(gift.tracking_code)}).content.decode()
    return f"/desk/in-kind/{gift.pk}/" in page
