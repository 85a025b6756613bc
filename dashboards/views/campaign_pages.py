"""The report of a campaign that is over, and the picture that stands beside its address where it is shared."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.models import Branch, Edition
from campaigns.plan_selectors import pictures_of, placement_of
from campaigns.seasons import is_open
from campaigns.share_picture import ShareFacts, draw_share
from campaigns.states import PUBLIC
from core.http import public_page
from core.money import short_toman
from dashboards import charts, figures, phrases
from dashboards.campaign_story import Outcome, addresses, closed_on, parts_of
from dashboards.cards import percent_of_goal
from dashboards.closings import closing_of, rows_of
from dashboards.figures import Row, Sheet
from dashboards.remembering import remembered
from dashboards.views.campaigns import chosen_edition, find_campaign, to_its_province

SHARE_SECONDS, LAST_SECONDS, DRAWING_SECONDS = 600, 7 * 24 * 3600, 30


# --- the report ------------------------------------------------------------------------------------------
@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """What a national edition had received when it was closed, and what was done with it. `edition` (a year) chooses;
    without it the newest that is over."""
    campaign, _ = find_campaign(slug)
    if campaign.only_in:
        return to_its_province(request, "campaign-branch-report", campaign)
    return _report(request, _ended_edition(request, slug), None)


@require_safe
def branch_report(request: HttpRequest, slug: str, province_slug: str) -> HttpResponse:
    """The same of a province's branch."""
    year = request.GET.get("edition", "")
    branches = (
        Branch.objects.filter(
            edition__campaign__slug=slug,
            province__slug=province_slug,
            state__in=PUBLIC[1:],
            edition__state__in=PUBLIC,
        )
        .select_related("edition__campaign", "edition__fund", "province")
        .order_by("-edition__year")
    )
    if year:
        branches = [branch for branch in branches if str(branch.edition.year) == year]
    branch = next(iter(branches), None)
    if branch is None:
        raise Http404
    return _report(request, branch.edition, branch)


def _ended_edition(request: HttpRequest, slug: str) -> Edition:
    _, editions = find_campaign(slug)
    if request.GET.get("edition"):
        editions = [chosen_edition(request, editions)]
    ended = sorted((e for e in editions if not is_open(e)), key=lambda edition: -edition.year)
    if not ended:
        raise Http404
    return ended[0]


def _report(request: HttpRequest, edition: Edition, branch: Branch | None) -> HttpResponse:
    plan, province = branch or edition, branch.province_id if branch else None
    closing = closing_of(plan)
    live = remembered(
        "campaign-report",
        lambda: figures.sheet(
            None, "province", "county", "fund", "channel", edition=edition.pk, province=province
        ),
        edition.pk,
        province,
    )
    shown = _as_it_stood(closing) if closing else live
    branches = set() if branch else _branch_provinces(edition)
    where = "county" if branch else "province"
    context = {
        "edition": edition,
        "campaign": edition.campaign,
        "plan": plan,
        "place": phrases.PROVINCE.format(name=branch.province.name) if branch else "",
        "closing": closing,
        "closed_on": closing.closed_on if closing else closed_on(plan),
        "shown": shown,
        "percent": percent_of_goal(shown.total_rial, plan.goal_rial),
        "outcome": Outcome(shown.total_rial, closing.spent_rial) if closing else None,
        "parts": parts_of(shown, branches) if branches else None,
        "later_rial": live.total_rial - shown.total_rial if closing else 0,
        "live": live,
        "where": charts.bars(shown[where]),
        "funds": charts.bars(shown["fund"]),
        "channels": charts.bars(shown["channel"]),
        "crumbs": _crumbs(edition, branch),
        **addresses(edition, branch),
    }
    return public_page(request, "campaigns/report.html", context)


def _as_it_stood(closing) -> Sheet:
    facets = {facet: rows_of(closing, facet) for facet in closing.parts}
    return Sheet(closing.taken_at, closing.total_rial, closing.gifts, facets)


