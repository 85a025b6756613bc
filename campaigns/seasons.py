"""Which edition of a campaign is meant, and whether it is at its height."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from campaigns.enums import CampaignState
from campaigns.models import Campaign, Edition


def is_in_season(edition: Edition, on: date) -> bool:
    """Is the edition at its height on this day? One without a season always is."""
    starts_on, ends_on = edition.season_starts_on, edition.season_ends_on
    return (starts_on is None or starts_on <= on) and (ends_on is None or on <= ends_on)


def is_open(edition: Edition) -> bool:
    """Does the edition take gifts? Also out of season."""
    return edition.state == CampaignState.OPEN


def most_fitting_first(editions: Iterable[Edition], on: date) -> list[Edition]:
    """Those that take gifts before others, and among them those in season."""
    return sorted(editions, key=lambda e: (not is_open(e), not is_in_season(e, on), e.campaign_id))


def by_campaign(editions: Iterable[Edition]) -> dict[Campaign, list[Edition]]:
    """Editions grouped by campaign: the one that is meant first (the open one, else the newest), then older ones."""
    groups: dict[Campaign, list[Edition]] = {}
    for edition in sorted(editions, key=lambda e: (e.campaign_id, not is_open(e), -e.year, -e.pk)):
        groups.setdefault(edition.campaign, []).append(edition)
    return groups
