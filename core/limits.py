"""How often something may be done from one source. Only keyed hashes are kept, in the cache and for a while."""

from __future__ import annotations

from django.core.cache import cache

from core.crypto import keyed_hash
from core.errors import DomainError


def count_or_refuse(what: str, source: str, *, most: int, seconds: int, code: str) -> None:
    """Count one more of `what` from `source` (an address, a number); DomainError(code, status=429) above `most` within
    so many seconds."""
    key = f"limit:{what}:{keyed_hash(source, 'source')[:24]}"
    cache.add(key, 0, seconds)
    try:
        done = cache.incr(key)
    except ValueError:  # it has just expired
        cache.set(key, 1, seconds)
        return
    if done > most:
        raise DomainError(code, status=429)
