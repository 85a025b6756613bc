"""A place works with its own copy: ticks off, adds, drops with a reason, moves to another day, hands to a person, and
takes or leaves what the source of its plan has changed. Rows outside the open scope do not exist for these functions.

Every step is in the audit trail of the task.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from campaigns.models import Occasion, Runbook, RunbookTask
from campaigns.runbook import PLANNED, Offer, colleagues_of, occasion_for, offers_to
from campaigns.services.runbook_templates import TaskFacts, checked
from campaigns.services.runbooks import copy_of
from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise
from provinces.scoping import check_write

_MOST_NOTE = 300


@transaction.atomic
def finish_task(task_id: int, *, actor: User, note: str = "") -> RunbookTask:
    """Tick a task off. Repeatable: who did it first stays. DomainError: not_found, runbook_task_dropped."""
    task = _locked(task_id)
    if task.dropped_at:
        raise DomainError("runbook_task_dropped")
    if task.done_at is None:
        task.done_at, task.done_by, task.note = timezone.now(), actor, normalise(note)[:_MOST_NOTE]
        task.save(update_fields=["done_at", "done_by", "note"])
        _record("done", task, actor, reason=task.note)
    return task


@transaction.atomic
def reopen_task(task_id: int, *, actor: User, note: str = "") -> RunbookTask:
    """Take a tick back. Repeatable. DomainError: not_found."""
    task = _locked(task_id)
    if task.done_at is not None:
        task.done_at, task.done_by, task.note = None, None, normalise(note)[:_MOST_NOTE]
        task.save(update_fields=["done_at", "done_by", "note"])
        _record("undone", task, actor, reason=task.note)
    return task


@transaction.atomic
def add_task(
    runbook_id: int,
    facts: TaskFacts,
    *,
    occasion: Occasion,
    own_due_on: date | None = None,
    assignee: User | None = None,
    actor: User,
) -> RunbookTask:
    """A task of the place's own. DomainError: not_found, not_a_colleague and those of
    `runbook_templates.add_template_task`."""
    runbook = _locked_runbook(runbook_id)
    _check_assignee(runbook, assignee)
    planned = _planned(facts)
    task = RunbookTask.objects.create(
        runbook=runbook, occasion=occasion, own_due_on=own_due_on, assignee=assignee, **planned
    )
    _record("added", task, actor)
    return task


@transaction.atomic
def adapt_task(
    task_id: int,
    facts: TaskFacts,
    *,
    occasion: Occasion,
    own_due_on: date | None,
    assignee: User | None,
    actor: User,
) -> RunbookTask:
    """Say a task in the place's own way: words, day (a day by hand stays when the occasion moves; None: counted from
    it again), person. Counties that took it are offered the change. Repeatable.

    DomainError: not_found, runbook_task_dropped, not_a_colleague and those of `add_template_task`.
    """
    task = _locked(task_id)
    if task.dropped_at:
        raise DomainError("runbook_task_dropped")
    if assignee is not None and assignee.pk != task.assignee_id:
        _check_assignee(task.runbook, assignee)
    said = {**_planned(facts), "occasion": occasion, "own_due_on": own_due_on, "assignee": assignee}
    different = [name for name, value in said.items() if getattr(task, name) != value]
    if different:
        for name in different:
            setattr(task, name, said[name])
        task.revision += bool(set(different) - {"assignee"})
        task.save()
        _record("adapted", task, actor, fields=different)
    return task


@transaction.atomic
def drop_task(task_id: int, *, actor: User, reason: str) -> RunbookTask:
    """Put a task aside, with a reason. DomainError: not_found, runbook_reason_required, runbook_task_dropped."""
    reason = normalise(reason)[:_MOST_NOTE]
    if not reason:
        raise DomainError("runbook_reason_required", field="reason")
    task = _locked(task_id)
    if task.dropped_at:
        raise DomainError("runbook_task_dropped")
    _drop(task, actor, reason)
    return task


@transaction.atomic
def restore_task(task_id: int, *, actor: User) -> RunbookTask:
    """Take a dropped task up again. Repeatable. DomainError: not_found."""
    task = _locked(task_id)
    if task.dropped_at:
        task.dropped_at, task.dropped_by, task.why_dropped = None, None, ""
        task.revision += 1
        task.save(update_fields=["dropped_at", "dropped_by", "why_dropped", "revision"])
        _record("restored", task, actor)
    return task


@transaction.atomic
def answer_offers(runbook_id: int, keys: set[str], *, take: bool, actor: User, reason: str) -> int:
    """Take or leave what the plan's source has changed (`Offer.key`); returns how many there still were. Repeatable.

    Taking a changed task overwrites its words and its counted day; done, person and a day by hand stay. A new task
    that is left stays as a dropped one with `reason`. DomainError: not_found, runbook_occasion_missing.
    """
    runbook = _locked_runbook(runbook_id)
    offers = [offer for offer in offers_to(runbook) if offer.key in keys]
    for offer in offers:
        (_take if take else _leave)(runbook, offer, actor, reason)
    return len(offers)


def _take(runbook: Runbook, offer: Offer, actor: User, reason: str) -> None:
    upstream, task = offer.upstream, offer.task
    if task is None:
        _record("taken", _copied(runbook, offer), actor)
    elif offer.kind == "gone":
        task.taken_revision = upstream.revision
        task.save(update_fields=["taken_revision"])
        _drop(task, actor, reason)
    else:
        for name in PLANNED:
            setattr(task, name, getattr(upstream, name))
        task.occasion, task.taken_revision = occasion_for(upstream, runbook), upstream.revision
        task.revision += 1
        task.save()
        _record("taken", task, actor, fields=list(offer.differences))


def _leave(runbook: Runbook, offer: Offer, actor: User, reason: str) -> None:
    if offer.task is None:
        _drop(_copied(runbook, offer), actor, reason)
        return
    offer.task.taken_revision = offer.upstream.revision
    offer.task.save(update_fields=["taken_revision"])
    _record("left", offer.task, actor, fields=list(offer.differences))


def _copied(runbook: Runbook, offer: Offer) -> RunbookTask:
    upstream = offer.upstream
    more: dict[str, object] = {"origin": upstream}
    if isinstance(upstream, RunbookTask):
        more = {"origin": upstream.origin, "source": upstream, "own_due_on": upstream.own_due_on}
    task = copy_of(upstream, runbook, occasion_for(upstream, runbook), **more)
    task.save()
    return task


def _drop(task: RunbookTask, actor: User, reason: str) -> None:
    task.dropped_at, task.dropped_by, task.why_dropped = timezone.now(), actor, reason
    task.revision += 1
    task.save(update_fields=["dropped_at", "dropped_by", "why_dropped", "revision"])
    _record("dropped", task, actor, reason=reason)


def _planned(facts: TaskFacts) -> dict[str, object]:
    return {name: value for name, value in checked(facts).items() if name != "occasion_code"}


def _check_assignee(runbook: Runbook, assignee: User | None) -> None:
    if assignee is not None and not colleagues_of(runbook).filter(pk=assignee.pk).exists():
        raise DomainError("not_a_colleague", field="assignee")


def _locked(task_id: int) -> RunbookTask:
    found = RunbookTask.objects.select_for_update(of=("self",)).select_related("runbook", "occasion")
    task = found.filter(pk=task_id).first()
    if task is None:
        raise DomainError("not_found", status=404)
    check_write(task.runbook.province_id, task.runbook.county_id)
    return task


def _locked_runbook(runbook_id: int) -> Runbook:
    found = Runbook.objects.select_for_update(of=("self",)).select_related("template")
    runbook = found.filter(pk=runbook_id).first()
    if runbook is None:
        raise DomainError("not_found", status=404)
    check_write(runbook.province_id, runbook.county_id)
    return runbook


def _record(action: str, task: RunbookTask, actor: User, *, reason: str = "", **data: object) -> None:
    audit.record(
        f"runbook_task.{action}",
        task,
        actor=actor,
        province_code=task.runbook.province_id,
        reason=reason,
        runbook=task.runbook_id,
        **data,
    )
