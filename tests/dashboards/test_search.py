"""One field over everything of one's scope."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.services.placements import create_box
from cases.services.cases import open_case
from core.codes import show_code
from core.models import AuditEntry
from core.text import search_key
from dashboards.search import FINDERS, read_typed
from dashboards.search_phrases import KINDS
from payments.models import Attempt
from provinces.enums import Role
from provinces.models import Province
from provinces.scoping import all_provinces
from tests.factories.care import care_case
from tests.factories.channels import proposed
from tests.factories.gifts import receive
from tests.factories.needs import need
from tests.factories.network import a_group, an_opportunity
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person
from tests.factories.promises import signed
from volunteers.enums import Section
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


def found(role: Role, q: str, province: str = TEHRAN) -> dict[str, list]:
    page = browser_of(person(role, province)).get("/desk/search/", {"q": q}, follow=True)
    assert page.status_code == 200
    return {part.kind: part.hits for part in page.context["found"]}


@pytest.fixture
def gift():
    with all_provinces("test"):
        return receive(province=TEHRAN)


def a_volunteer(name: str, province: str = TEHRAN, number: int = 1) -> Volunteer:
    with all_provinces("test"):
        return Volunteer.objects.create(
            name=name,
            mobile=f"+98912000{number:04d}",
            mobile_hash=f"hash {number}",
            province_id=province,
            section=Section.HEALTH,
        )


def test_a_tracking_code_in_any_writing_finds_gift_and_payment(gift):
    code = show_code(gift.tracking_code)
    persian = code.lower().translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for typed in (code, persian, f" {gift.tracking_code} "):
        hits = found(Role.PROVINCIAL_ACCOUNTANT, typed)
        assert set(hits) >= {"gifts", "payments"}, typed
        assert hits["gifts"][0].url == f"/give/{gift.tracking_code}/"
    assert "payments" not in found(Role.PROVINCIAL_EXPERT, code), "not for that role"


def test_numbers_of_banks_and_receipts(gift):
    with all_provinces("test"):
        attempt = Attempt.objects.get(donation=gift)
        receipt = gift.receipt
    for typed in (attempt.reference, attempt.rrn, str(attempt.order_id)):
        if typed:
            hits = found(Role.PROVINCIAL_ACCOUNTANT, typed)
            assert hits["payments"][0].url == f"/desk/payments/{attempt.pk}/", typed
    assert found(Role.PROVINCIAL_EXPERT, receipt.code)["gifts"]
    assert found(Role.PROVINCIAL_EXPERT, receipt.serial)["gifts"]


def test_nothing_of_another_province(gift):
    a_volunteer("زهرا کریمی")
    with all_provinces("test"):
        need(province=TEHRAN, title="ویلچر")
        care = care_case(province=TEHRAN)
        open_case("undecided", "attempt:7", TEHRAN)
    for typed in (gift.tracking_code, "زهرا", "ویلچر", care.code, "attempt:7"):
        assert found(Role.PROVINCIAL_MANAGER, typed, KHUZESTAN) == {}, typed
    assert found(Role.PROVINCIAL_MANAGER, "شمیرانات", KHUZESTAN) == {}


@pytest.mark.parametrize("typed", ["علی رضایی", "علي رضايي", "علیرضایی", "علی‌رضایی"])
def test_names_are_found_however_they_are_written_and_it_is_audited(typed):
    volunteer = a_volunteer("علی رضایی")
    hits = found(Role.PROVINCIAL_MANAGER, typed)
    assert [hit.text for hit in hits["volunteers"]] == ["علی رضایی"]
    entry = AuditEntry.objects.get(action="search.show")
    assert entry.data == {"kind": "volunteers", "rows": [volunteer.pk]}, "what was typed is not kept"
    assert "volunteers" not in found(Role.PROVINCIAL_ACCOUNTANT, typed)


def test_needs_campaigns_boxes_and_colleagues():
    with all_provinces("test"):
        need(province=TEHRAN, title="ویلچر برای توان‌یابان")
        box = create_box(province=Province.objects.get(code=TEHRAN), actor=person())
    assert found(Role.PROVINCIAL_MANAGER, "توان یابان")["needs"]
    assert found(Role.PROVINCIAL_MANAGER, "ضیافت")["campaigns"]
    for typed in (str(box.number), box.placement.code, show_code(box.placement.code)):
        if len(typed) >= 2:
            assert found(Role.PROVINCIAL_MANAGER, typed)["boxes"], typed
    colleague = person(Role.PROVINCIAL_EXPERT)
    assert found(Role.PROVINCIAL_MANAGER, colleague.username)["colleagues"]
    assert found(Role.PROVINCIAL_EXPERT, colleague.username) == {}


def test_a_donors_number_finds_the_gifts_of_ones_own_place_and_it_is_audited():
    with all_provinces("test"):
        gifts = [receive(province=TEHRAN, mobile="+989121110022", name="زهرا احمدی") for _ in range(2)]
        receive(province=KHUZESTAN, mobile="+989121110022")
    hits = found(Role.PROVINCIAL_EXPERT, "۰۹۱۲ ۱۱۱ ۰۰۲۲")["donors"]
    assert [hit.url for hit in hits] == [f"/give/{gift.tracking_code}/" for gift in reversed(gifts)]
    assert not any("زهرا" in f"{hit.text}{hit.note}" for hit in hits)
    assert AuditEntry.objects.get(action="search.show").data["kind"] == "donors"
    assert "donors" not in found(Role.PROVINCIAL_ACCOUNTANT, "09121110022"), "not for that role"
    assert "donors" not in found(Role.PROVINCIAL_EXPERT, "091211100"), "not by a part of the number"


def test_agreements_channels_groups_and_opportunities():
    with all_provinces("test"):
        agreement = signed(title="تفاهم‌نامهٔ مسکن")
        channel = proposed("card", name="کارت صدقات", province=TEHRAN)
        group = a_group(name="یاوران مهر", name_key=search_key("یاوران مهر"))
        work = an_opportunity(title="بسته‌بندی ارزاق")
    for typed, kind, url in (
        ("مسکن", "agreements", f"/desk/agreements/{agreement.pk}/"),
        ("صدقات", "channels", f"/desk/channels/{channel.pk}/"),
        (channel.value, "channels", f"/desk/channels/{channel.pk}/"),
        ("ياوران", "groups", f"/desk/volunteers/groups/{group.pk}/"),
        ("ارزاق", "opportunities", f"/desk/volunteers/opportunities/{work.pk}/"),
    ):
        hits = found(Role.PROVINCIAL_MANAGER, typed)[kind]
        assert [hit.url for hit in hits] == [url], typed
        assert kind not in found(Role.PROVINCIAL_MANAGER, typed, KHUZESTAN), typed


def test_too_little_and_nothing():
    browser = browser_of(person(Role.PROVINCIAL_MANAGER))
    assert "دست‌کم دو نویسه" in browser.get("/desk/search/?q=ا").content.decode()
    assert "چیزی پیدا نشد" in browser.get("/desk/search/?q=ققققق").content.decode()
    assert read_typed("  ") is None
    for odd in ("'; DROP TABLE", "%", "\x00\x00\x00", "۱" * 500, "🙂🙂🙂"):
        assert browser.get("/desk/search/", {"q": odd}, follow=True).status_code == 200


def test_every_kind_has_a_name():
    assert {kind for kind, *_ in FINDERS} <= set(KINDS)


def test_as_many_queries_for_many_as_for_one():
    a_volunteer("سارا یک", number=1)
    browser = browser_of(person(Role.PROVINCIAL_MANAGER))
    with CaptureQueriesContext(connection) as one:
        browser.get("/desk/search/?q=سارا")
    for number in range(2, 9):
        a_volunteer(f"سارا {number}", number=number)
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/desk/search/?q=سارا")
    assert len(page.context["found"][0].hits) == 8
    assert len(many) == len(one)


def test_a_case_is_found_by_its_gift_its_order_and_its_own_number(gift):
    with all_provinces("test"):
        order = Attempt.objects.get(donation=gift).order_id
        case = open_case("answer_misfit", f"attempt:{order}", TEHRAN, tracking_code=gift.tracking_code)
    for typed in (show_code(gift.tracking_code), str(order), f"{case.pk:02d}"):
        assert [hit.url for hit in found(Role.PROVINCIAL_ACCOUNTANT, typed)["cases"]] == [
            f"/desk/cases/{case.pk}/"
        ], typed
        assert "cases" not in found(Role.PROVINCIAL_ACCOUNTANT, typed, KHUZESTAN), typed
