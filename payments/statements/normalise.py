"""Cells made one: digits, letters, separators, amounts and ids. What is in doubt is not guessed."""

from __future__ import annotations

import re

from core.identifiers.bank import mask_card
from core.text import ascii_digits, normalise
from payments.statements.base import LONGEST_DESCRIPTION, LONGEST_RAW, Unreadable

MAX_RIAL = 2**63 - 1
RIALS_OF = {"rial": 1, "toman": 10}
_UNIT_WORDS = {
    "ریال": "rial",
    "rial": "rial",
    "rials": "rial",
    "irr": "rial",
    "تومان": "toman",
    "toman": "toman",
}

_INVISIBLE = re.compile(
    "[\u00ad\u0640\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\x00-\x1f\x7f-\x9f]"
)
_SPACE = re.compile(r"\s+")
_BLANKS = frozenset({"", "-", "--", "---", "_", "null", "none", "nan", "n/a", "na", "ندارد"})
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d*[eE][+-]?\d+|[eE][+-]\d+)")
_EXCEL_TEXT = re.compile(r'="?([^"]*)"?')
_FLOAT_OF_WHOLE = re.compile(r"(\d+)\.0+")
_AMOUNT = re.compile(
    r"(?P<whole>\d+|\d{1,3}(?:(?P<by>[,٬،'’ ])\d{3})(?:(?P=by)\d{3})*)(?:[.٫/](?P<part>\d+))?"
)
_NO_ID = "\ufffd\\#"
_SAFE_DIGITS = 15  # a spreadsheet keeps so many digits of a number and writes zeros for the rest
_CERTAINLY_ROUNDED = 19


