"""/hq/small-gifts/: small gifts, people who gave again, and campaigns ranked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.models import Edition
from core.jalali import from_jalali
from core.listing import file_links, list_file, wanted_file
from core.money import format_toman, group_digits
from core.sheets import Cell
from dashboards import charts, figures, habits
from dashboards import hq_phrases as phrases
from dashboards.figures import share_percent
from dashboards.habits import ORDERS, SMALL_RIAL, Ranked
from dashboards.hq_forms import HabitsForm
from dashboards.models import GivingHabit
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission


@never_cache
@needs(Permission.VIEW_HQ)
@require_safe
def small_gifts(request: HttpRequest) -> HttpResponse:
    """One Jalali year or month that was counted; the newest year unless another is asked for."""
    periods = habits.choices()
    known = [value for value, _ in periods]
    asked = request.GET.get("period", "")
    value = asked if asked in known else next(iter(known), "")
    order = request.GET.get("order", "")
    order = order if order in ORDERS else ORDERS[0]
    form = HabitsForm({"period": value, "order": order}, periods=periods)
    if (kind := wanted_file(request)) and value:
        return list_file(kind, "campaign-ranking", phrases.RANKING_HEADS, _lines(value, order))
    context = desk_context(
        request,
        form=form,
        intro=str(phrases.HABITS_INTRO).format(small=format_toman(SMALL_RIAL)),
        tables=_tables(value, order) if value else [],
        files=file_links(request),
        phrases=phrases,
    )
    return render(request, "dashboards/small_gifts.html", context)


def _tables(value: str, order: str) -> list[dict[str, Any]]:
    grain, starts_on = value[0], _day(value[1:])
    rows = habits.rows_of(grain, starts_on)
    names = habits.channel_names(list(rows["channel"]))
    titles = _titles(list(rows["edition"]))
    campaigns = _ranked(value, order, rows["edition"])
    every = [(str(phrases.ALL_GIFTS), row) for row in rows["all"].values()]
    return [
        _ranking(campaigns, order),
        _habits("campaigns", phrases.BY_CAMPAIGN, phrases.CAMPAIGN, _named(rows["edition"], titles), every),
        _habits("channels", phrases.BY_CHANNEL, phrases.CHANNEL, _named(rows["channel"], names), every),
    ]


def _ranked(value: str, order: str, editions: dict[str, GivingHabit]) -> list[Ranked]:
    with figures.one_moment():
        return habits.ranked(habits.period_of(value[0], _day(value[1:])), editions, order)


def _lines(value: str, order: str) -> list[list[Cell]]:
    """The ranking in whole rials; of too few givers it is not said how many came back."""
    return [
        [
            one.edition.title, one.yield_rial, one.gifts, one.cost_rial, one.habit.givers if one.habit else 0,
            one.habit.came_back if one.back_percent is not None else None,
        ]
        for one in _ranked(value, order, habits.rows_of(value[0], _day(value[1:]))["edition"])
    ]  # fmt: skip


def _day(name: str):
    year, _, month = name.partition("-")
    return from_jalali(int(year), int(month or 1), 1)


def _titles(keys: list[str]) -> dict[str, str]:
    found = Edition.objects.filter(pk__in=[int(key) for key in keys if key])
    return {str(edition.pk): edition.title for edition in found}


def _named(rows: dict[str, GivingHabit], names: dict[str, str]) -> list[tuple[str, GivingHabit]]:
    ordered = sorted(rows.items(), key=lambda item: -item[1].small_gifts)
    return [(names.get(key, str(phrases.NO_CAMPAIGN)), row) for key, row in ordered]


def _habits(key: str, title, head, rows: list[tuple[str, GivingHabit]], every) -> dict[str, Any]:
    heads = [
        head, phrases.GIFTS, phrases.SMALL_GIFTS, phrases.SMALL_SHARE, phrases.SMALL_RIAL, phrases.MEDIAN,
        phrases.GIVERS, phrases.CAME_BACK,
    ]  # fmt: skip
    return {
        "id": f"small-{key}",
        "caption": title,
        "columns": [{"label": one, "num": at > 0} for at, one in enumerate(heads)],
        "rows": [_cells(name, row) for name, row in rows],
        "foot": _cells(*every[0]) if every else None,
    }


def _cells(name: str, row: GivingHabit) -> list[dict[str, Any]]:
    texts = [
        group_digits(row.gifts),
        group_digits(row.small_gifts),
        charts.percent_text(share_percent(row.small_gifts, row.gifts)),
        format_toman(row.small_rial),
        format_toman(row.median_rial),
        group_digits(row.givers),
        _percent(habits.back_percent(row)),
    ]
    return [{"text": name, "header": True}, *({"text": text, "num": True} for text in texts)]


def _ranking(campaigns: list[Ranked], order: str) -> dict[str, Any]:
    heads = [
        phrases.CAMPAIGN, phrases.YIELD, phrases.GIFTS, phrases.COST, phrases.COST_SHARE, phrases.GIVERS,
        phrases.CAME_BACK,
    ]  # fmt: skip
    rows = [
        [
            {"text": one.edition.title, "header": True, "url": f"/hq/campaigns/{one.edition.pk}/"},
            {"text": format_toman(one.yield_rial), "num": True},
            {"text": group_digits(one.gifts), "num": True},
            {"text": format_toman(one.cost_rial), "num": True},
            {"text": charts.percent_text(one.cost_percent), "num": True},
            {"text": group_digits(one.habit.givers if one.habit else 0), "num": True},
            {"text": _percent(one.back_percent), "num": True},
        ]
        for one in campaigns
    ]
    return {
        "id": "small-ranking",
        "caption": str(phrases.RANKING).format(order=phrases.ORDERS[order]),
        "columns": [{"label": head, "num": at > 0} for at, head in enumerate(heads)],
        "rows": rows,
        "foot": None,
    }


def _percent(number: float | None) -> str:
    return "–" if number is None else charts.percent_text(number)
