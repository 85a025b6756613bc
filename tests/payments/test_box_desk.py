"""A box in the street: its QR leads staff to its card, donors to giving; the card offers the one next step."""

from __future__ import annotations

import pytest

from campaigns.enums import BoxState
from campaigns.models import Box, Scan
from core.jalali import format_short, tehran_today
from core.text import persian_digits
from donations.models import Donation
from payments.models import BoxCount, CashDeposit
from provinces.enums import Role
from provinces.scoping import all_provinces
from tests.factories.boxes import collected, counted, planned, sealed
from tests.factories.counter import notes_for
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, office_for, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY)


@pytest.fixture
def box(country) -> Box:
    return planned(TEHRAN, TEHRAN_COUNTY)


def pieces(amount_rial: int) -> dict[str, str]:
    return {f"pieces_{pk}": persian_digits(number) for pk, number in notes_for(amount_rial).items() if number}


def card(browser, box: Box) -> str:
    answer = browser.get(f"/desk/boxes/{box.placement.code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def state_of(box: Box) -> str:
    with all_provinces("test"):
        return Box.objects.get(pk=box.pk).state


class TestScanning:
    def test_staff_of_the_place_come_to_the_card_and_are_not_counted(self, box, officer):
        answer = browser_of(officer).get(f"/q/{box.placement.code}/")
        assert answer.headers["Location"] == f"/desk/boxes/{box.placement.code}/"
        assert not Scan.objects.exists()

    @pytest.mark.parametrize("who", ["donor", "other county", "other province", "one factor", "analyst"])
    def test_everybody_else_comes_to_giving(self, box, who):
        browser = {
            "donor": lambda: browser_of(None),
            "other county": lambda: browser_of(person(Role.COUNTY_OFFICER, TEHRAN, "2302")),
            "other province": lambda: browser_of(person(Role.PROVINCIAL_EXPERT, KHUZESTAN)),
            "one factor": lambda: browser_of(
                person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY), second_factor=False
            ),
            "analyst": lambda: browser_of(person(Role.HQ_ANALYST)),
        }[who]()
        answer = browser.get(f"/q/{box.placement.code}/")
        assert answer.headers["Location"] == f"/give/?placement={box.placement.code}"
        assert Scan.objects.count() == 1

    def test_a_donor_gets_no_cookie(self, box):
        assert not browser_of(None).get(f"/q/{box.placement.code}/").cookies


class TestTheCard:
    def test_place_seal_collect(self, box, officer):
        browser, address = browser_of(officer), f"/desk/boxes/{box.placement.code}/"
        assert 'value="place"' in card(browser, box)
        placed = {
            "act": "place",
            "place-latitude": "۳۵٫۶۹۹۷",
            "place-longitude": "51.338",
            "place-address": "مسجد",
        }
        assert browser.post(address, placed).status_code == 303
        assert "geo:35.699700,51.338000" in card(browser, box)
        assert browser.post(address, {"act": "seal", "seal-seal_no": ""}).status_code == 200
        assert browser.post(address, {"act": "seal", "seal-seal_no": "۱۲"}).status_code == 303
        assert browser.post(address, {"act": "collect", "collect-seal_no": "12"}).status_code == 303
        assert state_of(box) == BoxState.COLLECTED
        assert f'href="{address}count/"' in card(browser, box)

    def test_an_old_page_sent_twice_does_no_harm(self, box, officer):
        browser, address = browser_of(officer), f"/desk/boxes/{box.placement.code}/"
        for _ in range(2):
            assert browser.post(address, {"act": "place"}).status_code == 303
        assert state_of(box) == BoxState.PLACED

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"place-latitude": "51", "place-longitude": "35"}, "در ایران نیست"),
            ({"place-latitude": "35"}, "با هم"),
            ({"place-latitude": "الف", "place-longitude": "ب"}, "در ایران نیست"),
        ],
    )
    def test_a_wrong_point_is_explained(self, box, officer, wrong, words):
        answer = browser_of(officer).post(f"/desk/boxes/{box.placement.code}/", {"act": "place", **wrong})
        assert words in answer.content.decode()
        assert state_of(box) == BoxState.PLANNED

    def test_without_a_permit_it_is_not_offered(self, country, officer):
        bare = planned(TEHRAN, TEHRAN_COUNTY, permit_no="", permit_valid_until=None)
        text = card(browser_of(officer), bare)
        assert 'value="place"' not in text
        assert "تا مجوز نوشته نشود مستقر نمی‌شود" in text

    def test_by_number_within_ones_scope(self, box, country, officer):
        planned(KHUZESTAN, number=box.number)
        assert browser_of(officer).get(f"/desk/boxes/{box.number}/").status_code == 200
        hq = browser_of(person(Role.HQ_MANAGER))
        assert hq.get(f"/desk/boxes/{box.number}/").status_code == 404, (
            "two provinces have a box of this number"
        )
        assert hq.get(f"/desk/boxes/{box.placement.code}/").status_code == 200

    def test_the_telephone_may_say_where_it_is_on_this_page_only(self, box, officer):
        browser = browser_of(officer)
        here = browser.get(f"/desk/boxes/{box.placement.code}/").headers["Permissions-Policy"]
        assert "geolocation=(self)" in here
        assert "geolocation=()" in browser.get("/desk/boxes/new/").headers["Permissions-Policy"]

    def test_trouble_is_told(self, country, officer):
        box = sealed(TEHRAN, TEHRAN_COUNTY)
        browser, address = browser_of(officer), f"/desk/boxes/{box.placement.code}/"
        assert browser.post(address, {"act": "lost", "lost-reason": ""}).status_code == 200
        assert browser.post(address, {"act": "lost", "lost-reason": "در محل نبود"}).status_code == 303
        assert state_of(box) == BoxState.LOST

    def test_an_accountant_looks_and_moves_nothing(self, box):
        browser = browser_of(person(Role.PROVINCIAL_ACCOUNTANT))
        assert 'value="place"' not in card(browser, box)
        assert browser.post(f"/desk/boxes/{box.placement.code}/", {"act": "place"}).status_code == 403