def _branch_provinces(edition: Edition) -> set[str]:
    return set(Branch.objects.filter(edition=edition, state__in=PUBLIC).values_list("province_id", flat=True))


def _crumbs(edition: Edition, branch: Branch | None) -> list[dict[str, str]]:
    slug = edition.campaign.slug
    crumbs = [
        {"label": phrases.HOME, "url": "/"},
        {"label": phrases.CAMPAIGNS, "url": "/campaigns/"},
    ]
    if not edition.campaign.only_in:
        crumbs.append({"label": edition.campaign.name, "url": reverse("campaign", args=[slug])})
    if branch:
        page = reverse("campaign-branch", args=[slug, branch.province.slug])
        name = edition.campaign.name if edition.campaign.only_in else branch.province.name
        crumbs.append({"label": name, "url": f"{page}?edition={edition.year}"})
    return [*crumbs, {"label": phrases.REPORT}]


# --- the picture for shared links ------------------------------------------------------------------------
@require_safe
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture of a campaign, 1200 × 630."""
    campaign, editions = find_campaign(slug)
    if campaign.only_in:
        return to_its_province(request, "campaign-branch-share", campaign)
    return _share(chosen_edition(request, editions), None)


@require_safe
def branch_share(request: HttpRequest, slug: str, province_slug: str) -> HttpResponse:
    """The picture of a branch."""
    _, editions = find_campaign(slug)
    edition = chosen_edition(request, editions)
    branch = (
        Branch.objects.filter(edition=edition, province__slug=province_slug, state__in=PUBLIC)
        .select_related("province")
        .first()
    )
    if branch is None:
        raise Http404
    return _share(edition, branch)


def _share(edition: Edition, branch: Branch | None) -> HttpResponse:
    response = HttpResponse(_picture(edition, branch), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={SHARE_SECONDS}"
    return response


def _picture(edition: Edition, branch: Branch | None) -> bytes:
    """Drawn at most once in ten minutes for each page; whoever asks while it is drawn gets the one before."""
    plan = branch or edition
    key = f"share:{connection.settings_dict['NAME']}:{plan._meta.model_name}:{plan.pk}:{plan.version}"
    if (known := cache.get(key)) is not None:
        return known
    last = cache.get(f"{key}:last")
    if not cache.add(f"{key}:drawing", 1, DRAWING_SECONDS) and last is not None:
        return last
    made = draw_share(_facts(edition, branch))
    cache.set(key, made, SHARE_SECONDS)
    cache.set(f"{key}:last", made, LAST_SECONDS)
    cache.delete(f"{key}:drawing")
    return made


def _facts(edition: Edition, branch: Branch | None) -> ShareFacts:
    plan = branch or edition
    received: Row = figures.total(None, edition=edition.pk, province=branch.province_id if branch else None)
    placement = placement_of(plan)
    page = addresses(edition, branch)["page_url"]
    pictures = pictures_of(plan) or (pictures_of(edition) if branch else [])
    return ShareFacts(
        title=edition.campaign.name,
        place=phrases.PROVINCE.format(name=branch.province.name) if branch else "",
        edition=edition.title,
        url=f"{settings.PORTAL_BASE_URL}/q/{placement.code}/"
        if placement
        else f"{settings.PORTAL_BASE_URL}{page}",
        reached=short_toman(received.total_rial) if received.total_rial > 0 else "",
        goal=short_toman(plan.goal_rial) if plan.goal_rial else "",
        percent=percent_of_goal(received.total_rial, plan.goal_rial),
        is_open=is_open(edition) and (branch is None or branch.state == "open"),
        picture=_content(pictures[0]) if pictures else None,
    )


def _content(picture) -> bytes | None:
    try:
        with picture.file.open("rb") as file:
            return file.read()
    except OSError:
        return None
