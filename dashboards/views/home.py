"""The first page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.channels import public_channels
from campaigns.enums import RateKind
from campaigns.models import Fund, Occasion
from campaigns.need_selectors import open_needs
from campaigns.occasions import coming_occasions, occasion_of_days
from campaigns.seasons import is_open, most_fitting_first
from campaigns.selectors import shown_editions
from core.jalali import tehran_today, to_jalali
from core.money import toman_to_rial
from core.text import persian_digits
from dashboards import charts, figures, phrases
from dashboards.cards import campaign_card, occasion_strip, period_of
from dashboards.figures import Period, Row, Sheet
from dashboards.needs import need_cards
from dashboards.periods import year_to_date
from dashboards.remembering import remembered
from dashboards.views.channels import numbers_to_show
from provinces.selectors import provinces_in_order

QUICK_TOMAN, QUICK_CHOSEN = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000), 50_000
FUNDS, FUND_CHOSEN = ("general", "sadaqah", "livelihood", "dowry", "treatment"), "general"
NEEDS_SHOWN = 3
MOST_NUMBERS = 4  # confirmed numbers in the strip of ways to give
MOST_OCCASIONS = 4


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Give now, what has come in, open campaigns, the map, the ways to give and how the money is proved."""
    today = tehran_today()
    year = year_to_date(today)
    coming = coming_occasions(today)
    ever, now, before, this_day = remembered("home", lambda: _figures(year, today), today)
    provinces = provinces_in_order()
    editions = most_fitting_first(
        (e for e in shown_editions() if is_open(e) and not e.campaign.only_in), today
    )
    names = {province.code: province.name for province in provinces}
    slugs = {province.code: province.slug for province in provinces}
    return render(
        request,
        "home/home.html",
        {
            "quick": [
                {"toman": toman, "rial": toman_to_rial(toman), "checked": toman == QUICK_CHOSEN}
                for toman in QUICK_TOMAN
            ],
            "funds": _funds(),
            "totals": {
                "ever_rial": ever.total_rial,
                "ever_count": ever.count,
                "total_rial": now.total_rial,
                "count": now.count,
                "today_rial": this_day.total_rial,
                "today_note": charts.gifts_text(this_day.count),
                "as_of": now.as_of,
                "period": phrases.YEAR.format(year=persian_digits(to_jalali(today).year)),
                **charts.trend(now.total_rial, before.total_rial),
            },
            "occasion": _occasion(coming, today),
            "occasions": occasion_strip(coming[:MOST_OCCASIONS]),
            "campaigns": [campaign_card(e, ever.row("edition", str(e.pk)), today) for e in editions],
            "needs": need_cards(list(open_needs()[:NEEDS_SHOWN])),
            "channels": numbers_to_show(public_channels(), MOST_NUMBERS),
            "map_rows": charts.province_map(now["province"]),
            "province_bars": charts.bars(
                charts.filled(now["province"], names),
                lambda row: reverse("province", args=[slugs[row.key]]) if row.key else "",
            ),
        },
    )


def _figures(year: Period, today: date) -> tuple[Sheet, Sheet, Row, Row]:
    with figures.one_moment():
        return (
            figures.sheet(None, "edition"),
            figures.sheet(year, "province"),
            figures.total(year.year_before()),
            figures.total(Period(today, today)),
        )


def _funds() -> list[dict[str, Any]]:
    found = {fund.code: fund for fund in Fund.objects.filter(code__in=FUNDS, is_active=True)}
    return [
        {"value": code, "label": found[code].name, "checked": code == FUND_CHOSEN}
        for code in FUNDS
        if code in found
    ]


def _occasion(coming: list[Occasion], today: date) -> dict[str, str] | None:
    """The occasion of these days, or the next one when it is near. An unconfirmed day is said to be so."""
    occasion = occasion_of_days(coming, today)
    if occasion is None:
        return None
    when = period_of(occasion)
    is_fitriyeh = occasion.fund is not None and occasion.fund.rate_kind == RateKind.FITRIYEH
    return {
        "title": occasion.name,
        "text": when if occasion.is_confirmed else phrases.OCCASION_ESTIMATED.format(when=when),
        "url": reverse("give") + (f"?fund={occasion.fund_id}" if occasion.fund_id else ""),
        "link": phrases.OCCASION_FITRIYEH if is_fitriyeh else phrases.OCCASION_GIVE,
    }
