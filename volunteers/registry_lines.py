"""One line of an old registry, however it is written: what it says, or why it cannot be taken."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from core.crypto import encrypt, keyed_hash
from core.errors import DomainError
from core.identifiers import parse_mobile, parse_national_id
from core.jalali import parse_jalali, tehran_today
from core.text import ascii_digits, normalise, search_key
from provinces.models import County, Province
from volunteers import registry_phrases as words
from volunteers.enums import LineState
from volunteers.skills import all_skills

MOBILE_CONTEXT, NATIONAL_ID_CONTEXT = "volunteers.volunteer.mobile", "volunteers.volunteer.national_id"
LEAST_NAME = 2
_PLAIN_MOBILE = re.compile(r"09[0-9]{9}")
_PLAIN_ID = re.compile(r"[0-9]{8,10}")
_SPLIT = re.compile(words.SPLIT)


class Refused(Exception):
    """The line cannot be taken; `reason` is a code of volunteers.registry_desk_phrases."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(slots=True)
class ReadLine:
    """What a line says, ready to be stored; of a refused one, what could be read of it."""

    line_no: int
    state: str = LineState.NEW
    reason: str = ""
    name: str = ""
    name_key: str = ""
    mobile: str = ""
    mobile_hash: str = ""
    national_id: str = ""
    national_id_hash: str = ""
    county: str = ""
    place: str = ""
    section: str = ""
    role: str = ""
    profession: str = ""
    licence_no: str = ""
    skills: list[str] = field(default_factory=list)
    born_on: date | None = None
    group_name: str = ""
    group_key: str = ""
    group_kind: str = ""


class LineReader:
    """Reads lines by the places of their columns. `only` limits them to a province: lines of another are refused."""

    def __init__(self, columns: dict[str, int], *, only: str = "") -> None:
        self._columns, self._only = columns, only
        self._provinces = {search_key(p.name): p.code for p in Province.objects.all()}
        self._counties: dict[tuple[str, str], str] = {}
        self._lone: dict[str, set[tuple[str, str]]] = {}
        for county in County.objects.filter(is_active=True):
            key = search_key(county.name)  # its own column holds other names too
            self._counties[county.province_id, key] = county.code
            self._lone.setdefault(key, set()).add((county.province_id, county.code))
        self._today = tehran_today()
        self._places = lru_cache(maxsize=20_000)(self._place)

    def read(self, line_no: int, cells: list[str]) -> ReadLine:
        line = ReadLine(line_no)
        try:
            self._fill(line, cells)
        except Refused as refused:
            line.state, line.reason = LineState.REFUSED, refused.reason
        return line

    def _fill(self, line: ReadLine, cells: list[str]) -> None:
        line.name, line.name_key = _name(
            self._cell(cells, "name")
            or f"{self._cell(cells, 'first_name')} {self._cell(cells, 'last_name')}".strip()
        )
        mobile = _mobile(self._cell(cells, "mobile"))
        line.mobile_hash = keyed_hash(mobile, "mobile")
        line.mobile = encrypt(mobile, MOBILE_CONTEXT)
        if typed := self._cell(cells, "national_id").strip():
            national_id = _national_id(typed)
            line.national_id_hash = keyed_hash(national_id, "national_id")
            line.national_id = encrypt(national_id, NATIONAL_ID_CONTEXT)
        if len(line.name_key) < LEAST_NAME:
            raise Refused("bad_name")
        line.place, line.county = self._places(self._cell(cells, "province"), self._cell(cells, "county"))
        line.profession = _text(self._cell(cells, "profession"), 80)
        line.licence_no = _text(self._cell(cells, "licence_no"), 40)
        line.skills = list(_skills(f"{self._cell(cells, 'skills')}،{line.profession}"))
        line.section = _section(self._cell(cells, "section"), tuple(line.skills))
        line.role = _one_of(words.ROLES, self._cell(cells, "role")) or (
            "specialist" if line.profession or line.licence_no else "facilitator"
        )
        self._group(line, cells)
        self._born(line, self._cell(cells, "born_on"))

    def _cell(self, cells: list[str], name: str) -> str:
        at = self._columns.get(name)
        return cells[at] if at is not None and at < len(cells) else ""

    def _place(self, province: str, county: str) -> tuple[str, str]:
        where, town = search_key(province), search_key(county)
        code = self._provinces.get(where, "")
        if where and not code:
            raise Refused("unknown_province")
        if not code and self._only:
            code = self._only
        found = ""
        if town:
            code, found = self._county(code, town)
        if not code:
            raise Refused("province_missing")
        if self._only and code != self._only:
            raise Refused("province_elsewhere")
        return code, found

    def _county(self, province: str, town: str) -> tuple[str, str]:
        """The county of this name; one that begins with «شهر» keeps it, unless nothing is called so."""
        for name in (town, *_without_county_words(town)):
            if province and (found := self._counties.get((province, name))):
                return province, found
            if not province and len(known := self._lone.get(name, set())) == 1:
                return next(iter(known))
        raise Refused("unknown_county")

    def _group(self, line: ReadLine, cells: list[str]) -> None:
        line.group_name, line.group_key = _group_name(self._cell(cells, "group"))
        if line.group_name and not line.county:
            raise Refused("group_without_county")
        if line.group_name:
            line.group_kind = _one_of(words.GROUP_KINDS, self._cell(cells, "group_kind")) or "facilitator"

    def _born(self, line: ReadLine, typed: str) -> None:
        """A day that cannot be read does not lose a volunteer: it is left out, and the report says so."""
        if not typed.strip():
            return
        try:
            day = _day(typed)
        except DomainError:
            day = None
        if day is None or day >= self._today:
            line.reason = "born_on_left_out"
        else:
            line.born_on = day


