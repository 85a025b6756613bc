"""What in a need's words could point to a person. Found before anybody else may read it.

The screening is a net with holes, not a proof: it finds numbers and the usual ways a name is written. Whoever
publishes reads the text; what is found here they must have seen and let stand.
"""

from __future__ import annotations

import re

from campaigns.enums import Trait
from core.errors import DomainError
from core.identifiers import parse_card, parse_mobile, parse_national_id
from core.text import ascii_digits, normalise, search_key

_DIGITS = re.compile(r"\+?[0-9][0-9 \-‐-―−.]{6,24}[0-9]")
_TITLES = (
    "آقای|آقا|خانم|خانوم|مرحوم|مرحومه|حاج آقا|حاج خانم|حاجی|سیده|دکتر|مهندس|استاد|شهید|دوشیزه|کربلایی|مشهدی"
)
_WORD = "[آ-ی\u200c]{2,}"
# «خانم رضایی», «آقای علی محمدی»; a title before a common word («خانم سرپرست») is let through.
_COMMON = "سرپرست|باردار|دارای|خانه|بی|که|و|در|از|به|با|را|های|ها|هایی|تحت|متخصص|پزشک|جوان|سالمند|خانواده"
_NAMED = re.compile(rf"(?<![آ-ی\u200c])(?:{_TITLES})\s+(?!(?:{_COMMON})(?![آ-ی]))({_WORD})")
_CALLED = re.compile(rf"(?:به نام|با نام|به نامِ|نام او|نامش|اسمش|به اسم)\s+({_WORD})")
_BORN = re.compile(rf"(?:فرزند|همسر|مادر|پدر|دختر|پسر)\s+(?:آقای|خانم|مرحوم)\s+({_WORD})")
_AGED = re.compile(r"(?<![0-9])[1-9][0-9]?\s*ساله(?!\s*ها)")
# Certain ones, which nobody may let stand; the others are a question to the reader.
REFUSED = frozenset({Trait.NATIONAL_ID, Trait.MOBILE, Trait.CARD, Trait.PLACE})
_HOME = re.compile(r"(?:خیابان|کوچه|پلاک|بلوار|بن[\u200c ]?بست|کدپستی|کد پستی)\s*\S")


def traits_in(text: str, *, hidden_place: str = "") -> set[Trait]:
    """The traits found in a text; `hidden_place` is the name of a place that may not be told."""
    words = ascii_digits(normalise(text))
    found = _numbers(words)
    if _NAMED.search(words) or _CALLED.search(words) or _BORN.search(words):
        found.add(Trait.NAME)
    if _AGED.search(words):
        found.add(Trait.AGE)
    if _HOME.search(words):
        found.add(Trait.ADDRESS)
    if hidden_place and f" {_folded_words(hidden_place)} " in f" {_folded_words(text)} ":
        found.add(Trait.PLACE)
    return found


def _folded_words(text: str) -> str:
    """Word by word: «ری» is a county, and a piece of many words."""
    return " ".join(search_key(word) for word in re.split(r"[^\w\u200c]+", normalise(text)) if word)


def _numbers(words: str) -> set[Trait]:
    found = set()
    for match in _DIGITS.finditer(words):
        for trait, parse in (
            (Trait.MOBILE, parse_mobile),
            (Trait.NATIONAL_ID, parse_national_id),
            (Trait.CARD, parse_card),
        ):
            if _is(parse, match.group()):
                found.add(trait)
    return found


def _is(parse, typed: str) -> bool:
    try:
        parse(typed)
    except DomainError:
        return False
    return True
