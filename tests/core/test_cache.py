"""Several commands on one way to the cache and back, and a cache that is away."""

import pytest
from django.core.cache import cache

from core.cache import ForgivingRedisCache


@pytest.fixture(autouse=True)
def _empty():
    cache.clear()


@pytest.fixture
def away() -> ForgivingRedisCache:
    """A cache that cannot be reached."""
    return ForgivingRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})


def test_counters_begin_go_on_and_end():
    cache.count({"a": 1, "b": 3}, 60)
    cache.count({"a": 2}, 60)
    assert cache.get_many(["a", "b"]) == {"a": 3, "b": 3}
    assert 0 < cache._cache.get_client().ttl(cache.make_key("a")) <= 60


def test_each_counter_may_last_as_long_as_it_is_told():
    cache.count({"a": 1, "b": 1}, {"a": 60, "b": 600})
    ends = {name: cache._cache.get_client().ttl(cache.make_key(name)) for name in "ab"}
    assert 0 < ends["a"] <= 60 < ends["b"] <= 600


def test_a_count_ends_when_its_first_step_said():
    cache.set("a", 5, 10)
    cache.count({"a": 1}, 600)
    assert cache._cache.get_client().ttl(cache.make_key("a")) <= 10


def test_reading_and_keeping_together():
    cache.set("known", 7)
    assert cache.read_and_keep(["known", "unknown"], "kept", "value", 60) == {"known": 7}
    assert cache.get("kept") == "value"


def test_a_cache_that_is_away_is_empty(away):
    away.count({"a": 1}, 60)
    assert away.read_and_keep(["a"], "kept", "value", 60) == {}
    assert away.add("a", 1) is True
