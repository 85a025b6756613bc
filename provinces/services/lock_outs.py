"""Lock-outs of the staff's door, in the audit trail."""

from __future__ import annotations

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.http import HttpRequest
from django.utils import timezone

from core import audit
from core.models import AuditEntry, User

ACTION, JOB = "sign_in.lock", "axes"


def record_lock_out(sender, request: HttpRequest, username: str, ip_address: str, **kwargs) -> None:
    """Write down that a user name was locked for an address: once a lock, however often it is tried meanwhile.

    The subject is the person; where nobody has that name, the counted attempt, and what was typed is not kept
    (people type other things into that field). A receiver of axes' `user_locked_out`.
    """
    subject = (
        User.objects.filter(username=username).first()
        or AccessAttempt.objects.filter(username=username, ip_address=ip_address).order_by("-pk").first()
    )
    if subject is not None and not _is_recorded(subject, ip_address, request):
        audit.record(ACTION, subject, job=JOB, address=ip_address)


def _is_recorded(subject: User | AccessAttempt, ip_address: str, request: HttpRequest) -> bool:
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        action=ACTION,
        data__address=ip_address,
        at__gt=timezone.now() - get_cool_off(request),
    ).exists()
