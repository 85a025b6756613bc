"""What the pages and files of plans show of their rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404

from campaigns import runbook_phrases as phrases
from campaigns.enums import Anchor, TaskKind
from campaigns.models import Runbook, RunbookTask, TaskAttachment, TemplateTask
from campaigns.models.runbook import TaskPlan
from campaigns.runbook import Offer, Progress, is_late
from core.jalali import format_datetime, format_long, format_short
from core.text import persian_digits
from provinces.enums import Role

_TYPES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg"}


def place_of(runbook: Runbook) -> str:
    """«استان فارس» or the name of the county."""
    if runbook.county is not None:
        return runbook.county.name
    return phrases.PROVINCE_PLACE.format(name=runbook.province.name)


def words_of(progress: Progress) -> dict[str, Any]:
    """«انجام‌شده n از m، k دیرکرد» and its parts, for a bar."""
    done, total, late = (persian_digits(n) for n in (progress.done, progress.total, progress.late))
    return {
        "text": phrases.DONE_OF.format(done=done, total=total),
        "late": phrases.LATE_OF.format(late=late) if progress.late else "",
        "done": progress.done,
        "total": progress.total,
    }


def count_from(task: TaskPlan, occasion_name: str) -> str:
    """«۳ روز پیش از آغاز عید فطر»."""
    said = {"anchor": Anchor(task.anchor).label, "occasion": occasion_name}
    if task.offset_days == 0:
        return phrases.ON_DAY.format(**said)
    text = phrases.DAYS_AFTER if task.offset_days > 0 else phrases.DAYS_BEFORE
    return text.format(days=persian_digits(abs(task.offset_days)), **said)


def task_row(task: RunbookTask, today: date) -> dict[str, Any]:
    """One line of a checklist; `task` has `due_on`."""
    badges = []
    if task.dropped_at:
        badges.append({"label": phrases.DROPPED, "kind": "", "icon": "minus"})
    elif task.done_at:
        badges.append({"label": phrases.IS_DONE, "kind": "ok", "icon": "ok"})
    elif is_late(task, today):
        badges.append({"label": phrases.LATE, "kind": "bad", "icon": "alert"})
    if task.own_due_on:
        badges.append({"label": phrases.BY_HAND, "kind": "info", "icon": "edit"})
    elif not task.occasion.is_confirmed and not task.done_at:
        badges.append({"label": phrases.ESTIMATED, "kind": "warn", "icon": "wait"})
    return {
        "task": task,
        "day": format_long(task.due_on),
        "counted": count_from(task, task.occasion.name),
        "badges": badges,
        "done": phrases.DONE_BY.format(who=task.done_by, when=format_datetime(task.done_at))
        if task.done_at
        else "",
        "attachments": list(task.origin.attachments.all()) if task.origin else [],
    }


def file_row(task: RunbookTask, today: date) -> list[str]:
    """The same as a line of a spreadsheet, in the order of `phrases.FILE_HEADS`."""
    state = phrases.OPEN
    if task.dropped_at:
        state = f"{phrases.DROPPED}: {task.why_dropped}"
    elif task.done_at:
        state = phrases.IS_DONE
    elif is_late(task, today):
        state = phrases.LATE
    is_estimated = not task.own_due_on and not task.occasion.is_confirmed
    return [
        task.title,
        format_short(task.due_on),
        str(phrases.YES) if is_estimated else "",
        str(TaskKind(task.kind).label),
        str(Role(task.role).label),
        str(task.assignee or ""),
        str(state),
        str(task.done_by or ""),
        format_datetime(task.done_at) if task.done_at else "",
        task.note,
        task.text,
    ]


def offer_row(offer: Offer) -> dict[str, Any]:
    """An offer with what stands now beside what is offered."""
    return {
        "key": offer.key,
        "kind": phrases.OFFER_KINDS[offer.kind],
        "title": offer.upstream.title,
        "text": offer.upstream.text if offer.kind == "new" else "",
        "differences": [
            {
                "label": phrases.FIELDS[name],
                "now": _value(offer.task, name),
                "then": _value(offer.upstream, name),
            }
            for name in offer.differences
        ],
    }


def _value(task: Any, name: str) -> str:
    if name == "occasion":
        return task.occasion_code if isinstance(task, TemplateTask) else task.occasion.code
    if name in ("kind", "role", "anchor"):
        return str(getattr(task, f"get_{name}_display")())
    return persian_digits(getattr(task, name))


def file_response(attachment: TaskAttachment) -> FileResponse:
    """The file, to those who have been let in; Http404 when it is gone."""
    path = Path(settings.MEDIA_ROOT) / attachment.file.name
    try:
        file = path.open("rb")
    except OSError as error:
        raise Http404 from error
    name = f"attachment-{attachment.pk}{path.suffix}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=_TYPES[path.suffix])
    response["Cache-Control"] = "private, no-store"
    return response
