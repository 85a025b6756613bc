"""Certificates of confirmed hours."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Max, Min, Sum
from django.utils import timezone

from core import audit
from core.codes import new_verification_code
from core.crypto import keyed_hash
from core.errors import DomainError
from core.jalali import tehran_day
from core.text import search_key
from volunteers.enums import AssignmentState
from volunteers.models import Assignment, Certificate, Volunteer

JOB = "own_page"


@transaction.atomic
def issue_certificate(volunteer_id: int, *, opportunity_id: int) -> Certificate:
    """The certificate of somebody's confirmed hours at an opportunity. The same hours give the same certificate; more
    (or fewer) hours give a new one, and the former says that it was replaced. Locks the volunteer.

    DomainError: not_found, no_confirmed_hours.
    """
    volunteer = Volunteer.objects.select_for_update(of=("self",)).filter(pk=volunteer_id).first()
    if volunteer is None:
        raise DomainError("not_found", status=404)
    done = Assignment.objects.filter(
        volunteer=volunteer,
        shift__opportunity=opportunity_id,
        state=AssignmentState.PRESENT,
        confirmed_minutes__gt=0,
    ).aggregate(
        minutes=Sum("confirmed_minutes"),
        shifts=Count("pk"),
        first=Min("shift__starts_at"),
        last=Max("shift__starts_at"),
    )
    if not done["minutes"]:
        raise DomainError("no_confirmed_hours", status=409)
    facts = {
        "minutes": done["minutes"],
        "shifts": done["shifts"],
        "first_on": tehran_day(done["first"]),
        "last_on": tehran_day(done["last"]),
        "name_hash": name_hash(volunteer.name),
    }
    valid = Certificate.objects.filter(volunteer=volunteer, opportunity=opportunity_id, replaced_at=None)
    known = valid.first()
    if known is not None and all(getattr(known, name) == value for name, value in facts.items()):
        return known
    valid.update(replaced_at=timezone.now())
    made = Certificate.objects.create(
        volunteer=volunteer, opportunity_id=opportunity_id, code=new_verification_code(), **facts
    )
    audit.record("certificate.issue", made, job=JOB, province_code=made.opportunity.province_id)
    return made


def name_hash(name: str) -> str:
    """By which a name on paper is compared without being kept."""
    return keyed_hash(search_key(name), "certificate_name")
