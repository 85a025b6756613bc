"""Entries whose legs the database puts together itself keep every rule of the others."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.errors import DomainError
from core.jalali import day_bounds, tehran_today
from ledger import closing
from ledger.accounts import INCOME, SUSPENSE, account_id
from ledger.balances import legs_on
from ledger.dimensions import Facet, dimension_ids
from ledger.enums import EntryKind
from ledger.many_legs import fill_dimensions, open_work_table, post_work_legs
from ledger.posting import NewEntry, entry_of
from tests.factories.people import person

pytestmark = pytest.mark.django_db
FACETS = (Facet("general"), Facet("general", "23"), Facet("dowry", "06", "0601"))


@pytest.fixture(autouse=True)
def _scope(country):
    return country


def legs(source: str, *facets: Facet, short: int = 0) -> None:
    rows = []
    for facet, pk in dimension_ids(facets).items():
        rows += [
            (source, account_id(SUSPENSE), pk, 7),
            (source, account_id(INCOME["cash"]), pk, short - 7 if facet == facets[0] else -7),
        ]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO work_leg VALUES (%s, %s, %s, %s)", rows)


def entry(source: str, days: int = 0) -> NewEntry:
    at = day_bounds(tehran_today() - timedelta(days=days))[0] + timedelta(hours=9) if days else timezone.now()
    return NewEntry(EntryKind.PAYOUT, source, at, ())


def test_legs_are_written_with_their_entry_and_once():
    open_work_table()
    legs("a", *FACETS)
    assert set(post_work_legs([entry("a"), entry("without legs")])) == {"a"}
    assert post_work_legs([entry("a")]) == {}
    assert legs_on(SUSPENSE, ["a"]) == dict.fromkeys(FACETS, 7)


def test_what_does_not_balance_is_refused_as_a_whole():
    open_work_table()
    legs("a", *FACETS)
    legs("b", *FACETS, short=1)
    with pytest.raises(DomainError, match="unbalanced"), transaction.atomic():
        post_work_legs([entry("a"), entry("b")])
    assert (entry_of("a"), entry_of("b")) == (None, None)


def test_a_closed_day_takes_nothing():
    with transaction.atomic():
        day = tehran_today() - timedelta(days=4)
        closing.hold_day(day)
        closing.close_day("06", day, by=person())
    open_work_table()
    legs("there", *FACETS)
    legs("elsewhere", *FACETS[:2])
    post_work_legs([entry("there", 4), entry("elsewhere", 4)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, day FROM ledger_entry")
        found = dict(cursor.fetchall())
    assert [(tehran_today() - found[name]).days for name in ("there", "elsewhere")] == [3, 4]


def test_dimensions_are_found_and_made_as_elsewhere():
    known = dimension_ids(FACETS[:2])
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TEMP TABLE facets (fund_id text, province_id text, county_id text, edition_id bigint,
                      branch_id bigint, channel_id bigint, need_id bigint, dimension_id bigint) ON COMMIT DROP"""
        )
        cursor.executemany("INSERT INTO facets VALUES (%s, %s, %s, %s, %s, %s, %s)", [*FACETS, [None] * 7])
        fill_dimensions("facets")
        cursor.execute("SELECT fund_id, province_id, dimension_id FROM facets")
        found = {row[:2]: row[2] for row in cursor.fetchall()}
    assert found[None, None] is None
    assert {facet[:2]: found[facet[:2]] for facet in FACETS} == {
        facet[:2]: pk for facet, pk in (known | dimension_ids(FACETS[2:])).items()
    }
