"""What a thread of a test must not leave behind."""

from __future__ import annotations

from django.core.cache import caches
from django.db import connections


def close_all() -> None:
    """Close what this thread opened to the database and to the cache: a socket that is found open by the garbage
    collector fails whichever test runs then."""
    connections.close_all()
    for cache in caches.all(initialized_only=True):
        for pool in cache._cache._pools.values():
            pool.disconnect()
