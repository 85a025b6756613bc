"""How often something may be done from one source. Only keyed hashes are kept, in the cache and for a while."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.core.cache import cache

from core.crypto import keyed_hash
from core.errors import DomainError

_OWN_BITS = 64  # of an IPv6 address a household has all of the rest


def source_of(address: str) -> str:
    """By what whoever asks from an address is counted: an IPv4 address itself, of an IPv6 address its network, since
    its owner may come from 2**64 others. Anything else (a number, a token) is what it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(parsed.ipv4_mapped or ip_network(f"{parsed}/{_OWN_BITS}", strict=False))


def count_or_refuse(what: str, source: str, *, most: int, seconds: int, code: str) -> None:
    """Count one more of `what` from `source` (an address, counted by `source_of`; a number; a token);
    DomainError(code, status=429) above `most` within so many seconds."""
    key = f"limit:{what}:{keyed_hash(source_of(source), 'source')[:24]}"
    cache.add(key, 0, seconds)
    try:
        done = cache.incr(key)
    except ValueError:  # it has just expired
        cache.set(key, 1, seconds)
        return
    if done > most:
        raise DomainError(code, status=429)
