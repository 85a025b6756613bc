"""Figures as components draw them."""

from __future__ import annotations

from core.jalali import from_jalali
from dashboards import charts
from dashboards.figures import Period, Row


def rows(*pairs: tuple[str, int]) -> list[Row]:
    return [Row(key, key, rial, 1) for key, rial in pairs]


def test_every_month_has_a_column_and_the_year_before_stands_beside_it():
    period = Period(from_jalali(1405, 1, 1), from_jalali(1405, 3, 10))
    columns = charts.columns("month", rows(("1405-01", 50), ("1405-03", 200)), rows(("1404-02", 100)), period)
    assert [(c["label"], c["percent"], c["before"], c["value"], c["before_value"]) for c in columns] == [
        ("فروردین ۱۴۰۵", 25, 0, "۵ تومان", "۰ تومان"),
        ("اردیبهشت ۱۴۰۵", 0, 50, "۰ تومان", "۱۰ تومان"),
        ("خرداد ۱۴۰۵", 100, 0, "۲۰ تومان", "۰ تومان"),
    ]


def test_nothing_is_drawn_before_the_first_gift():
    period = Period(from_jalali(1395, 1, 1), from_jalali(1405, 2, 1))
    columns = charts.columns("month", rows(("1404-12", 1)), (), period)
    assert [c["label"] for c in columns] == ["اسفند ۱۴۰۴", "فروردین ۱۴۰۵", "اردیبهشت ۱۴۰۵"]
    assert charts.columns("year", (), (), period) == []


def test_a_leap_day_has_its_own_column():
    period = Period(from_jalali(1403, 12, 28), from_jalali(1404, 1, 2))
    columns = charts.columns("day", rows(("1403-12-30", 5)), rows(("1402-12-29", 7)), period)
    assert [c["short"] for c in columns] == ["۲۸", "۲۹", "۳۰", "۱", "۲"]
    assert [c["before_value"] for c in columns][1] == "۰٫۷ تومان"


def test_days_months_or_years_by_length():
    start = from_jalali(1400, 1, 1)
    assert charts.grain_of(Period(start, from_jalali(1400, 1, 31))) == "day"
    assert charts.grain_of(Period(start, from_jalali(1400, 12, 29))) == "month"
    assert charts.grain_of(Period(start, from_jalali(1405, 12, 29))) == "year"


def test_a_negative_total_draws_no_bar():
    assert [bar["percent"] for bar in charts.bars(rows(("a", 10), ("b", -5)))] == [100, 0]


def test_places_without_gifts_follow_those_with_some():
    filled = charts.filled(
        [Row("23", "تهران", 9, 1), Row(None, "سراسری", 3, 1)], {"07": "فارس", "23": "تهران"}
    )
    assert [(row.key, row.total_rial) for row in filled] == [("23", 9), (None, 3), ("07", 0)]


def test_percentages_and_changes_in_words():
    assert charts.percent_text(12.0) == "۱۲٪"
    assert charts.percent_text(12.5) == "۱۲٫۵٪"
    assert charts.percent_text(1234.4) == "۱٬۲۳۴٪"
    assert charts.trend(90, 100) == {"trend": "down", "change": "۱۰٪"}
    assert charts.change_text(charts.trend(90, 100)) == "۱۰٪ کمتر"
    assert charts.change_text(charts.trend(90, 0)) == "–"
