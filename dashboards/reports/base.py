"""A report is a title, a period and sections; a section is lines of one shape. All forms are made of the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.money import format_toman, group_digits
from dashboards import charts
from dashboards import report_phrases as phrases
from dashboards.figures import Row, growth_percent, share_percent


@dataclass(frozen=True)
class Line:
    """One figure: rials of the period and of the same Jalali days a year before, a number, words. What a section's
    lines all leave out has no column."""

    label: str
    rial: int | None = None
    before_rial: int | None = None
    count: int | None = None
    words: str = ""
    url: str = ""

    @property
    def change_percent(self) -> float | None:
        """Against the year before; None where nothing can be compared."""
        if self.rial is None or self.before_rial is None:
            return None
        return growth_percent(self.rial, self.before_rial)


@dataclass(frozen=True)
class Section:
    """`total` is the line beneath; with `shares` each line's part of it is shown."""

    key: str
    title: str
    head: str
    lines: tuple[Line, ...]
    total: Line | None = None
    note: str = ""
    shares: bool = False
    words_head: str = phrases.WORDS

    def columns(self) -> list[tuple[str, Callable[[Line], Any]]]:
        """(key, value of a line) of the columns this section has, after the label."""
        every = [*self.lines, *([self.total] if self.total else [])]
        whole = self.total.rial if self.total and self.total.rial else 0
        found: list[tuple[str, Callable[[Line], Any]]] = []
        if any(line.rial is not None for line in every):
            found.append(("rial", lambda line: line.rial))
        if self.shares:
            found.append(("share", lambda line: share_percent(line.rial or 0, whole)))
        if any(line.before_rial is not None for line in every):
            found.append(("before", lambda line: line.before_rial))
            found.append(("change", lambda line: line.change_percent))
        if any(line.count is not None for line in every):
            found.append(("count", lambda line: line.count))
        if any(line.words for line in every):
            found.append(("words", lambda line: line.words))
        return found

    def heads(self) -> list[str]:
        return [
            self.head,
            *(self.words_head if key == "words" else phrases.HEADS[key] for key, _ in self.columns()),
        ]

    def table(self) -> dict[str, Any]:
        """For components/table.html."""
        columns = self.columns()
        heads = [
            {"label": head, "num": at > 0 and columns[at - 1][0] != "words"}
            for at, head in enumerate(self.heads())
        ]
        return {
            "id": f"report-{self.key}",
            "caption": self.title,
            "note": self.note,
            "columns": heads,
            "rows": [self._cells(line, columns) for line in self.lines],
            "foot": self._cells(self.total, columns) if self.total else None,
        }

    def _cells(self, line: Line, columns: Sequence[tuple[str, Callable]]) -> list[dict[str, Any]]:
        first = {"text": line.label, "header": True, "url": line.url}
        return [first, *({"text": _shown(key, value(line)), "num": key != "words"} for key, value in columns)]

    def texts(self, line: Line) -> list[str]:
        """A line as it is printed."""
        return [line.label, *(_shown(key, value(line)) for key, value in self.columns())]


@dataclass(frozen=True)
class Report:
    """`key` names its files; `as_of` is when the figures last took in the books."""

    key: str
    title: str
    period: str
    period_before: str
    as_of: datetime
    sections: tuple[Section, ...] = field(default_factory=tuple)

    def __getitem__(self, key: str) -> Section:
        """A section by its key; KeyError for another name."""
        return {section.key: section for section in self.sections}[key]


def compared(
    rows: Sequence[Row], before: Sequence[Row], address: Callable[[Row], str] = lambda row: ""
) -> tuple[Line, ...]:
    """Rows of a breakdown beside those of the year before; what was there only then stands behind, with nothing now."""
    was = {row.key: row.total_rial for row in before}
    gone = [row for row in before if row.key not in {now.key for now in rows} and row.total_rial]
    return (
        *(Line(row.label, row.total_rial, was.get(row.key, 0), row.count, url=address(row)) for row in rows),
        *(Line(row.label, 0, row.total_rial, 0) for row in gone),
    )


def sum_of(lines: Sequence[Line]) -> Line:
    """The line beneath."""
    return Line(
        phrases.SUM,
        sum(line.rial or 0 for line in lines),
        sum(line.before_rial or 0 for line in lines),
        sum(line.count or 0 for line in lines) if any(line.count is not None for line in lines) else None,
    )


def _shown(key: str, value: Any) -> str:
    if key in ("rial", "before"):
        return "" if value is None else format_toman(value)
    if key == "share":
        return charts.percent_text(value)
    if key == "change":
        trend = "" if value is None else "up" if value > 0 else "down" if value < 0 else "same"
        return charts.change_text({"trend": trend, "change": charts.percent_text(value or 0)})
    if key == "count":
        return "" if value is None else group_digits(value)
    return str(value)
