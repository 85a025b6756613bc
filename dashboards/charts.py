"""Figures as the rows that components draw: bars, columns over time, the map, a figure with its trend.

Amounts are cut in headlines and charts and exact in tables; percentages are of the largest bar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from core.jalali import MONTHS, format_day_month_year, from_jalali, month_title, to_jalali
from core.money import format_toman, group_digits, short_toman
from core.text import persian_digits
from dashboards import figures, phrases
from dashboards.figures import Period, Row
from provinces.map_outlines import map_rows as outline_rows

MOST_DAYS, MOST_MONTHS, FEW_COLUMNS = 45, 36, 6


NO_NAME = "\u00a0"


def percent_text(number: float) -> str:
    """«۱۲٫۵٪», «۱٬۲۵۰٪»; whole numbers without a point."""
    whole = abs(number) >= 100 or float(number).is_integer()
    text = (
        group_digits(round(abs(number))) if whole else persian_digits(f"{abs(number):.1f}".replace(".", "٫"))
    )
    return phrases.PERCENT.format(number=text)


def trend(now_rial: int, before_rial: int) -> dict[str, str]:
    """{trend, change} for components/stat.html; empty words when there was nothing to compare with."""
    growth = figures.growth_percent(now_rial, before_rial)
    if growth is None:
        return {"trend": "", "change": ""}
    direction = "up" if growth > 0 else "down" if growth < 0 else "same"
    return {"trend": direction, "change": percent_text(growth)}


def change_text(growth: Mapping[str, str]) -> str:
    """«۱۲٪ بیشتر»: words, not a sign that flips in right-to-left text."""
    return phrases.CHANGES[growth["trend"]].format(change=growth["change"])


def money_stat(label: str, rial: int, before_rial: int | None = None, note: str = "") -> dict[str, Any]:
    """One amount for components/stat.html, in short and exact, with its trend."""
    compared = {"trend": "", "change": ""} if before_rial is None else trend(rial, before_rial)
    value, exact = short_toman(rial), format_toman(rial)
    exact = "" if exact == value else exact
    return {"label": label, "value": value, "exact": exact, "note": note, **compared}


def count_stat(label: str, count: int, before: int | None = None, note: str = "") -> dict[str, Any]:
    """One number for components/stat.html."""
    compared = {"trend": "", "change": ""} if before is None else trend(count, before)
    return {"label": label, "value": group_digits(count), "exact": "", "note": note, **compared}


def text_stat(label: str, value: str, note: str = "") -> dict[str, Any]:
    """Words in the place of a figure, for components/stat.html."""
    return {"label": label, "value": value, "exact": "", "note": note, "trend": "", "change": ""}


def gifts_text(count: int) -> str:
    """«۴۲ کمک»."""
    return phrases.GIFTS.format(count=group_digits(count))


def bars(
    rows: Sequence[Row], url: Callable[[Row], str] | None = None, counted: str = phrases.GIFTS
) -> list[dict[str, Any]]:
    """Rows for components/bar_chart.html, with how many are in each, said as `counted` ("{count} …")."""
    longest = max((row.total_rial for row in rows), default=0)
    return [
        {
            "label": row.label,
            "value": format_toman(row.total_rial),
            "share": counted.format(count=group_digits(row.count)),
            "percent": max(row.total_rial, 0) * 100 / longest if longest > 0 else 0,
            "url": url(row) if url else "",
        }
        for row in rows
    ]


def province_map(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows for components/iran_map.html; national gifts lie in no province and are left out of the map."""
    totals = {row.key: row.total_rial for row in rows if row.key is not None}
    return outline_rows(totals, {code: short_toman(rial) for code, rial in totals.items()})


def filled(rows: Sequence[Row], places: Mapping[str, str]) -> list[Row]:
    """Rows of all places ({code: name}), those without gifts as zeros behind the others; rows of no place stay."""
    given = {row.key for row in rows}
    return [*rows, *(Row(code, name, 0, 0) for code, name in places.items() if code not in given)]


