"""Knocking at the staff's door from many places or with many names: braked, and nobody is locked out by strangers."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from provinces.enums import Role
from provinces.models import SecondFactor
from provinces.services import knocks
from tests.factories.people import code_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return person(Role.PROVINCIAL_MANAGER)


@pytest.fixture
def wrong(attempt):
    """A wrong password with a name from an address; the status."""

    def knock(user, address: str, browser: Client | None = None) -> int:
        browser = browser or Client(REMOTE_ADDR=address)
        return attempt(user, browser=browser, password="wrong").status_code

    return knock


def comes_in(attempt, user, browser: Client) -> bool:
    SecondFactor.objects.update(last_t=-1, throttling_failure_timestamp=None, throttling_failure_count=0)
    return attempt(user, browser=browser, code=code_of(user)).status_code == 302


def test_one_address_does_not_try_many_names(manager, attempt, wrong, monkeypatch):
    monkeypatch.setattr(knocks, "MOST_OF_ADDRESS", 6)
    people = [person(Role.PROVINCIAL_EXPERT) for _ in range(3)]
    said = [wrong(people[number % 3], "192.0.2.7") for number in range(7)]
    assert said == [200] * 6 + [429]
    answer = attempt(manager, browser=Client(REMOTE_ADDR="192.0.2.7"))
    assert answer.status_code == 429, "also with a name that was not tried yet"
    assert answer.headers["Retry-After"] == str(knocks.SECONDS)
    assert "۱۵ دقیقه" in answer.content.decode()
    assert comes_in(attempt, manager, Client(REMOTE_ADDR="192.0.2.8"))


def test_of_ipv6_a_whole_network_is_one_address(wrong, monkeypatch):
    monkeypatch.setattr(knocks, "MOST_OF_ADDRESS", 3)
    people = [person(Role.PROVINCIAL_EXPERT) for _ in range(4)]
    said = [wrong(user, f"2001:db8::{number:x}") for number, user in enumerate(people)]
    assert said == [200, 200, 200, 429]


def test_one_name_is_not_tried_from_many_addresses_and_its_owner_comes_in(
    manager, attempt, wrong, monkeypatch
):
    monkeypatch.setattr(knocks, "MOST_OF_NAME", 6)
    own = Client(REMOTE_ADDR="198.51.100.1")
    assert comes_in(attempt, manager, own)
    own.post("/logout/")
    said = [wrong(manager, f"192.0.2.{number}") for number in range(7)]
    assert said == [200] * 6 + [429]
    assert not comes_in(attempt, manager, Client(REMOTE_ADDR="203.0.113.9")), "a stranger's browser waits"
    assert comes_in(attempt, manager, own), "their own browser does not, whatever others do"
    assert comes_in(attempt, person(Role.PROVINCIAL_EXPERT), Client(REMOTE_ADDR="203.0.113.9"))


def test_a_colleague_at_the_same_address_locks_nobody_out_of_their_own_browser(
    manager, attempt, wrong, settings
):
    own = Client()
    assert comes_in(attempt, manager, own)
    own.post("/logout/")
    said = [wrong(manager, "127.0.0.1") for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert said[-1] == 429
    assert not comes_in(attempt, manager, Client())
    assert comes_in(attempt, manager, own)


def test_a_browser_that_is_known_is_counted_too(manager, attempt, wrong, monkeypatch):
    monkeypatch.setattr(knocks, "MOST_OF_NAME", 3)
    own = Client()
    assert comes_in(attempt, manager, own)
    own.post("/logout/")
    said = []
    for number in range(4):
        own.defaults["REMOTE_ADDR"] = f"192.0.2.{number}"
        said.append(wrong(manager, "", own))
    assert said == [200, 200, 200, 429]
    assert comes_in(attempt, person(Role.PROVINCIAL_EXPERT), own), "of another name it is a stranger's"


def test_coming_in_is_not_counted_and_the_brake_ends(manager, attempt, wrong, monkeypatch):
    monkeypatch.setattr(knocks, "MOST_OF_NAME", 1)
    for _ in range(3):
        assert comes_in(attempt, manager, Client())
    wrong(manager, "192.0.2.1")
    assert wrong(manager, "192.0.2.2") == 429
    cache.clear()
    assert comes_in(attempt, manager, Client(REMOTE_ADDR="192.0.2.3"))


def test_what_is_counted_tells_neither_name_nor_address(manager, wrong):
    wrong(manager, "192.0.2.44")
    keys = [key.decode() for key in cache._cache.get_client().keys("*knock*")]
    assert len(keys) == 2
    assert [key for key in keys if manager.username in key or "192.0.2.44" in key] == []
