"""Codes of the office's own case system: checked to be nothing that names a person."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.errors import DomainError
from core.identifiers import parse_card, parse_mobile, parse_national_id
from core.text import ascii_digits, normalise

_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9/-]{3,31}")
_PERSONAL: tuple[Callable[[str], str], ...] = (parse_national_id, parse_mobile, parse_card)
_DIGITS = re.compile(r"[0-9]{8,}")


def parse_reference(typed: str) -> str:
    """The stored form of a case code: Latin capitals, digits, dash and slash, 4 to 32 signs with a digit among them.

    DomainError("bad_reference") for another shape (a name, a sentence); DomainError("personal_reference") for what is a
    national ID, a mobile or a card number, alone or inside. The typed text never travels with the error.
    """
    code = ascii_digits(normalise(typed)).replace(" ", "").upper()
    if not _SHAPE.fullmatch(code) or not any(sign.isdigit() for sign in code):
        raise DomainError("bad_reference", field="references")
    for part in {code, code.replace("-", "").replace("/", ""), *_DIGITS.findall(code)}:
        if _is_personal(part):
            raise DomainError("personal_reference", field="references")
    return code


def _is_personal(text: str) -> bool:
    for parse in _PERSONAL:
        try:
            parse(text)
        except DomainError:
            continue
        return True
    return False
