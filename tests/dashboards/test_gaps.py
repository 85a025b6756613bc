"""The gap of a place: kinds apart, nothing twice, late promises fill nothing, the whole province helps its counties."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.services.needs import Item
from dashboards.gaps import CASH, Line, read_gaps
from dashboards.rollups import fold_all
from partnerships.enums import DeliveryForm, Measure
from partnerships.services.agreements import split_item
from partnerships.services.deliveries import decide_delivery
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.factories.gifts import receive
from tests.factories.goods import office, stocked, warehouse
from tests.factories.needs import need
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, person
from tests.factories.promises import came, firm, item, kept, promised, signed

pytestmark = pytest.mark.django_db
HERE, WHOLE = (TEHRAN, TEHRAN_COUNTY), (TEHRAN, "")
BLANKETS = {"what": "پتو", "unit": "تخته", "county": TEHRAN_COUNTY}


def blankets(quantity: int = 40, county: str | None = TEHRAN_COUNTY):
    return need(county_id=county, goal_rial=None, items=(Item("پتو دونفره", quantity, "تخته"),))


def line(place=HERE) -> Line:
    gaps = read_gaps()
    return gaps.line(next(kind for kind in gaps.kinds() if kind != CASH), place)


def test_goods_by_their_names_however_they_are_called(country):
    """A need's «پتو دونفره», a promise's «پتو» and the warehouse's «پتو (عدد)» are one kind."""
    blankets(40)
    stocked(warehouse(office(TEHRAN, TEHRAN_COUNTY)), "blanket", 10, 9_000_000)
    promised(5, **BLANKETS)
    found = line()
    assert (found.need, found.stock, found.promised, found.missing, found.gap) == (40, 10, 5, 30, 25)
    assert len(read_gaps().kinds()) == 2


def test_a_promise_whose_day_has_passed_fills_nothing_until_it_comes(country):
    wanted = blankets(40)
    facts = BLANKETS | {"need": wanted, "need_item": wanted.wanted_items.get()}
    promise = promised(30, plan=[(-1, 10), (30, 20)], **facts)
    assert (line().promised, line().overdue, line().gap) == (20, 10, 20)
    kept(promise, 10)
    assert (line().came, line().promised, line().overdue, line().gap) == (10, 20, 0, 10)


def test_what_kept_a_promise_in_goods_is_stock_and_no_longer_promised(country):
    blankets(40)
    promise = promised(20, **BLANKETS)
    before = line()
    lot = stocked(warehouse(office(TEHRAN, TEHRAN_COUNTY)), "blanket", 20, 9_000_000)
    delivery = came(promise, None, form=DeliveryForm.STOCK, goods=lot.donation.in_kind.given.get())
    decide_delivery(delivery.pk, approve=True, actor=person())
    after = line()
    assert (before.missing, before.gap) == (40, 20)
    assert (after.stock, after.promised, after.missing, after.gap) == (20, 0, 20, 20)


def test_money_is_a_kind_of_its_own_and_gifts_lower_it_once(country):
    wanted = need(county_id=TEHRAN_COUNTY, goal_rial=10_000_000)
    promise = promised(
        4_000_000, what="پول", measure=Measure.CASH, unit="", need=wanted, county=TEHRAN_COUNTY
    )
    gift = receive(4_000_000, need=wanted.code, fund="livelihood")
    fold_all()
    cash = read_gaps().line(CASH, HERE)
    assert (cash.need, cash.came, cash.promised, cash.gap) == (10_000_000, 4_000_000, 4_000_000, 2_000_000)
    kept(promise, form=DeliveryForm.MONEY, donation=gift)
    cash = read_gaps().line(CASH, HERE)
    assert (cash.came, cash.promised, cash.missing, cash.gap) == (4_000_000, 0, 6_000_000, 6_000_000)


def test_what_the_whole_province_has_fills_what_its_counties_lack(country):
    blankets(40)
    blankets(10, "2302")
    kind = next(kind for kind in read_gaps().kinds() if kind != CASH)
    stocked(warehouse(office(TEHRAN)), "blanket", 15, 9_000_000)
    line_of_all = signed(firm(""), item("پتو", 30, unit="تخته"), province="").items.get()
    split_item(line_of_all.pk, {TEHRAN: 30}, actor=person())
    promised(12, item=line_of_all, county=TEHRAN_COUNTY, what="پتو")
    gaps = read_gaps()
    here, whole = gaps.line(kind, HERE), gaps.line(kind, WHOLE)
    assert (here.promised, whole.promised) == (12, 18), (
        "the share counts once, in detail where it is detailed"
    )
    added = gaps.of_province(kind, TEHRAN)
    assert (added.need, added.promised, added.missing, added.gap) == (50, 30, 35, 5)
    assert gaps.of_country(kind).gap == 5


def test_too_much_in_one_county_fills_no_other(country):
    blankets(40)
    blankets(10, "2302")
    promised(30, what="پتو", unit="تخته", county="2302")
    kind = next(kind for kind in read_gaps().kinds() if kind != CASH)
    assert read_gaps().of_province(kind, TEHRAN).gap == 40


def test_units_are_kept_apart(country):
    blankets(40)
    promised(5, what="پتو", unit="کارتن", county=TEHRAN_COUNTY)
    gaps = read_gaps()
    found = {gaps.words[kind][1]: gaps.line(kind, HERE) for kind in gaps.kinds() if kind != CASH}
    assert {unit: (row.promised, row.gap) for unit, row in found.items()} == {
        "تخته": (0, 40),
        "کارتن": (5, 0),
    }


def test_another_province_is_not_in_it(country):
    blankets(40)
    with open_scope(Scope(provinces=frozenset({KHUZESTAN}))):
        assert read_gaps().places() == []


def test_the_number_of_questions_is_fixed(country):
    counts = []
    for _ in range(2):
        for _ in range(3):
            wanted = blankets(40)
            promised(5, **BLANKETS, need=wanted)
            split_item(signed(province="").items.get().pk, {TEHRAN: 1}, actor=person())
        with CaptureQueriesContext(connection) as asked:
            read_gaps()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


class TestPages:
    def test_a_county_shows_who_could_fill_it(self, country):
        blankets(40)
        promised(5, **BLANKETS)
        page = browser_of(person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY)).get(
            f"/desk/map/{TEHRAN_COUNTY}/"
        )
        text = page.content.decode()
        assert "پتو" in text
        assert "۳۵ تخته" in text

    def test_the_country_by_province_and_by_kind(self, country):
        blankets(40)
        browser = browser_of(person(Role.HQ_ANALYST))
        kind = next(kind for kind in read_gaps().kinds() if kind != CASH)
        page = browser.get("/hq/map/", {"kind": kind.key}).content.decode()
        assert "۴۰ تخته" in page
        assert "/hq/map/tehran/" in page
        assert "۴۰ تخته" in browser.get("/hq/map/tehran/", {"kind": kind.key}).content.decode()
        assert browser.get("/hq/map/nowhere/").status_code == 404

    def test_the_file_holds_every_line_of_the_scope_in_numbers(self, country):
        blankets(40)
        need(province=KHUZESTAN, goal_rial=7_000_000)
        answer = browser_of(person(Role.PROVINCIAL_MANAGER)).get("/desk/map/gaps.csv")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(rows) == 2, "Khuzestan's is not in it"
        assert rows[1][3:] == ["پتو دونفره", "تخته", "40", "0", "0", "0", "0", "40", "40"]
