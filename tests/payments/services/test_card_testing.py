"""Somebody who tries cards rests; a mosque's shared line on the eve of Eid does not."""

import pytest
from django.core.cache import cache

from core.errors import DomainError
from payments.services.card_testing import MOST_FAILURES, note_outcomes, note_source
from tests.factories.gifts import give

MOSQUE, THIEF = "198.51.100.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


def end(address: str, count: int, *, paid: bool, first: int = 0) -> None:
    codes = [f"{address}-{first + n}" for n in range(count)]
    for code in codes:
        note_source(code, address)
    note_outcomes(codes if paid else [], [] if paid else codes)


def test_a_source_whose_payments_nearly_all_fail_rests():
    end(THIEF, MOST_FAILURES, paid=False)
    with pytest.raises(DomainError, match="too_many_failures"):
        note_source("one-more", THIEF)
    note_source("another", MOSQUE)


def test_many_gifts_from_one_address_are_no_offence():
    end(MOSQUE, 60, paid=True)
    end(MOSQUE, 100, paid=False, first=1_000)
    note_source("one-more", MOSQUE)


def test_a_few_failures_are_no_offence():
    end(MOSQUE, MOST_FAILURES - 1, paid=False)
    note_source("one-more", MOSQUE)


def test_addresses_are_not_kept():
    note_source("code", MOSQUE)
    assert MOSQUE not in str(cache.get("gift-source:code"))


@pytest.mark.django_db
def test_the_page_says_that_no_money_moved(client, country):
    end("127.0.0.1", MOST_FAILURES, paid=False)
    page = client.get(f"/pay/{give(100_000).tracking_code}/")
    assert page.status_code == 429
    assert "پولی از کارت شما کم نشده است" in page.content.decode()
