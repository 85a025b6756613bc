"""Campaigns: the list, one campaign, and its branch in a province. Out of season too, and marked so."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.enums import CampaignScope, CampaignState
from campaigns.models import Branch, Campaign, Edition
from campaigns.occasions import coming_occasions
from campaigns.seasons import by_campaign, is_in_season, is_open, most_fitting_first
from campaigns.selectors import shown_editions
from campaigns.states import PUBLIC
from core.errors import DomainError
from core.jalali import tehran_today
from dashboards import charts, figures, phrases
from dashboards.campaign_story import Outcome, addresses, parts_of, story_of, ways_of
from dashboards.cards import campaign_card, occasion_strip, percent_of_goal, season_text
from dashboards.figures import Row, Sheet, Totals
from dashboards.models import Flow
from dashboards.remembering import remembered
from provinces.selectors import find_province, provinces_in_order

MOST_OCCASIONS, CAMPAIGNS_A_PAGE = 4, 24
OF_PROVINCES = "provinces"
_CRUMBS = [{"label": phrases.HOME, "url": "/"}, {"label": phrases.CAMPAIGNS, "url": "/campaigns/"}]


@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Every campaign by the edition that is meant: those that take gifts first, those in season before others; what
    provinces began for themselves stands on a tab of its own (`of=provinces`)."""
    today = tehran_today()
    received = remembered("campaigns", lambda: figures.sheet(None, "edition"))
    is_own = request.GET.get("of") == OF_PROVINCES
    groups = by_campaign(shown_editions())
    editions = most_fitting_first(
        (found[0] for campaign, found in groups.items() if bool(campaign.only_in) == is_own), today
    )
    page = Paginator(editions, CAMPAIGNS_A_PAGE).get_page(request.GET.get("page"))
    names = {province.code: province.name for province in provinces_in_order()}
    context = {
        "campaigns": [
            campaign_card(
                e, received.row("edition", str(e.pk)), today, only_in=names.get(e.campaign.only_in, "")
            )
            for e in page
        ],
        "page_obj": page,
        "query": f"of={OF_PROVINCES}&" if is_own else "",
        "tabs": _tabs(is_own) if any(campaign.only_in for campaign in groups) else [],
        "as_of": received.as_of,
        "occasions": occasion_strip(coming_occasions(today, MOST_OCCASIONS)),
    }
    return render(request, "campaigns/list.html", context)


def _tabs(is_own: bool) -> list[dict[str, Any]]:
    return [
        {"label": phrases.CAMPAIGNS_OF_COUNTRY, "url": "?", "current": not is_own},
        {"label": phrases.CAMPAIGNS_OF_PROVINCES, "url": f"?of={OF_PROVINCES}", "current": is_own},
    ]


