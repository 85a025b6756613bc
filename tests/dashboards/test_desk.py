"""/desk/: one's own place and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Box, Placement, ScanHour
from cases.services.cases import open_case
from core.codes import new_placement_code, show_code
from core.money import format_toman
from dashboards.rollups import fold_all
from dashboards.selectors import newest_gifts
from provinces.enums import Role
from provinces.models import County
from provinces.scoping import all_provinces
from tests.dashboards.conftest import FARS, TEHRAN, book
from tests.factories.gifts import receive

DAYS = "?from=1404-01-01&to=1405-12-29"
AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
DESK_QUERIES = 19


@pytest.fixture
def shiraz() -> str:
    return County.objects.filter(province=FARS).last().code


@pytest.fixture
def gifts(db, country, shiraz):
    """Gifts in a county of Fars, elsewhere in Fars, in Tehran and for the whole country."""
    made = {
        "county": receive(
            60_000, at=AT, province=FARS, county=shiraz, name="نام پنهان", mobile="+989121234567"
        ),
        "fars": receive(700_000, at=AT, province=FARS, message="پیام پنهان"),
        "tehran": receive(8_000_000, at=AT, province=TEHRAN),
        "nation": receive(90_000_000, at=AT),
    }
    fold_all()
    return made


def total(page) -> str:
    stat = page.context["stats"][0]
    return stat["exact"] or stat["value"]


def listed(page) -> set[str]:
    return {row[0]["text"] for row in page.context["gifts"]["rows"]}


def codes_of(gifts, *names: str) -> set[str]:
    return {show_code(gifts[name].tracking_code) for name in names}


def test_a_province_sees_itself(gifts, staff):
    page = staff((Role.PROVINCIAL_MANAGER, FARS), is_acting=True).get(f"/desk/{DAYS}")
    assert total(page) == format_toman(760_000)
    assert listed(page) == codes_of(gifts, "county", "fars")
    html = page.content.decode()
    for words in ("استان فارس", "مدیر استان", "(سرپرست)", "اداره کل بهزیستی استان فارس"):
        assert words in html
    assert "تهران" not in html


def test_a_county_sees_only_itself(gifts, staff, shiraz):
    page = staff((Role.COUNTY_OFFICER, shiraz)).get(f"/desk/{DAYS}")
    assert total(page) == format_toman(60_000)
    assert listed(page) == codes_of(gifts, "county")
    assert page.context["by_place"] is None
    assert County.objects.get(code=shiraz).name in page.context["place"].title


def test_headquarters_sees_all_and_may_choose(gifts, staff):
    client = staff((Role.HQ_ANALYST, None))
    page = client.get(f"/desk/{DAYS}")
    assert total(page) == format_toman(98_760_000)
    assert listed(page) == codes_of(gifts, "county", "fars", "tehran", "nation")
    page = client.get(f"/desk/{DAYS}&province=23")
    assert total(page) == format_toman(8_000_000)
    assert listed(page) == codes_of(gifts, "tehran")


def test_several_places_have_a_sum_and_a_switch(gifts, staff, shiraz):
    client = staff((Role.PROVINCIAL_EXPERT, TEHRAN), (Role.COUNTY_OFFICER, shiraz))
    page = client.get(f"/desk/{DAYS}")
    assert total(page) == format_toman(8_060_000)
    assert listed(page) == codes_of(gifts, "county", "tehran")
    assert [tab["current"] for tab in page.context["switch"]] == [True, False, False]
    page = client.get(f"/desk/{DAYS}&county={shiraz}")
    assert total(page) == format_toman(60_000)
    assert client.get(f"/desk/?province={FARS}").status_code == 404


def test_another_province_is_not_there(gifts, staff):
    client = staff((Role.PROVINCIAL_ACCOUNTANT, FARS))
    tehran_county = County.objects.filter(province=TEHRAN).first().code
    for query in (
        f"province={TEHRAN}",
        "province=tehran",
        f"county={tehran_county}",
        "province=99",
        "county=%00",
    ):
        assert client.get(f"/desk/?{query}").status_code == 404, query
    own_county = County.objects.filter(province=FARS).first().code
    assert client.get("/desk/?province=fars").status_code == 200
    assert client.get(f"/desk/?county={own_county}").status_code == 200


def test_a_county_officer_cannot_widen_the_view(gifts, staff, shiraz):
    client = staff((Role.COUNTY_OFFICER, shiraz))
    other = County.objects.filter(province=FARS).exclude(code=shiraz).first().code
    assert client.get(f"/desk/?province={FARS}").status_code == 404
    assert client.get(f"/desk/?county={other}").status_code == 404


def test_nothing_of_the_donor_is_shown(gifts, staff):
    for who in ((Role.PROVINCIAL_MANAGER, FARS), (Role.HQ_MANAGER, None)):
        html = staff(who).get(f"/desk/{DAYS}").content.decode()
        for secret in ("نام پنهان", "پیام پنهان", "9121234567"):
            assert secret not in html


def test_printed_codes_with_scans_gifts_and_sums(gifts, staff, noon):
    def code(title: str, province: str, county: str | None = None) -> Placement:
        return Placement.objects.create(
            code=new_placement_code(), kind="box", title=title, province_id=province, county_id=county
        )

    box, silent, foreign = code("صندوق یک", FARS), code("پوستر", FARS), code("صندوق تهران", TEHRAN)
    Box.objects.create(number=7, province_id=FARS, placement=box)
    ScanHour.objects.create(placement=box, hour=noon(1405, 1, 1), scans=12)
    book(500_000, noon(1405, 1, 2), province=FARS, placement_id=box.pk)
    book(40_000, noon(1405, 1, 3), province=TEHRAN, placement_id=foreign.pk)
    fold_all()
    page = staff((Role.PROVINCIAL_EXPERT, FARS)).get("/desk/")
    rows = [[cell["text"] for cell in row] for row in page.context["codes"]["rows"]]
    assert rows == [
        ["صندوق یک", show_code(box.code), "برنامه‌ریزی‌شده", "", "۱۲", "۱", format_toman(500_000)],
        ["پوستر", show_code(silent.code), "صندوق فطریه", "", "۰", "۰", "۰ تومان"],
    ]
    assert "صندوق تهران" not in page.content.decode()


def test_open_cases_of_the_province(gifts, staff):
    open_case("undecided", "attempt:1", FARS)
    open_case("undecided", "attempt:2", TEHRAN)
    manager = staff((Role.PROVINCIAL_MANAGER, FARS)).get("/desk/")
    [group] = manager.context["today"]
    assert [(str(task["text"]), task["url"], task["count"]) for task in group["tasks"]] == [
        ("پرونده‌ها", "/desk/cases/", 1)
    ]
    expert = staff((Role.PROVINCIAL_EXPERT, FARS)).get("/desk/")
    assert expert.context["today"] == []
    assert "کاری در انتظار شما نیست." in expert.content.decode()
    assert expert.context["stats"][-1]["value"] == "۱"


def test_what_waits_is_counted_anew_each_time_for_each_place(gifts, staff):
    here, there = staff((Role.PROVINCIAL_MANAGER, FARS)), staff((Role.PROVINCIAL_MANAGER, TEHRAN))
    for count in (1, 2):
        open_case("undecided", f"attempt:{count}", FARS)
        [group] = here.get("/desk/").context["today"]
        assert [task["count"] for task in group["tasks"]] == [count]
        assert there.get("/desk/").context["today"] == []


def test_the_newest_of_a_county_and_of_a_sum_of_places(gifts, shiraz):
    with all_provinces("test"):
        codes = {name: gift.tracking_code for name, gift in gifts.items()}
        for places, expected in (
            ([(FARS, shiraz)], ["county"]),
            ([(FARS, None)], ["county", "fars"]),
            ([(TEHRAN, None), (FARS, shiraz)], ["county", "tehran"]),
            ([], []),
        ):
            assert {g.tracking_code for g in newest_gifts(places)} == {codes[name] for name in expected}
        nation = newest_gifts([(TEHRAN, None)], with_national=True)
        assert {g.tracking_code for g in nation} == {codes["tehran"], codes["nation"]}


def test_an_empty_desk_says_so(db, staff):
    html = staff((Role.PROVINCIAL_MANAGER, "16")).get("/desk/").content.decode()
    assert "هنوز صندوق یا کدی برای این‌جا ساخته نشده است." in html
    assert "هنوز کمکی به این‌جا نرسیده است." in html
    assert "هنوز کمکی نیست" in html


def test_strangers_go_to_the_door_and_others_are_refused(db, staff, client):
    assert client.get("/desk/")["Location"] == "/login/?next=/desk/"
    assert staff().get("/desk/").status_code == 403


def test_a_fixed_number_of_queries(gifts, staff):
    client = staff((Role.PROVINCIAL_MANAGER, FARS))
    client.get("/desk/")
    for query in ("", DAYS, "?period=today"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/desk/{query}").status_code == 200
        assert len(queries) == DESK_QUERIES
