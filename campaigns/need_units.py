"""When so much of one unit is so much of another: things are counted alike by any word for one piece."""

from __future__ import annotations

from campaigns.need_phrases import ONE_PIECE
from core.text import search_key

_ONE_PIECE = frozenset(map(search_key, ONE_PIECE))


def unit_key(unit: str) -> str:
    """Units by which things are counted alike have the same key."""
    folded = search_key(unit)
    return "1" if folded in _ONE_PIECE else folded