@lru_cache(maxsize=200_000)
def _name(typed: str) -> tuple[str, str]:
    name = normalise(typed)[:80]
    return name, search_key(name)[:160]


@lru_cache(maxsize=50_000)
def _group_name(typed: str) -> tuple[str, str]:
    name = normalise(typed)[:100]
    return name, search_key(name)[:160]


@lru_cache(maxsize=50_000)
def _text(typed: str, most: int) -> str:
    return normalise(typed)[:most]


@lru_cache(maxsize=50_000)
def _day(typed: str) -> date:
    return parse_jalali(typed)


def _mobile(typed: str) -> str:
    plain = ascii_digits(typed)
    if _PLAIN_MOBILE.fullmatch(plain):
        return f"+98{plain[1:]}"
    try:
        return parse_mobile(typed)
    except DomainError:
        raise Refused("bad_mobile" if typed.strip() else "mobile_missing") from None


def _national_id(typed: str) -> str:
    """Spreadsheets drop leading zeros: eight and nine digits are tried with them."""
    digits = ascii_digits(typed)
    if not _PLAIN_ID.fullmatch(digits):
        digits = re.sub(r"[^0-9]", "", ascii_digits(normalise(typed)))
    try:
        return parse_national_id(digits.zfill(10) if 8 <= len(digits) <= 10 else digits)
    except DomainError:
        raise Refused("bad_national_id") from None


def _without_county_words(town: str) -> list[str]:
    prefixes = map(search_key, words.COUNTY_WORDS)
    return [town.removeprefix(prefix) for prefix in prefixes if town.startswith(prefix)]


@lru_cache(maxsize=50_000)
def _section(typed: str, skills: tuple[str, ...]) -> str:
    named = _one_of(words.SECTIONS, typed)
    if named:
        return named
    if typed.strip():
        raise Refused("unknown_section")
    if skills:
        return all_skills()[skills[0]].section
    raise Refused("section_missing")


@lru_cache(maxsize=50_000)
def _skills(typed: str) -> tuple[str, ...]:
    known = _skill_words()
    found = (known.get(search_key(part)) for part in _SPLIT.split(typed) if part.strip())
    return tuple(dict.fromkeys(filter(None, found)))


@lru_cache(maxsize=1)
def _skill_words() -> dict[str, str]:
    known: dict[str, str] = {}
    for skill in all_skills().values():
        for word in skill.found:
            known.setdefault(word, skill.code)
    return known


def _one_of(table: dict[str, str], typed: str) -> str:
    return _by_alias(id(table), typed) if typed.strip() else ""


@lru_cache(maxsize=5_000)
def _by_alias(which: int, typed: str) -> str:
    table = next(t for t in (words.SECTIONS, words.ROLES, words.GROUP_KINDS) if id(t) == which)
    wanted = search_key(typed)
    for value, line in table.items():
        if wanted in {search_key(alias) for alias in line.split("|")}:
            return value
    return ""
