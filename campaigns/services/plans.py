"""What an edition and a branch go through alike: written, sent for approval, approved, opened, closed, reported.

The functions take a row that the caller has locked and judged by its own rules, save it, and leave an audit entry.
Who may take which step is the gate's business (provinces.permissions); that nobody approves their own proposal, also
the database's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.enums import CampaignState as S
from campaigns.enums import ChannelKind
from campaigns.models import Branch, Edition, Fund
from campaigns.models.campaigns import Plan
from campaigns.states import move
from core import audit
from core.errors import DomainError
from core.models import User
from core.outbox import after_commit
from core.text import normalise, normalise_lines

MOST_STORY, MOST_REASON = 6_000, 500
MOST_GOAL_RIAL = 10**16


def change(plan: Plan, facts: Mapping[str, Any], *, actor: User, version: int | None) -> None:
    """Write checked facts into a draft; what was approved changes by `plan_edits`. Whoever corrects what waits for
    approval counts as its proposer from then on.

    DomainError: changed_meanwhile (it is not the version one has seen), wrong_state.
    """
    check_version(plan, version)
    if plan.state != S.DRAFT:
        raise DomainError("wrong_state", state=str(plan.state))
    different = [name for name, value in facts.items() if getattr(plan, name) != value]
    if not different:
        return
    for name in different:
        setattr(plan, name, facts[name])
    touch(plan, actor)
    record(plan, "change", actor, fields=different)


def touch(plan: Plan, actor: User) -> None:
    """The draft changed now, by this person; saves the row."""
    plan.changed_at = timezone.now()
    if plan.is_waiting:
        plan.proposed_by = actor
    save(plan)


def propose(plan: Plan, *, actor: User, version: int | None = None) -> None:
    """Send a draft for approval; repeatable: who sends it again is its proposer.

    DomainError: wrong_state, changed_meanwhile, goal_required, story_required.
    """
    check_version(plan, version)
    if plan.state != S.DRAFT:
        raise DomainError("wrong_state", state=str(plan.state))
    if not plan.goal_rial:
        raise DomainError("goal_required", field="goal_rial")
    if not plan.story:
        raise DomainError("story_required", field="story")
    plan.proposed_by, plan.proposed_at, plan.returned_reason = actor, timezone.now(), ""
    save(plan)
    record(plan, "propose", actor)


def approve(plan: Plan, *, actor: User, version: int | None = None) -> None:
    """Say yes to what was sent. DomainError: not_waiting (somebody decided already, or it was taken back),
    own_plan (who proposed it may not), changed_meanwhile."""
    if not plan.is_waiting:
        raise DomainError("not_waiting")
    if plan.proposed_by_id == actor.pk:
        raise DomainError("own_plan")
    check_version(plan, version)
    move(plan, S.APPROVED)
    plan.approved_by, plan.approved_at = actor, timezone.now()
    save(plan)
    record(plan, "approve", actor, proposed_by=plan.proposed_by_id)


def give_back(plan: Plan, *, actor: User, reason: str) -> None:
    """Return what waits, or what is approved and not yet open, to its makers, with a reason they read.

    DomainError: plan_reason_required, not_waiting.
    """
    reason = reason_of(reason)
    if plan.state == S.APPROVED:
        move(plan, S.DRAFT)
    elif not plan.is_waiting:
        raise DomainError("not_waiting")
    plan.proposed_by = plan.proposed_at = plan.approved_by = plan.approved_at = None
    plan.returned_reason = reason
    save(plan)
    record(plan, "return", actor, reason=reason)


def open_(plan: Plan, *, actor: User) -> None:
    """From now on the public sees it. DomainError: wrong_state."""
    move(plan, S.OPEN)
    plan.opened_at = timezone.now()
    save(plan)
    record(plan, "open", actor)


def close(plan: Plan, *, actor: User, text: str) -> None:
    """End it with a word to the donors; a change that still waits is dropped, and its figures of today are written
    down after the commit.

    DomainError: wrong_state, closing_text_required.
    """
    text = normalise_lines(text)[:MOST_STORY]
    if not text:
        raise DomainError("closing_text_required", field="text")
    move(plan, S.CLOSED)
    clear_edit(plan)
    plan.closed_at, plan.closing_text = timezone.now(), text
    save(plan)
    record(plan, "close", actor)
    ids = {"edition_id": plan.pk, "branch_id": 0}
    if isinstance(plan, Branch):
        ids = {"edition_id": plan.edition_id, "branch_id": plan.pk}
    after_commit("dashboards.freeze_campaign", **ids)


def report(plan: Plan, *, actor: User, text: str) -> None:
    """Say what was done. DomainError: wrong_state, report_text_required."""
    text = normalise_lines(text)[:MOST_STORY]
    if not text:
        raise DomainError("report_text_required", field="text")
    move(plan, S.REPORTED)
    plan.report_text, plan.reported_at = text, timezone.now()
    save(plan)
    record(plan, "report", actor)


# --- facts as they may be written ------------------------------------------------------------------------
def goal_of(goal_rial: int | None) -> int | None:
    if goal_rial is not None and not 0 < goal_rial <= MOST_GOAL_RIAL:
        raise DomainError("bad_goal", field="goal_rial")
    return goal_rial


def story_of(text: str) -> str:
    return normalise_lines(text)[:MOST_STORY]


def reason_of(text: str) -> str:
    reason = normalise(text)[:MOST_REASON]
    if not reason:
        raise DomainError("plan_reason_required", field="reason")
    return reason


def funds_of(codes: Iterable[str], within: Iterable[str] = ()) -> list[str]:
    """Codes of active funds in their order, inside those of the edition when it names any."""
    wanted, allowed = set(codes), set(within)
    known = list(Fund.objects.filter(is_active=True, pk__in=wanted).values_list("pk", flat=True))
    if len(known) != len(wanted) or (allowed and not wanted <= allowed):
        raise DomainError("unknown_fund", field="fund_codes")
    return known


def channels_of(kinds: Iterable[str]) -> list[str]:
    wanted = set(kinds)
    if wanted - set(ChannelKind.values):
        raise DomainError("unknown_channel_kind", field="channel_kinds")
    return [kind for kind in ChannelKind.values if kind in wanted]


def check_days(starts_on: date | None, ends_on: date | None, field: str = "ends_on") -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise DomainError("plan_days_in_disorder", field=field)


def check_version(plan: Plan, version: int | None) -> None:
    """Raise when somebody changed the row since it was read; None: whatever stands there."""
    if version is not None and version != plan.version:
        raise DomainError("changed_meanwhile")


def reason_for_clash(error: IntegrityError) -> str:
    """The refusal that a constraint stands for; raises the error again when it is none of ours."""
    codes = {
        "one_branch_a_province": "branch_exists",
        "one_edition_a_year": "edition_exists",
        "one_open_edition": "another_edition_open",
        "campaigns_campaign_slug": "slug_taken",
    }
    for name, code in codes.items():
        if name in str(error):
            return code
    raise error


def record(
    plan: Plan, action: str, actor: User | None, *, reason: str = "", job: str = "", **data: Any
) -> None:
    """An audit entry of a branch or an edition."""
    audit.record(
        f"{plan._meta.model_name}.{action}",
        plan,
        actor=actor,
        job=job,
        province_code=getattr(plan, "province_id", ""),
        reason=reason,
        **data,
    )


def clear_edit(plan: Plan) -> None:
    """No change waits any more; the caller saves."""
    plan.edit = plan.edit_by = plan.edit_at = None
    plan.edit_returned = ""


def save(plan: Branch | Edition) -> None:
    """Save the row as its next version; DomainError for what a constraint refuses."""
    plan.version += 1
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as error:
        raise DomainError(reason_for_clash(error)) from error
