"""A province's branch of a campaign: made, or made like another; changed, approved, opened, closed, reported.

Rows are locked in one order: the edition, then its branch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from campaigns.enums import CampaignState as S
from campaigns.enums import PlacementKind
from campaigns.models import Branch, Edition, Fund, Placement
from campaigns.plan_selectors import placement_of
from campaigns.services import plan_edits, plans
from campaigns.services.pictures import copy_pictures
from campaigns.services.placements import create_placement
from core.errors import DomainError
from core.models import User
from provinces.models import Province
from provinces.scoping import check_write

ASKING = (S.DRAFT, S.APPROVED, S.OPEN)  # an edition in these states may get branches
UNIT_RIAL = 1_000_000  # a goal that follows the population is rounded up to this


@dataclass(frozen=True)
class Asked:
    """What a branch asks for, when, for which funds and by which ways; whole rials."""

    goal_rial: int | None
    starts_on: date | None = None
    ends_on: date | None = None
    fund_codes: tuple[str, ...] = ()
    channel_kinds: tuple[str, ...] = ()


@transaction.atomic
def create_branch(
    edition: Edition, province: Province, *, actor: User, like: Branch | Edition | None = None
) -> Branch:
    """A draft in a province, empty or with the plan (story, goal, funds, ways, pictures) of another row; audited.

    Days are taken over only inside one edition. DomainError: not_found (outside the open scope), edition_over,
    campaign_elsewhere (another province's own campaign), branch_exists.
    """
    check_write(province.pk)
    edition = (
        Edition.objects.select_for_update(no_key=True, of=("self",))
        .select_related("campaign")
        .get(pk=edition.pk)
    )
    if edition.state not in ASKING:
        raise DomainError("edition_over", field="edition")
    if edition.campaign.only_in not in ("", province.pk):
        raise DomainError("campaign_elsewhere", field="edition")
    branch = Branch(edition=edition, province=province, **(_plan_of(like, edition) if like else {}))
    try:
        with transaction.atomic():
            branch.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(plans.reason_for_clash(error), field="edition") from error
    if like is not None:
        copy_pictures(like, branch, actor=actor)
    plans.record(branch, "add", actor, like=f"{like._meta.model_name}:{like.pk}" if like else "")
    return branch


@transaction.atomic
def spread_plan(
    source: Branch | Edition,
    edition: Edition,
    provinces: Iterable[Province],
    *,
    actor: User,
    by_population: bool,
) -> list[Branch]:
    """Drafts like `source` in every one of these provinces that has no branch of the edition yet; audited.

    With `by_population` each goal is the source's by the ratio of the populations (an edition's own goal is shared
    out over the country). Repeatable: provinces with a branch are left alone. Returns what was made.
    """
    wanted = {province.pk: province for province in provinces}
    taken = set(
        Branch.objects.filter(edition=edition, province__in=wanted).values_list("province_id", flat=True)
    )
    whole = _people(source)
    made = []
    for code, province in sorted(wanted.items()):
        if code in taken:
            continue
        branch = create_branch(edition, province, actor=actor, like=source)
        if by_population and source.goal_rial:
            share = source.goal_rial * province.population_1395 // whole
            branch.goal_rial = max(UNIT_RIAL, -(-share // UNIT_RIAL) * UNIT_RIAL)
            branch.save(update_fields=["goal_rial"])
        made.append(branch)
    return made


@transaction.atomic
def ask_for(branch_id: int, asked: Asked, *, actor: User, version: int | None = None) -> Branch:
    """Change goal, days, funds and ways; audited. DomainError: not_found, bad_goal, plan_days_in_disorder,
    unknown_fund (also one that the edition does not take), unknown_channel_kind, and those of `plan_edits.change`."""
    branch = _locked(branch_id)
    plans.check_days(asked.starts_on, asked.ends_on)
    facts = {
        "goal_rial": plans.goal_of(asked.goal_rial),
        "starts_on": asked.starts_on,
        "ends_on": asked.ends_on,
        "fund_codes": plans.funds_of(asked.fund_codes, branch.edition.fund_codes),
        "channel_kinds": plans.channels_of(asked.channel_kinds),
    }
    plan_edits.change(branch, facts, actor=actor, version=version)
    return branch


@transaction.atomic
def tell_story(branch_id: int, story: str, *, actor: User, version: int | None = None) -> Branch:
    """Change the story; audited. DomainError: not_found, and those of `plan_edits.change`."""
    branch = _locked(branch_id)
    plan_edits.change(branch, {"story": plans.story_of(story)}, actor=actor, version=version)
    return branch


@transaction.atomic
def propose_branch(branch_id: int, *, actor: User, version: int | None = None) -> Branch:
    """Send it to the provincial manager. DomainError: not_found, edition_over, and those of `plans.propose`."""
    branch = _locked(branch_id)
    if branch.edition.state not in ASKING:
        raise DomainError("edition_over")
    plans.propose(branch, actor=actor, version=version)
    return branch


@transaction.atomic
def approve_branch(branch_id: int, *, actor: User, version: int | None = None) -> Branch:
    """Say yes to what waits; from here on it has a printed code of its own. Two who approve at once: the second gets
    not_waiting. DomainError also: not_found, edition_not_approved, and those of `plans.approve`."""
    branch = _locked(branch_id)
    is_own = bool(branch.edition.campaign.only_in)
    if not is_own and branch.edition.state not in (S.APPROVED, S.OPEN):
        raise DomainError("edition_not_approved")
    plans.approve(branch, actor=actor, version=version)
    if is_own:
        _take_over(branch)
        branch.edition.proposed_by, branch.edition.proposed_at = branch.proposed_by, branch.proposed_at
        plans.approve(branch.edition, actor=actor)
    ensure_placement(branch, actor=actor)
    return branch


@transaction.atomic
def accept_branch_edit(branch_id: int, *, actor: User, version: int | None = None) -> Branch:
    """Say yes to a change of what was approved. DomainError: not_found, and those of `plan_edits.accept`."""
    branch = _locked(branch_id)
    plan_edits.accept(branch, actor=actor, version=version)
    if branch.edition.campaign.only_in:
        _take_over(branch)
        plans.save(branch.edition)
    return branch


@transaction.atomic
def return_branch_edit(branch_id: int, *, actor: User, reason: str) -> Branch:
    """Back to its maker. DomainError: not_found, and those of `plan_edits.give_back`."""
    branch = _locked(branch_id)
    plan_edits.give_back(branch, actor=actor, reason=reason)
    return branch


@transaction.atomic
def drop_branch_edit(branch_id: int, *, actor: User) -> Branch:
    """Take a wished change back. DomainError: not_found, no_edit."""
    branch = _locked(branch_id)
    plan_edits.drop(branch, actor=actor)
    return branch


@transaction.atomic
def return_branch(branch_id: int, *, actor: User, reason: str) -> Branch:
    """Back to its makers, with what they wished to change meanwhile. DomainError: not_found, those of
    `plans.give_back`."""
    branch = _locked(branch_id)
    plan_edits.take_in(branch)
    plans.give_back(branch, actor=actor, reason=reason)
    if branch.edition.campaign.only_in and branch.edition.state == S.APPROVED:
        plans.give_back(branch.edition, actor=actor, reason=reason)
    return branch


@transaction.atomic
def open_branch(branch_id: int, *, actor: User) -> Branch:
    """Publish it. DomainError: not_found, wrong_state, edition_not_open, another_edition_open (of an own campaign whose
    year before was not closed)."""
    branch = _locked(branch_id)
    if branch.edition.campaign.only_in and branch.state == branch.edition.state == S.APPROVED:
        plans.open_(branch.edition, actor=actor)
    if branch.edition.state != S.OPEN:
        raise DomainError("edition_not_open")
    plans.open_(branch, actor=actor)
    ensure_placement(branch, actor=actor)
    return branch


@transaction.atomic
def close_branch(branch_id: int, *, actor: User, text: str) -> Branch:
    """End it with a word to the donors. DomainError: not_found, and those of `plans.close`."""
    branch = _locked(branch_id)
    plans.close(branch, actor=actor, text=text)
    if branch.edition.campaign.only_in:
        plans.close(branch.edition, actor=actor, text=text)
    return branch


@transaction.atomic
def report_branch(branch_id: int, *, actor: User, text: str) -> Branch:
    """Say what was done. DomainError: not_found, and those of `plans.report`."""
    branch = _locked(branch_id)
    plans.report(branch, actor=actor, text=text)
    if branch.edition.campaign.only_in:
        plans.report(branch.edition, actor=actor, text=text)
    return branch


@transaction.atomic
def make_branch_code(branch_id: int, *, actor: User) -> Placement:
    """Its own printed code, for one that came with the reference data; repeatable. DomainError: not_found,
    wrong_state (neither approved nor open)."""
    branch = _locked(branch_id)
    if branch.state not in (S.APPROVED, S.OPEN):
        raise DomainError("wrong_state", state=str(branch.state))
    return ensure_placement(branch, actor=actor)


def ensure_placement(branch: Branch, *, actor: User | None, job: str = "") -> Placement:
    """The branch's own printed code, made once; the caller has locked the branch."""
    placement = placement_of(branch)
    if placement is None:
        placement = create_placement(
            kind=PlacementKind.POSTER,
            title=str(branch),
            province=branch.province,
            edition=branch.edition,
            branch=branch,
            fund=main_fund(branch),
            actor=actor,
            job=job,
        )
    return placement


