"""/hq/ as headquarters sees it, and as nobody else does."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urljoin

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.channels import Standing, looked_after, with_standing
from campaigns.models import Channel, Edition
from cases.services.cases import close_case, open_case
from core.jalali import from_jalali, tehran_today
from core.money import format_toman, group_digits
from dashboards import phrases
from dashboards.figures import Period
from dashboards.rollups import fold_all
from ledger.closing import close_day
from provinces.enums import Role
from provinces.models import County
from tests.dashboards.conftest import FARS, TEHRAN, book
from tests.factories.network import a_volunteer
from volunteers.enums import Activity, Vetting

HQ_ROLES = [Role.HQ_ANALYST, Role.HQ_MANAGER, Role.HQ_ACCOUNTANT, Role.ADMINISTRATOR]
HQ_QUERIES, PROVINCE_QUERIES = 19, 14
DAYS = "?from=1405-01-01&to=1405-02-31"


@pytest.fixture
def few(db, country, noon):
    book(6_000, noon(1405, 1, 5), province=FARS, county="0701")
    book(20_000, noon(1405, 2, 5), province=TEHRAN, kind="in_kind")
    book(300_000, noon(1405, 2, 6), kind="service")
    book(4_000, noon(1405, 3, 1), province=FARS)
    book(2_000, noon(1404, 2, 31), province=FARS)
    fold_all()


def stats(page) -> dict[str, dict]:
    """{label: stat} with the exact amount as its value."""
    return {
        stat["label"]: {**stat, "value": stat["exact"] or stat["value"]} for stat in page.context["stats"]
    }


def test_any_period_against_the_same_days_of_the_year_before(few, staff):
    page = staff((Role.HQ_ANALYST, None)).get(f"/hq/{DAYS}")
    found = stats(page)
    assert found["همهٔ کمک‌ها"]["value"] == format_toman(326_000)
    assert found["نقدی"]["value"] == format_toman(6_000)
    assert found["غیرنقدی (ارزش برآوردی)"]["value"] == format_toman(20_000)
    assert found["خدمت (ارزش برآوردی)"]["value"] == format_toman(300_000)
    assert found["شمار کمک‌ها"]["value"] == "۳"
    assert found["میانگین هر کمک نقدی"]["value"] == format_toman(6_000)
    assert found["سراسری (بدون استان)"]["value"] == format_toman(300_000)
    assert (found["نقدی"]["trend"], found["نقدی"]["change"]) == ("up", "۲۰۰٪")
    assert page.context["period_before"] == "۱ فروردین تا ۳۱ اردیبهشت ۱۴۰۴"
    assert [column["label"] for column in page.context["columns"]] == ["فروردین ۱۴۰۵", "اردیبهشت ۱۴۰۵"]
    assert page.context["columns"][1]["before_value"] == format_toman(2_000)


@pytest.mark.parametrize("is_governmental", [True, False])
def test_what_came_by_the_ways_of_government_bodies(few, staff, is_governmental):
    Channel.objects.update(is_governmental=is_governmental)
    page = staff((Role.HQ_ANALYST, None)).get(f"/hq/{DAYS}")
    brought = 326_000 if is_governmental else 0
    people, government = page.context["sources"]
    assert government["value"] == format_toman(brought)
    assert people["value"] == format_toman(326_000 - brought)
    assert "دستگاه‌های دولتی" in page.content.decode()


def test_volunteers_who_wait_are_called_to_mind(few, staff):
    a_volunteer(vetting=Vetting.WAITING)
    text = staff((Role.HQ_MANAGER, None)).get("/hq/").content.decode()
    assert "داوطلب در انتظار بررسی" in text
    assert 'href="/hq/volunteers/"' in text


def test_provinces_in_a_table_that_adds_up(few, staff):
    page = staff((Role.HQ_MANAGER, None)).get(f"/hq/{DAYS}")
    table = page.context["provinces"]
    assert len(table["rows"]) == 32
    assert [[cell["text"] for cell in row] for row in table["rows"][:3]] == [
        ["سراسری (بدون استان)", format_toman(300_000), "۱", "۹۲٪", "–"],
        ["تهران", format_toman(20_000), "۱", "۶٫۱٪", "–"],
        ["فارس", format_toman(6_000), "۱", "۱٫۸٪", "۲۰۰٪ بیشتر"],
    ]
    assert table["rows"][2][0]["url"].startswith("/hq/provinces/fars/?from=1405-01-01")
    assert [cell["text"] for cell in table["foot"]][:3] == ["جمع", format_toman(326_000), "۳"]
    leading = [row[0]["text"] for row in page.context["leading"]["rows"]]
    assert leading == ["۱.\u00a0تهران", "۲.\u00a0فارس"]


def test_one_province_from_there(few, staff):
    page = staff((Role.HQ_ANALYST, None)).get(f"/hq/provinces/fars/{DAYS}")
    assert stats(page)["همهٔ کمک‌ها"]["value"] == format_toman(6_000)
    assert stats(page)["همهٔ کمک‌ها"]["note"] == "۱٫۸٪ از همهٔ کشور"
    assert page.context["counties"]["rows"][0][1]["text"] == format_toman(6_000)
    assert "province=07" in page.context["exports"][0]["url"]
    assert staff((Role.HQ_ANALYST, None)).get("/hq/provinces/atlantis/").status_code == 404


def test_one_county_from_there(few, staff):
    client = staff((Role.HQ_ANALYST, None))
    row = client.get(f"/hq/provinces/fars/{DAYS}").context["counties"]["rows"][0]
    page = client.get(f"/hq/provinces/fars/{row[0]['url']}")
    assert page.context["county"] == row[0]["text"]
    assert stats(page)["همهٔ کمک‌ها"]["value"] == format_toman(6_000)
    assert page.context["counties"] is None
    assert "county=0701" in page.context["exports"][0]["url"]
    assert client.get("/hq/provinces/fars/?county=2301").status_code == 404


def test_from_the_country_to_a_campaign_in_a_county_and_back(few, staff, noon):
    edition = Edition.objects.select_related("campaign").order_by("pk").first()
    for province, county, rial in ((FARS, "0701", 70_000), (FARS, "0702", 8_000), (TEHRAN, None, 500)):
        book(rial, noon(1405, 1, 9), province=province, county=county, edition=edition)
    fold_all()
    client, name, seen = staff((Role.HQ_ANALYST, None)), edition.campaign.name, []

    def click(page, address: str, rows: list, label: str):
        """Follow the row of a table or a chart."""
        for row in rows:
            told, url = (
                (row[0]["text"], row[0]["url"]) if isinstance(row, list) else (row["label"], row["url"])
            )
            if told == label:
                seen.append(urljoin(address, url))
                return client.get(seen[-1]), seen[-1]
        raise AssertionError(f"no row {label}")

    page, at = client.get(f"/hq/{DAYS}"), f"/hq/{DAYS}"
    page, at = click(page, at, page.context["provinces"]["rows"], "فارس")
    assert stats(page)["همهٔ کمک‌ها"]["value"] == format_toman(84_000)
    county = County.objects.get(code="0701").name
    page, at = click(page, at, page.context["counties"]["rows"], county)
    assert stats(page)["همهٔ کمک‌ها"]["value"] == format_toman(76_000)
    page, at = click(page, at, page.context["campaigns"], name)
    assert stats(page)["همهٔ کمک‌ها"]["value"] == format_toman(70_000)
    assert [crumb["label"] for crumb in page.context["crumbs"]] == [phrases.HQ_TITLE, "فارس", county, name]
    assert f"campaign={edition.campaign.slug}" in page.context["exports"][0]["url"]
    above = [client.get(urljoin(at, crumb["url"])) for crumb in page.context["crumbs"][:-1]]
    assert [stats(p)["همهٔ کمک‌ها"]["value"] for p in above] == [
        format_toman(rial) for rial in (404_500, 84_000, 76_000)
    ]


def test_a_campaign_over_the_country(few, staff, noon):
    edition = Edition.objects.select_related("campaign").order_by("pk").first()
    book(70_000, noon(1405, 1, 9), province=FARS, county="0701", edition=edition)
    fold_all()
    client, campaign = staff((Role.HQ_ANALYST, None)), edition.campaign
    page = client.get(f"/hq/{DAYS}&campaign={campaign.slug}")
    assert stats(page)["همهٔ کمک‌ها"]["value"] == format_toman(70_000)
    assert [row[0]["text"] for row in page.context["leading"]["rows"]] == ["۱.\u00a0فارس"]
    fars = next(row for row in page.context["provinces"]["rows"] if row[0]["text"] == "فارس")
    assert f"campaign={campaign.slug}" in fars[0]["url"]
    assert campaign.name in page.content.decode()
    assert client.get("/hq/?campaign=nothing").status_code == 404
    assert client.get("/hq/provinces/fars/?campaign=nothing").status_code == 404


def test_how_the_house_stands_is_always_said(few, staff):
    a_volunteer(vetting=Vetting.WAITING)
    a_volunteer(approved=True, activity=Activity.LEFT)
    yesterday = tehran_today() - timedelta(days=1)
    by = get_user_model().objects.create(username="accountant")
    for place in ("", FARS):
        close_day(place, yesterday, by=by)
    channels, books, network = staff((Role.HQ_ANALYST, None)).get("/hq/").context["house"]
    waiting = with_standing(looked_after(), Standing.WAITING).count()
    assert f"{group_digits(waiting)} در انتظار تأیید" in channels["value"]
    assert books["value"] == "۰ ناهمخوانی باز؛ روز گذشته را ۲ جا از ۳۲ جا بسته‌اند"
    assert network["value"] == "۱ نفر؛ ۱ نفر در انتظار بررسی"
    assert [row["url"] for row in (channels, books, network)] == [
        "/hq/channels/", "/hq/reconciliation/", "/hq/volunteers/",
    ]  # fmt: skip
    assert staff((Role.HQ_ACCOUNTANT, None)).get("/hq/").context["house"][2]["url"] == ""


def test_open_cases_are_counted_and_linked_for_those_who_may(few, staff):
    for number in range(3):
        open_case("undecided", f"attempt:{number}", FARS)
    open_case("undecided", "attempt:9", TEHRAN)
    done = open_case("undecided", "attempt:8", TEHRAN)
    close_case(done.pk, actor=get_user_model().objects.create(username="accountant"), resolution="بررسی شد")
    page = staff((Role.HQ_ACCOUNTANT, None)).get("/hq/")
    assert stats(page)["پروندهٔ باز"]["value"] == "۴"
    waiting = with_standing(looked_after(), Standing.WAITING).count()
    assert page.context["attention"] == [
        {"text": "پروندهٔ باز", "url": "/desk/cases/", "count": 4},
        {
            "text": "راه پرداخت در انتظار تأیید ستاد",
            "url": "/hq/channels/?standing=waiting",
            "count": waiting,
        },
    ]
    analyst = staff((Role.HQ_ANALYST, None)).get("/hq/provinces/fars/")
    assert stats(analyst)["پروندهٔ باز"]["value"] == "۳"
    assert analyst.context["attention"] == []


@pytest.mark.parametrize("address", ["/hq/", "/hq/provinces/fars/"])
def test_only_headquarters_comes_in(db, staff, client, address):
    assert client.get(address).headers["Location"] == f"/login/?next={address}"
    for role in HQ_ROLES:
        assert staff((role, None)).get(address).status_code == 200, role
    assert staff((Role.PROVINCIAL_MANAGER, FARS)).get(address).status_code == 403
    assert staff((Role.COUNTY_OFFICER, "0701")).get(address).status_code == 403
    assert staff().get(address).status_code == 403


def test_a_password_alone_opens_nothing(db, staff):
    client = staff((Role.HQ_MANAGER, None))
    session = client.session
    session.pop("otp_device_id")
    session.save()
    assert client.get("/hq/")["Location"] == "/login/?next=/hq/"


@pytest.mark.parametrize(
    ("address", "number"), [("/hq/", HQ_QUERIES), ("/hq/provinces/fars/", PROVINCE_QUERIES)]
)
def test_a_fixed_number_of_queries_over_rollups_only(random_books, staff, address, number):
    client = staff((Role.HQ_ANALYST, None))
    client.get(address)
    for query in ("", "?period=last-year", "?from=1402-01-05&to=1405-07-08"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address + query).status_code == 200
        assert len(queries) == number
        for asked in queries:
            assert "donations_donation" not in asked["sql"]
            assert "ledger_posting" not in asked["sql"]


def test_bad_days_are_said_and_this_year_is_shown(few, staff):
    page = staff((Role.HQ_ANALYST, None)).get("/hq/?from=1405-13-01")
    assert page.status_code == 200
    assert "تاریخ درست نیست" in page.content.decode()
    assert page.context["period"].startswith("۱ فروردین تا ")


def test_random_books_to_the_rial(random_books, staff):
    period = Period(from_jalali(1403, 5, 1), from_jalali(1405, 2, 9))
    page = staff((Role.HQ_ANALYST, None)).get("/hq/?from=1403-05-01&to=1405-02-09")
    inside = [row.rial for row in random_books if period.start <= row.day <= period.end]
    assert stats(page)["همهٔ کمک‌ها"]["value"] == format_toman(sum(inside))
    assert page.context["provinces"]["foot"][1]["text"] == format_toman(sum(inside))
