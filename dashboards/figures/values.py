"""What a figure is: the days it speaks of, its lines and their sum, and how two of them compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.errors import DomainError
from core.jalali import same_day_last_year


@dataclass(frozen=True)
class Period:
    """Gregorian days, both included. DomainError("bad_period") when they are in the wrong order."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise DomainError("bad_period")

    def year_before(self) -> Period:
        """The same Jalali days of the year before."""
        return Period(same_day_last_year(self.start), same_day_last_year(self.end))

    def until(self, day: date) -> Period:
        """The part that has passed by `day`; the period itself when it lies ahead altogether."""
        return Period(self.start, min(self.end, day)) if self.start <= day else self


@dataclass(frozen=True)
class Row:
    """One line of a breakdown; `key` is None for gifts without that facet."""

    key: str | None
    label: str
    total_rial: int
    count: int


@dataclass(frozen=True)
class Hour:
    """What one hour of the day brought: scans, gifts and rials."""

    hour: int
    scans: int
    count: int
    total_rial: int


@dataclass(frozen=True)
class CodesOfPlace:
    """What the printed codes of a place brought; `county` is None for a whole province, `province` for the country."""

    province: str | None
    county: str | None
    codes: int
    scans: int
    count: int
    total_rial: int


@dataclass(frozen=True)
class Totals:
    """Rials and number of gifts of a period, with the rows that add up to them, as of the last fold."""

    as_of: datetime
    total_rial: int
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """One period broken down by several facets at once; the rows of each facet add up to the same total."""

    as_of: datetime
    total_rial: int
    count: int
    facets: dict[str, tuple[Row, ...]]

    def __getitem__(self, facet: str) -> tuple[Row, ...]:
        return self.facets[facet]

    def row(self, facet: str, key: str | None) -> Row:
        """The line of one key; a line of zeros when nothing was given there."""
        return next((row for row in self.facets[facet] if row.key == key), Row(key, "", 0, 0))


def growth_percent(now_rial: int, before_rial: int) -> float | None:
    """Change in percent against the period before; None when there was nothing to compare with."""
    return None if before_rial <= 0 else round((now_rial - before_rial) * 100 / before_rial, 1)


def mean_rial(row: Row | Sheet) -> int | None:
    """What one gift is worth on average, in whole rials (cut); None without gifts."""
    return row.total_rial // row.count if row.count > 0 else None


def share_percent(part_rial: int, total_rial: int) -> float:
    """The part of a total in percent, one decimal; 0 when there is no total."""
    return round(part_rial * 100 / total_rial, 1) if total_rial > 0 else 0.0
