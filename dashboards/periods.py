"""Which days a page shows: typed, or one of the ready periods; this Jalali year to date unless something is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from core.jalali import (
    format_day_month_year,
    format_long,
    from_jalali,
    month_bounds,
    month_start,
    month_title,
    to_jalali,
    year_bounds,
    year_start,
)
from core.text import persian_digits
from dashboards import phrases
from dashboards.figures import Period
from dashboards.forms import PeriodForm

THIS_YEAR = "this-year"
FIRST_DAY, LAST_DAY = from_jalali(1395, 1, 1), year_bounds(1450)[1]  # the calendar the figures know


@dataclass(frozen=True)
class Chosen:
    """The days a page shows and what its form and tabs need. `query` keeps the choice in further addresses."""

    period: Period
    today: date
    form: PeriodForm
    tabs: list[dict[str, Any]]
    query: str

    @property
    def passed(self) -> Period:
        """The part that has passed by today: only like periods are compared."""
        return self.period.until(self.today)

    @property
    def before(self) -> Period:
        """The same Jalali days of the year before."""
        return self.passed.year_before()

    @property
    def text(self) -> str:
        return period_text(self.period)

    @property
    def before_text(self) -> str:
        return period_text(self.before)


def choose(
    query: Mapping[str, str],
    today: date,
    *,
    others: Mapping[str, str] | None = None,
    provinces: Sequence[tuple[str, str]] = (),
) -> Chosen:
    """Read `from`, `to` and `period` of an address. What cannot be read is said at its field and this year is shown.

    `others` are further parameters of the page, kept in the form and in the addresses of the tabs; `provinces` as
    for the form.
    """
    others = others or {}
    ready = ready_periods(today)
    name = query.get("period", "")
    name = name if name in ready else THIS_YEAR
    period, kept = ready[name][1], {"period": name}
    words = {"kept": others, "provinces": provinces}
    form = PeriodForm({key: query.get(key, "") for key in ("from", "to")}, **words)
    start, end = (form.cleaned_data.get(key) if form.is_valid() else None for key in ("from", "to"))
    if start or end:
        period = Period(start or year_start(end), end or max(start, today))
        name = next((key for key, (_, days) in ready.items() if days == period), "")
        kept = {key: query[key] for key in ("from", "to") if query.get(key)}
    elif form.is_valid():
        form = PeriodForm({"from": period.start, "to": period.end}, **words)
        form.is_valid()
    tabs = [
        {"label": label, "url": f"?{urlencode({**others, 'period': key})}", "current": key == name}
        for key, (label, _) in ready.items()
    ]
    return Chosen(period, today, form, tabs, urlencode({**others, **kept}))


def ready_periods(today: date) -> dict[str, tuple[str, Period]]:
    """{name: (label, days)}. Half a year and nine months are those of this year once they
    have passed, else of last year."""
    year = to_jalali(today).year
    half_year, nine_year = (year if today > month_bounds(year, month)[1] else year - 1 for month in (6, 9))
    return {
        "today": (phrases.TODAY, Period(today, today)),
        "this-month": (phrases.THIS_MONTH, Period(month_start(today), today)),
        THIS_YEAR: (phrases.THIS_YEAR, Period(year_start(today), today)),
        "last-year": (phrases.LAST_YEAR, Period(*year_bounds(year - 1))),
        "half-year": (
            phrases.HALF_YEAR.format(year=persian_digits(half_year)),
            Period(from_jalali(half_year, 1, 1), month_bounds(half_year, 6)[1]),
        ),
        "nine-months": (
            phrases.NINE_MONTHS.format(year=persian_digits(nine_year)),
            Period(from_jalali(nine_year, 1, 1), month_bounds(nine_year, 9)[1]),
        ),
    }


def year_to_date(today: date) -> Period:
    """This Jalali year up to today."""
    return Period(year_start(today), today)


def period_text(period: Period) -> str:
    """«سال ۱۴۰۴», «آبان ۱۴۰۵», «یکشنبه ۱ آذر ۱۴۰۵», «۱ فروردین تا ۱ آذر ۱۴۰۵»."""
    start, end = to_jalali(period.start), to_jalali(period.end)
    if period.start == period.end:
        return format_long(period.start)
    if (period.start, period.end) == year_bounds(start.year):
        return phrases.YEAR.format(year=persian_digits(start.year))
    if (period.start, period.end) == month_bounds(start.year, start.month):
        return month_title(start.year, start.month)
    first = format_day_month_year(period.start)
    if start.year == end.year:
        first = first.rsplit(" ", 1)[0]
        if start.month == end.month:
            first = persian_digits(start.day)
    return phrases.PERIOD.format(start=first, end=format_day_month_year(period.end))
