"""Deciding about many branches or editions at once: each by itself, in a transaction of its own, as its own page
would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from campaigns.models import Branch, Edition
from campaigns.models.campaigns import Plan
from campaigns.services import branches, editions
from core.errors import DomainError
from core.models import User

_DECIDED_MEANWHILE = {"not_waiting", "no_edit", "changed_meanwhile"}


@dataclass(frozen=True)
class Deciding:
    """What of one kind may be decided: the rows of the open scope, and the services of each step."""

    rows: Callable[[], QuerySet]
    approve: Callable[..., Plan]
    accept_edit: Callable[..., Plan]
    give_back: Callable[..., Plan]
    give_edit_back: Callable[..., Plan]


BRANCHES = Deciding(
    lambda: Branch.objects.select_related("edition__campaign", "province", "proposed_by", "edit_by"),
    branches.approve_branch,
    branches.accept_branch_edit,
    branches.return_branch,
    branches.return_branch_edit,
)
# What a province began for itself goes every step with its branch.
EDITIONS = Deciding(
    lambda: Edition.objects.filter(campaign__only_in="").select_related("campaign", "proposed_by", "edit_by"),
    editions.approve_edition,
    editions.accept_edition_edit,
    editions.return_edition,
    editions.return_edition_edit,
)


@dataclass(frozen=True)
class Seen:
    """A branch or an edition as somebody saw it in a list: only that version is decided about."""

    plan_id: int
    version: int


@dataclass(frozen=True)
class Verdict:
    """What became of one of them: `refusal` is the code of why it was not done, or ""."""

    plan: Plan
    refusal: str = ""


def accept_many(chosen: Sequence[Seen], *, actor: User, of: Deciding = BRANCHES) -> list[Verdict]:
    """Say yes to what waits, and to changes that wait, in the given order; what is no row of the open scope is left
    out. Four eyes and the version hold for each: one that is refused holds up no other. Repeatable: what this person
    accepted in that version a moment ago counts as accepted."""
    return [verdict for seen in chosen if (verdict := _accept(seen, actor, of)) is not None]


def return_many(
    chosen: Sequence[Seen], *, actor: User, reason: str, of: Deciding = BRANCHES
) -> list[Verdict]:
    """Give what waits, and changes that wait, back to their makers, all for the same reason; as `accept_many`, but
    nobody returns what another has changed since."""
    return [verdict for seen in chosen if (verdict := _return(seen, actor, reason, of)) is not None]


def _accept(seen: Seen, actor: User, of: Deciding) -> Verdict | None:
    plan = _find(seen, of)
    if plan is None:
        return None
    act = of.approve if plan.is_waiting else of.accept_edit
    try:
        act(plan.pk, actor=actor, version=seen.version)
    except DomainError as error:
        now = _find(seen, of) or plan
        if error.code in _DECIDED_MEANWHILE and _was_accepted(now, seen, actor):
            return Verdict(now)
        return Verdict(now, error.code)
    return Verdict(plan)


def _return(seen: Seen, actor: User, reason: str, of: Deciding) -> Verdict | None:
    plan = _find(seen, of)
    if plan is None:
        return None
    if plan.version != seen.version:
        return Verdict(plan, "changed_meanwhile")
    if not (plan.is_waiting or plan.has_edit_waiting):
        return Verdict(plan, "not_waiting")
    if actor.pk == (plan.proposed_by_id if plan.is_waiting else plan.edit_by_id):
        return Verdict(plan, "own_plan")
    act = of.give_back if plan.is_waiting else of.give_edit_back
    try:
        act(plan.pk, actor=actor, reason=reason)
    except DomainError as error:
        return Verdict(plan, error.code)
    return Verdict(plan)


def _was_accepted(plan: Plan, seen: Seen, actor: User) -> bool:
    is_decided = not (plan.is_waiting or plan.has_edit_waiting)
    return is_decided and plan.approved_by_id == actor.pk and plan.version == seen.version + 1


def _find(seen: Seen, of: Deciding) -> Plan | None:
    return of.rows().filter(pk=seen.plan_id).first()
