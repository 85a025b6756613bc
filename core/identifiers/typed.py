"""What people type around the digits of a number."""

from __future__ import annotations

import re

from core.text import ascii_digits, normalise

_AROUND = re.compile("[\\s\u200c\u200d\\-–—−_.()]+")
_MOST_CHARACTERS = 64


def bare(text: str) -> str:
    """Without spaces, dashes, points, brackets and invisible marks; ASCII digits, capital Latin letters.

    "" when it is too long to be a number of any kind.
    """
    if not text or len(text) > _MOST_CHARACTERS:
        return ""
    plain = ascii_digits(text)
    if not (plain.isascii() and plain.isalnum()):
        plain = _AROUND.sub("", ascii_digits(normalise(text)))
    return plain.upper()


def bare_digits(text: str, length: int) -> str | None:
    """The digits when there are exactly `length` of them and nothing else."""
    digits = bare(text)
    return digits if len(digits) == length and digits.isascii() and digits.isdecimal() else None