class TestTwoCount:
    def test_each_by_their_own_sign_in_and_blind(self, country, officer):
        box, second = collected(TEHRAN, TEHRAN_COUNTY), person(Role.PROVINCIAL_ACCOUNTANT)
        address = f"/desk/boxes/{box.placement.code}/count/"
        first = browser_of(officer)
        assert first.post(address, pieces(1_230_000)).status_code == 303
        assert "اکنون نفر دیگری" in first.get(address).content.decode()
        first.post(address, pieces(1_230_000))
        assert BoxCount.objects.get().state == "waiting"
        other = browser_of(second)
        assert "۱۲۳" not in other.get(address).content.decode(), (
            "the second does not see what the first found"
        )
        differs = other.post(address, pieces(1_220_000)).content.decode()
        assert "با شمارش نخست نمی‌خواند" in differs
        assert other.post(address, pieces(1_230_000)).status_code == 303
        gift = Donation.objects.get()
        assert (gift.amount_rial, gift.county_id) == (1_230_000, TEHRAN_COUNTY)
        with all_provinces("test"):
            assert BoxCount.objects.get().office == office_for(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY)
        assert "۱۲۳٬۰۰۰" in card(first, box)

    def test_the_second_sets_a_muddled_count_aside(self, country, officer):
        box = collected(TEHRAN, TEHRAN_COUNTY)
        address = f"/desk/boxes/{box.placement.code}/count/"
        browser_of(officer).post(address, pieces(500_000))
        other = browser_of(person(Role.PROVINCIAL_MANAGER))
        assert other.post(address, {"refuse": "1", "refuse-reason": ""}).status_code == 200
        assert other.post(address, {"refuse": "1", "refuse-reason": "ریخت"}).status_code == 303
        assert "شمارش نخست" in other.get(address).content.decode()

    def test_one_slip_for_several(self, country, officer):
        where = office_for(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY)
        counts = [counted(collected(TEHRAN, TEHRAN_COUNTY), where, rial) for rial in (500_000, 700_000)]
        browser = browser_of(officer)
        assert "۷۰٬۰۰۰" in browser.get("/desk/boxes/deposits/").content.decode()
        slip = {"bank": "ملی", "slip_number": "۸۸", "on": format_short(tehran_today())}
        assert browser.post("/desk/boxes/deposits/", slip).status_code == 200, "no box was chosen"
        chosen = slip | {"counts": [c.pk for c in counts]}
        assert browser.post("/desk/boxes/deposits/", chosen).status_code == 303
        deposit = CashDeposit.objects.get()
        assert (deposit.amount_rial, deposit.kind) == (1_200_000, "box")
        assert set(Box.objects.values_list("state", flat=True)) == {BoxState.DEPOSITED}


def test_permits_are_pasted_line_by_line(country):
    for _ in range(4):
        planned(permit_no="", permit_valid_until=None)
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    lines = "۱-۲\t۱۲۴/ز\t۱۴۰۶/۱۲/۲۰\n\n۴ ۱۲۵ / ز ۱۴۰۶/۱۲/۲۰"
    form = {"province": TEHRAN, "lines": lines}
    assert browser.post("/desk/boxes/permits/", form).status_code == 303
    numbers = list(Box.objects.order_by("number").values_list("permit_no", flat=True))
    assert numbers == ["۱۲۴/ز", "۱۲۴/ز", "", "۱۲۵ / ز"]
    for bad, words in (("۱ بی‌روز", "ردیف ۱"), ("۹۹ ۱/ز ۱۴۰۶/۱۲/۲۰", "صندوق ۹۹"), ("", "")):
        answer = browser.post("/desk/boxes/permits/", form | {"lines": bad})
        assert answer.status_code == 200
        assert words in answer.content.decode()


def test_custodian_and_point_are_written_on_the_desk(box, officer):
    browser, address = browser_of(officer), f"/desk/boxes/{box.placement.code}/edit/"
    facts = {
        "address": "مسجد جامع", "latitude": "35.7", "longitude": "51.4", "custodian_name": "متولی",
        "custodian_mobile": "۰۹۱۲۱۲۳۴۵۶۷", "permit_no": "۹/ز", "permit_valid_until": "۱۴۰۶/۱۲/۲۰",
    }  # fmt: skip
    assert browser.post(address, facts | {"custodian_mobile": "12"}).status_code == 200
    assert browser.post(address, facts).status_code == 303
    assert 'href="tel:+989121234567"' in card(browser, box)
    accountant = card(browser_of(person(Role.PROVINCIAL_ACCOUNTANT)), box)
    assert "0912***4567" in accountant
    assert "9121234567" not in accountant
