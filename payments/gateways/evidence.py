"""Taking secrets and card numbers out of an exchange before it is kept as evidence.

What comes out can be stored as JSON by any database: no NUL, no lone surrogate, no infinite number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "***"
_LONGEST_TEXT = 1000
_LONGEST_LIST = 20
_MOST_FIELDS = 100
_DEEPEST = 6
_SECRETS = frozenset({"merchant_id", "merchant", "username", "userpassword", "signdata", "password", "key"})
_CARDS = frozenset(
    {
        "card_pan", "cardpan", "cardnumber", "securepan", "maskedpan", "pan", "cardholderpan", "primaryaccno",
        "card", "encpan",
    }
)  # fmt: skip
_IDENTIFIERS = frozenset(
    {
        "orderid", "order_id", "resnum", "saleorderid", "token", "authority", "refid", "refnum", "ref_id",
        "trackid", "salereferenceid", "rrn", "retrivalrefno", "refnumber", "traceno", "straceno",
        "systemtraceno",
    }
)  # fmt: skip
_DIGITS = re.compile(r"[0-9]{13,19}")
_CARD_NUMBER = re.compile(r"(?<![0-9A-Za-z])[2-9][0-9]{15}(?![0-9A-Za-z])")


def redacted(value: Any, name: str = "", depth: int = 0) -> Any:
    """The same data without secrets and full card numbers, cut to a size worth keeping."""
    if isinstance(value, str):
        return HIDDEN if name in _SECRETS else _without_cards(_storable(value[:_LONGEST_TEXT]), name)
    if isinstance(value, Mapping | list | tuple):
        return _redacted_inside(value, name, depth) if depth < _DEEPEST else "..."
    if name in _SECRETS:
        return HIDDEN
    if isinstance(value, int) and name in _CARDS:
        return _without_cards(str(value), name)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _redacted_inside(value: Any, name: str, depth: int) -> Any:
    if not isinstance(value, Mapping):
        return [redacted(inner, name, depth + 1) for inner in value[:_LONGEST_LIST]]
    fields = list(value.items())[:_MOST_FIELDS]
    return {_storable(str(key)): redacted(inner, str(key).lower(), depth + 1) for key, inner in fields}


def _storable(value: str) -> str:
    if value.isascii():
        return value.replace("\x00", "") if "\x00" in value else value
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def _without_cards(value: str, name: str) -> str:
    if name in _CARDS:
        return _DIGITS.sub(_mask, value)
    if len(value) < 16 or name in _IDENTIFIERS:
        return value
    return _CARD_NUMBER.sub(lambda match: _mask(match) if _luhn(match.group()) else match.group(), value)


def _mask(match: re.Match[str]) -> str:
    digits = match.group()
    return f"{digits[:6]}******{digits[-4:]}"


def _luhn(digits: str) -> bool:
    """The check of card numbers: without it many a 16-digit id would be taken for a card."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0
