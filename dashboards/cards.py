"""Campaigns as cards and headings: what is asked, when, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from campaigns.enums import CampaignScope
from campaigns.models import Branch, Edition, Occasion
from campaigns.seasons import is_in_season, is_open
from dashboards import phrases
from dashboards.figures import Period, Row
from dashboards.periods import period_text


def season_text(edition: Edition) -> str:
    """«۱۹ بهمن تا ۱۹ اسفند ۱۴۰۵»; empty for an edition without a season."""
    if edition.season_starts_on is None or edition.season_ends_on is None:
        return ""
    return period_text(Period(edition.season_starts_on, edition.season_ends_on))


def period_of(occasion: Occasion) -> str:
    """«۱۹ اسفند ۱۴۰۵», or the first and the last day."""
    return period_text(Period(occasion.starts_on, occasion.ends_on))


def occasion_strip(coming: Iterable[Occasion]) -> list[dict[str, Any]]:
    """For components/occasions.html."""
    return [
        {"name": one.name, "when": period_of(one), "is_estimated": not one.is_confirmed} for one in coming
    ]


def percent_of_goal(rial: int, goal_rial: int | None) -> int | None:
    """Whole percent of a goal, cut; None without a goal."""
    return max(rial, 0) * 100 // goal_rial if goal_rial else None


def campaign_card(
    edition: Edition,
    received: Row,
    today: date,
    *,
    branch: Branch | None = None,
    has_place: bool = False,
    only_in: str = "",
) -> dict[str, Any]:
    """For components/campaign_card.html: a campaign, or its branch in a province.

    `received` is what came in for it there; `has_place` says that the card stands on a province's page, `only_in` names
    the province that began the campaign for itself.
    """
    slug = edition.campaign.slug
    # What one province gave to a national campaign is no part of the way to that province's goal: it has none.
    goal_rial = branch.goal_rial if branch else None if has_place else edition.goal_rial
    place = branch.province.name if branch else only_in
    return {
        "title": edition.campaign.name,
        "edition": edition.title,
        "summary": (branch.story if branch else "") or edition.campaign.summary,
        "url": reverse("campaign-branch", args=[slug, branch.province.slug])
        if branch
        else reverse("campaign", args=[slug]),
        "national": branch is None and edition.campaign.scope == CampaignScope.NATIONAL,
        "place": phrases.PROVINCE.format(name=place) if place else "",
        "open": is_open(edition),
        "in_season": is_in_season(edition, today),
        "when": season_text(edition),
        "percent": percent_of_goal(received.total_rial, goal_rial),
        "reached_rial": received.total_rial,
        "goal_rial": goal_rial,
        "count": received.count,
        "reached_label": phrases.RECEIVED_HERE if has_place else "",
    }