def grain_of(period: Period) -> str:
    """By what a period is drawn: days, months or years."""
    days = (period.end - period.start).days + 1
    if days <= MOST_DAYS:
        return "day"
    return "month" if days <= MOST_MONTHS * 31 else "year"


def columns(grain: str, rows: Sequence[Row], before: Sequence[Row], period: Period) -> list[dict[str, Any]]:
    """Rows for components/column_chart.html: every day, month or year of the period, with the year before beside it.

    Rows are those of `figures.totals(by=grain)`. Nothing is drawn before the first gift of either row.
    """
    now = {row.key: row for row in rows}
    earlier = {_a_year_on(row.key): row for row in before}
    keys = _keys(grain, period, now.keys() | earlier.keys())
    highest = max((row.total_rial for row in [*rows, *before]), default=0)
    return [
        {
            **_names(grain, key, is_crowded=len(keys) > FEW_COLUMNS),
            **_column(now.get(key), highest, "percent", "value"),
            **_column(earlier.get(key), highest, "before", "before_value"),
            "count": group_digits(now[key].count if key in now else 0),
        }
        for key in keys
    ]


def running_columns(grain: str, rows: Sequence[Row], until: date) -> list[dict[str, Any]]:
    """Columns from the first month (or year) with gifts to the last one, or to `until` when that is later."""
    if not rows:
        return []
    start, last = _first_day(rows[0].key), _first_day(rows[-1].key)
    return columns(grain, rows, (), Period(start, max(start, last, until)))


def _first_day(key: str | None) -> date:
    year, month, day = [*(int(part) for part in (key or "").split("-")), 1, 1][:3]
    return from_jalali(year, month, day)


def _column(row: Row | None, highest: int, height: str, value: str) -> dict[str, Any]:
    rial = row.total_rial if row else 0
    return {height: max(rial, 0) * 100 / highest if highest > 0 else 0, value: format_toman(rial)}


def _a_year_on(key: str | None) -> str:
    year, *rest = (key or "").split("-")
    return "-".join([f"{int(year) + 1:04d}", *rest])


def _keys(grain: str, period: Period, known: Iterable[str]) -> list[str]:
    """Every day, month or year from the first known one (or the period's start, if later) to the period's end."""
    known = sorted(known)
    if not known:
        return []
    first, keys = period.start, []
    if grain == "day":
        day = first
        while day <= period.end:
            jalali = to_jalali(day)
            keys.append(f"{jalali.year:04d}-{jalali.month:02d}-{jalali.day:02d}")
            day += timedelta(days=1)
        return keys
    start, end = to_jalali(first), to_jalali(period.end)
    begin = max((start.year, start.month), _year_month(known[0]))
    if grain == "year":
        return [f"{year:04d}" for year in range(begin[0], end.year + 1)]
    year, month = begin
    while (year, month) <= (end.year, end.month):
        keys.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return keys


def _year_month(key: str) -> tuple[int, int]:
    year, month, *_ = [*key.split("-"), "1"]
    return int(year), int(month)


def _names(grain: str, key: str, *, is_crowded: bool) -> dict[str, str]:
    """The full name of a column and what is written under it; crowded, only what fits on a phone."""
    numbers = [int(part) for part in key.split("-")]
    if grain == "year":
        return {"label": persian_digits(numbers[0]), "short": persian_digits(numbers[0])}
    if grain == "month":
        name = MONTHS[numbers[1] - 1]
        return {"label": month_title(*numbers), "short": name[:3] if is_crowded else name}
    day: date = from_jalali(*numbers)
    is_named = not is_crowded or numbers[2] == 1 or numbers[2] % 5 == 0
    return {"label": format_day_month_year(day), "short": persian_digits(numbers[2]) if is_named else NO_NAME}
