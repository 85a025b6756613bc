"""National ID, legal persons' national ID, postal code."""

from __future__ import annotations

from operator import mul

from core.errors import DomainError
from core.identifiers.typed import bare_digits

_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)
_LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)


def parse_national_id(text: str) -> str:
    """کد ملی: ten digits with their leading zeros; raises bad_national_id.

    Checked by its check digit only. Prefixes of unknown places are valid; ten equal digits are not.
    """
    digits = bare_digits(text, 10)
    if digits is None or len(set(digits)) == 1:
        raise DomainError("bad_national_id")
    remainder = sum(map(mul, map(int, digits), _WEIGHTS)) % 11
    if int(digits[9]) != (remainder if remainder < 2 else 11 - remainder):
        raise DomainError("bad_national_id")
    return digits


def mask_national_id(national_id: str) -> str:
    """Only the last three digits: "*******789"."""
    return "*" * 7 + national_id[-3:]


def parse_legal_id(text: str) -> str:
    """شناسهٔ ملی of a legal person: eleven digits; raises bad_legal_id. Foreigners have other codes."""
    digits = bare_digits(text, 11)
    if digits is None or len(set(digits)) == 1:
        raise DomainError("bad_legal_id")
    tenth = int(digits[9]) + 2
    total = sum((int(digit) + tenth) * weight for digit, weight in zip(digits, _LEGAL_WEIGHTS, strict=False))
    if int(digits[10]) != total % 11 % 10:
        raise DomainError("bad_legal_id")
    return digits


def parse_postal_code(text: str) -> str:
    """Ten digits; raises bad_postal_code. See `postal_code_is_doubtful` for a warning."""
    digits = bare_digits(text, 10)
    if digits is None:
        raise DomainError("bad_postal_code")
    return digits


def postal_code_is_doubtful(postal_code: str) -> bool:
    """The first five digits are said (one source) to use neither 0 nor 2: warn, do not refuse."""
    return bool(set(postal_code[:5]) & {"0", "2"})
