"""The figures of one place and period, as every dashboard shows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from core.jalali import iso_jalali
from dashboards import charts, figures, phrases
from dashboards.figures import Row, Sheet, Totals
from dashboards.periods import Chosen

FACETS = ("campaign", "fund", "channel")
EXPORTED = ("province", "campaign", "fund", "channel", "month")
LEADING = 5


@dataclass(frozen=True)
class Sums:
    """Sums of a period and of the same days a year before, and both over time."""

    now: Sheet
    before: Sheet
    grain: str
    over_time: Totals
    over_time_before: Totals


@dataclass(frozen=True)
class Board:
    """Sums of the days somebody chose, as their page shows them."""

    chosen: Chosen
    sums: Sums

    @property
    def now(self) -> Sheet:
        return self.sums.now

    @property
    def before(self) -> Sheet:
        return self.sums.before

    def columns(self) -> list[dict[str, Any]]:
        """The period day by day, month by month or year by year, with the year before."""
        rows, before = self.sums.over_time.rows, self.sums.over_time_before.rows
        return charts.columns(self.sums.grain, rows, before, self.chosen.passed)

    def kind(self, kind: str) -> Row:
        return self.now.row("kind", kind)

    def stats(self) -> list[dict[str, Any]]:
        """Cash, in kind and service together and apart, gifts and mean, each against the same days a year before."""
        cash, in_kind, service = (self.kind(kind) for kind in ("cash", "in_kind", "service"))
        was = {kind: self.before.row("kind", kind).total_rial for kind in ("cash", "in_kind", "service")}
        mean = figures.mean_rial(cash)
        return [
            charts.money_stat(phrases.TOTAL, self.now.total_rial, self.before.total_rial),
            charts.money_stat(phrases.CASH, cash.total_rial, was["cash"]),
            charts.money_stat(phrases.IN_KIND, in_kind.total_rial, was["in_kind"]),
            charts.money_stat(phrases.SERVICE, service.total_rial, was["service"]),
            charts.count_stat(phrases.COUNT, self.now.count, self.before.count),
            charts.money_stat(phrases.MEAN, mean)
            if mean
            else charts.text_stat(phrases.MEAN, phrases.NO_GIFTS_YET),
        ]

    def compared(self, facet: str, rows: list[Row]) -> list[dict[str, Any]]:
        """Rows with their share of the whole and their change, for a table."""
        return [
            {
                "row": row,
                "share": charts.percent_text(figures.share_percent(row.total_rial, self.now.total_rial)),
                "growth": charts.trend(row.total_rial, self.before.row(facet, row.key).total_rial),
            }
            for row in rows
        ]

    def by_source(self, governmental: Collection[str]) -> list[dict[str, Any]]:
        """What came by the ways of government bodies (their codes) and by all others, for a bar chart."""
        rows = []
        for label, is_theirs in ((phrases.FROM_PEOPLE, False), (phrases.FROM_GOVERNMENT, True)):
            found = [row for row in self.now["channel"] if (row.key in governmental) is is_theirs]
            rows.append(Row(None, label, sum(r.total_rial for r in found), sum(r.count for r in found)))
        return charts.bars(rows)

    def leading_provinces(self) -> list[Row]:
        """The five provinces that received most; national gifts are in no province."""
        return [row for row in self.now["province"] if row.key is not None and row.total_rial > 0][:LEADING]

    def context(self) -> dict[str, Any]:
        """What every dashboard's template takes: period, sums, columns over time and exports."""
        return {
            "period_form": self.chosen.form,
            "period_tabs": self.chosen.tabs,
            "period": self.chosen.text,
            "period_before": self.chosen.before_text,
            "as_of": self.now.as_of,
            "stats": self.stats(),
            "grain": self.sums.grain,
            "columns": self.columns(),
            "campaigns": charts.bars(self.now["campaign"]),
            "funds": charts.bars(self.now["fund"]),
            "channels": charts.bars(self.now["channel"]),
        }


def read_board(chosen: Chosen, *, places: str = "", **filters: str | None) -> Board:
    """Read the figures of a place, by its smaller `places` ("province", "county" or none); four queries, all of one
    moment when the caller asks for that."""
    return Board(chosen, read_sums(chosen, places=places, **filters))


def read_sums(chosen: Chosen, *, places: str = "", **filters: str | None) -> Sums:
    """What `read_board` reads, without anything of the person who asks. Of the year before only what is compared with
    it is read."""
    grain = charts.grain_of(chosen.passed)
    compared = ("kind", places) if places else ("kind",)
    return Sums(
        now=figures.sheet(chosen.period, *compared, *FACETS, **filters),
        before=figures.sheet(chosen.before, *compared, **filters),
        grain=grain,
        over_time=figures.totals(chosen.period, by=grain, **filters),
        over_time_before=figures.totals(chosen.before, by=grain, **filters),
    )


def exports(chosen: Chosen, names: tuple[str, ...] = EXPORTED, **filters: str | None) -> list[dict[str, str]]:
    """Links to the public data of these days, one a facet."""
    days = {"from": iso_jalali(chosen.period.start), "to": iso_jalali(chosen.period.end)}
    asked = urlencode({**days, **{name: value for name, value in filters.items() if value}})
    return [
        {
            "label": phrases.DATA_NAMES[name],
            "url": f"{reverse('transparency-data', args=[name, 'csv'])}?{asked}",
            "json_url": f"{reverse('transparency-data', args=[name, 'json'])}?{asked}",
        }
        for name in names
    ]
