"""Pausing, leaving the network, and being forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import audit
from volunteers.enums import Activity, AssignmentState
from volunteers.models import Assignment, GroupMembership, JoinDraft, RegistryLine, Volunteer
from volunteers.services.documents import drop_files_of
from volunteers.services.guardians import forget_guardian

JOB = "own_page"
KEEP_DRAFTS_DAYS = 60
_COMING = (AssignmentState.INVITED, AssignmentState.SIGNED_UP)


def forget_volunteer(mobile_hash: str) -> bool:
    """Drop what is kept of the volunteer with this number, what they had begun to fill in too, and the number where
    somebody under age named it as their guardian's; whether there was a volunteer. Their papers, messages and
    certificates go; confirmed hours stay without a person. Repeatable. Locks the rows."""
    with transaction.atomic():
        forget_guardian(mobile_hash)
        JoinDraft.objects.filter(mobile_hash=mobile_hash).delete()
        volunteer = Volunteer.objects.select_for_update().filter(mobile_hash=mobile_hash).first()
        if volunteer is None:
            RegistryLine.objects.filter(mobile_hash=mobile_hash).delete()
            return False
        audit.record("volunteer.forget", volunteer, job=JOB, province_code=volunteer.province_id)
        _free_places(volunteer)
        Assignment.objects.filter(volunteer=volunteer).exclude(feedback="").update(feedback="")
        same = Q(mobile_hash=mobile_hash)
        if volunteer.national_id_hash:
            same |= Q(national_id_hash=volunteer.national_id_hash)
        RegistryLine.objects.filter(same).delete()
        drop_files_of(volunteer)
        volunteer.delete()
        return True


def set_activity(mobile_hash: str, activity: Activity) -> None:
    """Pause (nobody is invited meanwhile), come back, or leave: places and groups are given up, the row stays until its
    owner asks to be forgotten. Repeatable; audited. Locks the row; without one nothing happens."""
    with transaction.atomic():
        volunteer = Volunteer.objects.select_for_update().filter(mobile_hash=mobile_hash).first()
        if volunteer is None or volunteer.activity == activity:
            return
        if activity == Activity.LEFT:
            _free_places(volunteer)
            GroupMembership.objects.filter(volunteer=volunteer, left_at=None).update(left_at=timezone.now())
            volunteer.led_groups.update(leader=None)
        volunteer.activity = activity
        volunteer.save(update_fields=["activity"])
        audit.record(
            "volunteer.set_activity",
            volunteer,
            job=JOB,
            province_code=volunteer.province_id,
            activity=activity,
        )


def _free_places(volunteer: Volunteer) -> None:
    coming = Assignment.objects.filter(volunteer=volunteer, state__in=_COMING)
    ids = list(coming.order_by("shift_id").values_list("pk", flat=True))
    Assignment.objects.filter(pk__in=ids).update(state=AssignmentState.CANCELLED, answered_at=timezone.now())


def forget_drafts() -> int:
    """Drop what nobody went on with for KEEP_DRAFTS_DAYS; gives how many."""
    before = timezone.now() - timedelta(days=KEEP_DRAFTS_DAYS)
    deleted, _ = JoinDraft.objects.filter(updated_at__lt=before).delete()
    return deleted
