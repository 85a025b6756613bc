"""How often the same thing may be done within a while: counted in the cache, so a lost cache only forgets."""

from django.core.cache import cache

from core.errors import DomainError


def count_or_refuse(key: str, most: int, seconds: int, code: str) -> None:
    """Count one more under `key`; DomainError(code, status 429) beyond `most` within `seconds` of the first."""
    cache.add(key, 0, seconds)
    try:
        counted = cache.incr(key)
    except ValueError:  # it has just expired
        cache.set(key, 1, seconds)
        return
    if counted > most:
        raise DomainError(code, status=429)
