"""Headquarters writes a season's plan. A change reaches no copy by itself: it is offered there (`campaigns.runbook`).

Every change is in the audit trail. Who may is the gate's business (provinces.permissions).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Campaign, Occasion, RunbookTemplate, TaskAttachment, TemplateTask
from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise, normalise_lines

MOST_TEXT, MOST_OFFSET = 8_000, 120
MOST_FILE_BYTES = 5 * 1024 * 1024
FILE_KINDS = {b"%PDF-": "pdf", b"\x89PNG\r\n": "png", b"\xff\xd8\xff": "jpg"}


@dataclass(frozen=True, kw_only=True)
class TaskFacts:
    """What a task says; `occasion_code` names an occasion of the calendar."""

    title: str
    text: str = ""
    kind: str
    role: str
    occasion_code: str
    anchor: str
    offset_days: int = 0
    position: int = 100


@transaction.atomic
def write_template(
    *,
    title: str,
    year_kind: str,
    intro: str = "",
    campaign: Campaign | None = None,
    actor: User,
    template: RunbookTemplate | None = None,
) -> RunbookTemplate:
    """Write a new plan, or the head of one that is there (its calendar stays). DomainError: runbook_title_required,
    runbook_title_taken."""
    title = normalise(title)[:120]
    if not title:
        raise DomainError("runbook_title_required", field="title")
    if template is None:
        template = RunbookTemplate(year_kind=year_kind, created_by=actor)
    template.title, template.campaign = title, campaign
    template.intro = normalise_lines(intro)[:MOST_TEXT]
    _save(template, "runbook_title_taken")
    audit.record("runbook.template_written", template, actor=actor, title=title)
    return template


@transaction.atomic
def add_template_task(template: RunbookTemplate, facts: TaskFacts, *, actor: User) -> TemplateTask:
    """A further task; copies that exist are offered it. DomainError: runbook_title_required, runbook_task_exists,
    runbook_offset_too_far, runbook_occasion_unknown."""
    task = TemplateTask(template=template, **checked(facts))
    _save(task, "runbook_task_exists")
    audit.record("runbook.template_task_added", task, actor=actor, template=template.pk, title=task.title)
    return task


@transaction.atomic
def change_template_task(task_id: int, facts: TaskFacts, *, actor: User) -> TemplateTask:
    """Repeatable: nothing different is no change. DomainError: not_found, runbook_task_retired and those of
    `add_template_task`."""
    task = _locked(task_id)
    said = checked(facts)
    different = [name for name, value in said.items() if getattr(task, name) != value]
    if different:
        for name in different:
            setattr(task, name, said[name])
        task.revision += 1
        _save(task, "runbook_task_exists")
        audit.record("runbook.template_task_changed", task, actor=actor, fields=different)
    return task


@transaction.atomic
def retire_template_task(task_id: int, *, actor: User) -> TemplateTask:
    """Take a task out of the plan; copies are offered to drop theirs. DomainError: not_found, runbook_task_retired."""
    task = _locked(task_id)
    task.retired_at, task.revision = timezone.now(), task.revision + 1
    task.save(update_fields=["retired_at", "revision"])
    audit.record("runbook.template_task_retired", task, actor=actor, title=task.title)
    return task


@transaction.atomic
def attach_file(task_id: int, *, title: str, content: bytes, actor: User) -> TaskAttachment:
    """Put a poster or a text (PDF, PNG or JPEG, judged by what it holds) beside a task; copies show it at once.

    DomainError: not_found, runbook_task_retired, runbook_title_required, runbook_file_kind, runbook_file_large.
    """
    task = _locked(task_id)
    title = normalise(title)[:120]
    if not title:
        raise DomainError("runbook_title_required", field="attachment_title")
    if len(content) > MOST_FILE_BYTES:
        raise DomainError("runbook_file_large", field="file")
    kind = next((kind for head, kind in FILE_KINDS.items() if content.startswith(head)), "")
    if not kind:
        raise DomainError("runbook_file_kind", field="file")
    attachment = TaskAttachment(task=task, title=title, added_by=actor)
    attachment.file.save(f"{secrets.token_hex(12)}.{kind}", ContentFile(content), save=False)
    attachment.save()
    audit.record("runbook.file_attached", attachment, actor=actor, task=task.pk, title=title)
    return attachment


def checked(facts: TaskFacts) -> dict[str, object]:
    """The facts as columns; DomainError runbook_title_required, runbook_offset_too_far, runbook_occasion_unknown."""
    title = normalise(facts.title)[:160]
    if not title:
        raise DomainError("runbook_title_required", field="title")
    if abs(facts.offset_days) > MOST_OFFSET:
        raise DomainError("runbook_offset_too_far", field="offset_days")
    if not Occasion.objects.filter(code=facts.occasion_code).exists():
        raise DomainError("runbook_occasion_unknown", field="occasion_code")
    return {**vars(facts), "title": title, "text": normalise_lines(facts.text)[:MOST_TEXT]}


def _locked(task_id: int) -> TemplateTask:
    task = TemplateTask.objects.select_for_update(of=("self",)).filter(pk=task_id).first()
    if task is None:
        raise DomainError("not_found", status=404)
    if task.retired_at:
        raise DomainError("runbook_task_retired")
    return task


def _save(row: RunbookTemplate | TemplateTask, clash: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DomainError(clash, field="title") from error
