"""Reference rows (funds, places, channels, gateways) that every gift needs and that hardly ever change.

A process remembers what it read for a moment. A change is seen at once by the process that saved it and within
FRESH_SECONDS by all others, which is how fast a kill switch bites. Rows that come from here are shared by all
threads: they are for reading.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models.signals import post_delete, post_save

FRESH_SECONDS = 2.0
_MOST_REMEMBERED = 4_000

Result = TypeVar("Result")
_remembered: dict[tuple, tuple[float, Any]] = {}


def remembered(*sources: type[models.Model]) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Let a function of hashable arguments, which reads `sources` and nothing else, answer from memory.

    Inside a transaction it always reads: a transaction has a view of its own. What raises is not remembered.
    """

    def decorate(read: Callable[..., Result]) -> Callable[..., Result]:
        @wraps(read)
        def answer(*arguments: Any) -> Result:
            if connection.in_atomic_block:
                return read(*arguments)
            key = (connection.settings_dict["NAME"], read, *arguments)
            known = _remembered.get(key)
            now = monotonic()
            if known is not None and now - known[0] < FRESH_SECONDS:
                return known[1]
            result = read(*arguments)
            if len(_remembered) >= _MOST_REMEMBERED:
                _remembered.clear()
            _remembered[key] = (now, result)
            return result

        for source in sources:
            for signal in (post_save, post_delete):
                signal.connect(_forget_after_commit, sender=source, dispatch_uid="core.reference")
        return answer

    return decorate


def forget() -> None:
    """Read anew from now on, in this process."""
    _remembered.clear()


def _forget_after_commit(using: str, **_: Any) -> None:
    transaction.on_commit(forget, using=using)
