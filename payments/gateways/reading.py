"""Reading what banks send: numbers as int or text, any letter case, Persian digits, nothing trusted.

Everything comes out as plain text or whole rials; what cannot be read comes out empty, never as a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_LONGEST_TEXT = 300
_EXACT_FLOAT = 2**53  # above this a float no longer holds every whole number
_CARD_SHAPE = re.compile(r"[0-9*xX•]{10,25}")
_LONG_DIGITS = re.compile(r"[0-9]{11,}")


def text(value: Any) -> str:
    """A scalar as clean text: Latin digits, no outer spaces, no NUL; anything else is empty."""
    if isinstance(value, str):
        found = value
    elif isinstance(value, bool) or value is None:
        return ""
    elif isinstance(value, int):
        return str(value)[:_LONGEST_TEXT]
    elif isinstance(value, float):
        return str(int(value)) if abs(value) < _EXACT_FLOAT and value == int(value) else ""
    else:
        return ""
    if not found.isascii():
        found = found.translate(_LATIN_DIGITS).encode("utf-8", "ignore").decode()
    return found.replace("\x00", "").strip()[:_LONGEST_TEXT]


def code(value: Any) -> str:
    """A result code as text: `0`, `"0"`, `" ۰ "` and `0.0` are one code."""
    found = text(value)
    digits = found.lstrip("+-")
    if digits.isascii() and digits.isdigit():
        return str(int(found))
    return found


def rial(value: Any) -> int | None:
    """An amount in whole rials, or None when there is none that can be read without doubt."""
    found = text(value).replace(",", "")
    if found.isascii() and found.isdigit() and len(found) <= 18:
        return int(found)
    return None


def fold(data: Any) -> dict[str, Any]:
    """A mapping with lower-case keys; of fields that differ only in case the first filled one counts."""
    folded: dict[str, Any] = {}
    if not isinstance(data, Mapping):
        return folded
    for key, value in data.items():
        name = str(key).lower()
        if folded.get(name) in (None, ""):
            folded[name] = value
    return folded


def first_text(folded: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that carries text."""
    for name in names:
        found = text(folded.get(name))
        if found:
            return found
    return ""


def masked_card(value: Any) -> str:
    """A card number with at most its first six and last four digits; empty for what is no card number."""
    found = text(value).replace("-", "")
    if not _CARD_SHAPE.fullmatch(found):
        return ""
    if found.isdigit() or _LONG_DIGITS.search(found):
        return f"{found[:6]}******{found[-4:]}" if len(found) >= 12 else ""
    return found
