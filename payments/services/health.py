"""Keeping one hung bank from slowing everything else: a breaker and a bulkhead for each gateway.

The breaker lives in the cache, so that all processes know within two seconds; a cache that is away leaves it closed.
The bulkhead is each process' own: only so many of its threads may wait for one bank at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings
from django.core.cache import cache

from core.reference import forget, remembered
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
    cache.count({key: 1}, FORGET_SECONDS)
    if cache.get(key, 1) >= FAILURES_IN_A_ROW:
        cache.set(_resting(gateway), True, REST_SECONDS)
    forget()


def note_success(gateway: str) -> None:
    """An answer came: the count starts again."""
    if _failures(gateway) in _standing():
        cache.delete(_failures(gateway))
        forget()


def resting(gateways: Iterable[str]) -> set[str]:
    """Those that rest now. After its rest a gateway is tried again and, failing once more, rests again."""
    standing = _standing()
    return {name for name in gateways if _resting(name) in standing}


@remembered()
def _standing() -> frozenset[str]:
    """Which of the gateways' keys are there."""
    return frozenset(cache.get_many([key(name) for name in GATEWAYS for key in (_failures, _resting)]))


def _failures(gateway: str) -> str:
    return f"gateway:failures:{gateway}"


def _resting(gateway: str) -> str:
    return f"gateway:resting:{gateway}"
