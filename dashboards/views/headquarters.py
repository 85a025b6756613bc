"""/hq/: the country in figures, and each province from there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.errors import DomainError
from core.jalali import tehran_today
from dashboards import charts, figures, phrases
from dashboards.board import Board, exports, read_board
from dashboards.figures import Row
from dashboards.models import Flow
from dashboards.periods import choose
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
    """Any Jalali period of the whole country against the same days of the year before."""
    chosen = choose(request.GET, tehran_today())
    provinces = provinces_in_order()
    with figures.one_moment():
        board = read_board(chosen, places="province")
        spent = figures.sheet(chosen.period, "fund", flow=Flow.OUT)
        cases = open_cases()
    names = {province.code: province.name for province in provinces}
    slugs = {province.code: province.slug for province in provinces}

    def address(row: Row) -> str:
        if row.key not in slugs:
            return ""
        return f"{reverse('hq-province', args=[slugs[row.key]])}?{chosen.query}"

    rows = charts.filled(board.now["province"], names)
    context = desk_context(request) | {
        **board.context(),
        "stats": [*board.stats(), _without_province(board), _cases(cases)],
        "map_rows": charts.province_map(board.now["province"]),
        "map_base": "/hq/provinces/",
        "provinces": breakdown(board, "province", rows, phrases.BY_PROVINCE, address),
        "leading": breakdown(
            board, "province", board.leading_provinces(), phrases.LEADING, address, is_ranked=True
        ),
        "sources": board.by_source(governmental_channels()),
        "spent": charts.bars(spent["fund"]),
        "attention": [
            *_attention(request, cases),
            *volunteers_waiting(request.access),
            *reminders(request.access),
        ],
        "exports": exports(chosen),
        "report_url": f"{reverse('hq-report')}?{chosen.query}",
    }
    return render(request, "dashboards/hq.html", context)


@never_cache
@require_safe
@needs(Permission.VIEW_HQ)
def province(request: HttpRequest, slug: str) -> HttpResponse:
    """One province for headquarters, or with `county` one of its counties: the same figures, counties, campaigns."""
    try:
        found = find_province(slug)
    except DomainError as error:
        raise Http404 from error
    counties = {county.code: county.name for county in counties_of(found)}
    county = request.GET.get("county", "")
    if county and county not in counties:
        raise Http404
    place = {"province": found.code, **({"county": county} if county else {})}
    chosen = choose(request.GET, tehran_today(), others={"county": county} if county else {})
    with figures.one_moment():
        board = read_board(chosen, places="" if county else "county", **place)
        country = figures.total(chosen.period)
        cases = open_cases(province=found.code)
        boxes = box_count(**place)
    days = urlencode({name: chosen.form[name].value() for name in ("from", "to")})

    def address(row: Row) -> str:
        return f"?{urlencode({'county': row.key})}&{days}" if row.key in counties else ""

    share = charts.percent_text(figures.share_percent(board.now.total_rial, country.total_rial))
    stats = [*board.stats(), _cases(cases), charts.count_stat(phrases.BOXES, boxes)]
    stats[0]["note"] = phrases.SHARE_OF_COUNTRY.format(share=share)
    context = desk_context(request) | {
        **board.context(),
        "crumbs": [
            {"label": phrases.HQ_TITLE, "url": f"{reverse('hq')}?{chosen.query}"},
            *(
                [
                    {"label": found.name, "url": f"{reverse('hq-province', args=[found.slug])}?{days}"},
                    {"label": counties[county]},
                ]
                if county
                else [{"label": found.name}]
            ),
        ],
        "province": found,
        "county": counties.get(county, ""),
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
