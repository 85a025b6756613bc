"""Telling a mosque on the eve of Eid from somebody who tries stolen cards: both are many gifts from one address.

What differs is how they end. A source whose payments nearly all fail rests for a while; one whose payments come
through is never held up, however many they are. Only keyed hashes of addresses are kept, in the cache, for an hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.core.cache import cache

from core.crypto import keyed_hash
from core.errors import DomainError

MOST_FAILURES = 30  # within WINDOW_SECONDS, before anything is looked at
FAILURES_A_SUCCESS = 4  # so many failures for each success are usual on a busy line
WINDOW_SECONDS = 600
_REMEMBER_SECONDS = 3_600


def note_source(tracking_code: str, address: str) -> None:
    """Remember from which address a gift goes to the bank. DomainError("too_many_failures", 429) for a source that
    has failed too often."""
    source = keyed_hash(address, "source")[:24]
    counters = [_failed(source), _paid(source)]
    counts = cache.read_and_keep(counters, _source(tracking_code), source, _REMEMBER_SECONDS)
    failed = counts.get(_failed(source), 0)
    if failed >= MOST_FAILURES and failed > FAILURES_A_SUCCESS * counts.get(_paid(source), 0):
        raise DomainError("too_many_failures", status=429)


def note_outcomes(paid: Iterable[str], failed: Iterable[str]) -> None:
    """Count how gifts (tracking codes) ended, for the sources they came from."""
    outcomes = [(code, _paid) for code in paid] + [(code, _failed) for code in failed]
    if not outcomes:
        return
    sources = cache.get_many([_source(code) for code, _ in outcomes])
    known = [(counter, sources[_source(code)]) for code, counter in outcomes if _source(code) in sources]
    cache.count(Counter(counter(source) for counter, source in known), WINDOW_SECONDS)


def _source(tracking_code: str) -> str:
    return f"gift-source:{tracking_code}"


def _failed(source: str) -> str:
    return f"source-failed:{source}"


def _paid(source: str) -> str:
    return f"source-paid:{source}"
