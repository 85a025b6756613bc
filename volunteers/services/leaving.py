"""Leaving the network."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import audit
from volunteers.models import JoinDraft, Volunteer

JOB = "own_page"
KEEP_DRAFTS_DAYS = 60


def forget_volunteer(mobile_hash: str) -> bool:
    """Drop what is kept of the volunteer with this number, what they had begun to fill in too; whether there was
    one. Repeatable. Locks the row."""
    with transaction.atomic():
        JoinDraft.objects.filter(mobile_hash=mobile_hash).delete()
        volunteer = Volunteer.objects.select_for_update().filter(mobile_hash=mobile_hash).first()
        if volunteer is None:
            return False
        audit.record("volunteer.forget", volunteer, job=JOB, province_code=volunteer.province_id)
        volunteer.delete()
        return True


def forget_drafts() -> int:
    """Drop what nobody went on with for KEEP_DRAFTS_DAYS; gives how many."""
    before = timezone.now() - timedelta(days=KEEP_DRAFTS_DAYS)
    deleted, _ = JoinDraft.objects.filter(updated_at__lt=before).delete()
    return deleted
