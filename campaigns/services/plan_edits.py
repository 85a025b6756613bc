"""Changes of an edition or a branch that somebody has approved already: wished by one person, approved by another.

The public goes on seeing what was approved. The wished change stands on the row itself (`Plan.edit`), one at a time:
whoever corrects it counts as its maker from then on, and the version says whether the approver has seen it. The
functions take a row that the caller has locked, save it, and leave an audit entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from campaigns.enums import CampaignState as S
from campaigns.models import Picture
from campaigns.models.campaigns import Plan
from campaigns.plan_selectors import ADDED, REMOVED, of, wished
from campaigns.services import plans
from campaigns.states import EDITABLE
from core.errors import DomainError
from core.models import User


def change(plan: Plan, facts: Mapping[str, Any], *, actor: User, version: int | None) -> None:
    """Write checked facts: into a draft at once, else as a wish that waits for somebody else's yes.

    Facts that say what stands there take a wish back. DomainError: not_editable, and those of `plans.change`.
    """
    if plan.state not in EDITABLE:
        raise DomainError("not_editable")
    if plan.state == S.DRAFT:
        plans.change(plan, facts, actor=actor, version=version)
        return
    plans.check_version(plan, version)
    edit = dict(plan.edit or {})
    for name, value in facts.items():
        edit.pop(name, None)
        if getattr(plan, name) != value:
            edit[name] = value.isoformat() if isinstance(value, date) else value
    if edit != (plan.edit or {}) or plan.edit_returned:
        _wish(plan, edit, actor)


def wish_picture(plan: Plan, picture: Picture, *, actor: User, is_added: bool) -> None:
    """A picture is to come onto the page, or to go from it, once somebody else says yes. Repeatable."""
    edit = {ADDED: [], REMOVED: []} | (plan.edit or {})
    if is_added:
        edit[ADDED] = [*edit[ADDED], picture.pk]
    elif picture.pk in edit[ADDED]:
        edit[ADDED] = [pk for pk in edit[ADDED] if pk != picture.pk]
    elif picture.pk not in edit[REMOVED]:
        edit[REMOVED] = [*edit[REMOVED], picture.pk]
    else:
        return
    _wish(plan, edit, actor)


def accept(plan: Plan, *, actor: User, version: int | None) -> None:
    """Say yes: from now on it stands as wished, proposed by its maker and approved by this person.

    DomainError: no_edit (decided or taken back meanwhile), own_plan, changed_meanwhile.
    """
    if not plan.has_edit_waiting or plan.state not in EDITABLE:
        raise DomainError("no_edit")
    if plan.edit_by_id == actor.pk:
        raise DomainError("own_plan")
    plans.check_version(plan, version)
    changed, maker = sorted(plan.edit), plan.edit_by_id
    plan.proposed_by_id, plan.proposed_at = maker, plan.edit_at
    plan.approved_by, plan.approved_at = actor, timezone.now()
    take_in(plan)
    plans.save(plan)
    plans.record(plan, "edit_accept", actor, proposed_by=maker, fields=changed)


def give_back(plan: Plan, *, actor: User, reason: str) -> None:
    """Return a wished change to its maker with a reason; it is kept, to be corrected. DomainError: no_edit,
    plan_reason_required."""
    reason = plans.reason_of(reason)
    if not plan.has_edit_waiting:
        raise DomainError("no_edit")
    plan.edit_returned = reason
    plans.save(plan)
    plans.record(plan, "edit_return", actor, reason=reason)


def drop(plan: Plan, *, actor: User) -> None:
    """Take a wished change back. DomainError: no_edit."""
    if plan.edit is None:
        raise DomainError("no_edit")
    plans.clear_edit(plan)
    plans.save(plan)
    plans.record(plan, "edit_drop", actor)


def take_in(plan: Plan) -> None:
    """Put what was wished into the row, and its pictures on the page; the caller saves. Without a wish: nothing."""
    if plan.edit is None:
        return
    for name, value in wished(plan).items():
        setattr(plan, name, value)
    pictures = Picture.objects.filter(**of(plan))
    pictures.filter(pk__in=plan.edit.get(ADDED, [])).update(is_withdrawn=False)
    pictures.filter(pk__in=plan.edit.get(REMOVED, [])).update(is_withdrawn=True)
    plans.clear_edit(plan)


def _wish(plan: Plan, edit: dict[str, Any], actor: User) -> None:
    edit = {name: value for name, value in edit.items() if value or name not in (ADDED, REMOVED)}
    if not edit:
        if plan.edit is not None:
            drop(plan, actor=actor)
        return
    plan.edit, plan.edit_by, plan.edit_at, plan.edit_returned = edit, actor, timezone.now(), ""
    plans.save(plan)
    plans.record(plan, "edit_wish", actor, fields=sorted(edit))
