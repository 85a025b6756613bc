"""Card numbers and IBANs.

A full card number of a giver is never stored and never logged: keep `describe_card(…).masked`. `parse_card`
is for the organisation's own published cards.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import DomainError
from core.identifiers.typed import bare, bare_digits

_BINS = Path(__file__).resolve().parent.parent / "data" / "bank_bins.csv"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What may be kept of a card number; `bank` is "" when the BIN is unknown."""

    masked: str
    bin: str
    bank: str


def parse_card(text: str) -> str:
    """Sixteen digits that pass Luhn; raises bad_card, or card_reversed when its groups stand reversed.

    Luhn cannot see that trap of right-to-left copying: groups of an even length keep the sum.
    """
    pan = bare_digits(text, 16)
    if pan is None or pan[0] == "0" or not _passes_luhn(pan):
        raise DomainError("bad_card")
    if looks_reversed(pan):
        raise DomainError("card_reversed")
    return pan


def describe_card(text: str) -> CardFacts:
    """The storable facts of a card number; raises like `parse_card`."""
    pan = parse_card(text)
    return CardFacts(masked=mask_card(pan), bin=pan[:6], bank=_banks().get(pan[:6], ""))


def mask_card(pan: str) -> str:
    """The first six and the last four digits, as banks give it: "603799******1234"."""
    return f"{pan[:6]}******{pan[-4:]}"


def looks_reversed(pan: str) -> bool:
    """The BIN is unknown and becomes a known one when the four groups of four are read from the other end."""
    turned = "".join(reversed([pan[at : at + 4] for at in range(0, 16, 4)]))
    return pan[:6] not in _banks() and turned[:6] in _banks()


def parse_iban(text: str) -> str:
    """شبا: "IR" and 24 digits, modulo 97; the letters may be missing or stand at the end; raises bad_iban."""
    typed = bare(text)
    digits = typed.removeprefix("IR") if typed.startswith("IR") else typed.removesuffix("IR")
    if not re.fullmatch(r"[0-9]{24}", digits) or not "02" <= digits[:2] <= "98":
        raise DomainError("bad_iban")
    if int(f"{digits[2:]}1827{digits[:2]}") % 97 != 1:  # I = 18, R = 27
        raise DomainError("bad_iban")
    return f"IR{digits}"


def iban_bank_code(iban: str) -> str:
    """Three digits; "010" is the Central Bank, where accounts of executive bodies are kept."""
    return iban[4:7]


def mask_iban(iban: str) -> str:
    """The bank and the last four digits: "IR38010***************5348"."""
    return f"{iban[:7]}{'*' * 15}{iban[-4:]}"


def show_iban(iban: str) -> str:
    """In groups of four, for reading aloud and comparing."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _passes_luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


@cache
def _banks() -> dict[str, str]:
    with _BINS.open(encoding="utf-8", newline="") as rows:
        return {row["bin"]: row["bank"] for row in csv.DictReader(rows)}
