"""Needs for the public: what is wanted now, and one of them. Nothing here leads to a person or to who found it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.models import Need
from campaigns.need_forms import PublicNeedFilterForm
from campaigns.need_progress import Progress, progress_of
from campaigns.need_selectors import find_shown_need, open_needs, place_of
from campaigns.selectors import active_funds
from core.errors import DomainError
from core.http import public_page
from core.jalali import format_day_month_year
from dashboards import charts, phrases
from dashboards.needs import give_url, goods_url, need_cards, persons_text
from provinces.selectors import find_province

NEEDS_A_PAGE = 12
_CRUMBS = [{"label": phrases.HOME, "url": "/"}, {"label": phrases.NEEDS, "url": "/needs/"}]


@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    """Published needs, the most urgent first, filtered by kind, province (code or slug), urgency and words."""
    asked = request.GET.copy()
    if asked.get("province"):
        asked["province"] = _province(asked["province"])
    form = PublicNeedFilterForm(asked or None)
    wanted = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    page = Paginator(open_needs(**wanted), NEEDS_A_PAGE).get_page(asked.pop("page", [None])[-1])
    context = {
        "filter_form": form,
        "is_filtered": bool(wanted),
        "needs": need_cards(list(page)),
        "page_obj": page,
        "query": f"{asked.urlencode()}&" if asked else "",
    }
    return public_page(request, "needs/list.html", context)


@require_safe
def need(request: HttpRequest, code: str) -> HttpResponse:
    """One need: how far it is, what may pay for it, and what becomes of a surplus, before anybody gives."""
    try:
        wanted = find_shown_need(code)
    except DomainError as error:
        raise Http404 from error
    if wanted.code != code:
        return redirect("need", wanted.code, permanent=True)
    progress = progress_of([wanted])[wanted.pk]
    context = {
        "crumbs": [*_CRUMBS, {"label": wanted.title}],
        "need": wanted,
        "place": place_of(wanted),
        "facts": _facts(wanted, progress),
        "progress": progress,
        "lines": progress.items,
        "funds": [fund for fund in active_funds() if wanted.kind in fund.spendable_on],
        "give_url": give_url(wanted),
        "goods_url": goods_url(wanted) if progress.items else "",
        "share_url": settings.PORTAL_BASE_URL + reverse("need", args=[wanted.code]),
    }
    return public_page(request, "needs/need.html", context)


def _province(typed: str) -> str:
    try:
        return find_province(typed).code
    except DomainError:
        return ""


def _facts(wanted: Need, progress: Progress) -> list[dict[str, Any]]:
    return [
        {"label": phrases.NEED_FOR, "value": wanted.get_kind_display()},
        {"label": phrases.NEED_PLACE, "value": place_of(wanted)},
        {"label": phrases.NEED_WHO, "value": persons_text(wanted)},
        {"label": phrases.NEED_URGENCY, "value": wanted.get_urgency_display()},
        {
            "label": phrases.NEED_WANTED_BY,
            "value": wanted.wanted_by and format_day_month_year(wanted.wanted_by),
        },
        {"label": phrases.NEED_GIFTS, "value": charts.gifts_text(progress.gifts) if progress.gifts else ""},
    ]
