"""Whole numbers in Persian words, as Iranians read them aloud."""

from __future__ import annotations

_ONES = (
    "", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده", "دوازده", "سیزده", "چهارده",
    "پانزده", "شانزده", "هفده", "هجده", "نوزده",
)  # fmt: skip
_TENS = ("", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")
_HUNDREDS = ("", "صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد")
_SCALES = ((10**9, "میلیارد"), (10**6, "میلیون"), (10**3, "هزار"))
_AND = " و "


def number_words(number: int) -> str:
    """«دو میلیون و پانصد هزار»; zero is «صفر», below zero «منفی …».

    Above a thousand milliards people say «هزار میلیارد», never «تریلیون»: the milliards themselves
    are counted in thousands and millions.
    """
    if number < 0:
        return f"منفی {number_words(-number)}"
    if number == 0:
        return "صفر"
    parts = []
    for size, name in _SCALES:
        count, number = divmod(number, size)
        if count:
            parts.append(name if (count, size) == (1, 1000) else f"{number_words(count)} {name}")
    if number:
        parts.append(_below_thousand(number))
    return _AND.join(parts)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = (
        [_HUNDREDS[hundreds], _ONES[rest]] if rest < 20 else [_HUNDREDS[hundreds], _TENS[tens], _ONES[ones]]
    )
    return _AND.join(filter(None, words))
