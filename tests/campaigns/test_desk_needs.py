"""The desk's needs: from an officer's phone to the public page, and the steps nobody takes alone."""

from __future__ import annotations

import pytest

from campaigns.enums import NeedState
from campaigns.models import Need
from provinces.enums import Role
from tests.factories.needs import need
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")
LIST = "/desk/needs/"
FORM = {
    "kind": "livelihood", "title": "بسته برای سی خانوار", "persons": "۱۲۰", "urgency": "3", "goal": "۲۴ میلیون",
    "wanted_items": "برنج، ۴۰، کیسه، ۵۰۰٬۰۰۰\nروغن | 80 | بطری", "fund": "livelihood", "wanted_by": "۱۴۰۶/۰۱/۳۱",
    "surplus_rule": "به ماه پسین می‌رسد", "story": "برنج و روغن یک ماه", "centre_code": "PLC-1",
}  # fmt: skip


@pytest.fixture
def officer():
    return browser_of(person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY))


@pytest.fixture
def expert():
    return browser_of(person(Role.PROVINCIAL_EXPERT, TEHRAN))


def html(browser, address: str, **query) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def filled(browser, **more) -> dict:
    """The page's own form; the one place of the person is in it already."""
    form = browser.get(f"{LIST}new/").context["form"]
    hidden = {name: form.fields[name].initial.pk for name in ("province", "county") if form[name].is_hidden}
    return FORM | hidden | more


def step(browser, row: Need, act: str, **fields) -> str:
    answer = browser.post(
        f"{LIST}{row.pk}/", {"act": act, **{f"{act}-{k}": v for k, v in fields.items()}}, follow=True
    )
    return answer.content.decode()


def test_from_an_officers_phone_to_the_public_page(officer, expert, client):
    sent = officer.post(f"{LIST}new/", filled(officer), follow=True)
    assert "در انتظار بررسی همکار دیگری است" in sent.content.decode()
    row = Need.objects.get()
    assert (row.county_id, row.persons, row.goal_rial, row.state) == (
        TEHRAN_COUNTY, 120, 240_000_000, NeedState.FOUND,
    )  # fmt: skip
    assert [(i.item, i.quantity, i.unit, i.unit_price_rial) for i in row.wanted_items.all()] == [
        ("برنج", 40, "کیسه", 5_000_000), ("روغن", 80, "بطری", None),
    ]  # fmt: skip
    assert "تأیید می‌کنم" not in html(officer, f"{LIST}{row.pk}/")
    assert officer.post(f"{LIST}{row.pk}/", {"act": "verify"}).status_code == 403
    assert row.title in html(expert, LIST, state="found")
    assert client.get(f"/needs/{row.code}/").status_code == 404
    assert "تأیید شد" in step(expert, row, "verify")
    assert "منتشر شد" in step(expert, row, "publish")
    assert row.title in html(client, "/needs/")
    assert "دلیل" in step(officer, row, "withdraw", reason="")
    assert "پایان یافت" in step(officer, row, "close", report="چهل بسته رسید", evidence="ص-۱۲")
    assert "چهل بسته رسید" in html(client, f"/needs/{row.code}/")


def test_nobody_verifies_their_own(expert):
    expert.post(f"{LIST}new/", filled(expert))
    row = Need.objects.get()
    assert "همکار دیگری بررسی می‌کند" in html(expert, f"{LIST}{row.pk}/")
    assert "همکار دیگری بررسی می‌کند" in step(expert, row, "verify")
    assert Need.objects.get().state == NeedState.FOUND


def test_warnings_stand_before_publishing(expert):
    row = need(
        state=NeedState.VERIFIED, title="بسته برای خانوادهٔ آقای محمدی", persons=7, county_id=TEHRAN_COUNTY
    )
    page = html(expert, f"{LIST}{row.pk}/")
    assert "نام کسی" in page
    assert "تنها نام استان می‌آید" in page
    assert "آنچه پیدا شد را بخوانید" in step(expert, row, "publish")
    assert Need.objects.get().state == NeedState.VERIFIED
    step(expert, row, "publish", traits_seen="on")
    assert Need.objects.get().state == NeedState.PUBLISHED


def test_what_was_typed_stays_and_the_rule_is_said(officer):
    for change, says in (
        ({"fund": "dowry"}, "این نوع کمک برای این نیاز هزینه نمی‌شود"),
        ({"wanted_items": "برنج"}, "هر سطر"),
        ({"persons": "چند"}, "عدد درست"),
        ({"goal": "", "wanted_items": ""}, "دست‌کم یک قلم"),
    ):
        page = officer.post(f"{LIST}new/", filled(officer, **change)).content.decode()
        assert says in page, change
        assert FORM["title"] in page
    assert not Need.objects.exists()


def test_correcting_shows_what_is_written_and_waits_again(officer, expert):
    officer.post(f"{LIST}new/", filled(officer))
    row = Need.objects.get()
    step(expert, row, "refuse", reason="شمار افراد روشن نیست")
    page = html(officer, f"{LIST}{row.pk}/edit/")
    assert "برنج، ۴۰، کیسه، ۵۰۰٬۰۰۰" in page
    officer.post(f"{LIST}{row.pk}/edit/", filled(officer, persons="90"))
    row.refresh_from_db()
    assert (row.state, row.persons) == (NeedState.FOUND, 90)


def test_a_county_officer_sees_the_own_county_and_its_progress_only(officer):
    mine = need(county_id=TEHRAN_COUNTY, persons=7, title="از آن ما")
    other = need(county_id="2302", title="از آن دیگری")
    there = need(province=KHUZESTAN, title="استان دیگر")
    page = html(officer, LIST)
    assert "از آن ما" in page
    assert "از آن دیگری" not in page
    assert "استان دیگر" not in page
    assert officer.get(f"{LIST}{mine.pk}/").status_code == 200
    for row in (other, there):
        assert officer.get(f"{LIST}{row.pk}/").status_code == 404
    assert officer.post(f"{LIST}new/", filled(officer, county="2302")).status_code == 200
    assert Need.objects.count() == 3


def test_the_list_is_found_by_words_code_and_kind(expert):
    row, other = need(title="بسته برای خانواده‌ها"), need("dowry", title="سرویس بیست زوج")
    for query in ({"q": "خانواده ها"}, {"q": row.code}, {"kind": "livelihood"}):
        page = html(expert, LIST, **query)
        assert (row.title in page, other.title in page) == (True, False), query