def main_fund(plan: Branch | Edition) -> Fund:
    """The fund a printed code begins with: the edition's own where it is taken, else the first that is."""
    edition = plan.edition if isinstance(plan, Branch) else plan
    codes = plan.fund_codes or edition.fund_codes
    return edition.fund if not codes or edition.fund_id in codes else Fund.objects.get(pk=codes[0])


def _locked(branch_id: int) -> Branch:
    found = Branch.objects.filter(pk=branch_id).first()
    if found is None:
        raise DomainError("not_found", status=404)
    check_write(found.province_id)
    edition = (
        Edition.objects.select_for_update(no_key=True, of=("self",))
        .select_related("campaign")
        .get(pk=found.edition_id)
    )
    branch = Branch.objects.select_for_update(of=("self",)).select_related("province").get(pk=branch_id)
    branch.edition = edition
    return branch


def _take_over(branch: Branch) -> None:
    """The edition of a province's own campaign says what its one branch says; the caller saves it."""
    edition = branch.edition
    for name in ("story", "goal_rial", "fund_codes", "channel_kinds"):
        setattr(edition, name, getattr(branch, name))
    edition.season_starts_on, edition.season_ends_on = branch.starts_on, branch.ends_on
    if edition.fund_codes and edition.fund_id not in edition.fund_codes:
        edition.fund_id = edition.fund_codes[0]


def _plan_of(like: Branch | Edition, edition: Edition) -> dict[str, object]:
    facts = {name: getattr(like, name) for name in ("story", "goal_rial", "channel_kinds")}
    within = set(edition.fund_codes)
    facts["fund_codes"] = [code for code in like.fund_codes if not within or code in within]
    if isinstance(like, Branch) and like.edition_id == edition.pk:
        facts |= {"starts_on": like.starts_on, "ends_on": like.ends_on}
    return facts


def _people(source: Branch | Edition) -> int:
    if isinstance(source, Branch):
        return source.province.population_1395
    return sum(Province.objects.values_list("population_1395", flat=True))
