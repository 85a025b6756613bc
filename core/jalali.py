"""Jalali days, months and years at the edge; plain Gregorian dates and UTC times inside.

Days, months and fiscal years are those of Tehran. The zone's own history is used: until 1401 Iran had summer
time, whose change falls on midnight.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import jdatetime

from core.errors import DomainError
from core.text import ascii_digits, normalise, persian_digits

TEHRAN = ZoneInfo("Asia/Tehran")
MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
WEEKDAYS = ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه")

FIRST_YEAR, LAST_YEAR = 1200, 1500  # what a person may type; a Gregorian year falls outside

Grain = Literal["year", "month", "day"]

_REMEMBERED = 4096  # days, months, periods: a page asks for the same ones many times
_TYPED = re.compile(r"(\d{4}) ?([/.\-]) ?(\d{1,2}) ?\2 ?(\d{1,2})", re.ASCII)


def to_jalali(day: date | datetime) -> jdatetime.date:
    """The Jalali date of a Gregorian day; of an aware time, the day it falls on in Tehran."""
    return _jalali(_day(day))


def from_jalali(jy: int, jm: int, jd: int) -> date:
    """The Gregorian date; raises DomainError("bad_date") when there is no such Jalali day."""
    try:
        return jdatetime.date(jy, jm, jd).togregorian()
    except (ValueError, OverflowError) as error:
        raise DomainError("bad_date") from error


def tehran_today(now: datetime | None = None) -> date:
    """Today's Gregorian date in Tehran."""
    return tehran_day(now or datetime.now(UTC))


def tehran_day(moment: datetime) -> date:
    """The day in Tehran on which an aware time falls; a naive one is a mistake and raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone has no day")
    return moment.astimezone(TEHRAN).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """(first instant of the Tehran day, first instant of the next), in UTC: use `>=` and `<`."""
    return _midnight(day), _midnight(day + timedelta(days=1))


@lru_cache(maxsize=_REMEMBERED)
def month_bounds(jy: int, jm: int) -> tuple[date, date]:
    """First and last Gregorian day of a Jalali month, both inclusive."""
    first = from_jalali(jy, jm, 1)
    following = from_jalali(jy + 1, 1, 1) if jm == 12 else from_jalali(jy, jm + 1, 1)
    return first, following - timedelta(days=1)


@lru_cache(maxsize=_REMEMBERED)
def year_bounds(jy: int) -> tuple[date, date]:
    """First and last Gregorian day of a Jalali (and fiscal) year, both inclusive."""
    return from_jalali(jy, 1, 1), from_jalali(jy + 1, 1, 1) - timedelta(days=1)


def month_start(day: date | datetime) -> date:
    """The first day of the Jalali month in which a day falls."""
    jalali = to_jalali(day)
    return from_jalali(jalali.year, jalali.month, 1)


def year_start(day: date | datetime) -> date:
    """1 Farvardin of the Jalali year in which a day falls."""
    return from_jalali(to_jalali(day).year, 1, 1)


def parse_jalali(text: str) -> date:
    """A Gregorian date of what a person typed: «۱۴۰۵/۱/۷», "1405-01-07", "1405.1.7"; year first, four digits.

    Raises DomainError("bad_date") for anything else, such as a Gregorian year or 30 Esfand of a common year.
    """
    match = _TYPED.fullmatch(ascii_digits(normalise(text)))
    if match is None:
        raise DomainError("bad_date")
    jy, jm, jd = int(match[1]), int(match[3]), int(match[4])
    if not FIRST_YEAR <= jy <= LAST_YEAR:
        raise DomainError("bad_date")
    return from_jalali(jy, jm, jd)


def weekday_name(day: date | datetime) -> str:
    """«چهارشنبه»."""
    return WEEKDAYS[to_jalali(day).weekday()]


def format_long(day: date | datetime) -> str:
    """«چهارشنبه ۷ آذر ۱۴۰۳»."""
    return f"{weekday_name(day)} {format_day_month_year(day)}"


def format_day_month_year(day: date | datetime) -> str:
    """«۷ آذر ۱۴۰۳»."""
    jalali = to_jalali(day)
    return persian_digits(f"{jalali.day} {month_title(jalali.year, jalali.month)}")


def month_title(jy: int, jm: int) -> str:
    """«آذر ۱۴۰۳»."""
    return f"{MONTHS[jm - 1]} {persian_digits(jy)}"


def format_short(day: date | datetime) -> str:
    """«۱۴۰۳/۰۹/۰۷»."""
    return persian_digits(iso_jalali(day).replace("-", "/"))


def format_datetime(moment: datetime) -> str:
    """«چهارشنبه ۷ آذر ۱۴۰۳، ساعت ۱۴:۳۵», in Tehran."""
    return f"{format_long(moment)}، ساعت {format_time(moment)}"


def format_time(moment: datetime) -> str:
    """«۱۴:۳۵», in Tehran; raises ValueError for a time without a zone."""
    tehran_day(moment)
    return persian_digits(f"{moment.astimezone(TEHRAN):%H:%M}")


def iso_jalali(day: date | datetime) -> str:
    """ "1405-01-07", for machines and addresses; set in a line of Persian it needs isolating."""
    jalali = to_jalali(day)
    return f"{jalali.year:04d}-{jalali.month:02d}-{jalali.day:02d}"


def same_day_last_year(day: date) -> date:
    """The same Jalali day a year before; 30 Esfand of a leap year becomes 29 Esfand."""
    jalali = to_jalali(day)
    _, last = month_bounds(jalali.year - 1, jalali.month)
    return min(from_jalali(jalali.year - 1, jalali.month, 1) + timedelta(days=jalali.day - 1), last)


@lru_cache(maxsize=_REMEMBERED)
def split_period(start: date, end: date) -> tuple[tuple[Grain, date], ...]:
    """A period (both days inclusive) as whole Jalali years, months and days: (grain, first day), in order.

    The pieces cover it exactly and are as few as can be; an empty period gives none. A rollup reads one
    row set for each piece.
    """
    pieces: list[tuple[Grain, date]] = []
    day = start
    while day <= end:
        grain, last = _largest_piece(day, end)
        pieces.append((grain, day))
        day = last + timedelta(days=1)
    return tuple(pieces)


def _largest_piece(day: date, end: date) -> tuple[Grain, date]:
    jalali = to_jalali(day)
    if jalali.day == 1:
        if jalali.month == 1 and (last := year_bounds(jalali.year)[1]) <= end:
            return "year", last
        if (last := month_bounds(jalali.year, jalali.month)[1]) <= end:
            return "month", last
    return "day", day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=TEHRAN).astimezone(UTC)


@lru_cache(maxsize=_REMEMBERED)
def _jalali(day: date) -> jdatetime.date:
    return jdatetime.date.fromgregorian(date=day)


def _day(day: date | datetime) -> date:
    return tehran_day(day) if isinstance(day, datetime) else day