def plain(text: str) -> str:
    """A cell without what nobody sees, with ASCII digits and one kind of space."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _SPACE.sub(" ", ascii_digits(_INVISIBLE.sub("", text.replace("\t", " ")))).strip()


def is_blank(text: str) -> bool:
    return plain(text).lower() in _BLANKS


# --- ids -------------------------------------------------------------------------------------------------
def read_id(text: str, longest: int, width: int | tuple[int, int] | None = None) -> str | None:
    """An id as its sender wrote it; "" for none; None when it is damaged.

    `width` is how many digits the sender always writes: zeros that a spreadsheet dropped are put back. A pair is
    a range: below it digits are missing and nobody knows how many.
    """
    if not (text.isascii() and text.isalnum()):
        text = _bare_id(text)
        if text is None:
            return None
    if not text or not text.strip("0"):
        return ""
    if len(text) > longest:
        return None
    if text.isdigit():
        if len(text) >= _CERTAINLY_ROUNDED and not text[_SAFE_DIGITS:].strip("0"):
            return None
        if width is not None:
            return _of_width(text, width)
    elif text.lower() in _BLANKS:
        return ""
    return text


def _bare_id(text: str) -> str | None:
    bare = _SPACE.sub("", plain(text)).lstrip("'")
    if bare.startswith("=") and (quoted := _EXCEL_TEXT.fullmatch(bare)):
        bare = quoted[1]
    if bare.lower() in _BLANKS:
        return ""
    if whole := _FLOAT_OF_WHOLE.fullmatch(bare):
        bare = whole[1]
    if _SCIENTIFIC.fullmatch(bare) or any(sign in bare for sign in _NO_ID):
        return None
    return bare


def _of_width(digits: str, width: int | tuple[int, int]) -> str | None:
    if isinstance(width, int):
        return digits.zfill(width) if len(digits) <= width else None
    return digits if width[0] <= len(digits) <= width[1] else None


# --- money -----------------------------------------------------------------------------------------------
def read_amount(text: str, unit: str) -> int | None:
    """Whole rials with their sign, None for an empty cell; Unreadable for what could be read in two ways."""
    if text.isascii() and text.isdigit():
        rial = int(text) * RIALS_OF[unit]
    else:
        typed = plain(text)
        if typed.lower() in _BLANKS:
            return None
        rial = _signed(typed, unit)
    if abs(rial) > MAX_RIAL:
        raise Unreadable("amount_too_large")
    return rial


def _signed(typed: str, unit: str) -> int:
    typed = _without_unit(typed.lstrip("'").replace("\u2212", "-").replace("\u2013", "-"), unit)
    negative = False
    if typed.startswith("(") and typed.endswith(")"):
        negative, typed = True, typed[1:-1].strip()
    elif typed.startswith("منفی"):
        negative, typed = True, typed.removeprefix("منفی").strip()
    elif typed[:1] in "+-" or typed[-1:] == "-":
        negative = "-" in (typed[:1], typed[-1:])
        typed = typed.strip("+- ")
    if _SCIENTIFIC.fullmatch(typed):
        raise Unreadable("scientific_amount")
    match = _AMOUNT.fullmatch(typed)
    if match is None or len(typed) > 40:
        raise Unreadable("bad_amount")
    rial = int(re.sub(r"\D", "", match["whole"])) * RIALS_OF[unit] + _fraction(match, unit)
    return -rial if negative else rial


def _without_unit(typed: str, unit: str) -> str:
    for word, said in _UNIT_WORDS.items():
        if typed.lower().endswith(word):
            if said != unit:
                raise Unreadable("other_unit")
            return typed[: -len(word)].strip()
    return typed


def _fraction(match: re.Match[str], unit: str) -> int:
    """Rials of a decimal part. Three digits behind a point may be thousands: that is asked, not guessed."""
    part = match["part"]
    if part is None:
        return 0
    if len(part) == 3 and match["by"] is None:
        raise Unreadable("ambiguous_amount")
    tenths = part.rstrip("0")
    if not tenths:
        return 0
    if unit == "toman" and len(tenths) == 1:
        return int(tenths)
    raise Unreadable("fraction_of_rial")


# --- words -----------------------------------------------------------------------------------------------
_CLEAN_ALREADY = re.compile("[ -~]*|[آاب-غف-قل-وپچژکگی۰-۹0-9 .،:؛()/_*#-]*")
_LONG_DIGITS = re.compile(r"[0-9۰-۹٠-٩][0-9۰-۹٠-٩ -]{8,}")
_CARD = re.compile(r"(?<![0-9])([2-9]\d{3})([ -]?)(\d{4})\2(\d{4})\2(\d{4})(?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])((?:\+?98|0)?9\d{2})\d{4}(\d{3})(?![0-9])")


def read_description(text: str) -> str:
    """Free text as it is shown; card and mobile numbers in it are masked."""
    if not _CLEAN_ALREADY.fullmatch(text) or "  " in text:
        text = normalise(text)
    return hide_numbers(text.strip())[:LONGEST_DESCRIPTION]


def hide_numbers(text: str) -> str:
    """Without whole card numbers and mobile numbers: those are never kept in the open."""
    if not _LONG_DIGITS.search(text):
        return text
    plain_digits = ascii_digits(text)
    hidden = _MOBILE.sub(r"\1****\2", _CARD.sub(_masked, plain_digits))
    return text if hidden == plain_digits else hidden


def _masked(match: re.Match[str]) -> str:
    pan = f"{match[1]}{match[3]}{match[4]}{match[5]}"
    return mask_card(pan) if _passes_luhn(pan) else match[0]


def _passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(digits):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


_CARD_CELL = re.compile(r"(\d{4,6})[\dxX*.•-]*?(\d{4})")


def read_card(text: str) -> str:
    """The first six (or four) and last four digits of a card, however the sender masked it; "" for anything else."""
    if len(text) == 16 and text.isascii() and text[6:12] == "******":
        return text
    bare = _SPACE.sub("", plain(text)).replace("-", "")
    match = _CARD_CELL.fullmatch(bare)
    if match is None or not 15 <= len(bare) <= 19:
        return ""
    return f"{bare[:6] if bare[:6].isdigit() else bare[:4]}******{bare[-4:]}"


def read_raw(text: str) -> str:
    """A line's own text for keeping: what a database or a screen cannot carry is made visible."""
    shown = text.replace("\x00", "\u2400").encode("utf-8", "replace").decode()
    return hide_numbers(shown[:LONGEST_RAW])