@require_safe
def campaign_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One campaign in the whole country: what came in through its branches and without a province, counted once.

    `edition` (a year) shows an older edition.
    """
    campaign, editions = find_campaign(slug)
    if campaign.only_in:
        return to_its_province(request, "campaign-branch", campaign)
    edition = chosen_edition(request, editions)
    received, months, every, spent = _figures("province", edition)
    provinces = provinces_in_order()
    branches = set(
        Branch.objects.filter(edition=edition, state__in=PUBLIC).values_list("province_id", flat=True)
    )
    slugs = {province.code: province.slug for province in provinces}
    with_branch = {province.code: province.name for province in provinces if province.code in branches}

    def address(row: Row) -> str:
        if row.key in branches:
            return reverse("campaign-branch", args=[slug, slugs[row.key]])
        return reverse("province", args=[slugs[row.key]]) if row.key in slugs else ""

    context = _page(campaign, edition, received, months, spent) | {
        "crumbs": [*_CRUMBS, {"label": campaign.name}],
        "map_rows": charts.province_map(received["province"]),
        "map_base": "/provinces/" if not branches else reverse("campaign", args=[slug]),
        "branches": charts.bars(charts.filled(received["province"], with_branch), address),
        "has_branches": bool(branches),
        "parts": parts_of(received, branches) if branches and received.count else None,
        "editions": _listed(editions, edition, every),
        "every": every,
    }
    return render(request, "campaigns/detail.html", context)


@require_safe
def campaign_branch(request: HttpRequest, slug: str, province_slug: str) -> HttpResponse:
    """A campaign in one province: what was given to it there. `edition` as for the whole country; a province's
    two-digit code leads to the same page."""
    campaign, editions = find_campaign(slug)
    if province_slug.isdigit():
        return redirect("campaign-branch", slug, _slug_of(province_slug), permanent=True)
    edition = chosen_edition(request, editions)
    branch = (
        Branch.objects.filter(edition=edition, province__slug=province_slug, state__in=PUBLIC)
        .select_related("province")
        .first()
    )
    if branch is None:
        raise Http404
    received, months, every, spent = _figures("county", edition, branch.province_id)
    context = _page(campaign, edition, received, months, spent, branch) | {
        "crumbs": [
            *_CRUMBS,
            *(
                []
                if campaign.only_in
                else [{"label": campaign.name, "url": reverse("campaign", args=[slug])}]
            ),
            {"label": campaign.name if campaign.only_in else branch.province.name},
        ],
        "national_url": "" if campaign.only_in else reverse("campaign", args=[slug]),
        "province_url": reverse("province", args=[province_slug]),
        "counties": charts.bars(received["county"]),
        "editions": _listed(editions, edition, every),
        "every": every,
    }
    return render(request, "campaigns/detail.html", context)


def _slug_of(province_code: str) -> str:
    try:
        return find_province(province_code).slug
    except DomainError as error:
        raise Http404 from error


def to_its_province(request: HttpRequest, name: str, campaign: Campaign) -> HttpResponse:
    """A province's own campaign has one page, its branch's; `edition` goes along."""
    address = reverse(name, args=[campaign.slug, find_province(campaign.only_in).slug])
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)


def find_campaign(slug: str) -> tuple[Campaign, list[Edition]]:
    """A campaign and its editions, the one that is meant first."""
    groups = by_campaign(shown_editions().filter(campaign__slug=slug))
    if not groups:
        raise Http404
    return next(iter(groups.items()))


def _page(
    campaign: Campaign,
    edition: Edition,
    received: Sheet,
    months: Totals,
    spent_rial: int,
    branch: Branch | None = None,
) -> dict[str, Any]:
    today = tehran_today()
    goal_rial = branch.goal_rial if branch else edition.goal_rial
    takes_gifts = is_open(edition) and (branch is None or branch.state == CampaignState.OPEN)
    give_url = f"{reverse('give')}?campaign={campaign.slug}" + (
        f"&province={branch.province_id}" if branch else ""
    )
    place = phrases.PROVINCE.format(name=branch.province.name) if branch else ""
    return {
        "campaign": {
            "title": f"{campaign.name}، {place}" if place else campaign.name,
            "edition": edition.title,
            "summary": campaign.summary,
            "body": (branch.story if branch else "") or edition.story,
            "national": branch is None and campaign.scope == CampaignScope.NATIONAL,
            "place": place,
            "open": takes_gifts,
            "in_season": is_in_season(edition, today),
            "when": season_text(edition),
            "percent": percent_of_goal(received.total_rial, goal_rial),
            "reached_rial": received.total_rial,
            "goal_rial": goal_rial,
            "count": received.count,
            "as_of": received.as_of,
        },
        "give_url": give_url if takes_gifts else "",
        "fund": edition.fund,
        "closing_text": (branch or edition).closing_text,
        "outcome": Outcome(received.total_rial, spent_rial),
        "ways": ways_of(edition, branch),
        **story_of(edition, branch),
        **addresses(edition, branch),
        "months": charts.running_columns(
            "month", months.rows, until=min(today, edition.season_ends_on or today)
        ),
    }


def _figures(facet: str, edition: Edition, province: str | None = None) -> tuple[Sheet, Totals, Sheet, int]:
    """(the edition by a facet, by month, all editions of its campaign, rials spent), of one moment."""

    def read() -> tuple[Sheet, Totals, Sheet, int]:
        with figures.one_moment():
            return (
                figures.sheet(None, facet, edition=edition.pk, province=province),
                figures.totals(by="month", edition=edition.pk, province=province),
                figures.sheet(None, "edition", campaign=edition.campaign.slug, province=province),
                figures.total(None, flow=Flow.OUT, edition=edition.pk, province=province).total_rial,
            )

    return remembered("campaign", read, edition.pk, province)


def chosen_edition(request: HttpRequest, editions: list[Edition]) -> Edition:
    """The edition of the year in the address, else the one that is meant; an unknown year is a 404."""
    year = request.GET.get("edition", "")
    if not year:
        return editions[0]
    found = next((edition for edition in editions if str(edition.year) == year), None)
    if found is None:
        raise Http404
    return found


def _listed(editions: list[Edition], current: Edition, every: Sheet) -> list[dict[str, Any]]:
    """All editions with what came in for each, to go from one to another."""
    return [
        {
            "title": edition.title,
            "when": season_text(edition),
            "received": every.row("edition", str(edition.pk)),
            "url": "" if edition == current else f"?edition={edition.year}",
            "open": is_open(edition),
        }
        for edition in editions
    ]
