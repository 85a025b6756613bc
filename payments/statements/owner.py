"""Whose account a file speaks of, where it says so: above its heading, or in a column of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.errors import DomainError
from core.identifiers import mask_iban, parse_iban
from core.text import ascii_digits, normalise

_SHEBA = re.compile(r"IR[\s-]?[0-9]{2}(?:[\s-]?[0-9]){22}(?![0-9])")
_AFTER_ITS_NAME = re.compile(
    r"(?:شماره(?:\W{0,2}ی)?\W{1,3}حساب|حساب\s*شماره|شبا|sheba|iban|account(?:\s*(?:no|number))?)\W{0,6}?"
    r"((?:IR)?[0-9][0-9 ./_-]{4,38}[0-9])",
    re.IGNORECASE,
)
_LEAST_DIGITS = 5


def accounts_in(texts: Iterable[str]) -> list[str]:
    """The numbers that these texts call an account or a Sheba, as digits (a Sheba with its IR)."""
    found: dict[str, None] = {}
    for text in texts:
        plain = ascii_digits(normalise(text))
        for number in (*_SHEBA.findall(plain), *_AFTER_ITS_NAME.findall(plain)):
            if (read := read_account(number)) is not None:
                found[read] = None
    return list(found)


def read_account(text: str) -> str | None:
    """A Sheba, or the digits of an account's number; None for what is neither."""
    try:
        return parse_iban(text)
    except DomainError:
        digits = re.sub(r"[^0-9]", "", ascii_digits(normalise(text)))
        return digits.lstrip("0") if len(digits) >= _LEAST_DIGITS else None


def is_ours(number: str, own: Iterable[str]) -> bool | None:
    """Whether a read number is one of our own; None where the two kinds cannot be compared.

    A Sheba ends with the account's number in most banks, so that one stands for the other."""
    verdicts = [_same(number, read) for text in own if (read := read_account(text)) is not None]
    known = [verdict for verdict in verdicts if verdict is not None]
    return any(known) if known else None


def _same(one: str, other: str) -> bool | None:
    if one.startswith("IR") == other.startswith("IR"):
        return one == other
    sheba, number = (one, other) if one.startswith("IR") else (other, one)
    return True if sheba.endswith(number) else None


def shown(number: str) -> str:
    """A number as a person may compare it; nobody's account is told in full."""
    return mask_iban(number) if number.startswith("IR") else f"…{number[-4:]}"
