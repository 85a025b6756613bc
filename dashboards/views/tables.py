"""Breakdowns as rows of components/table.html: amount, number, share and change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.money import format_toman, group_digits
from core.text import persian_digits
from dashboards import charts, phrases
from dashboards.board import Board
from dashboards.figures import Row


def breakdown(
    board: Board,
    facet: str,
    rows: Sequence[Row],
    words: dict[str, str],
    address: Callable[[Row], str] = lambda row: "",
    *,
    is_ranked: bool = False,
) -> dict[str, Any]:
    """A table of one facet with its sum beneath; `words` are its caption and the heading of its first column."""
    lines = board.compared(facet, list(rows))
    columns = [
        {"label": words["head"]},
        {"label": phrases.AMOUNT, "num": True},
        {"label": phrases.NUMBER, "num": True},
        {"label": phrases.SHARE, "num": True},
        {"label": phrases.CHANGE, "num": True},
    ]
    body = [_line(line, address, rank if is_ranked else 0) for rank, line in enumerate(lines, start=1)]
    total = [
        {"text": phrases.SUM, "header": True},
        {"text": format_toman(sum(row.total_rial for row in rows)), "num": True},
        {"text": group_digits(sum(row.count for row in rows)), "num": True},
        {"text": "", "num": True},
        {"text": "", "num": True},
    ]
    foot = total if rows and not is_ranked else None
    return {"caption": words["caption"], "columns": columns, "rows": body, "foot": foot}


def _line(line: dict[str, Any], address: Callable[[Row], str], rank: int) -> list[dict[str, Any]]:
    row: Row = line["row"]
    name = f"{persian_digits(rank)}.\u00a0{row.label}" if rank else row.label
    return [
        {"text": name, "url": address(row), "header": True},
        {"text": format_toman(row.total_rial), "num": True},
        {"text": group_digits(row.count), "num": True},
        {"text": line["share"], "num": True},
        {"text": charts.change_text(line["growth"]), "num": True},
    ]
