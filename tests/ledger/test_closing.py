"""Closed days: nothing is booked into one, and a late entry finds its way to the first open day."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from core.errors import DomainError
from core.jalali import day_bounds, month_bounds, tehran_day, tehran_today, to_jalali
from ledger import closing
from ledger.accounts import INCOME, SUSPENSE
from ledger.dimensions import Facet
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, post
from tests.factories.people import person
from tests.flows.test_races import run_together

HERE, THERE = Facet("general", "23"), Facet("general", "06")


def noon(days: int):
    return day_bounds(tehran_today() - timedelta(days=days))[0] + timedelta(hours=12)


def entry(source: str, days: int, *facets: Facet) -> NewEntry:
    legs = tuple(leg for f in facets for leg in (Leg(SUSPENSE, 5, f), Leg(INCOME["cash"], -5, f)))
    return NewEntry(EntryKind.GIFT, source, noon(days), legs)


def close(province: str, days: int, by=None) -> None:
    day = tehran_today() - timedelta(days=days)
    with transaction.atomic():
        closing.hold_day(day)
        closing.close_day(province, day, by=by or person())


def days_of(*sources: str) -> list[int]:
    """How many days ago these entries stand, and that the time of the event is kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, day FROM ledger_entry")
        found = dict(cursor.fetchall())
    return [(tehran_today() - found[s]).days for s in sources]


@pytest.mark.django_db
def test_a_late_entry_stands_on_the_first_open_day_and_keeps_its_time():
    for days in (5, 4):
        close("23", days)
    post([entry("late", 5, HERE), entry("elsewhere", 5, THERE), entry("both", 5, THERE, HERE)])
    assert days_of("late", "elsewhere", "both") == [3, 5, 3]
    with connection.cursor() as cursor:
        cursor.execute("SELECT occurred_at FROM ledger_entry WHERE source = 'late'")
        assert cursor.fetchone()[0] == noon(5)


@pytest.mark.django_db
def test_what_belongs_to_no_province_has_a_closing_of_its_own():
    close("", 4)
    post([entry("national", 4, Facet("general")), entry("here", 4, HERE)])
    assert days_of("national", "here") == [3, 4]


@pytest.mark.django_db
def test_the_database_refuses_whoever_does_not_ask():
    post([entry("a", 4, HERE)])
    close("23", 3)
    with (
        pytest.raises(IntegrityError, match="closed for province"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            """WITH e AS (INSERT INTO ledger_entry (kind, source, occurred_at, day)
                          VALUES ('gift', 'b', now(), %s) RETURNING id)
               INSERT INTO ledger_posting (entry_id, account_id, dimension_id, amount_rial)
               SELECT e.id, account_id, dimension_id, amount_rial FROM e, ledger_posting""",
            [tehran_today() - timedelta(days=3)],
        )


@pytest.mark.django_db
def test_a_day_that_is_not_over_cannot_be_held():
    with pytest.raises(DomainError, match="day_not_over"):
        closing.hold_day(tehran_day(timezone.now()))


@pytest.mark.django_db
def test_a_month_closes_when_all_its_days_are_and_opens_with_one_of_them():
    jalali = to_jalali(tehran_today().replace(day=1) - timedelta(days=62))
    first, last = month_bounds(jalali.year, jalali.month)
    by, days = person(), (last - first).days + 1
    for at in range(days - 1):
        closing.close_day("23", first + timedelta(days=at), by=by)
    with pytest.raises(DomainError, match="month_has_open_days"):
        closing.close_month("23", first, by=by)
    closing.close_day("23", last, by=by)
    assert closing.close_month("23", first, by=by)
    assert closing.reopen_day("23", last)
    assert closing.closed_month("23", first) is None


def test_closing_waits_for_whoever_is_booking_into_the_day(live_db, country):
    booked, may_commit = threading.Event(), threading.Event()
    by = person()

    def posts():
        with transaction.atomic():
            post([entry("first", 4, HERE)])
            booked.set()
            may_commit.wait(10)

    def closes():
        booked.wait(10)
        threading.Timer(0.2, may_commit.set).start()
        close("23", 4, by)
        assert may_commit.is_set(), "the day closed under somebody's hands"

    assert run_together(posts, closes) == []
    post([entry("second", 4, HERE)])
    assert days_of("first", "second") == [4, 3]


def test_a_day_somebody_goes_on_booking_into_is_left_for_later(live_db, country, monkeypatch):
    monkeypatch.setattr(closing, "_PATIENCE", "50ms")
    booked, is_told = threading.Event(), threading.Event()
    by, errors = person(), []

    def posts():
        with transaction.atomic():
            post([entry("first", 4, HERE)])
            booked.set()
            is_told.wait(10)

    def closes():
        booked.wait(10)
        try:
            close("23", 4, by)
        except DomainError as error:
            errors.append(error.code)
        is_told.set()

    assert run_together(posts, closes) == []
    assert errors == ["posting_under_way"]
