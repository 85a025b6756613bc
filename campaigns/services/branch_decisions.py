"""Deciding about many branches at once: each by itself, in a transaction of its own, as its own page would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.models import Branch
from campaigns.services import branches as services
from core.errors import DomainError
from core.models import User

_DECIDED_MEANWHILE = {"not_waiting", "no_edit", "changed_meanwhile"}


@dataclass(frozen=True)
class Seen:
    """A branch as somebody saw it in a list: only that version is decided about."""

    branch_id: int
    version: int


@dataclass(frozen=True)
class Verdict:
    """What became of one of them: `refusal` is the code of why it was not done, or ""."""

    branch: Branch
    refusal: str = ""


def accept_many(chosen: Sequence[Seen], *, actor: User) -> list[Verdict]:
    """Say yes to branches that wait, and to changes that wait, in the given order; what is no branch of the open scope
    is left out. Four eyes and the version hold for each: one that is refused holds up no other. Repeatable: what this
    person accepted in that version a moment ago counts as accepted."""
    return [verdict for seen in chosen if (verdict := _accept(seen, actor)) is not None]


def return_many(chosen: Sequence[Seen], *, actor: User, reason: str) -> list[Verdict]:
    """Give branches and changes that wait back to their makers, all for the same reason; as `accept_many`, but nobody
    returns what another has changed since."""
    return [verdict for seen in chosen if (verdict := _return(seen, actor, reason)) is not None]


def _accept(seen: Seen, actor: User) -> Verdict | None:
    branch = _find(seen.branch_id)
    if branch is None:
        return None
    act = services.approve_branch if branch.is_waiting else services.accept_branch_edit
    try:
        act(branch.pk, actor=actor, version=seen.version)
    except DomainError as error:
        now = _find(seen.branch_id) or branch
        if error.code in _DECIDED_MEANWHILE and _was_accepted(now, seen, actor):
            return Verdict(now)
        return Verdict(now, error.code)
    return Verdict(branch)


def _return(seen: Seen, actor: User, reason: str) -> Verdict | None:
    branch = _find(seen.branch_id)
    if branch is None:
        return None
    if branch.version != seen.version:
        return Verdict(branch, "changed_meanwhile")
    if not (branch.is_waiting or branch.has_edit_waiting):
        return Verdict(branch, "not_waiting")
    if actor.pk == (branch.proposed_by_id if branch.is_waiting else branch.edit_by_id):
        return Verdict(branch, "own_plan")
    act = services.return_branch if branch.is_waiting else services.return_branch_edit
    try:
        act(branch.pk, actor=actor, reason=reason)
    except DomainError as error:
        return Verdict(branch, error.code)
    return Verdict(branch)


def _was_accepted(branch: Branch, seen: Seen, actor: User) -> bool:
    is_decided = not (branch.is_waiting or branch.has_edit_waiting)
    return is_decided and branch.approved_by_id == actor.pk and branch.version == seen.version + 1


def _find(branch_id: int) -> Branch | None:
    return (
        Branch.objects.select_related("edition__campaign", "province", "proposed_by", "edit_by")
        .filter(pk=branch_id)
        .first()
    )
