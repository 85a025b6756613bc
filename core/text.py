"""Persian text made one on the way in, and the keys that search and sort by it.

Four forms of a text, and no others:
  shown    `normalise`, `normalise_lines`   what is stored and displayed
  found    `search_key`                     a folded column, compared with a folded query
  sorted   `sort_key`                       a column whose plain order is the Persian alphabet
  carried  `isolate_ltr`, `excel_safe`      codes inside right-to-left plain text; cells of a spreadsheet
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

ZWNJ = "\u200c"
LRI, PDI = "\u2066", "\u2069"

PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
ASCII_DIGITS = "0123456789"

_TO_ASCII_DIGITS = str.maketrans(PERSIAN_DIGITS + ARABIC_DIGITS, ASCII_DIGITS * 2)
_TO_PERSIAN_DIGITS = str.maketrans(ASCII_DIGITS + ARABIC_DIGITS, PERSIAN_DIGITS * 2)

# Arabic yeh, alef maksura and kaf look like the Persian letters and compare unequal to them.
_TO_PERSIAN_LETTERS = str.maketrans("يىك" + ARABIC_DIGITS, "ییک" + PERSIAN_DIGITS)

_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u00ad\u0640\u200b\u2060\ufeff"  # soft hyphen, tatweel, zero-width space, word joiner, BOM
_STRIPPED = re.compile(f"[{_BIDI_CONTROLS}{_INVISIBLE}]")
_MOST_REMEMBERED = 0x10000
_PRESENTATION_FORM = re.compile("[\ufb50-\ufdcf\ufe70-\ufefc]")
_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_YEH_HAMZA = re.compile("ی([\u064b-\u0652]*)\u0654")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff\u0750-\u077f]")


class _EachCharacter(dict[int, str | None]):
    """For `str.translate`: what becomes of a character, asked once of each; None drops it."""

    def __init__(self, becomes: Callable[[str], str | None]) -> None:
        super().__init__()
        self._becomes = becomes

    def __missing__(self, code: int) -> str | None:
        found = self._becomes(chr(code))
        if code < _MOST_REMEMBERED:
            self[code] = found
        return found


def ascii_digits(text: str) -> str:
    """Persian and Arabic-Indic digits as 0-9; everything else as it is."""
    return text.translate(_TO_ASCII_DIGITS)


def persian_digits(value: Any) -> str:
    """`str(value)` with Persian digits."""
    return str(value).translate(_TO_PERSIAN_DIGITS)


def normalise(text: str | None) -> str:
    """The stored form of one line of text; safe to repeat.

    NFC comes first: decomposed «ئ» is *Arabic* yeh and a hamza, and would be lost by mapping letters before.
    Meaningful half-spaces (between two letters) stay, stray ones go. What the database or a
    terminal cannot carry (NUL, control characters, lone surrogates) goes too.
    """
    if not text:
        return ""
    text = unicodedata.normalize("NFC", text)
    text = _PRESENTATION_FORM.sub(lambda form: unicodedata.normalize("NFKC", form.group()), text)
    text = text.translate(_PLAIN)
    text = _YEH_HAMZA.sub(r"ئ\1", text)
    text = " ".join(_without_stray_zwnj(text).split())
    return unicodedata.normalize("NFC", text)


def normalise_lines(text: str | None) -> str:
    """`normalise` line by line, for messages: line breaks stay, never two empty lines in a row."""
    lines = (normalise(line) for line in _LINE_BREAK.split(text or ""))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def search_key(text: str | None) -> str:
    """The folded form in which names are compared; fold the query with the same function.

    «مشارکت‌های», «مشارکت های» and «مشارکتهای» fold to one; so do «علی‌رضا», «علیرضا» and «علي رضا».
    Spaces, half-spaces and diacritics go; letters that are typed one for another become one;
    digits are ASCII; Latin is lower case. Source: the fold of the project's facts on Persian text.
    """
    folded = _decomposed(_decomposed(normalise(text).casefold()).casefold())  # as NFKC_Casefold does: twice
    return unicodedata.normalize("NFC", folded.translate(_FOLDED))


_NOT_SEARCHED = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Zs", "Zl", "Zp"})
_FOLD = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ې": "ی",
        "ے": "ی",
        "ك": "ک",
        "ة": "ه",
        "ە": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ٱ": "ا",
        "ـ": "",
    }
)


def _folded(char: str) -> str | None:
    return None if unicodedata.category(char) in _NOT_SEARCHED else ascii_digits(char.translate(_FOLD))


_FOLDED = _EachCharacter(_folded)

SORT_KEY_LENGTH = 64
_PERSIAN_ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_KEY_OF = dict(zip(_PERSIAN_ALPHABET, "23456789abcdefghijklmnopqrstuvwxy", strict=True))
_SORTED_AS = str.maketrans("أإٱءؤۆۇئێېےيىكڪةۀەہھڕڵڤ", "ااااوووییییییککهههههرلف")


def sort_key(text: str | None) -> str:
    """A key whose plain order is the Persian alphabetical order: آ ا ب پ … ن و ه ی; digits and Latin first.

    Made of 0-9 and a-z only, so that C, C.UTF-8 and every linguistic collation agree on it. One
    character a Persian letter, never longer than SORT_KEY_LENGTH. Words are compared word by word
    (a space comes before any letter); half-spaces and diacritics do not count. Texts that differ only
    in those share a key: order by the key, then by the primary key.
    """
    words = re.sub(r"[^\w]+", " ", _unmarked(normalise(text).casefold())).split()
    return _WORD_END.join("".join(map(_sort_piece, word)) for word in words)[:SORT_KEY_LENGTH]


_WORD_END = "0"


def _sort_piece(char: str) -> str:
    """One letter as a code that begins no other code: digits, Latin, Persian, all other scripts."""
    char = ascii_digits(char.translate(_SORTED_AS))
    if char in _KEY_OF:
        return _KEY_OF[char]
    if char.isascii() and char.isalnum():
        return f"1{char}"
    return f"z{ord(char):06x}"


def _unmarked(text: str) -> str:
    """Without vowel marks, accents and half-spaces; hamza and madda stay on their letters."""
    kept = (char if char.translate(_SORTED_AS) in _KEY_OF else _decomposed(char) for char in text)
    plain = "".join(kept).casefold().replace("_", " ")
    return "".join(char for char in plain if unicodedata.category(char) not in {"Mn", "Me", "Cf"})


def isolate_ltr(text: Any) -> str:
    """A code, number or address set apart for plain text (SMS, PDF), so that it never flips among Persian.

    Isolates inside the text are dropped, so that nothing can break out. In HTML use <bdi dir="ltr">.
    """
    return LRI + re.sub("[\u2066-\u2069]", "", str(text)) + PDI


_FORMULA_START = tuple("=+-@\t\r\n|%＝＋－＠")


def excel_safe(value: Any) -> Any:
    """A text cell that no spreadsheet takes for a formula (OWASP, CSV injection): a quote is put before it.

    Numbers, dates and None pass as they are: they are no text. The first *visible* character counts.
    """
    if not isinstance(value, str):
        return value
    visible = _STRIPPED.sub("", value).lstrip(" \u00a0\u3000\u200c\u200d\x00")
    return f"'{value}" if visible.startswith(_FORMULA_START) else value


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def _plain(char: str) -> str | None:
    """A Persian letter for an Arabic one, a space for every kind of white space; nothing for what is invisible, for
    control characters and lone surrogates."""
    if _STRIPPED.match(char):
        return None
    if char.isspace():
        return " "
    return None if unicodedata.category(char) in {"Cc", "Cs"} else char.translate(_TO_PERSIAN_LETTERS)


_PLAIN = _EachCharacter(_plain)


def _without_stray_zwnj(text: str) -> str:
    """Keep a half-space only between two letters or digits of which one at least is of the Arabic script."""
    if ZWNJ not in text:
        return text
    kept: list[str] = []
    pieces = re.split(f"{ZWNJ}+", text)
    for left, right in zip(pieces, [*pieces[1:], ""], strict=True):
        kept.append(left)
        before, after = left[-1:], right[:1]
        if _joins(before) and _joins(after) and _ARABIC_SCRIPT.search(before + after):
            kept.append(ZWNJ)
    return "".join(kept)


def _joins(char: str) -> bool:
    return char.isalnum() or (char != "" and unicodedata.category(char) == "Mn")
