"""What in a need's words could point to a person. Found before anybody else may read it.

The screening is a net with holes, not a proof: it finds numbers and the usual ways a name is written. Whoever
publishes reads the text; what is found here they must have seen and let stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaigns.enums import Trait
from core.errors import DomainError
from core.identifiers import parse_card, parse_iban, parse_landline, parse_mobile, parse_national_id
from core.text import ascii_digits, normalise, search_key

# A number, with whatever people put between its digits.
_BETWEEN = "\u200c \\-‐-―−._/\\\\*()،,٬٫+"
_NUMBER = re.compile(rf"[0-9](?:[{_BETWEEN}]{{0,3}}[0-9]){{8,}}")
_COMMA = re.compile("[،,٬٫]")
_AMOUNT_OR_DAY = re.compile(
    r"(?<![0-9])(?:[0-9]{1,3}(?:[،,٬][0-9]{3})+|1[34][0-9]{2}[/.\-][0-9]{1,2}[/.\-][0-9]{1,2})(?![0-9])"
)
_LONGEST_NUMBER = 16
_GAP = "[\\s\u200c]"
_TITLES = "آقای|آقا|خانم|خانوم|بانو|مرحوم|مرحومه|حاج آقا|حاج خانم|حاجی|سیده|دکتر|مهندس|استاد|شهید|دوشیزه|کربلایی|مشهدی"
_WORD = "[آ-ی\u200c]{2,}"
# «خانم رضایی», «آقای علی محمدی»; a title before a common word («خانم سرپرست») is let through.
_COMMON = "سرپرست|باردار|دارای|خانه|بی|که|و|در|از|به|با|را|های|ها|هایی|تحت|متخصص|پزشک|جوان|سالمند|خانواده"
_NAMED = re.compile(rf"(?<![آ-ی\u200c])(?:{_TITLES}){_GAP}+(?!(?:{_COMMON})(?![آ-ی]))({_WORD})")
_CALLED = re.compile(rf"(?:(?:به|با){_GAP}*نامِ?|نام{_GAP}+او|نامش|اسمش|به{_GAP}*اسم){_GAP}+({_WORD})")
_BORN = re.compile(rf"(?:فرزند|همسر|مادر|پدر|دختر|پسر){_GAP}+(?:آقای|خانم|مرحوم){_GAP}+({_WORD})")
_FEW_YEARS = "یک|دو|سه|چهار|پنج|شش|شیش|هفت|هشت|نه"  # alone rather the length of a programme than an age
_MORE_YEARS = (
    "ده|یازده|دوازده|سیزده|چهارده|پانزده|شانزده|هفده|هجده|هیجده|نوزده|بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود"
)
_CHILD = "کودک|کودکی|پسر|پسری|دختر|دختری|نوزاد|فرزند|فرزندی"
_YEARS = (
    rf"(?<![0-9])[1-9][0-9]?|(?<![آ-ی])(?:{_MORE_YEARS})(?:{_GAP}*و{_GAP}*(?:{_FEW_YEARS}))?|"
    rf"(?<![آ-ی])(?:{_CHILD}){_GAP}+(?:{_FEW_YEARS})"
)
_AGED = re.compile(rf"(?:{_YEARS}){_GAP}*ساله(?!{_GAP}*ها)")
# Certain ones, which nobody may let stand; the others are a question to the reader.
REFUSED = frozenset({Trait.NATIONAL_ID, Trait.PHONE, Trait.CARD, Trait.PLACE})
_HOME = re.compile(r"(?:خیابان|کوچه|پلاک|بلوار|بن[\u200c ]?بست|کد[\u200c ]?پستی)\s*\S")
_BEFORE_PLACE = ("", "شهر", "شهرستان")  # also written in one word with the name
_AFTER_PLACE = ("", "ی", "یها", "یهای")
_SHORT_PLACE = 3  # such a name with an ending is a common word too often


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
    if hidden_place and _tells(text, hidden_place):
        found.add(Trait.PLACE)
    return found


def _tells(text: str, place: str) -> bool:
    """Whether whole words of the text, however they are parted, are the name of the place: «خرم آباد», «خرم‌آباد» and
    «خرماباد» alike, and «ری» never as a piece of another word."""
    name = search_key(place)
    endings = _AFTER_PLACE if len(name) > _SHORT_PLACE else ("",)
    names = {f"{before}{name}{after}" for before in _BEFORE_PLACE for after in endings}
    longest = max(map(len, names))
    pieces = [key for piece in re.split(r"[\W_]+", normalise(text)) if (key := search_key(piece))]
    for first in range(len(pieces)):
        said = ""
        for piece in pieces[first:]:
            said += piece
            if said in names:
                return True
            if len(said) >= longest:
                break
    return False


def _numbers(words: str) -> set[Trait]:
    """A list of numbers is parted by commas, a number by anything: so a national ID and an IBAN are looked for between
    commas, and what its own digits prove less (a list of amounts may be one by chance) is left alone."""
    found = set()
    for match in _NUMBER.finditer(_AMOUNT_OR_DAY.sub(" ؛ ", words)):
        runs = re.findall("[0-9]+", match.group())
        for digits in _joined(runs):
            if _is(parse_mobile, digits) or (digits.startswith("0") and _is(parse_landline, digits)):
                found.add(Trait.PHONE)
            if _is(parse_card, digits):
                found.add(Trait.CARD)
        for part in _COMMA.split(match.group()):
            whole = re.sub("[^0-9]", "", part)
            if any(_is(parse_national_id, digits) for digits in (whole, *runs)):
                found.add(Trait.NATIONAL_ID)
            if _is(parse_iban, whole):
                found.add(Trait.CARD)
    return found


def _joined(runs: list[str]) -> Iterator[str]:
    """Runs of digits that stand beside each other, in one: each begins and ends where a run does."""
    for first in range(len(runs)):
        digits = ""
        for run in runs[first:]:
            digits += run
            if len(digits) > _LONGEST_NUMBER:
                break
            yield digits


def _is(parse, typed: str) -> bool:
    try:
        parse(typed)
    except DomainError:
        return False
    return True
