"""Leaving the network."""

from __future__ import annotations

from django.db import transaction

from core import audit
from volunteers.models import Volunteer

JOB = "own_page"


def forget_volunteer(mobile_hash: str) -> bool:
    """Drop what is kept of the volunteer with this number; whether there was one. Repeatable. Locks the row."""
    with transaction.atomic():
        volunteer = Volunteer.objects.select_for_update().filter(mobile_hash=mobile_hash).first()
        if volunteer is None:
            return False
        audit.record("volunteer.forget", volunteer, job=JOB, province_code=volunteer.province_id)
        volunteer.delete()
        return True
