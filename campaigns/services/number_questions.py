"""How often somebody may ask whether a number is ours.

A person asks about one or two; whoever asks about dozens tries numbers. Only keyed hashes of addresses are kept, in
the cache and for minutes; the number itself is kept nowhere.
"""

from __future__ import annotations

from django.core.cache import cache

from core.crypto import keyed_hash
from core.errors import DomainError

MOST_QUESTIONS = 30
WINDOW_SECONDS = 600


def note_question(address: str) -> None:
    """Count a question from an address; DomainError("too_many_questions", 429) when there were too many lately."""
    key = f"number-asked:{keyed_hash(address, 'source')[:24]}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        asked = cache.incr(key)
    except ValueError:  # it has just expired
        cache.set(key, 1, WINDOW_SECONDS)
        return
    if asked > MOST_QUESTIONS:
        raise DomainError("too_many_questions", status=429)
