"""Which days a page shows, and how they are said."""

from __future__ import annotations

import pytest

from core.jalali import from_jalali
from dashboards.figures import Period
from dashboards.periods import choose, period_text, ready_periods

TODAY = from_jalali(1405, 9, 1)


def jalali_days(start: tuple[int, int, int], end: tuple[int, int, int]) -> Period:
    return Period(from_jalali(*start), from_jalali(*end))


def test_this_year_to_date_unless_something_is_said():
    chosen = choose({}, TODAY)
    assert chosen.period == jalali_days((1405, 1, 1), (1405, 9, 1))
    assert chosen.before == jalali_days((1404, 1, 1), (1404, 9, 1))
    assert [tab["label"] for tab in chosen.tabs if tab["current"]] == ["امسال"]
    assert chosen.form["from"].value() == "۱۴۰۵/۰۱/۰۱"
    assert chosen.query == "period=this-year"


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ({"from": "۱۴۰۴/۲/۵", "to": "1404.12.29"}, (1404, 2, 5), (1404, 12, 29)),
        ({"from": " 1403-12-30 "}, (1403, 12, 30), (1405, 9, 1)),
        ({"to": "1404/03/31"}, (1404, 1, 1), (1404, 3, 31)),
        ({"from": "1405/11/01"}, (1405, 11, 1), (1405, 11, 1)),
        ({"period": "last-year"}, (1404, 1, 1), (1404, 12, 29)),
        ({"period": "nine-months"}, (1404, 1, 1), (1404, 9, 30)),
        ({"period": "today"}, (1405, 9, 1), (1405, 9, 1)),
        ({"period": "this-month"}, (1405, 9, 1), (1405, 9, 1)),
        ({"period": "something"}, (1405, 1, 1), (1405, 9, 1)),
        ({"from": "", "to": "", "period": "last-year"}, (1404, 1, 1), (1404, 12, 29)),
    ],
)
def test_reads_what_people_type(query, start, end):
    chosen = choose(query, TODAY)
    assert chosen.period == jalali_days(start, end)
    assert not chosen.form.errors


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ({"from": "1404/12/30"}, "from", "تاریخ درست نیست"),
        ({"to": "2026-11-22"}, "to", "تاریخ درست نیست"),
        ({"to": "x" * 300}, "to", "تاریخ درست نیست"),
        ({"from": "1405/02/01", "to": "1405/01/01"}, "to", "پایان بازه نباید پیش از آغاز آن باشد"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_kept(query, field, sentence):
    chosen = choose(query, TODAY)
    assert chosen.period == jalali_days((1405, 1, 1), (1405, 9, 1))
    assert sentence in str(chosen.form.errors[field])
    assert chosen.form[field].value() == query[field]


def test_nine_months_are_this_years_once_they_have_passed():
    last_day, day_after = from_jalali(1405, 9, 30), from_jalali(1405, 10, 1)
    assert ready_periods(last_day)["nine-months"] == (
        "نه‌ماههٔ ۱۴۰۴",
        jalali_days((1404, 1, 1), (1404, 9, 30)),
    )
    assert ready_periods(day_after)["nine-months"] == (
        "نه‌ماههٔ ۱۴۰۵",
        jalali_days((1405, 1, 1), (1405, 9, 30)),
    )


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ((1404, 1, 1), (1404, 12, 29), "سال ۱۴۰۴"),
        ((1403, 1, 1), (1403, 12, 30), "سال ۱۴۰۳"),
        ((1403, 1, 1), (1403, 12, 29), "۱ فروردین تا ۲۹ اسفند ۱۴۰۳"),
        ((1405, 8, 1), (1405, 8, 30), "آبان ۱۴۰۵"),
        ((1405, 8, 2), (1405, 8, 9), "۲ تا ۹ آبان ۱۴۰۵"),
        ((1405, 9, 1), (1405, 9, 1), "یکشنبه ۱ آذر ۱۴۰۵"),
        ((1404, 11, 30), (1405, 1, 1), "۳۰ بهمن ۱۴۰۴ تا ۱ فروردین ۱۴۰۵"),
    ],
)
def test_a_period_in_words(start, end, text):
    assert period_text(jalali_days(start, end)) == text


def test_the_place_survives_the_form_and_the_tabs():
    chosen = choose({"period": "today"}, TODAY, others={"province": "07"})
    assert chosen.form["province"].value() == "07"
    assert chosen.form["province"].is_hidden
    assert chosen.query == "province=07&period=today"
    assert all(tab["url"].startswith("?province=07&period=") for tab in chosen.tabs)
