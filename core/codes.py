"""Random codes that people read aloud and type, and tokens that nobody types.

The alphabet has 23 signs: no 0/O, no 1/I/L, and only one of each pair that looks or, over a telephone, sounds
alike (B-8, S-5, Z-2, G-6, U-V, N-M, D-T, Q-O). 23 is prime: a weighted sum modulo 23 as check character finds
every single wrong sign and every swap of any two signs.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from core.errors import DomainError
from core.text import ascii_digits, normalise

ALPHABET = "23456789ACEFHJKMPRTVWXY"
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
_PRIME = len(ALPHABET)

_LOOKALIKES = str.maketrans(
    "BSZGUАВЕНКМРСТХУΑΒΕΖΗΚΜΡΤΧΥ", "8526VA8EHKMPCTXYA8E2HKMPTXY"
)  # Cyrillic, then Greek
_BETWEEN = re.compile("[\\s\u200c\u200d\\-‐-―−_./]+")
_MOST_CHARACTERS = 64

ORDER_ID_DIGITS = 15


@dataclass(frozen=True, slots=True)
class CodeKind:
    """A kind of code: `length` signs, the last of them the check character, shown in groups of `group`."""

    length: int
    group: int

    def new(self) -> str:
        """A random code; uniqueness is the database's to enforce, so try again on a collision."""
        number, signs = secrets.randbelow(_PRIME ** (self.length - 1)), []
        for _ in range(self.length - 1):
            number, sign = divmod(number, _PRIME)
            signs.append(ALPHABET[sign])
        body = "".join(signs)
        return body + _check_sign(body)

    def parse(self, typed: str) -> str:
        """The code a person typed; raises DomainError("bad_code").

        Case, spaces, dashes, Persian digits and letters that look like a sign of the alphabet are forgiven.
        """
        if not typed or len(typed) > _MOST_CHARACTERS:
            raise DomainError("bad_code")
        code = _BETWEEN.sub("", ascii_digits(normalise(typed))).upper().translate(_LOOKALIKES)
        if len(code) != self.length or not set(code) <= _VALUE.keys() or _check_sign(code[:-1]) != code[-1]:
            raise DomainError("bad_code")
        return code

    def show(self, code: str) -> str:
        """The code in groups, for reading: "A7KM-29RT-X4HC"."""
        return "-".join(code[at : at + self.group] for at in range(0, len(code), self.group))


TRACKING = CodeKind(length=12, group=4)  # a gift; 49 random bits, never shown with personal data
PLACEMENT = CodeKind(length=9, group=3)  # a printed QR; public
RECOVERY = CodeKind(length=12, group=4)  # lets staff in once without their authenticator
VERIFICATION = CodeKind(length=16, group=4)  # a receipt; 67 random bits, beyond guessing


def new_tracking_code() -> str:
    """A gift's tracking code, 12 signs."""
    return TRACKING.new()


def new_placement_code() -> str:
    """The code of a printed QR, 9 signs."""
    return PLACEMENT.new()


def new_verification_code() -> str:
    """The code by which anyone can check a receipt, 16 signs."""
    return VERIFICATION.new()


def parse_tracking_code(typed: str) -> str:
    """The stored form of a typed tracking code; raises DomainError("bad_code")."""
    return TRACKING.parse(typed)


def parse_placement_code(typed: str) -> str:
    """The stored form of a typed placement code; raises DomainError("bad_code")."""
    return PLACEMENT.parse(typed)


def parse_verification_code(typed: str) -> str:
    """The stored form of a typed verification code; raises DomainError("bad_code")."""
    return VERIFICATION.parse(typed)


def show_code(code: str) -> str:
    """Any of these codes grouped for reading; a text that is none of them comes back as it is."""
    for kind in (TRACKING, PLACEMENT, VERIFICATION):
        if len(code) == kind.length and set(code) <= _VALUE.keys():
            return kind.show(code)
    return code


def new_url_token() -> str:
    """24 characters of base64url, 144 random bits, for addresses that are themselves the key.

    Starts with a letter or digit, so that no command line or spreadsheet takes it for something else.
    """
    while not (token := secrets.token_urlsafe(18))[0].isalnum():
        pass
    return token


def order_id(sequence_value: int) -> str:
    """A bank's numeric order id (at most 15 digits, no leading zero) of a value from a database sequence."""
    if not 0 < sequence_value < 10**ORDER_ID_DIGITS:
        raise ValueError("the order id sequence left its range")
    return str(sequence_value)


def _check_sign(body: str) -> str:
    """Weights 1, 2, 3 … differ and stay below the prime; with the check sign the weighted sum is zero."""
    total = sum(weight * _VALUE[sign] for weight, sign in enumerate(body, start=1))
    own_weight = len(body) + 1
    return ALPHABET[-total * pow(own_weight, -1, _PRIME) % _PRIME]
