"""Every published number against the same sum made by hand from what was booked."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Edition, Placement, Scan, ScanHour
from core.errors import DomainError
from core.jalali import from_jalali, iso_jalali, month_bounds, tehran_today, year_bounds
from dashboards import figures
from dashboards.figures import Period
from dashboards.rollups import fold_all
from provinces.models import County
from provinces.scoping import Scope, ScopeMissing, all_provinces, open_scope
from tests.dashboards.conftest import FARS, MARKAZI, TEHRAN, Booked, book

FACETS = ("province", "county", "campaign", "edition", "fund", "channel", "kind")
CUTS = {"day": 10, "month": 7, "year": 4}


def by_hand(booked: list[Booked], period: Period | None, facet: str) -> dict[str | None, tuple[int, int]]:
    sums: dict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    for row in booked:
        if period is None or period.start <= row.day <= period.end:
            key = iso_jalali(row.day)[: CUTS[facet]] if facet in CUTS else row.key(facet)
            sums[key][0] += row.rial
            sums[key][1] += row.gifts
    return {key: (rial, gifts) for key, (rial, gifts) in sums.items() if rial or gifts}


def as_found(rows) -> dict[str | None, tuple[int, int]]:
    return {row.key: (row.total_rial, row.count) for row in rows if row.total_rial or row.count}


def some_periods(number: int) -> list[Period | None]:
    """All time, whole years and months, single days and any days at all."""
    dice = random.Random(7)
    first = from_jalali(1402, 12, 20)
    found = [None, Period(*year_bounds(1404)), Period(*month_bounds(1403, 12)), Period(first, tehran_today())]
    while len(found) < number:
        start = first + timedelta(days=dice.randint(0, 900))
        found.append(Period(start, start + timedelta(days=dice.choice([0, 1, 29, 30, 31, 200, 366, 500]))))
    return found


def test_every_facet_of_any_period_equals_the_books_and_adds_up(random_books):
    for period in some_periods(24):
        expected = by_hand(random_books, period, "kind")
        total = (sum(rial for rial, _ in expected.values()), sum(gifts for _, gifts in expected.values()))
        sheet = figures.sheet(period, *FACETS)
        assert (sheet.total_rial, sheet.count) == total
        for facet in (*FACETS, *CUTS):
            found = figures.totals(period, by=facet)
            assert as_found(found.rows) == by_hand(random_books, period, facet), (period, facet)
            assert (found.total_rial, found.count) == total, (period, facet)
            if facet in FACETS:
                assert sheet[facet] == found.rows


def test_filters_take_what_they_say_and_nothing_else(random_books):
    edition = Edition.objects.select_related("campaign").get(year=1447)
    for filters, keeps in (
        ({"province": FARS}, lambda row: row.province == FARS),
        ({"province": MARKAZI}, lambda row: row.province == MARKAZI),
        ({"county": "0701"}, lambda row: row.county == "0701"),
        ({"fund": "dowry", "kind": "cash"}, lambda row: (row.fund, row.kind) == ("dowry", "cash")),
        ({"campaign": "mosbat-mah"}, lambda row: row.campaign == "mosbat-mah"),
        ({"edition": edition.pk}, lambda row: row.edition == str(edition.pk)),
        ({"channel": "qr", "province": None}, lambda row: row.channel == "qr"),
        ({"kind": "in_kind", "province": ""}, lambda row: row.kind == "in_kind"),
    ):
        kept = [row for row in random_books if keeps(row)]
        for period in some_periods(8):
            for facet in ("province", "fund", "month"):
                found = figures.totals(period, by=facet, **filters)
                assert as_found(found.rows) == by_hand(kept, period, facet), (filters, period, facet)


def test_a_row_for_gifts_without_the_facet_is_named(random_books):
    sheet = figures.sheet(None, "province", "county", "campaign", "channel")
    labels = {
        facet: next(row.label for row in rows if row.key is None) for facet, rows in sheet.facets.items()
    }
    assert labels == {
        "province": "سراسری (بدون استان)",
        "county": "بدون شهرستان",
        "campaign": "بدون پویش",
        "channel": "بدون راه پرداخت",
    }


def test_one_query_however_many_facets(random_books):
    for call in (
        lambda: figures.sheet(some_periods(6)[5], *FACETS),
        lambda: figures.totals(some_periods(6)[5], by="month"),
        lambda: figures.total(None),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            call()
        assert len(queries) == 1
        assert "donations_donation" not in queries[0]["sql"]
        assert "ledger_posting" not in queries[0]["sql"]


def test_a_scope_hides_every_other_province(random_books):
    county = County.objects.filter(province=TEHRAN).first().code
    for scope, keeps in (
        (Scope(provinces=frozenset({FARS})), lambda row: row.province == FARS),
        (Scope(counties=frozenset({county})), lambda row: row.county == county),
        (
            Scope(provinces=frozenset({FARS}), counties=frozenset({county})),
            lambda row: row.province == FARS or row.county == county,
        ),
        (Scope(reason="nobody"), lambda row: False),
    ):
        kept = [row for row in random_books if keeps(row)]
        with open_scope(scope):
            for facet in ("province", "fund", "day"):
                assert as_found(figures.totals(None, by=facet).rows) == by_hand(kept, None, facet)
            assert figures.total(province=MARKAZI).total_rial == 0


def test_without_a_scope_nothing_is_told(db):
    with pytest.raises(ScopeMissing):
        figures.totals()


def test_the_last_day_of_a_leap_year_is_one_of_its_days(db, country, noon):
    book(700, noon(1403, 12, 30))
    book(50, noon(1403, 12, 29))
    book(3, noon(1404, 1, 1))
    fold_all()
    assert figures.total(Period(*year_bounds(1403))).total_rial == 750
    assert figures.total(Period(*month_bounds(1403, 12))).total_rial == 750
    leap_day = from_jalali(1403, 12, 30)
    assert figures.total(Period(leap_day, leap_day)).total_rial == 700
    assert [row.key for row in figures.totals(by="day").rows] == ["1403-12-29", "1403-12-30", "1404-01-01"]
    esfand = Period(from_jalali(1404, 12, 1), from_jalali(1404, 12, 29))
    assert esfand.year_before() == Period(from_jalali(1403, 12, 1), from_jalali(1403, 12, 29))
    assert Period(leap_day, leap_day).year_before().end == from_jalali(1402, 12, 29)


def test_a_day_ends_at_midnight_of_tehran(db, country):
    book(1, datetime(2025, 3, 20, 20, 29, 59, 999999, tzinfo=UTC))  # 23:59:59 of 30 Esfand 1403
    book(10, datetime(2025, 3, 20, 20, 30, tzinfo=UTC))  # 1 Farvardin 1404, 00:00
    book(100, datetime(2022, 3, 21, 19, 29, 59, tzinfo=UTC))  # 1 Farvardin 1401, 22:59:59, before summer time
    book(1000, datetime(2022, 6, 21, 19, 30, tzinfo=UTC))  # 1 Tir 1401, 00:00 summer time
    fold_all()
    assert [(row.key, row.total_rial) for row in figures.totals(by="day").rows] == [
        ("1401-01-01", 100),
        ("1401-04-01", 1000),
        ("1403-12-30", 1),
        ("1404-01-01", 10),
    ]
    assert [(row.key, row.total_rial) for row in figures.totals(by="year").rows] == [
        ("1401", 1100),
        ("1403", 1),
        ("1404", 10),
    ]


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(DomainError, match="bad_period"):
        Period(from_jalali(1405, 1, 2), from_jalali(1405, 1, 1))


def test_what_has_not_come_yet_is_not_compared():
    today = from_jalali(1405, 9, 1)
    whole = Period(*year_bounds(1405))
    assert whole.until(today) == Period(whole.start, today)
    assert whole.until(today).year_before().end == from_jalali(1404, 9, 1)
    assert whole.until(from_jalali(1404, 1, 1)) == whole


def test_growth_mean_and_share():
    assert figures.growth_percent(112, 100) == 12.0
    assert figures.growth_percent(5, 0) is None
    assert figures.mean_rial(figures.Row(None, "", 10, 3)) == 3
    assert figures.mean_rial(figures.Row(None, "", 0, 0)) is None
    assert figures.share_percent(1, 3) == 33.3
    assert figures.share_percent(1, 0) == 0.0


def test_an_unknown_breakdown_is_refused(db, country):
    with pytest.raises(DomainError, match="unknown_breakdown"):
        figures.totals(by="donor")


def test_printed_codes_show_what_they_brought_and_how_often_they_were_opened(db, country, noon):
    code = Placement.objects.create(code="2223333AC", kind="poster", title="نمونه")
    other = Placement.objects.create(code="2223333AE", kind="poster", title="نمونه")
    book(30, noon(1405, 1, 5), placement_id=code.pk)
    book(12, noon(1405, 2, 5), placement_id=code.pk)
    ScanHour.objects.create(placement=code, hour=noon(1405, 1, 5), scans=7)
    Scan.objects.create(placement=code)
    fold_all()
    ids = [code.pk, other.pk]
    assert {pk: (row.total_rial, row.count) for pk, row in figures.placement_totals(ids).items()} == {
        code.pk: (42, 2)
    }
    assert figures.scan_counts(ids) == {code.pk: 8}


def test_a_page_reads_one_moment_while_gifts_go_on(live_db, django_db_blocker):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def give_and_fold():
        with all_provinces("test"):
            book(500, datetime(2026, 5, 1, 9, tzinfo=UTC))
            fold_all()
        connections.close_all()

    with django_db_blocker.unblock(), all_provinces("test"), ThreadPoolExecutor(1) as pool:
        with figures.one_moment():
            before = figures.total()
            pool.submit(give_and_fold).result()
            assert figures.total() == before
            assert figures.sheet(None, "fund").total_rial == before.total_rial
        assert figures.total().total_rial == before.total_rial + 500
