"""Figures of public pages, computed once for everybody who asks within the same second.

A rollup read costs the same however many gifts there are, but not nothing; on the eve of Eid a page is asked for by
thousands at once. What is remembered is public: it is never used under another scope than the whole country's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from time import time
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection

from provinces.scoping import current_scope

FRESH_SECONDS = 1.0
OLDEST_SECONDS = 3.0  # a copy up to this age is served while somebody computes a new one
_KEPT_SECONDS = 10

T = TypeVar("T")


def remembered(name: str, compute: Callable[[], T], *parts: Any, fresh: float = FRESH_SECONDS) -> T:
    """`compute()`, or what it gave to anybody within the last second (`fresh` seconds); `parts` tell apart what it
    depends on.

    One process computes while others get the copy before. Without a cache, in a limited scope, or inside a transaction
    (which has a view of its own), it is always computed.
    """
    if connection.in_atomic_block or not current_scope().everything:
        return compute()
    key = _key(name, parts)
    found = cache.get(key)
    if found is not None:
        value, made_at = found
        age = time() - made_at
        if age < fresh or (
            age < fresh + OLDEST_SECONDS - FRESH_SECONDS
            and not cache.add(f"{key}:computing", 1, _KEPT_SECONDS)
        ):
            return value
    value = compute()
    cache.set(key, (value, time()), int(fresh) + _KEPT_SECONDS)
    cache.delete(f"{key}:computing")
    return value


def _key(name: str, parts: tuple[Any, ...]) -> str:
    told_apart = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    return f"figures:{connection.settings_dict['NAME']}:{name}:{told_apart}"
