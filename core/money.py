"""Whole rials inside, toman for people; this is the one place where one becomes the other.

Amounts are integers that fit 64 bits. A toman is ten rials (Iran's coming new rial will need another unit on
the account and a change here, nowhere else).
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any, NewType

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.number_words import number_words
from core.text import LRI, PDI, ascii_digits, normalise, persian_digits

Rial = NewType("Rial", int)

TOMAN_RIAL = 10
MAX_RIAL = 2**63 - 1

TOMAN, RIAL = "تومان", "ریال"
_SCALES = {"هزار": 10**3, "میلیون": 10**6, "میلیارد": 10**9, "هزار میلیارد": 10**12}
_SHORT_SCALES = sorted(((size, name) for name, size in _SCALES.items()), reverse=True)

_PLAIN = re.compile(r"0|[1-9][0-9]*")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([٬,،'’ ])[0-9]{3})(?:\1[0-9]{3})*")
_DECIMAL = re.compile(r"[0-9]\s*[.٫/]\s*[0-9]")
_TERM = re.compile(rf"(?P<count>[0-9][0-9٬,،'’ ]*?) ?(?P<scale>هزار میلیارد|{'|'.join(_SCALES)})?")
_MOST_CHARACTERS = 80


def toman_to_rial(toman: int) -> Rial:
    """Whole toman as rials."""
    return Rial(toman * TOMAN_RIAL)


def rial_to_toman(rial: int) -> tuple[int, int]:
    """(whole toman, rials left over), both with the sign of the amount."""
    sign = -1 if rial < 0 else 1
    toman, left = divmod(abs(rial), TOMAN_RIAL)
    return sign * toman, sign * left


def parse_toman(text: str, *, minimum_rial: int = TOMAN_RIAL, maximum_rial: int = MAX_RIAL) -> Rial:
    """Rials of an amount typed in toman: «۵۰٬۰۰۰», "50,000", «50 هزار تومان», «2 میلیون و 500 هزار».

    Digits of three scripts; one kind of separator, in threes. What could be read in two ways is
    refused, never guessed: fractions and points ("50.000"), uneven groups ("5,00"), a leading zero
    (a telephone number in the wrong field), an amount in rials. Raises DomainError: amount_required,
    bad_amount, amount_fraction, amount_in_rial, amount_too_small (with minimum_rial), amount_too_large
    (with maximum_rial).
    """
    typed = ascii_digits(normalise(text)).replace("\u200c", " ")
    if not typed:
        raise DomainError("amount_required")
    if len(typed) > _MOST_CHARACTERS:
        raise DomainError("bad_amount")
    if typed.endswith(RIAL) or re.search(r"\b(?:rials?|irr)$", typed, re.IGNORECASE):
        raise DomainError("amount_in_rial")
    if _DECIMAL.search(typed):
        raise DomainError("amount_fraction")
    rial = _typed_toman(typed.removesuffix(TOMAN).strip()) * TOMAN_RIAL
    if rial > min(maximum_rial, MAX_RIAL):
        raise DomainError("amount_too_large", maximum_rial=min(maximum_rial, MAX_RIAL))
    if rial < minimum_rial:
        raise DomainError("amount_too_small", minimum_rial=minimum_rial)
    return Rial(rial)


def _typed_toman(typed: str) -> int:
    """A plain number, or terms with falling scales: «2 میلیون و 500 هزار»."""
    terms = [_term(part.strip()) for part in re.split(r" و ", typed)]
    for (_count, above), (count, scale) in pairwise(terms):
        # «2 میلیون و 500» is mostly meant as 2,500,000: units may follow thousands only.
        if scale >= above or count >= 1000 or (scale == 1 and above != 1000):
            raise DomainError("bad_amount")
    return sum(count * scale for count, scale in terms)


def _term(part: str) -> tuple[int, int]:
    match = _TERM.fullmatch(part)
    if match is None:
        raise DomainError("bad_amount")
    scale = _SCALES[match["scale"]] if match["scale"] else 1
    return _whole_number(match["count"].strip()), scale


def _whole_number(digits: str) -> int:
    if not (_PLAIN.fullmatch(digits) or _GROUPED.fullmatch(digits)):
        raise DomainError("bad_amount")
    return int(re.sub(r"[^0-9]", "", digits))


def group_digits(number: int) -> str:
    """«۱۲٬۵۰۰»: Persian digits in threes; a minus sign is kept on its left side in right-to-left text."""
    grouped = persian_digits(f"{abs(number):,}".replace(",", "٬"))
    return f"{LRI}−{grouped}{PDI}" if number < 0 else grouped


def format_quantity(quantity: Decimal | int) -> str:
    """«۱۲٬۵۰۰» or «۲٫۵» of an amount of goods: no zeros at the end."""
    whole, _, part = f"{Decimal(quantity):f}".partition(".")
    part = part.rstrip("0")
    return group_digits(int(whole)) + (f"٫{persian_digits(part)}" if part else "")


def format_toman(rial: int) -> str:
    """«۱۲٬۵۰۰ تومان»; rials left over are shown as the tenth they are: «۱۲٬۵۰۰٫۵ تومان»."""
    toman, left = rial_to_toman(abs(rial))
    number = group_digits(toman) + (f"٫{persian_digits(left)}" if left else "")
    return f"{_signed(number, rial)} {TOMAN}"


def format_rial(rial: int) -> str:
    """«۱۲۵٬۰۰۰ ریال»."""
    return f"{group_digits(rial)} {RIAL}"


def toman_words(rial: int) -> str:
    """«دو میلیون و پانصد هزار تومان»; rials left over follow: «دوازده هزار و پانصد تومان و پنج ریال»."""
    toman, left = rial_to_toman(abs(rial))
    words = [f"{number_words(toman)} {TOMAN}"] if toman or not left else []
    if left:
        words.append(f"{number_words(left)} {RIAL}")
    return ("منفی " if rial < 0 else "") + " و ".join(words)


def short_toman(rial: int) -> str:
    """«۱٫۲ میلیارد تومان», «۳۴۰ هزار تومان», «۵ هزار میلیارد تومان»: for headlines and charts.

    Cut, not rounded, after one decimal: a headline never claims more than was given. Exact below 1,000 toman.
    """
    toman, _left = rial_to_toman(abs(rial))
    for size, name in _SHORT_SCALES:
        if toman >= size:
            whole, tenth = divmod(toman * 10 // size, 10)
            number = group_digits(whole) + (f"٫{persian_digits(tenth)}" if tenth else "")
            return f"{_signed(number, rial)} {name} {TOMAN}"
    return format_toman(rial)


def _signed(number: str, rial: int) -> str:
    return f"{LRI}−{number}{PDI}" if rial < 0 else number


class RialField(models.BigIntegerField):
    """A 64-bit number of whole rials. With `minimum` (0, 1 …) forms and `full_clean` refuse less.

    The database does not know `minimum`: write a CheckConstraint where the sign matters.
    """

    description = "Whole rials"

    def __init__(self, *args: Any, minimum: int | None = None, **kwargs: Any) -> None:
        self.minimum = minimum
        kwargs.setdefault("help_text", _("به ریال"))
        super().__init__(*args, **kwargs)

    @cached_property
    def validators(self) -> list[Any]:
        lowest = [] if self.minimum is None else [MinValueValidator(self.minimum)]
        return [*super().validators, *lowest]

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.minimum is not None:
            kwargs["minimum"] = self.minimum
        return name, path, args, kwargs
