"""The audit trail: every change by a person leaves a row that cannot be edited."""

from typing import Any

from django.db import models
from django.db.models import Q

from core.models import AuditEntry, User


def record(
    action: str,
    subject: models.Model,
    *,
    actor: User | None = None,
    job: str = "",
    province_code: str | None = None,
    reason: str = "",
    **data: Any,
) -> AuditEntry:
    """Write down that `actor` (or `job`) did `action` to `subject`; call it in the transaction of the change.

    `data` must be JSON and hold no personal data. Raises ValueError when neither a person nor a job is named.
    """
    if actor is None and not job:
        raise ValueError("an audit entry needs an actor or a job")
    return AuditEntry.objects.create(
        actor=actor,
        job=job,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        province_code=province_code or "",
        reason=reason,
        data=data,
    )


def history_of(*rows: models.Model, limit: int = 30) -> list[AuditEntry]:
    """Who changed these rows and when, the newest first; one query."""
    about = Q()
    for row in rows:
        if row is not None:
            about |= Q(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    if not about:
        return []
    return list(AuditEntry.objects.filter(about).select_related("actor").order_by("-pk")[:limit])
