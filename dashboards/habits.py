"""Small gifts, people who gave again, and campaigns ranked by what they brought, cost and whom they brought back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from campaigns.models import Channel, Edition, EventCost
from core.jalali import day_bounds, month_bounds, month_title, to_jalali, year_bounds
from core.text import persian_digits
from dashboards import figures, phrases
from dashboards.figures import Period, share_percent
from dashboards.models import GivingHabit, Grain

SMALL_RIAL = 1_000_000  # a gift of up to a hundred thousand toman is small
FEWEST_PERSONS = 10  # of fewer givers nothing is said about who came back
RANKED = 30
ORDERS = ("yield", "cost", "back")


@dataclass(frozen=True)
class Ranked:
    """One edition in a period. `cost_rial` is what its events cost; `habit` its small gifts and givers."""

    edition: Edition
    yield_rial: int
    gifts: int
    cost_rial: int
    habit: GivingHabit | None

    @property
    def cost_percent(self) -> float:
        return share_percent(self.cost_rial, self.yield_rial)

    @property
    def back_percent(self) -> float | None:
        return back_percent(self.habit)


def back_percent(habit: GivingHabit | None) -> float | None:
    """The part of the givers who are known that had given before; None of too few."""
    if habit is None or habit.givers < FEWEST_PERSONS:
        return None
    return share_percent(habit.came_back, habit.givers)


def choices() -> list[tuple[str, str]]:
    """(value, label) of the years and months that are counted, newest first: «y1405», «m1405-08»."""
    rows = GivingHabit.objects.filter(facet="all").values_list("grain", "starts_on")
    return [(value_of(*row), label_of(*row)) for row in sorted(rows, reverse=True)]


def value_of(grain: str, starts_on: date) -> str:
    day = to_jalali(starts_on)
    return f"y{day.year}" if grain == Grain.YEAR else f"m{day.year}-{day.month:02}"


def label_of(grain: str, starts_on: date) -> str:
    day = to_jalali(starts_on)
    if grain == Grain.YEAR:
        return phrases.YEAR.format(year=persian_digits(day.year))
    return month_title(day.year, day.month)


def period_of(grain: str, starts_on: date) -> Period:
    day = to_jalali(starts_on)
    return Period(*(year_bounds(day.year) if grain == Grain.YEAR else month_bounds(day.year, day.month)))


def rows_of(grain: str, starts_on: date) -> dict[str, dict[str, GivingHabit]]:
    """{facet: {key: row}} of one month or year."""
    found: dict[str, dict[str, GivingHabit]] = {"all": {}, "edition": {}, "channel": {}}
    for row in GivingHabit.objects.filter(grain=grain, starts_on=starts_on):
        found[row.facet][row.key] = row
    return found


def ranked(period: Period, habits: dict[str, GivingHabit], order: str = "yield") -> list[Ranked]:
    """The first thirty editions that received or cost anything in a period: by yield, by cost, or by the part of
    their givers who came back. A fixed number of queries."""
    received = {row.key: row for row in figures.sheet(period, "edition")["edition"] if row.key is not None}
    start, end = day_bounds(period.start)[0], day_bounds(period.end)[1]
    costs = dict(
        EventCost.objects.filter(
            written_at__gte=start, written_at__lt=end, event__placement__edition__isnull=False
        )
        .order_by()
        .values_list("event__placement__edition")
        .annotate(Sum("amount_rial"))
    )
    editions = Edition.objects.filter(pk__in={*map(int, received), *costs}).select_related("campaign")
    found = [
        Ranked(
            edition,
            received[str(edition.pk)].total_rial if str(edition.pk) in received else 0,
            received[str(edition.pk)].count if str(edition.pk) in received else 0,
            int(costs.get(edition.pk, 0)),
            habits.get(str(edition.pk)),
        )
        for edition in editions
    ]
    keys = {
        "yield": lambda one: -one.yield_rial,
        "cost": lambda one: -one.cost_rial,
        "back": lambda one: -(one.back_percent if one.back_percent is not None else -1),
    }
    return sorted(found, key=keys[order])[:RANKED]


def channel_names(keys: Sequence[str]) -> dict[str, str]:
    """{id as text: name}."""
    ids = [int(key) for key in keys if key]
    return {str(pk): name for pk, name in Channel.objects.filter(pk__in=ids).values_list("pk", "name")}
