"""The report of headquarters: exact from the books, the same on the screen and in every file."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Channel
from core.jalali import from_jalali, tehran_today
from core.money import format_toman
from dashboards.figures import Period
from dashboards.periods import choose, ready_periods
from dashboards.reports.country import country_report
from dashboards.rollups import fold_all
from provinces.enums import Role
from provinces.models import Province
from tests.dashboards.conftest import FARS, TEHRAN, book
from tests.factories.aid import allocated, delivered
from tests.factories.gifts import receive
from tests.factories.volunteers import application
from volunteers.services.joining import join

DAYS = {"from": "1403-05-07", "to": "1405-03-20"}
ADDRESS = "?from=1403-05-07&to=1405-03-20"


def report(query: dict[str, str] | None = None, province: Province | None = None):
    return country_report(choose(query or DAYS, tehran_today()), province=province)


def within(rows, start: date, end: date):
    return [row for row in rows if start <= row.day <= end]


def test_every_sum_of_random_books_added_up_by_hand(random_books):
    made = report()
    period = Period(from_jalali(1403, 5, 7), from_jalali(1405, 3, 20))
    before = period.year_before()
    inside, earlier = (within(random_books, p.start, p.end) for p in (period, before))
    total = made["received"].total
    assert total.rial == sum(row.rial for row in inside)
    assert total.before_rial == sum(row.rial for row in earlier)
    assert total.count == sum(row.gifts for row in inside)
    for line, kind in zip(made["received"].lines, ("cash", "in_kind", "service"), strict=True):
        assert line.rial == sum(row.rial for row in inside if row.kind == kind)
        assert line.before_rial == sum(row.rial for row in earlier if row.kind == kind)
    for key in ("funds", "campaigns", "channels", "sources"):
        assert made[key].total.rial == total.rial, key
        assert sum(line.rial for line in made[key].lines) == total.rial, key
    best = sorted(
        (-sum(row.rial for row in inside if row.province == code), code)
        for code in {row.province for row in inside} - {None}
    )
    assert [line.rial for line in made["leading"].lines] == [-rial for rial, _ in best][:5]


def test_one_province_by_its_counties(random_books):
    made = report(province=Province.objects.get(code=FARS))
    inside = within(random_books, from_jalali(1403, 5, 7), from_jalali(1405, 3, 20))
    total = sum(row.rial for row in inside if row.province == FARS)
    assert made["received"].total.rial == made["counties"].total.rial == total


def test_what_was_spent_by_purpose_is_what_the_books_say(db, country):
    gift = receive(fund="livelihood", province=TEHRAN, amount_rial=900_000)
    delivered(allocated(gift, 500_000), 400_000)
    fold_all()
    made = report({"period": "this-year"})
    assert (
        made["spent"].total.rial == made["purposes"].total.rial == made["spent_by_fund"].total.rial == 400_000
    )
    assert [(line.label, line.rial) for line in made["purposes"].lines] == [("معیشت", 400_000)]
    assert report({"period": "this-year"}, Province.objects.get(code=FARS))["purposes"].total.rial == 0


def test_governmental_is_what_came_by_their_ways(db, country, noon):
    Channel.objects.filter(code="ussd_733").update(is_governmental=True)
    book(7_000, noon(1405, 1, 5), channel="ussd_733")
    book(3_000, noon(1405, 1, 5), channel="web")
    book(500, noon(1405, 1, 5), channel=None)
    fold_all()
    people, governmental = report({"from": "1405-01-01", "to": "1405-01-31"})["sources"].lines
    assert (people.rial, people.count) == (3_500, 2)
    assert (governmental.rial, governmental.count) == (7_000, 1)


def test_volunteers_of_the_period_and_in_all(db, country):
    join("+989121234567", application(), text_version="1")
    lines = {line.label: line.count for line in report({"period": "this-year"})["volunteers"].lines}
    assert lines["پیوسته در این دوره"] == lines["همه تا پایان دوره"] == 1
    past = {line.label: line.count for line in report({"period": "last-year"})["volunteers"].lines}
    assert past["همه تا پایان دوره"] == 0


def test_the_files_say_what_the_page_says(random_books, staff):
    client = staff((Role.HQ_ANALYST, None))
    page = client.get(f"/hq/report/{ADDRESS}")
    total = page.context["report"]["received"].total
    assert format_toman(total.rial) in page.content.decode()
    lines = list(
        csv.reader(io.StringIO(client.get(f"/hq/report/file.csv{ADDRESS}").content.decode("utf-8-sig")))
    )
    received = [line for line in lines if line[0].startswith("دریافت‌ها به تفکیک نقدی")]
    assert [line[2] for line in received] == [
        str(line.rial) for line in page.context["report"]["received"].lines
    ] + [str(total.rial)]
    book_ = zipfile.ZipFile(io.BytesIO(client.get(f"/hq/report/file.xlsx{ADDRESS}").content))
    assert f"<v>{total.rial}</v>" in book_.read("xl/worksheets/sheet1.xml").decode()
    printed = client.get(f"/hq/report/file.pdf{ADDRESS}")
    assert printed.content.startswith(b"%PDF")
    assert printed["Content-Type"] == "application/pdf"
    assert "report-country-" in printed["Content-Disposition"]


def test_nine_months_in_three_clicks(random_books, staff):
    client = staff((Role.HQ_MANAGER, None))
    first = client.get("/hq/").context["report_url"]
    tabs = client.get(first).context["period_tabs"]
    nine = next(tab for tab in tabs if tab["label"].startswith("نه‌ماههٔ"))
    page = client.get(f"/hq/report/{nine['url']}")
    file = next(one["url"] for one in page.context["files"] if "pdf" in one["url"])
    assert client.get(file).content.startswith(b"%PDF")
    assert page.context["report"].period == f"۱ فروردین تا ۳۰ آذر {nine['label'][-4:]}"


def test_half_a_year_is_the_last_one_that_has_passed():
    assert ready_periods(from_jalali(1405, 6, 31))["half-year"][1] == Period(
        from_jalali(1404, 1, 1), from_jalali(1404, 6, 31)
    )
    assert ready_periods(from_jalali(1405, 7, 1))["half-year"][1] == Period(
        from_jalali(1405, 1, 1), from_jalali(1405, 6, 31)
    )


@pytest.mark.parametrize("address", ["/hq/report/?", "/hq/report/?province=fars&"])
def test_a_fixed_number_of_queries(random_books, staff, address):
    client = staff((Role.HQ_ANALYST, None))
    client.get(address)
    found = set()
    for query in ("period=last-year", "from=1402-01-05&to=1405-07-08", "period=today"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address + query).status_code == 200
        found.add(len(queries))
        assert not any("ledger_posting" in one["sql"] for one in queries)
    assert len(found) == 1


def test_an_unknown_province_is_not_there(db, staff):
    client = staff((Role.HQ_ANALYST, None))
    assert client.get("/hq/report/?province=atlantis").status_code == 404
    assert client.get("/hq/report/file.pdf?province=atlantis").status_code == 404
