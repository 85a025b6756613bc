"""Provinces for the public: the list, and one with its campaigns, ways to give and sums."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.channels import public_channels
from campaigns.enums import CampaignScope
from campaigns.event_selectors import coming_events
from campaigns.need_selectors import open_needs
from campaigns.seasons import is_open, most_fitting_first
from campaigns.selectors import shown_editions
from core.errors import DomainError
from core.jalali import tehran_today, to_jalali
from core.text import persian_digits
from dashboards import charts, figures, phrases
from dashboards.cards import campaign_card
from dashboards.figures import Period, Row, Sheet
from dashboards.needs import need_cards
from dashboards.periods import year_to_date
from dashboards.remembering import remembered
from dashboards.selectors import branches_here
from dashboards.views.channels import cards_here
from provinces.models import Office
from provinces.selectors import counties_of, find_province, provinces_in_order

NEEDS_SHOWN = 6
_CRUMBS = [{"label": phrases.HOME, "url": "/"}, {"label": phrases.PROVINCES, "url": "/provinces/"}]


@require_safe
def province_list(request: HttpRequest) -> HttpResponse:
    """The map and the table of all provinces by this year's sums."""
    year = year_to_date(tehran_today())
    received = remembered("provinces", lambda: figures.sheet(year, "province"), year.end)
    provinces = provinces_in_order()
    slugs = {province.code: province.slug for province in provinces}
    rows = charts.filled(received["province"], {province.code: province.name for province in provinces})
    context = {
        "map_rows": charts.province_map(received["province"]),
        "province_bars": charts.bars(
            rows, lambda row: reverse("province", args=[slugs[row.key]]) if row.key in slugs else ""
        ),
        "received": received,
        "as_of": received.as_of,
        "period": _year_name(),
    }
    return render(request, "provinces/list.html", context)


@require_safe
def province_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One province. Its two-digit code leads to the same page."""
    try:
        province = find_province(slug)
    except DomainError as error:
        raise Http404 from error
    if province.slug != slug:
        return redirect("province", province.slug, permanent=True)
    today = tehran_today()
    year = year_to_date(today)
    now, before, ever = remembered("province", lambda: _figures(year, province.code), province.code, today)
    editions = most_fitting_first(filter(is_open, shown_editions()), today)
    branches = branches_here(province.code, editions)
    counties = {county.code: county.name for county in counties_of(province)}
    office = Office.objects.filter(level="province", province=province).first()
    shown = public_channels()
    here = [e for e in editions if e.pk in branches or e.campaign.scope == CampaignScope.NATIONAL]
    context = {
        "crumbs": [*_CRUMBS, {"label": province.name}],
        "province": province,
        "office": office,
        "totals": {
            "total_rial": now.total_rial,
            "count": now.count,
            "ever_rial": ever.total_rial,
            "ever_count": ever.count,
            "period": _year_name(),
            "as_of": now.as_of,
            **charts.trend(now.total_rial, before.total_rial),
        },
        "events": coming_events(province.code),
        "campaigns": [
            campaign_card(
                edition,
                ever.row("edition", str(edition.pk)),
                today,
                branch=branches.get(edition.pk),
                has_place=True,
            )
            for edition in here
        ],
        "needs": need_cards(list(open_needs(province=province.code)[:NEEDS_SHOWN])),
        "funds": charts.bars(now["fund"]),
        "counties": charts.bars(charts.filled(now["county"], counties)),
        "channels": cards_here(shown, province.code),
        "poster_url": reverse("province-channels", args=[province.slug])
        if any(channel.value for channel in (*shown.of_province(province.code), *shown.national()))
        else "",
        "give_url": f"{reverse('give')}?province={province.code}",
    }
    return render(request, "provinces/detail.html", context)


def _figures(year: Period, province: str) -> tuple[Sheet, Row, Sheet]:
    """(this year, the same days of the year before, since the beginning), of one moment."""
    with figures.one_moment():
        return (
            figures.sheet(year, "county", "fund", province=province),
            figures.total(year.year_before(), province=province),
            figures.sheet(None, "edition", province=province),
        )


def _year_name() -> str:
    return phrases.YEAR.format(year=persian_digits(to_jalali(tehran_today()).year))
