"""/hq/: the country in figures; from there each province, its counties, and a campaign in any of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.models import Campaign
from core.errors import DomainError
from core.jalali import tehran_today
from dashboards import charts, figures, phrases
from dashboards.board import Board, exports, read_board
from dashboards.figures import Row
from dashboards.house import facts_of, read_house
from dashboards.models import Flow
from dashboards.periods import Chosen, choose
from dashboards.selectors import box_count, governmental_channels, open_cases
from dashboards.views.attention import for_headquarters, reminders, volunteers_waiting
from dashboards.views.tables import breakdown
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.selectors import counties_of, find_province, provinces_in_order


@never_cache
@require_safe
@needs(Permission.VIEW_HQ)
def national(request: HttpRequest) -> HttpResponse:
    """Any Jalali period of the whole country against the same days of the year before; with `campaign`, of one."""
    campaign = _campaign(request)
    asked = {"campaign": campaign.slug} if campaign else {}
    chosen = choose(request.GET, tehran_today(), others=asked)
    provinces = provinces_in_order()
    with figures.one_moment():
        board = read_board(chosen, places="province", **asked)
        spent = figures.sheet(chosen.period, "fund", flow=Flow.OUT, **asked)
        cases = open_cases()
    house = read_house(provinces)
    names = {province.code: province.name for province in provinces}
    slugs = {province.code: province.slug for province in provinces}

    def address(row: Row) -> str:
        if row.key not in slugs:
            return ""
        return f"{reverse('hq-province', args=[slugs[row.key]])}?{chosen.query}"

    rows = charts.filled(board.now["province"], names)
    context = desk_context(request) | {
        **board.context(),
        "campaign": campaign,
        "crumbs": _crumbs(chosen, campaign=campaign),
        "campaigns": charts.bars(board.now["campaign"], _to_campaign(chosen, {})),
        "stats": [*board.stats(), _without_province(board), _cases(cases)],
        "map_rows": charts.province_map(board.now["province"]),
        "map_base": "/hq/provinces/",
        "provinces": breakdown(board, "province", rows, phrases.BY_PROVINCE, address),
        "leading": breakdown(
            board, "province", board.leading_provinces(), phrases.LEADING, address, is_ranked=True
        ),
        "sources": board.by_source(governmental_channels()),
        "spent": charts.bars(spent["fund"], counted=phrases.SPENDINGS),
        "house": facts_of(house, request.access),
        "attention": [
            *_attention(request, cases),
            *volunteers_waiting(request.access, house.members_waiting),
            *reminders(request.access),
        ],
        "exports": exports(chosen, **asked),
        "report_url": f"{reverse('hq-report')}?{chosen.query}",
    }
    return render(request, "dashboards/hq.html", context)


@never_cache
@require_safe
@needs(Permission.VIEW_HQ)
def province(request: HttpRequest, slug: str) -> HttpResponse:
    """One province for headquarters, or with `county` one of its counties, or with `campaign` one campaign there: the
    same figures, counties, campaigns."""
    try:
        found = find_province(slug)
    except DomainError as error:
        raise Http404 from error
    counties = {county.code: county.name for county in counties_of(found)}
    county = request.GET.get("county", "")
    if county and county not in counties:
        raise Http404
    campaign = _campaign(request)
    of_campaign = {"campaign": campaign.slug} if campaign else {}
    asked = {**({"county": county} if county else {}), **of_campaign}
    place = {"province": found.code, **asked}
    chosen = choose(request.GET, tehran_today(), others=asked)
    with figures.one_moment():
        board = read_board(chosen, places="" if county else "county", **place)
        country = figures.total(chosen.period, **of_campaign)
        cases = open_cases(province=found.code)
        boxes = box_count(province=found.code, **({"county": county} if county else {}))

    def address(row: Row) -> str:
        return _address(chosen, {"county": row.key, **of_campaign}) if row.key in counties else ""

    share = charts.percent_text(figures.share_percent(board.now.total_rial, country.total_rial))
    stats = [*board.stats(), _cases(cases), charts.count_stat(phrases.BOXES, boxes)]
    stats[0]["note"] = phrases.SHARE_OF_COUNTRY.format(share=share)
    trail = [(found.name, reverse("hq-province", args=[found.slug]), {})]
    if county:
        trail.append((counties[county], trail[0][1], {"county": county}))
    context = desk_context(request) | {
        **board.context(),
        "crumbs": _crumbs(chosen, *trail, campaign=campaign),
        "province": found,
        "county": counties.get(county, ""),
        "campaign": campaign,
        "campaigns": charts.bars(
            board.now["campaign"], _to_campaign(chosen, {"county": county} if county else {})
        ),
        "public_url": reverse("province", args=[found.slug]),
        "stats": stats,
        "counties": None
        if county
        else breakdown(
            board, "county", charts.filled(board.now["county"], counties), phrases.BY_COUNTY, address
        ),
        "exports": exports(chosen, **place),
        "attention": _attention(request, cases, found.code),
    }
    return render(request, "dashboards/hq_province.html", context)


# --- the way down and up ---------------------------------------------------------------------------------
def _campaign(request: HttpRequest) -> Campaign | None:
    """The campaign that is asked for; 404 for one that is not there."""
    slug = request.GET.get("campaign", "")
    return get_object_or_404(Campaign, slug=slug) if slug else None


def _to_campaign(chosen: Chosen, place: dict[str, str]) -> Callable[[Row], str]:
    return lambda row: _address(chosen, {**place, "campaign": row.key}) if row.key else ""


def _address(chosen: Chosen, asked: dict[str, str]) -> str:
    """This page, asked for something else of the same days."""
    return f"?{urlencode(asked)}&{_days(chosen)}"


def _days(chosen: Chosen) -> str:
    return urlencode({name: chosen.form[name].value() for name in ("from", "to")})


def _crumbs(
    chosen: Chosen, *trail: tuple[str, str, dict[str, str]], campaign: Campaign | None
) -> list[dict[str, str]]:
    """From the country to this page, all of the same days; nothing on the country's own page."""
    steps = [(str(phrases.HQ_TITLE), reverse("hq"), {}), *trail]
    if campaign:
        steps.append((campaign.name, "", {}))
    if len(steps) == 1:
        return []
    days = _days(chosen)
    links = [
        {"label": label, "url": f"{url}?{urlencode(asked)}&{days}" if asked else f"{url}?{days}"}
        for label, url, asked in steps[:-1]
    ]
    return [*links, {"label": steps[-1][0]}]


# --- single figures --------------------------------------------------------------------------------------
def _without_province(board: Board) -> dict[str, Any]:
    now, before = (sheet.row("province", None).total_rial for sheet in (board.now, board.before))
    return charts.money_stat(phrases.NATIONAL_GIFTS, now, before)


def _cases(count: int) -> dict[str, Any]:
    return charts.count_stat(phrases.OPEN_CASES, count, note=phrases.OPEN_CASES_NOTE)


def _attention(request: HttpRequest, cases: int, province: str | None = None) -> list[dict[str, Any]]:
    """What waits for a person who may look at it."""
    waiting = for_headquarters(request.access, province)
    if cases and request.access.may(Permission.VIEW_CASES):
        waiting.insert(0, {"text": phrases.OPEN_CASES, "url": "/desk/cases/", "count": cases})
    return waiting
