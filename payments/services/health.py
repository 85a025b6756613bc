"""Keeping one hung bank from slowing everything else: a breaker and a bulkhead for each gateway.

The breaker lives in the cache, so that all processes know; a cache that is away leaves it closed. The bulkhead
is each process' own: only so many of its threads may wait for one bank at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings
from django.core.cache import cache

from payments.gateways import GATEWAYS
from payments.gateways.base import GatewayUnavailable

FAILURES_IN_A_ROW, REST_SECONDS, FORGET_SECONDS = 4, 30, 60
BUSY = "busy"
_rooms = {name: BoundedSemaphore(settings.GATEWAY_MOST_WAITING) for name in GATEWAYS}


@contextmanager
def room_to_wait(gateway: str) -> Iterator[None]:
    """Hold one of this process' places to wait for a bank; GatewayUnavailable("busy") when none is free."""
    if not _rooms[gateway].acquire(blocking=False):
        raise GatewayUnavailable(BUSY, "too many requests already wait for this bank")
    try:
        yield
    finally:
        _rooms[gateway].release()


def note_failure(gateway: str) -> None:
    """Count a call without an answer; enough of them in a row and the gateway rests."""
    key = _failures(gateway)
    cache.add(key, 0, FORGET_SECONDS)
    try:
        failures = cache.incr(key)
    except ValueError:  # the count has just expired
        failures = 1
    if failures >= FAILURES_IN_A_ROW:
        cache.set(_resting(gateway), True, REST_SECONDS)


def note_success(gateway: str) -> None:
    """An answer came: the count starts again."""
    cache.delete(_failures(gateway))


def resting(gateways: Iterable[str]) -> set[str]:
    """Those that rest now. After its rest a gateway is tried again and, failing once more, rests again."""
    names = list(gateways)
    found = cache.get_many([_resting(name) for name in names])
    return {name for name in names if _resting(name) in found}


def _failures(gateway: str) -> str:
    return f"gateway:failures:{gateway}"


def _resting(gateway: str) -> str:
    return f"gateway:resting:{gateway}"
