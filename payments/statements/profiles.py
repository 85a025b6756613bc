"""The rules by which one layout of file is read, checked before they are used.

columns        what each column is called, strongest name first: {"amount": ["مبلغ", "amount"], …};
               without a heading its place, counted from 0: {"amount": 3}; in fixed text [from, to]
key            which columns name a line, strongest first: [["terminal_code", "rrn"], ["reference"]]
without_key    "unread", or "content" where the source has no key: the content and an ordinal name the line
calendar, date_formats, time_formats, zone, unit, encoding, delimiter, widths, totals, skip_rows
kind           what a line is; `values` overrules it: {"status": {"ناموفق": "ignore", "برگشت": "reversal"}}
sign           "positive", or "signed" with `negative` telling what a negative amount is
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core.errors import DomainError
from core.text import search_key
from payments.statements.base import COLUMNS, IDS, IGNORE, KINDS, ONLY_COMPARED
from payments.statements.moments import CALENDARS, DATE_FORMATS, TIME_FORMATS, ZONES
from payments.statements.normalise import RIALS_OF

FORMATS = ("csv", "xlsx", "fixed")
ENCODINGS = ("auto", "utf-8", "windows-1256", "utf-16")
DELIMITERS = ("auto", ",", ";", "\t", "|")
SIGNS = ("positive", "signed")
WITHOUT_KEY = ("unread", "content")
KEY_COLUMNS = frozenset({*IDS, *ONLY_COMPARED, "amount", "date", "time", "card_masked", "description"})
FROZEN = (
    "key",
    "without_key",
    "calendar",
    "zone",
    "unit",
)  # they make a line what it is: never changed once used

_DEFAULTS: dict[str, Any] = {
    "columns": {},
    "key": [],
    "without_key": "unread",
    "calendar": "jalali",
    "date_formats": ["Y/M/D"],
    "time_formats": ["H:M:S"],
    "zone": "tehran",
    "unit": "rial",
    "sign": "positive",
    "negative": "",
    "kind": "payment",
    "values": {},
    "encoding": "auto",
    "delimiter": "auto",
    "widths": {},
    "totals": ["جمع", "مجموع", "total", "sum"],
    "skip_rows": 0,
    "header": True,
    "constants": {},
    "line_length": 0,
}


@dataclass(frozen=True)
class Profile:
    """Rules that passed the check, in the shapes the reader works with."""

    file_format: str
    names: Mapping[str, tuple[str, ...]]  # column -> folded headings
    places: Mapping[str, int]  # column -> place, where there is no heading
    spans: Mapping[str, tuple[int, int]]  # column -> characters, in fixed text
    key: tuple[tuple[str, ...], ...]
    without_key: str
    calendar: str
    date_formats: tuple[str, ...]
    time_formats: tuple[str, ...]
    zone: str
    unit: str
    sign: str
    negative: str
    kind: str
    values: Mapping[str, Mapping[str, str]]
    encoding: str
    delimiter: str
    widths: Mapping[str, int | tuple[int, int]]
    totals: tuple[str, ...]
    skip_rows: int
    header: bool
    constants: Mapping[str, str]
    line_length: int

    @property
    def columns(self) -> set[str]:
        """Every column that the file can carry."""
        return set(self.names) | set(self.places) | set(self.spans)

    @property
    def has_debit_and_credit(self) -> bool:
        return {"debit", "credit"} <= self.columns


def defaulted(rules: dict[str, Any]) -> dict[str, Any]:
    """Rules with what is meant where they are silent."""
    return {**_DEFAULTS, **rules}


def parse_profile(rules: Any, file_format: str) -> Profile:
    """The profile of checked rules; DomainError("bad_profile", problems=[[rule, code], …]) tells all that is wrong."""
    problems = list(_problems(rules, file_format))
    if problems:
        raise DomainError("bad_profile", problems=problems)
    said = {**_DEFAULTS, **rules}
    columns = said["columns"]
    by_name = {c: v for c, v in columns.items() if file_format != "fixed" and isinstance(v, list)}
    return Profile(
        file_format=file_format,
        names=_fixed({c: tuple(fold(name) for name in names) for c, names in by_name.items()}),
        places=_fixed({c: v for c, v in columns.items() if isinstance(v, int)}),
        spans=_fixed({c: (v[0], v[1]) for c, v in columns.items() if file_format == "fixed"}),
        key=tuple(tuple(columns) for columns in said["key"]),
        values=_fixed(
            {c: _fixed({fold(k): v for k, v in known.items()}) for c, known in said["values"].items()}
        ),
        widths=_fixed({c: w if isinstance(w, int) else (w[0], w[1]) for c, w in said["widths"].items()}),
        totals=tuple(fold(word) for word in said["totals"]),
        date_formats=tuple(said["date_formats"]),
        time_formats=tuple(said["time_formats"]),
        constants=_fixed(dict(said["constants"])),
        **{name: said[name] for name in _TAKEN_AS_THEY_ARE},
    )


_TAKEN_AS_THEY_ARE = (
    "without_key", "calendar", "zone", "unit", "sign", "negative", "kind", "encoding", "delimiter", "skip_rows",
    "header", "line_length",
)  # fmt: skip


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """How headings, states and words of totals are compared."""
    return search_key(text).strip(" :：.*()[]{}\"'")


def _fixed(mapping: dict) -> Mapping:
    return MappingProxyType(mapping)


# --- the check -------------------------------------------------------------------------------------------
def _problems(rules: Any, file_format: str):
    if file_format not in FORMATS:
        yield ["file_format", "unknown_choice"]
        return
    if not isinstance(rules, dict):
        yield ["", "not_an_object"]
        return
    for name in rules:
        if name not in _DEFAULTS:
            yield [str(name), "unknown_rule"]
    said = {**_DEFAULTS, **rules}
    yield from _choice_problems(said)
    columns = said["columns"]
    if not isinstance(columns, dict):
        yield ["columns", "not_an_object"]
        return
    yield from _column_problems(columns, said, file_format)
    yield from _need_problems(columns, said)
    yield from _key_problems(said, columns)
    yield from _value_problems(said, columns)


def _choice_problems(said: dict):
    choices = {
        "calendar": CALENDARS, "zone": ZONES, "unit": tuple(RIALS_OF), "sign": SIGNS, "encoding": ENCODINGS,
        "delimiter": DELIMITERS, "without_key": WITHOUT_KEY, "kind": KINDS, "negative": ("", *KINDS, IGNORE),
    }  # fmt: skip
    for name, known in choices.items():
        if said[name] not in known:
            yield [name, "unknown_choice"]
    for name, known in (("date_formats", DATE_FORMATS), ("time_formats", TIME_FORMATS)):
        if not _texts(said[name]) or not said[name] or not set(said[name]) <= set(known):
            yield [name, "unknown_choice"]
    for name in ("skip_rows", "line_length"):
        if not _is_count(said[name]):
            yield [name, "not_a_number"]
    if not isinstance(said["header"], bool):
        yield ["header", "unknown_choice"]
    if not _texts(said["totals"]):
        yield ["totals", "not_texts"]
    if said["sign"] == "signed" and not said["negative"]:
        yield ["negative", "missing"]


def _column_problems(columns: dict, said: dict, file_format: str):
    for column, where in columns.items():
        if column not in COLUMNS:
            yield [f"columns.{column}", "unknown_column"]
        elif file_format == "fixed":
            if not _is_span(where):
                yield [f"columns.{column}", "not_a_span"]
        elif said["header"] is True:
            if not (_texts(where) and where):
                yield [f"columns.{column}", "not_texts"]
        elif not _is_count(where):
            yield [f"columns.{column}", "not_a_place"]
    if file_format != "fixed" and said["header"] is True:
        yield from _shared_headings(columns)


def _shared_headings(columns: dict):
    seen: dict[str, str] = {}
    for column, names in columns.items():
        for name in names if _texts(names) else ():
            if seen.setdefault(fold(name), column) != column:
                yield [f"columns.{column}", "heading_twice"]


def _need_problems(columns: dict, said: dict):
    if "date" not in columns:
        yield ["columns.date", "missing"]
    if "amount" not in columns and not {"debit", "credit"} <= set(columns):
        yield ["columns.amount", "missing"]
    if "amount" in columns and ("debit" in columns or "credit" in columns):
        yield ["columns.amount", "amount_or_debit_and_credit"]
    constants = said["constants"]
    if not isinstance(constants, dict) or not all(
        c in IDS and isinstance(v, str) and v for c, v in constants.items()
    ):
        yield ["constants", "unknown_column"]


def _key_problems(said: dict, columns: dict):
    key = said["key"]
    if not isinstance(key, list) or not all(_texts(part) and part for part in key):
        yield ["key", "not_texts"]
        return
    if not key and said["without_key"] != "content":
        yield ["key", "missing"]
    constants = said["constants"] if isinstance(said["constants"], dict) else {}
    there = set(columns) | set(constants) | ({"amount"} if {"debit", "credit"} <= set(columns) else set())
    for part in key:
        for column in part:
            if column not in KEY_COLUMNS or column not in there:
                yield [f"key.{column}", "unknown_column"]


def _value_problems(said: dict, columns: dict):
    values, widths = said["values"], said["widths"]
    if not isinstance(values, dict) or not all(isinstance(known, dict) for known in values.values()):
        yield ["values", "not_an_object"]
    else:
        for column, known in values.items():
            if column not in ("status", "type") or column not in columns:
                yield [f"values.{column}", "unknown_column"]
            for meaning in known.values():
                if meaning not in ("", *KINDS, IGNORE):
                    yield [f"values.{column}", "unknown_choice"]
    if not isinstance(widths, dict):
        yield ["widths", "not_an_object"]
        return
    for column, width in widths.items():
        if column not in IDS or not (_is_count(width) or _is_span(width)):
            yield [f"widths.{column}", "not_a_number"]


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) and part.strip() for part in value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000


def _is_span(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_count, value)) and value[0] < value[1]
