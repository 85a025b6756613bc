"""Open data, version 1: fixed tables by finished Jalali month. No row is about a person, and none can be made to be.

What speaks of few gifts or households is added to others of its month, never shown alone, and never alone in that
sum either. Tables have one facet each, whole months only and none that still runs, so that no two of them, and no two
downloads of one, can be subtracted to get a small cell back. An address keeps its columns and meaning; what must change
becomes version 2 beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from aid.enums import Purpose
from aid.models import Delivery
from core.jalali import iso_jalali, month_start, tehran_today
from core.text import persian_digits
from dashboards import figures
from dashboards import hq_phrases as phrases
from dashboards.figures import Row
from dashboards.models import Flow

VERSION = 1
LEAST_GIFTS, LEAST_HOUSEHOLDS = 5, 10
OTHER = "_other"
COLUMNS = ("month", "key", "label", "total_rial", "count")


@dataclass(frozen=True)
class Dataset:
    """One table. `counted` says what its column `count` counts, `least` how many of them a row must speak of."""

    name: str
    counted: str
    least: int
    read: Callable[[], list[tuple[date, Row]]]

    @property
    def title(self) -> str:
        return str(phrases.OPEN_TITLES[self.name])


@dataclass(frozen=True)
class Table:
    """The rows of a dataset as they are published, oldest month first."""

    dataset: Dataset
    as_of: datetime
    rows: tuple[dict[str, str | int], ...]


def _receipts(facet: str, flow: str = Flow.IN) -> Callable[[], list[tuple[date, Row]]]:
    return lambda: figures.by_month(facet, flow=flow)


def _deliveries() -> list[tuple[date, Row]]:
    """What reached households, by the month and purpose; taken back ones never did."""
    found: dict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    rows = (
        Delivery.objects.filter(undone_at=None).order_by().values_list("delivered_on", "allocation__purpose")
    )
    for day, purpose, rial, households in rows.annotate(Sum("amount_rial"), Sum("households")):
        cell = found[month_start(day), purpose]
        cell[0] += int(rial)
        cell[1] += households
    return [
        (month, Row(purpose, str(Purpose(purpose).label), rial, households))
        for (month, purpose), (rial, households) in found.items()
    ]


DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset("receipts-by-province", "gifts", LEAST_GIFTS, _receipts("province")),
        Dataset("receipts-by-fund", "gifts", LEAST_GIFTS, _receipts("fund")),
        Dataset("receipts-by-campaign", "gifts", LEAST_GIFTS, _receipts("campaign")),
        Dataset("receipts-by-channel", "gifts", LEAST_GIFTS, _receipts("channel")),
        Dataset("receipts-by-kind", "gifts", LEAST_GIFTS, _receipts("kind")),
        Dataset("deliveries-by-purpose", "households", LEAST_HOUSEHOLDS, _deliveries),
    )
}


def table(name: str, today: date | None = None) -> Table:
    """The published rows of a dataset; KeyError for another name."""
    dataset = DATASETS[name]
    running = month_start(today or tehran_today())
    with figures.one_moment():
        as_of, found = figures.folded_at(), dataset.read()
    months: dict[date, list[Row]] = defaultdict(list)
    for month, row in found:
        if month < running:
            months[month].append(row)
    rows = [
        {
            "month": iso_jalali(month)[:7],
            "key": row.key or "",
            "label": row.label,
            "total_rial": row.total_rial,
            "count": row.count,
        }
        for month in sorted(months)
        for row in protected(months[month], dataset.least)
    ]
    return Table(dataset, as_of, tuple(rows))


def protected(rows: Sequence[Row], least: int) -> list[Row]:
    """One month's rows, the largest first, with those that speak of fewer than `least` added up to one row.

    That row holds at least two cells and `least` of what is counted: the next smallest join it until it does. A month
    with fewer than that in all is left out, also where its total stands in no other table.
    """
    by_size = sorted(rows, key=lambda row: (row.count, row.key or ""))
    if sum(row.count for row in rows) < least:
        return []
    hidden = [row for row in by_size if row.count < least]
    shown = by_size[len(hidden) :]
    while hidden and shown and (len(hidden) == 1 or sum(row.count for row in hidden) < least):
        hidden.append(shown.pop(0))
    found = sorted(shown, key=lambda row: (-row.total_rial, row.key or ""))
    if hidden:
        rial, count = sum(row.total_rial for row in hidden), sum(row.count for row in hidden)
        found.append(Row(OTHER, str(phrases.OPEN_OTHER), rial, count))
    return found


def rules() -> str:
    """What the tables hold and hide, for people."""
    return str(phrases.OPEN_RULES).format(
        gifts=persian_digits(LEAST_GIFTS), households=persian_digits(LEAST_HOUSEHOLDS)
    )


def package(address: Callable[[str, str], str]) -> dict:
    """The description of all tables for programs, as a Data Package (https://specs.frictionlessdata.io/)."""
    return {
        "profile": "tabular-data-package",
        "name": "behzisti-public-figures",
        "version": f"{VERSION}.0.0",
        "title": str(phrases.OPEN_TITLE),
        "description": rules(),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": dataset.name,
                "title": dataset.title,
                "path": address(dataset.name, "csv"),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": _schema(dataset),
            }
            for dataset in DATASETS.values()
        ],
    }


def _schema(dataset: Dataset) -> dict:
    fields = [
        {
            "name": "month",
            "type": "string",
            "description": "Jalali year and month",
            "constraints": {"required": True, "pattern": r"1[34]\d\d-(0[1-9]|1[0-2])"},
        },
        {
            "name": "key",
            "type": "string",
            "description": f"'' is none of it, '{OTHER}' the small ones together",
        },
        {"name": "label", "type": "string"},
        {"name": "total_rial", "type": "integer", "description": "whole rials; a reversed gift counts minus"},
        {
            "name": "count",
            "type": "integer",
            "description": f"number of {dataset.counted}",
            "constraints": {"minimum": dataset.least},
        },
    ]
    return {"fields": fields, "primaryKey": ["month", "key"]}
