from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import jalali
from core.errors import DomainError
from core.jalali import from_jalali, parse_jalali, split_period, to_jalali

DAYS = st.dates(date(1921, 3, 21), date(2120, 3, 20))
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("jalali_day", "gregorian"),
    [
        ((1403, 9, 7), date(2024, 11, 27)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1405, 1, 1), date(2026, 3, 21)),
        ((1408, 12, 30), date(2030, 3, 20)),
    ],
)
def test_known_days_and_leap_years(jalali_day, gregorian):
    assert from_jalali(*jalali_day) == gregorian
    day = to_jalali(gregorian)
    assert (day.year, day.month, day.day) == jalali_day


@pytest.mark.parametrize(
    "text", ["۱۴۰۵/۱/۷", "1405-01-07", "١٤٠٥/٠١/٠٧", " 1405.1.7 ", "\u20661405/01/07\u2069", "1405 / 1 / 7"]
)
def test_one_day_typed_in_many_ways(text):
    assert parse_jalali(text) == date(2026, 3, 27)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1404/12/30",
        "1405/13/1",
        "1405/0/1",
        "1405/7/31",
        "2026-03-27",
        "05/1/7",
        "7/1/1405",
        "1405/1-7",
        "1405/1",
        "x",
    ],
)
def test_what_is_no_jalali_day_is_refused(text):
    with pytest.raises(DomainError) as refused:
        parse_jalali(text)
    assert refused.value.code == "bad_date"


@given(st.text(max_size=12))
def test_any_text_gives_a_day_or_a_refusal(text):
    try:
        day = parse_jalali(text)
    except DomainError:
        return
    assert 1821 <= day.year <= 2122


@given(DAYS)
def test_what_is_shown_can_be_typed(day):
    assert parse_jalali(jalali.format_short(day)) == day
    assert parse_jalali(jalali.iso_jalali(day)) == day


def test_formats():
    day = date(2024, 11, 27)
    moment = datetime(2024, 11, 27, 11, 5, tzinfo=UTC)
    assert jalali.format_long(day) == "چهارشنبه ۷ آذر ۱۴۰۳"
    assert jalali.format_day_month_year(day) == "۷ آذر ۱۴۰۳"
    assert jalali.format_short(day) == "۱۴۰۳/۰۹/۰۷"
    assert jalali.iso_jalali(day) == "1403-09-07"
    assert jalali.format_datetime(moment) == "چهارشنبه ۷ آذر ۱۴۰۳، ساعت ۱۴:۳۵"
    assert jalali.month_title(1403, 9) == "آذر ۱۴۰۳"


def test_the_week_begins_on_saturday():
    assert jalali.weekday_name(date(2026, 3, 21)) == "شنبه"
    assert jalali.weekday_name(date(2026, 3, 27)) == "جمعه"


def test_the_day_is_that_of_tehran():
    late = datetime(2026, 3, 20, 20, 30, tzinfo=UTC)
    assert jalali.tehran_day(late - timedelta(seconds=1)) == date(2026, 3, 20)
    assert jalali.tehran_day(late) == date(2026, 3, 21)
    assert jalali.tehran_today(late) == date(2026, 3, 21)
    assert jalali.format_short(late) == "۱۴۰۵/۰۱/۰۱"
    assert jalali.tehran_day(late.astimezone(timezone(timedelta(hours=-8)))) == date(2026, 3, 21)


def test_a_time_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="zone"):
        jalali.tehran_day(datetime(2026, 3, 21))
    with pytest.raises(ValueError, match="zone"):
        jalali.format_time(datetime(2026, 3, 21))


def test_day_bounds_without_and_with_summer_time():
    assert jalali.day_bounds(date(2026, 3, 21)) == (
        datetime(2026, 3, 20, 20, 30, tzinfo=UTC),
        datetime(2026, 3, 21, 20, 30, tzinfo=UTC),
    )
    first_of_summer_time = jalali.day_bounds(date(2021, 3, 22))  # 2 Farvardin 1400 had 23 hours
    assert first_of_summer_time[1] - first_of_summer_time[0] == timedelta(hours=23)
    last_of_summer_time = jalali.day_bounds(date(2021, 9, 21))
    assert last_of_summer_time[1] - last_of_summer_time[0] == timedelta(hours=25)


@given(MOMENTS)
def test_every_moment_lies_in_exactly_its_day(moment):
    start, end = jalali.day_bounds(jalali.tehran_day(moment))
    assert start <= moment < end


@given(DAYS)
def test_days_join_without_gap(day):
    assert jalali.day_bounds(day)[1] == jalali.day_bounds(day + timedelta(days=1))[0]


def test_month_and_year_bounds_are_inclusive():
    assert jalali.month_bounds(1403, 12) == (date(2025, 2, 19), date(2025, 3, 20))
    assert jalali.month_bounds(1404, 12) == (date(2026, 2, 20), date(2026, 3, 20))
    assert jalali.month_bounds(1405, 1) == (date(2026, 3, 21), date(2026, 4, 20))
    assert jalali.year_bounds(1403) == (date(2024, 3, 20), date(2025, 3, 20))
    with pytest.raises(DomainError):
        jalali.month_bounds(1405, 13)


def test_starts():
    assert jalali.month_start(date(2024, 11, 27)) == from_jalali(1403, 9, 1)
    assert jalali.year_start(date(2025, 3, 20)) == from_jalali(1403, 1, 1)


def test_same_day_last_year():
    assert jalali.same_day_last_year(from_jalali(1403, 12, 30)) == from_jalali(1402, 12, 29)
    assert jalali.same_day_last_year(from_jalali(1404, 12, 29)) == from_jalali(1403, 12, 29)
    assert jalali.same_day_last_year(from_jalali(1405, 6, 31)) == from_jalali(1404, 6, 31)


def test_split_period_reads_years_then_months_then_edge_days():
    assert list(split_period(from_jalali(1402, 11, 29), from_jalali(1405, 2, 2))) == [
        ("day", from_jalali(1402, 11, 29)),
        ("day", from_jalali(1402, 11, 30)),
        ("month", from_jalali(1402, 12, 1)),
        ("year", from_jalali(1403, 1, 1)),
        ("year", from_jalali(1404, 1, 1)),
        ("month", from_jalali(1405, 1, 1)),
        ("day", from_jalali(1405, 2, 1)),
        ("day", from_jalali(1405, 2, 2)),
    ]


def test_split_period_of_one_day_one_month_one_year_and_nothing():
    day = from_jalali(1405, 3, 5)
    assert list(split_period(day, day)) == [("day", day)]
    assert list(split_period(*jalali.month_bounds(1405, 3))) == [("month", from_jalali(1405, 3, 1))]
    assert list(split_period(*jalali.year_bounds(1403))) == [("year", from_jalali(1403, 1, 1))]
    assert list(split_period(day, day - timedelta(days=1))) == []


def piece_end(grain, start):
    day = to_jalali(start)
    if grain == "year":
        return jalali.year_bounds(day.year)[1]
    return jalali.month_bounds(day.year, day.month)[1] if grain == "month" else start


@given(DAYS, st.integers(0, 4000))
def test_split_period_covers_exactly_with_few_pieces(start, length):
    end = start + timedelta(days=length)
    pieces = split_period(start, end)
    days = start
    for grain, first in pieces:
        assert first == days
        days = piece_end(grain, first) + timedelta(days=1)
    assert days == end + timedelta(days=1)
    assert sum(grain == "day" for grain, _ in pieces) <= 60
    assert sum(grain == "month" for grain, _ in pieces) <= 22
