"""Public figures computed once for many, never stale for long and never across scopes."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.cache import cache

from dashboards import remembering
from dashboards.remembering import remembered
from dashboards.rollups import fold_all
from provinces.scoping import Scope, all_provinces, open_scope
from tests.dashboards.conftest import book

NATION = Scope(everything=True, reason="test")


class Counting:
    """Gives 1, 2, 3 …: how often it was computed."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_within_a_second_it_is_computed_once(live_db, django_db_blocker, monkeypatch):
    compute, now = Counting(), 1000.0
    monkeypatch.setattr(remembering, "time", lambda: now)
    with django_db_blocker.unblock(), open_scope(NATION):
        assert [remembered("x", compute, 1) for _ in range(3)] == [1, 1, 1]
        assert remembered("x", compute, 2) == 2
        now += 1.1
        assert remembered("x", compute, 1) == 3


def test_what_may_be_older_is_kept_longer(live_db, django_db_blocker, monkeypatch):
    compute, now = Counting(), 1000.0
    monkeypatch.setattr(remembering, "time", lambda: now)
    with django_db_blocker.unblock(), open_scope(NATION):
        remembered("y", compute, fresh=60)
        now += 59
        assert remembered("y", compute, fresh=60) == 1
        now += 2
        assert remembered("y", compute, fresh=60) == 2


def test_one_computes_while_others_get_the_copy_before_but_no_old_one(
    live_db, django_db_blocker, monkeypatch
):
    compute, now = Counting(), 1000.0
    monkeypatch.setattr(remembering, "time", lambda: now)
    with django_db_blocker.unblock(), open_scope(NATION):
        remembered("x", compute)
        cache.add(f"{remembering._key('x', ())}:computing", 1, 60)  # somebody is at it
        now += 2
        assert remembered("x", compute) == 1
        now += 2
        assert remembered("x", compute) == 2


def test_a_limited_scope_never_takes_part(live_db, django_db_blocker):
    compute = Counting()
    with django_db_blocker.unblock():
        with open_scope(NATION):
            remembered("x", compute)
        with open_scope(Scope(provinces=frozenset({"07"}))):
            assert remembered("x", compute) == 2
        with open_scope(NATION):
            assert remembered("x", compute) == 1


def test_inside_a_transaction_one_sees_its_own_view(db, country):
    compute = Counting()
    assert [remembered("x", compute), remembered("x", compute)] == [1, 2]


def test_without_a_cache_it_is_computed(live_db, django_db_blocker, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "core.cache.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.1},
        }
    }
    compute = Counting()
    with django_db_blocker.unblock(), open_scope(NATION):
        assert [remembered("x", compute), remembered("x", compute)] == [1, 2]


def test_pages_show_a_new_gift_within_seconds(live_db, django_db_blocker, client, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(remembering, "time", lambda: now)
    with django_db_blocker.unblock():
        pages = (
            "/",
            "/transparency/",
            "/provinces/fars/",
            "/api/v1/totals/?province=07",
            "/api/v1/totals/?from=1405-01-01&by=day",
        )
        before = {page: client.get(page) for page in pages}
        with all_provinces("test"):
            book(12_340, datetime.now(UTC), province="07")
            fold_all()
        assert (
            client.get("/api/v1/totals/?province=07").json() == before["/api/v1/totals/?province=07"].json()
        )
        now += 1.5
        assert client.get("/").context["totals"]["today_rial"] == 12_340
        assert client.get("/transparency/").context["stats"][0]["exact"] == "۱٬۲۳۴ تومان"
        assert client.get("/provinces/fars/").context["totals"]["ever_rial"] == 12_340
        assert client.get("/api/v1/totals/?province=07").json()["total_rial"] == 12_340
