"""Dates and times of files: Jalali or Gregorian days, Tehran's clock, and nothing that does not exist."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from core.errors import DomainError
from core.jalali import TEHRAN, from_jalali
from payments.statements.base import Unreadable
from payments.statements.normalise import plain

DATE_FORMATS = ("Y/M/D", "D/M/Y", "YYYYMMDD", "YYMMDD", "UNIX")
TIME_FORMATS = ("H:M:S", "HHMMSS", "HHMM")
CALENDARS = ("jalali", "gregorian")
ZONES = ("tehran", "utc")

_FIRST_YEAR = {"jalali": 1300, "gregorian": 1900}
_LAST_YEAR = {"jalali": 1500, "gregorian": 2200}
_CENTURY = {"jalali": 1400, "gregorian": 2000}
_PATTERNS = {
    "Y/M/D": re.compile(r"(?P<y>\d{4})\s?(?P<by>[/.\-])\s?(?P<m>\d{1,2})\s?(?P=by)\s?(?P<d>\d{1,2})(?!\d)"),
    "D/M/Y": re.compile(r"(?P<d>\d{1,2})\s?(?P<by>[/.\-])\s?(?P<m>\d{1,2})\s?(?P=by)\s?(?P<y>\d{4})(?!\d)"),
    "YYYYMMDD": re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)"),
    "YYMMDD": re.compile(r"(?P<y>\d{2})(?P<m>\d{2})(?P<d>\d{2})(?!\d)"),
}
_CELL_DATE = re.compile(
    r"(?:19|20|21)\d{2}-\d{2}-\d{2}T"
)  # what a date cell or an API writes: always Gregorian
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?")
_UNIX = re.compile(r"\d{10}(?:\d{3})?")
_TEHRAN_SINCE = date(2022, 9, 22)  # no summer time from here on
_OFFSET = "+03:30"
_MOST_REMEMBERED = 100_000


class MomentReader:
    """Reads (date cell, time cell) by one profile's formats. Equal texts are read once."""

    def __init__(
        self, calendar: str, date_formats: tuple[str, ...], time_formats: tuple[str, ...], zone: str
    ) -> None:
        self._calendar, self._zone = calendar, zone
        self._date_formats, self._time_formats = date_formats, time_formats
        self._days: dict[str, tuple[str, str, bool]] = {}
        self._clocks: dict[str, str] = {}

    def read(self, date_text: str, time_text: str | None) -> tuple[str, str]:
        """(Tehran's day, the point in time) as ISO texts; Unreadable("bad_date" or "bad_time")."""
        if len(date_text) == 19 and date_text[10] in " -" and not time_text:
            date_text, time_text = date_text[:10], date_text[11:]
        known = self._days.get(date_text)
        if known is None:
            known = _remember(self._days, date_text, self._day(date_text))
        day, inside, is_simple = known
        if not day:
            return self._instant(date_text)
        clock = self._known_clock(time_text or inside)
        if time_text and inside and self._known_clock(inside) not in ("00:00:00", clock):
            raise Unreadable("bad_time")
        if is_simple:
            return day, f"{day}T{clock}{_OFFSET}"
        return self._zoned(day, clock)

    def _day(self, text: str) -> tuple[str, str, bool]:
        """(ISO day, the clock's text behind it, whether the offset is the plain one); a day of "" is an instant."""
        typed = plain(text).lstrip("'")
        if _CELL_DATE.match(typed) and typed.endswith("T00:00:00"):
            return typed[:10], "", self._zone == "tehran" and typed[:10] > _TEHRAN_SINCE.isoformat()
        if _CELL_DATE.match(typed) or ("UNIX" in self._date_formats and _UNIX.fullmatch(typed)):
            return "", "", False
        for name in self._date_formats:
            pattern = _PATTERNS.get(name)
            match = pattern.match(typed) if pattern else None
            if match:
                day = self._existing(int(match["y"]), int(match["m"]), int(match["d"]))
                inside = typed[match.end() :].strip(" ,،-T")
                return day.isoformat(), inside, self._zone == "tehran" and day > _TEHRAN_SINCE
        raise Unreadable("bad_date")

    def _existing(self, year: int, month: int, day: int) -> date:
        if year < 100:
            year += _CENTURY[self._calendar]
        if not _FIRST_YEAR[self._calendar] <= year <= _LAST_YEAR[self._calendar]:
            raise Unreadable("bad_date")
        try:
            return from_jalali(year, month, day) if self._calendar == "jalali" else date(year, month, day)
        except (DomainError, ValueError):
            raise Unreadable("bad_date") from None

    def _known_clock(self, text: str) -> str:
        clock = self._clocks.get(text)
        return clock or _remember(self._clocks, text, self._clock(text))

    def _clock(self, text: str) -> str:
        typed = plain(text).lstrip("'")
        if not typed:
            return "00:00:00"
        match = _CLOCK.fullmatch(typed)
        if match and "H:M:S" in self._time_formats:
            parts = (int(match[1]), int(match[2]), int(match[3] or 0))
        else:
            parts = self._compact(typed)
        try:
            return time(*parts).isoformat()
        except ValueError:
            raise Unreadable("bad_time") from None

    def _compact(self, typed: str) -> tuple[int, int, int]:
        """HHMMSS or HHMM of fixed width: zeros that a spreadsheet dropped from the front are put back."""
        for name in self._time_formats:
            if name != "H:M:S" and typed.isdigit() and typed.isascii() and len(typed) <= len(name):
                digits = typed.zfill(len(name)).ljust(6, "0")
                return int(digits[:2]), int(digits[2:4]), int(digits[4:])
        raise Unreadable("bad_time")

    def _zoned(self, day: str, clock: str) -> tuple[str, str]:
        naive = datetime.fromisoformat(f"{day}T{clock}")
        moment = naive.replace(tzinfo=UTC if self._zone == "utc" else TEHRAN)
        return moment.astimezone(TEHRAN).date().isoformat(), moment.astimezone(UTC).isoformat()

    def _instant(self, text: str) -> tuple[str, str]:
        """A date cell, an ISO time with or without its zone, or seconds since 1970."""
        typed = plain(text).lstrip("'")
        try:
            if _UNIX.fullmatch(typed):
                moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(typed[:10]))
            else:
                moment = datetime.fromisoformat(typed)
        except ValueError:
            raise Unreadable("bad_date") from None
        if not _FIRST_YEAR["gregorian"] <= moment.year <= _LAST_YEAR["gregorian"]:
            raise Unreadable("bad_date")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC if self._zone == "utc" else TEHRAN)
        moment = moment.replace(microsecond=0)
        return moment.astimezone(TEHRAN).date().isoformat(), moment.astimezone(UTC).isoformat()


def _remember(memory: dict, text: str, value):
    if len(memory) >= _MOST_REMEMBERED:
        memory.clear()
    memory[text] = value
    return value
