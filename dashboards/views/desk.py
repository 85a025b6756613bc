"""/desk/: what an office has received, through which codes, and what came last. Limited to the person's scope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.models import Placement
from core.codes import show_code
from core.jalali import format_short, format_time, tehran_today
from core.money import format_toman, group_digits
from dashboards import charts, figures, phrases, search_phrases
from dashboards.board import Board, exports, read_board
from dashboards.figures import Row
from dashboards.periods import choose
from dashboards.places import Place, Places, places_of
from dashboards.search import read_typed, search
from dashboards.selectors import newest_gifts, open_cases, placements_by_total
from dashboards.today import todays_work
from dashboards.views.attention import for_desk, reminders
from dashboards.views.tables import breakdown
from donations.models import Donation
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.selectors import counties_of

CODES_A_PAGE, NEWEST = 20, 10


@needs(Permission.VIEW_DESK)
@never_cache
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """One field over everything of the person's scope; results by kind."""
    q = request.GET.get("q", "")
    is_asked = read_typed(q) is not None
    with transaction.atomic():
        found = search(q, request.access, request.user) if is_asked else []
    context = desk_context(request, q=q, is_asked=is_asked, found=found, words=search_phrases)
    return render(request, "dashboards/search.html", context)


@never_cache
@require_safe
@needs(Permission.VIEW_DESK)
def desk(request: HttpRequest) -> HttpResponse:
    """The office's own view for any Jalali period. A place that is not the person's is a 404."""
    places = places_of(request.access.scope)
    place = places.choose(request.GET)
    if place is None:
        raise Http404
    listed = [(province.code, province.name) for province in places.provinces] if places.is_country else []
    chosen = choose(request.GET, tehran_today(), others=place.filters, provinces=listed)
    with figures.one_moment():
        smaller = "" if place.county else "province" if place.is_sum else "county"
        board = read_board(chosen, places=smaller, **place.filters)
        cases = 0 if place.county else open_cases(**place.filters)
        page = Paginator(placements_by_total(**place.filters), CODES_A_PAGE).get_page(request.GET.get("page"))
        codes = _codes(list(page.object_list))
        gifts = _gifts(newest_gifts(places.parts(place), with_national=places.is_country and place.is_sum))
    context = desk_context(request) | {
        **board.context(),
        "place": place,
        "switch": places.switch(place),
        "attention": [*for_desk(request.access), *reminders(request.access)],
        "today": todays_work(request.user, request.access),
        "words": search_phrases,
        "by_place": _by_place(board, places, place),
        "codes": codes,
        "page_obj": page,
        "query": f"{chosen.query}&",
        "boxes_url": reverse("boxes") if request.access.may(Permission.MANAGE_PLACEMENTS) else "",
        "gifts": gifts,
        "exports": exports(chosen, **place.filters),
    }
    context["stats"] = [*context["stats"], charts.count_stat(phrases.PRINTED_CODES, page.paginator.count)]
    if not place.county:
        context["stats"].append(charts.count_stat(phrases.OPEN_CASES, cases, note=phrases.OPEN_CASES_NOTE))
    return render(request, "dashboards/desk.html", context)


def _by_place(board: Board, places: Places, place: Place) -> dict[str, Any] | None:
    """A sum by its provinces, a province by its counties; a county has no smaller parts."""
    if place.county:
        return None
    days = {"from": board.chosen.form["from"].value(), "to": board.chosen.form["to"].value()}
    if place.is_sum:
        names = {province.code: province.name for province in places.provinces}
        rows = charts.filled(board.now["province"], names)
        return breakdown(board, "province", rows, phrases.BY_PROVINCE, _link("province", names, days))
    province = next(province for province in places.provinces if province.code == place.province)
    names = {county.code: county.name for county in counties_of(province)}
    rows = charts.filled(board.now["county"], names)
    return breakdown(board, "county", rows, phrases.BY_COUNTY, _link("county", names, days))


def _link(name: str, known: dict[str, str], days: dict[str, str]) -> Callable[[Row], str]:
    return lambda row: "?" + urlencode({name: row.key, **days}) if row.key in known else ""


def _codes(placements: Sequence[Placement]) -> dict[str, Any]:
    """Printed codes with how often each was opened and what came through it, since they exist."""
    ids = [placement.pk for placement in placements]
    totals, scans = figures.placement_totals(ids), figures.scan_counts(ids)
    rows = []
    for placement in placements:
        brought = totals.get(placement.pk, Row(None, "", 0, 0))
        box = getattr(placement, "box", None)
        rows.append(
            [
                {"text": placement.title, "header": True},
                {"text": show_code(placement.code), "code": True},
                {"text": box.get_state_display() if box else placement.get_kind_display()},
                {"text": placement.county.name if placement.county else ""},
                {"text": group_digits(scans.get(placement.pk, 0)), "num": True},
                {"text": group_digits(brought.count), "num": True},
                {"text": format_toman(brought.total_rial), "num": True},
            ]
        )
    heads = phrases.CODE_HEADS
    return {
        "columns": [{"label": head, "num": at >= len(heads) - 3} for at, head in enumerate(heads)],
        "rows": rows,
    }


def _gifts(gifts: Sequence[Donation]) -> dict[str, Any]:
    """The newest gifts: code, amount, purpose, place, time. Never who gave."""
    rows = [
        [
            {"text": show_code(gift.tracking_code), "code": True, "header": True},
            {"text": format_toman(gift.amount_rial), "num": True},
            {"text": gift.fund.name},
            {
                "text": gift.county.name
                if gift.county
                else gift.province.name
                if gift.province
                else phrases.NATIONAL
            },
            {"text": f"{format_short(gift.received_at)}، {format_time(gift.received_at)}"},
        ]
        for gift in gifts
    ]
    return {
        "columns": [{"label": head, "num": at == 1} for at, head in enumerate(phrases.GIFT_HEADS)],
        "rows": rows,
    }
