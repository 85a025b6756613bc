"""A campaign's edition of a year: headquarters writes it, somebody else there approves it, and it opens and ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from campaigns.enums import CampaignScope, PlacementKind
from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Campaign, Edition, Fund, Placement
from campaigns.plan_selectors import placement_of
from campaigns.services import plan_edits, plans
from campaigns.services.branches import create_branch, main_fund
from campaigns.services.pictures import copy_pictures
from campaigns.services.placements import create_placement
from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise
from provinces.scoping import check_write

RESERVED_SLUGS = {"new", "report"}  # words of addresses


@dataclass(frozen=True)
class EditionFacts:
    """What an edition says; whole rials."""

    title: str
    fund: str
    goal_rial: int | None = None
    story: str = ""
    season_starts_on: date | None = None
    season_ends_on: date | None = None
    fund_codes: tuple[str, ...] = ()
    channel_kinds: tuple[str, ...] = ()


@transaction.atomic
def create_campaign(*, slug: str, name: str, summary: str, scope: CampaignScope, actor: User) -> Campaign:
    """A new name to ask under; audited. Its slug stands in printed addresses and never changes.

    DomainError: not_found (without the whole country's scope), bad_slug, campaign_name_required, slug_taken.
    """
    check_write(None)
    slug, name = slugify(slug)[:50], normalise(name)[:80]
    if not slug or slug in RESERVED_SLUGS:
        raise DomainError("bad_slug", field="slug")
    if not name:
        raise DomainError("campaign_name_required", field="name")
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(
                slug=slug, name=name, scope=scope, summary=normalise(summary)[:300]
            )
    except IntegrityError as error:
        raise DomainError(plans.reason_for_clash(error), field="slug") from error
    audit.record("campaign.add", campaign, actor=actor, slug=slug)
    return campaign


@transaction.atomic
def create_edition(
    campaign: Campaign, facts: EditionFacts, *, year_kind: str, year: int, actor: User
) -> Edition:
    """A draft of a year; audited. DomainError: not_found, edition_of_province, bad_year, edition_exists, and those of
    `change_edition`."""
    check_write(None)
    if campaign.only_in:
        raise DomainError("edition_of_province", field="campaign")
    if not 1300 <= year <= 1600:
        raise DomainError("bad_year", field="year")
    edition = Edition(campaign=campaign, year_kind=year_kind, year=year, **_checked(facts))
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(plans.reason_for_clash(error), field="year") from error
    plans.record(edition, "add", actor, year=year)
    return edition


@transaction.atomic
def create_edition_of(
    campaign: Campaign | None,
    facts: EditionFacts,
    *,
    new_campaign: Mapping[str, str],
    year_kind: str,
    year: int,
    actor: User,
) -> Edition:
    """`create_edition`, of a campaign that begins with it when none is given; both or neither. Errors of both."""
    campaign = campaign or create_campaign(actor=actor, **new_campaign)
    return create_edition(campaign, facts, year_kind=year_kind, year=year, actor=actor)


@transaction.atomic
def clone_edition(
    source: Edition, facts: EditionFacts, *, year: int, actor: User, with_branches: bool
) -> tuple[Edition, int]:
    """Last year's edition again: `facts` are the new year's, pictures come along, and on demand every branch too, as
    a draft without days. All or nothing; returns the edition and the number of branches. Errors of `create_edition`."""
    edition = create_edition(source.campaign, facts, year_kind=source.year_kind, year=year, actor=actor)
    copy_pictures(source, edition, actor=actor)
    branches = list(Branch.objects.filter(edition=source).select_related("province")) if with_branches else []
    for branch in branches:
        create_branch(edition, branch.province, actor=actor, like=branch)
    return edition, len(branches)


def facts_like(source: Edition, *, title: str) -> EditionFacts:
    """The facts of another year to begin with, without its days."""
    return replace(facts_of(source), title=title, season_starts_on=None, season_ends_on=None)


def facts_of(edition: Edition) -> EditionFacts:
    return EditionFacts(
        title=edition.title,
        fund=edition.fund_id,
        goal_rial=edition.goal_rial,
        story=edition.story,
        season_starts_on=edition.season_starts_on,
        season_ends_on=edition.season_ends_on,
        fund_codes=tuple(edition.fund_codes),
        channel_kinds=tuple(edition.channel_kinds),
    )


@transaction.atomic
def change_edition(
    edition_id: int, facts: EditionFacts, *, actor: User, version: int | None = None
) -> Edition:
    """Audited. DomainError: not_found, campaign_name_required, unknown_fund (also: the usual fund is not among those
    taken), bad_goal, plan_days_in_disorder, unknown_channel_kind, and those of `plan_edits.change`."""
    edition = _locked(edition_id)
    plan_edits.change(edition, _checked(facts), actor=actor, version=version)
    return edition


@transaction.atomic
def propose_edition(edition_id: int, *, actor: User, version: int | None = None) -> Edition:
    """Send it for approval. DomainError: not_found, and those of `plans.propose`."""
    edition = _locked(edition_id)
    plans.propose(edition, actor=actor, version=version)
    return edition


@transaction.atomic
def approve_edition(edition_id: int, *, actor: User, version: int | None = None) -> Edition:
    """Say yes to what waits; from here on it has a printed code. DomainError: not_found, those of `plans.approve`."""
    edition = _locked(edition_id)
    plans.approve(edition, actor=actor, version=version)
    ensure_placement(edition, actor=actor)
    return edition


@transaction.atomic
def return_edition(edition_id: int, *, actor: User, reason: str) -> Edition:
    """Back to its makers, with what they wished to change meanwhile. DomainError: not_found, those of
    `plans.give_back`."""
    edition = _locked(edition_id)
    plan_edits.take_in(edition)
    plans.give_back(edition, actor=actor, reason=reason)
    return edition


@transaction.atomic
def accept_edition_edit(edition_id: int, *, actor: User, version: int | None = None) -> Edition:
    """Say yes to a change of what was approved. DomainError: not_found, and those of `plan_edits.accept`."""
    edition = _locked(edition_id)
    plan_edits.accept(edition, actor=actor, version=version)
    return edition


@transaction.atomic
def return_edition_edit(edition_id: int, *, actor: User, reason: str) -> Edition:
    """Back to its maker. DomainError: not_found, and those of `plan_edits.give_back`."""
    edition = _locked(edition_id)
    plan_edits.give_back(edition, actor=actor, reason=reason)
    return edition


@transaction.atomic
def drop_edition_edit(edition_id: int, *, actor: User) -> Edition:
    """Take a wished change back. DomainError: not_found, no_edit."""
    edition = _locked(edition_id)
    plan_edits.drop(edition, actor=actor)
    return edition


@transaction.atomic
def open_edition(edition_id: int, *, actor: User) -> Edition:
    """It takes gifts from now on. DomainError: not_found, wrong_state, another_edition_open."""
    edition = _locked(edition_id)
    plans.open_(edition, actor=actor)
    ensure_placement(edition, actor=actor)
    return edition


@transaction.atomic
def close_edition(edition_id: int, *, actor: User, text: str) -> Edition:
    """End it, and with it every branch that is still open (which get the same closing word); each is audited.

    DomainError: not_found, and those of `plans.close`.
    """
    edition = _locked(edition_id)
    plans.close(edition, actor=actor, text=text)
    branches = (
        Branch.objects.select_for_update(of=("self",)).filter(edition=edition, state=S.OPEN).order_by("pk")
    )
    for branch in branches:
        plans.close(branch, actor=actor, text=text)
    return edition


@transaction.atomic
def report_edition(edition_id: int, *, actor: User, text: str) -> Edition:
    """Say what was done. DomainError: not_found, and those of `plans.report`."""
    edition = _locked(edition_id)
    plans.report(edition, actor=actor, text=text)
    return edition


@transaction.atomic
def make_edition_code(edition_id: int, *, actor: User) -> Placement:
    """Its own printed code, for one that came with the reference data; repeatable. DomainError: not_found,
    wrong_state (neither approved nor open)."""
    edition = _locked(edition_id)
    if edition.state not in (S.APPROVED, S.OPEN):
        raise DomainError("wrong_state", state=str(edition.state))
    return ensure_placement(edition, actor=actor)


def ensure_placement(edition: Edition, *, actor: User | None, job: str = "") -> Placement:
    """The edition's own printed code, made once; the caller has locked the edition."""
    placement = placement_of(edition)
    if placement is None:
        placement = create_placement(
            kind=PlacementKind.POSTER,
            title=edition.title,
            edition=edition,
            fund=main_fund(edition),
            actor=actor,
            job=job,
        )
    return placement


def _checked(facts: EditionFacts) -> dict[str, object]:
    title = normalise(facts.title)[:120]
    if not title:
        raise DomainError("campaign_name_required", field="title")
    plans.check_days(facts.season_starts_on, facts.season_ends_on, "season_ends_on")
    taken = plans.funds_of(facts.fund_codes)
    if not Fund.objects.filter(pk=facts.fund, is_active=True).exists() or (taken and facts.fund not in taken):
        raise DomainError("unknown_fund", field="fund")
    return {
        "title": title,
        "fund_id": facts.fund,
        "goal_rial": plans.goal_of(facts.goal_rial),
        "story": plans.story_of(facts.story),
        "season_starts_on": facts.season_starts_on,
        "season_ends_on": facts.season_ends_on,
        "fund_codes": taken,
        "channel_kinds": plans.channels_of(facts.channel_kinds),
    }


def _locked(edition_id: int) -> Edition:
    """The row, locked. DomainError: not_found, edition_of_province (every step of it is its branch's)."""
    check_write(None)
    locked = Edition.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign")
    edition = locked.filter(pk=edition_id).first()
    if edition is None:
        raise DomainError("not_found", status=404)
    if edition.campaign.only_in:  # it goes with its branch
        raise DomainError("edition_of_province")
    return edition
