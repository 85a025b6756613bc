"""Numbers that staff look for stand in no address: of forms, redirects, links on the page and what comes after."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client

from core.identifiers import show_mobile
from core.kept_queries import KEY, address_of, is_private, recalled
from provinces.enums import Role
from tests.factories.care import care_case
from tests.factories.network import a_volunteer
from tests.factories.people import TEHRAN, browser_of, person

FIND = "/staff/find/"
MOBILE, NATIONAL_ID, CARD, SHEBA = (
    "09123456789",
    "0499370899",
    "6037991899998888",
    "IR820540102680020817909002",
)


@pytest.fixture(autouse=True)
def _start(db, country, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.mark.parametrize(
    "typed",
    [
        MOBILE, "+98 912 345 6789", "۰۹۱۲ ۳۴۵ ۶۷۸۹", "٠٩١٢-٣٤٥-٦٧٨٩", "0912.345.6789", "(0912) 345 6789", "9123456789",
        NATIONAL_ID, "049-937089-9", CARD, "۶۰۳۷-۹۹۱۸-۹۹۹۹-۸۸۸۸", SHEBA, "IR82 0540 1026 8002 0817 9090 02",
        f"مریم کریمی {MOBILE}", f"{NATIONAL_ID}مریم", "12345678",
    ],
)  # fmt: skip
def test_what_could_be_somebodys_number(typed):
    assert is_private(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "مریم کریمی",
        "A7KM-29RT-X4HC",
        "2345-6789-ACEF",
        "ACEF-2345-6789",
        "1405",
        "1234567",
        "case:7",
        "\x00",
    ],
)
def test_what_may_stand_in_an_address(typed):
    assert not is_private(typed)


def addresses_in(page) -> list[str]:
    """Everything that a page leads to, and the way that led to it."""
    html = page.content.decode()
    return [address for address, _ in page.redirect_chain] + re.findall(
        r'(?:href|action|src)="([^"]*)"', html
    )


def in_the_open(page, typed: str) -> list[str]:
    digits = re.sub(r"\D", "", typed)
    return [a for a in addresses_in(page) if digits in re.sub(r"[^0-9A-Za-z]", "", a)]


ROOMS = [
    ("/desk/volunteers/", Role.PROVINCIAL_MANAGER),
    ("/desk/volunteers/groups/", Role.PROVINCIAL_MANAGER),
    ("/desk/search/", Role.PROVINCIAL_MANAGER),
    ("/desk/care/", Role.PROVINCIAL_MANAGER),
    ("/desk/payments/", Role.PROVINCIAL_ACCOUNTANT),
    ("/desk/in-kind/", Role.PROVINCIAL_EXPERT),
    ("/desk/partners/", Role.PROVINCIAL_MANAGER),
    ("/desk/agreements/", Role.PROVINCIAL_MANAGER),
    ("/desk/promises/", Role.PROVINCIAL_MANAGER),
    ("/desk/neighbourhoods/", Role.PROVINCIAL_MANAGER),
    ("/desk/needs/", Role.PROVINCIAL_EXPERT),
    ("/desk/codes/", Role.PROVINCIAL_MANAGER),
    ("/desk/boxes/", Role.PROVINCIAL_EXPERT),
    ("/admin/volunteers/volunteer/", Role.ADMINISTRATOR),
    ("/admin/donations/donor/", Role.ADMINISTRATOR),
    ("/admin/core/outgoingsms/", Role.ADMINISTRATOR),
    ("/admin/payments/attempt/", Role.ADMINISTRATOR),
]


@pytest.mark.parametrize(("room", "role"), ROOMS, ids=[room for room, _ in ROOMS])
def test_every_list_with_a_free_field_sends_it_where_numbers_are_kept(room, role):
    browser = browser_of(person(role))
    html = browser.get(room).content.decode()
    free = [form for form in re.findall(r"<form.*?</form>", html, re.DOTALL) if 'name="q"' in form]
    assert free
    assert [form for form in free if 'method="post"' not in form or f'action="{FIND}"' not in form] == []
    assert any(f'value="{room}"' in form for form in free)
    for typed in (MOBILE, NATIONAL_ID, CARD):
        page = browser.post(FIND, {"to": room, "q": typed}, follow=True)
        assert page.status_code == 200
        assert f'value="{typed}"' in page.content.decode(), "and it is still to be seen what was looked for"
        assert in_the_open(page, typed) == []
        assert "no-store" in page["Cache-Control"]


def test_somebody_is_found_by_number_and_the_links_of_the_page_keep_the_key():
    people = [a_volunteer(name=f"داوطلب {number}") for number in range(2)]
    browser = browser_of(person(Role.PROVINCIAL_MANAGER))
    typed = show_mobile(people[0].mobile)
    page = browser.post(FIND, {"to": "/desk/volunteers/", "q": typed, "vetting": "waiting"}, follow=True)
    html = page.content.decode()
    assert people[0].name in html
    assert people[1].name not in html
    assert page.redirect_chain[0][1] == 303
    assert "vetting=waiting" in page.redirect_chain[0][0]
    file = next(a for a in addresses_in(page) if "file=csv" in a).replace("&amp;", "&")
    assert f"{KEY}=" in file
    assert people[0].name in browser.get(f"/desk/volunteers/{file}").content.decode()
    assert people[0].pk in [
        int(re.search(r"(\d+)/$", hit.url)[1])
        for part in browser.post(FIND, {"to": "/desk/search/", "q": typed}, follow=True).context["found"]
        for hit in part.hits
        if part.kind == "volunteers"
    ]


def test_over_everything_a_care_case_is_found_by_its_number_without_it_in_the_address():
    care = care_case(province=TEHRAN)
    browser = browser_of(person(Role.PROVINCIAL_MANAGER))
    typed = show_mobile(care.mobile)
    page = browser.post(FIND, {"to": "/desk/search/", "q": typed}, follow=True)
    assert [part.kind for part in page.context["found"]] == ["care"]
    assert in_the_open(page, typed) == []


def test_in_the_admin_what_follows_a_search_keeps_the_key():
    somebody = a_volunteer()
    browser = browser_of(person(Role.ADMINISTRATOR))
    page = browser.post(FIND, {"to": "/admin/volunteers/volunteer/", "q": somebody.national_id}, follow=True)
    html = page.content.decode()
    assert f"/volunteer/{somebody.pk}/" in html
    assert in_the_open(page, somebody.national_id) == []
    change = next(a for a in addresses_in(page) if f"/volunteer/{somebody.pk}/" in a).replace("&amp;", "&")
    assert KEY in change
    assert in_the_open(browser.get(change, follow=True), somebody.national_id) == []


def test_an_address_with_a_number_is_left_at_once():
    browser = browser_of(person(Role.PROVINCIAL_MANAGER))
    answer = browser.get("/desk/volunteers/", {"q": MOBILE, "vetting": "approved"})
    assert answer.status_code == 302
    assert MOBILE not in answer["Location"]
    assert "vetting=approved" in answer["Location"]
    assert browser.get(answer["Location"]).status_code == 200
    stranger = Client().get("/desk/volunteers/", {"q": MOBILE})
    assert stranger["Location"] == "/desk/volunteers/", "nor is it carried to the door"


def test_a_name_stays_in_the_address():
    browser = browser_of(person(Role.PROVINCIAL_MANAGER))
    answer = browser.post(FIND, {"to": "/desk/volunteers/", "q": "مریم", "section": "health"})
    asked = QueryDict(answer["Location"].partition("?")[2])
    assert (answer.status_code, asked["q"], asked["section"]) == (303, "مریم", "health")
    assert KEY not in asked


def test_a_key_is_the_persons_own_and_ends():
    mine, another = person(Role.PROVINCIAL_MANAGER), person(Role.PROVINCIAL_MANAGER)
    a_volunteer(name="مریم نمونه")
    address = browser_of(mine).post(FIND, {"to": "/desk/volunteers/", "q": MOBILE})["Location"]
    theirs = browser_of(another).get(address, follow=True)
    assert theirs.redirect_chain == [("/desk/volunteers/", 302)]
    assert MOBILE not in theirs.content.decode()
    cache.clear()
    over = browser_of(mine).get(address, follow=True).content.decode()
    assert "دوباره بنویسید" in over
    for odd in ("", "x y", "\n", "ی", "x" * 500):
        assert browser_of(mine).get("/desk/volunteers/", {KEY: odd}).status_code == 302


def test_what_is_kept_is_encrypted():
    who = person()
    asked = QueryDict(address_of("/desk/", QueryDict(f"q={MOBILE}"), who.pk).partition("?")[2])
    kept = cache.get(f"kept-query:{who.pk}:{asked[KEY]}")
    assert kept
    assert MOBILE not in kept
    assert recalled(asked, who.pk)["q"] == MOBILE


@pytest.mark.parametrize(
    "to", ["", "/", "//evil.example/desk/", "https://evil.example/desk/", "/desk/\\evil", "desk/"]
)
def test_it_leads_nowhere_but_to_the_rooms_of_staff(to):
    answer = browser_of(person(Role.PROVINCIAL_MANAGER)).post(FIND, {"to": to, "q": MOBILE})
    assert answer["Location"] == "/staff/"


def test_a_stranger_is_led_to_the_door_without_the_number():
    answer = Client().post(FIND, {"to": "/desk/volunteers/", "q": MOBILE})
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/desk/volunteers/")
    assert Client(enforce_csrf_checks=True).post(FIND, {"to": "/desk/", "q": MOBILE}).status_code == 403
