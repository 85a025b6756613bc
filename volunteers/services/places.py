"""Places at shifts: invited, taken, given back; who came, for how long, and what they say of it.

Locks are taken in one order: the volunteer, then the shift. A place too many is refused here and by the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, sms
from core.codes import new_verification_code
from core.errors import DomainError
from core.jalali import format_datetime
from core.models import User
from core.text import normalise
from volunteers import phrases
from volunteers.enums import (
    Activity,
    AssignmentState,
    ConsentKind,
    GuardianState,
    OpportunityState,
    Vetting,
)
from volunteers.models import Assignment, Shift, Volunteer
from volunteers.selectors import volunteer_of
from volunteers.services.opportunities import locked_shift
from volunteers.states import TAKES_A_PLACE, may_move

REMIND_BEFORE = timedelta(hours=24)
MOST_INVITED = 500  # at once
AT_ONCE = 500
JOB = "own_page"
UNGUARDED = (GuardianState.WAITING, GuardianState.REFUSED)


@transaction.atomic
def invite(shift_id: int, volunteer_ids: Iterable[int], *, actor: User) -> int:
    """Ask volunteers to a shift, by SMS to those who agreed to that; audited. Safe to repeat: nobody is asked twice.
    Who is not vetted, paused, not in the network any more or waits for a guardian is left out. Gives how many were
    asked.

    DomainError: not_found, opportunity_not_open, shift_has_begun, too_many_invited.
    """
    ids = list(dict.fromkeys(volunteer_ids))
    if len(ids) > MOST_INVITED:
        raise DomainError("too_many_invited")
    rows = Volunteer.objects.select_for_update(of=("self",)).filter(pk__in=ids, activity=Activity.ACTIVE)
    fit = list(rows.exclude(guardian_state__in=UNGUARDED).order_by("pk"))
    shift = _open_shift(shift_id)
    if shift.opportunity.meets_clients:
        fit = [v for v in fit if v.vetting == Vetting.APPROVED]
    known = set(Assignment.objects.filter(shift=shift, volunteer__in=fit).values_list("volunteer", flat=True))
    asked = [v for v in fit if v.pk not in known]
    may_write = set(
        Volunteer.objects.filter(
            pk__in=[v.pk for v in asked], consents__kind=ConsentKind.CONTACT, consents__withdrawn_at=None
        ).values_list("pk", flat=True)
    )
    now = timezone.now()
    Assignment.objects.bulk_create(
        [
            Assignment(
                shift=shift,
                volunteer=v,
                state=AssignmentState.INVITED,
                code=new_verification_code(),
                invited_at=now,
                invited_by=actor,
            )
            for v in asked
        ]
    )
    text = phrases.INVITE_SMS.format(
        title=shift.opportunity.title, when=format_datetime(shift.starts_at), url=own_url(shift.pk)
    )
    sms.queue_many(
        ((volunteer.mobile, text) for volunteer in asked if volunteer.pk in may_write),
        purpose="volunteer_invitation",
    )
    if asked:
        audit.record(
            "shift.invite",
            shift,
            actor=actor,
            province_code=shift.opportunity.province_id,
            invited=len(asked),
        )
    return len(asked)


@transaction.atomic
def sign_up(shift_id: int, *, mobile_hash: str) -> Assignment:
    """Take a place for whoever proved this number; safe to repeat. Locks the volunteer and the shift.

    DomainError: not_found, not_a_volunteer, is_paused, guardian_missing, not_vetted, opportunity_not_open,
    shift_has_begun, shift_is_full, other_shift_then.
    """
    volunteer = _own_row(mobile_hash)
    shift = _open_shift(shift_id)
    if volunteer.activity != Activity.ACTIVE:
        raise DomainError("is_paused", status=409)
    if volunteer.guardian_state in UNGUARDED:
        raise DomainError("guardian_missing", status=409)
    if shift.opportunity.meets_clients and volunteer.vetting != Vetting.APPROVED:
        raise DomainError("not_vetted", status=409)
    if volunteer.vetting == Vetting.REFUSED:
        raise DomainError("not_vetted", status=409)
    found = Assignment.objects.filter(shift=shift, volunteer=volunteer).first()
    if found is not None and found.state in TAKES_A_PLACE:
        return found
    if _is_busy(volunteer, shift):
        raise DomainError("other_shift_then", status=409)
    if shift.taken >= shift.capacity:
        raise DomainError("shift_is_full", status=409)
    place = found or Assignment(shift=shift, volunteer=volunteer, code=new_verification_code())
    place.state, place.answered_at = AssignmentState.SIGNED_UP, timezone.now()
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        full = "shift_never_overbooked" in str(error)
        raise DomainError("shift_is_full" if full else "not_vetted", status=409) from None
    _record("shift.sign_up", place)
    return place


@transaction.atomic
def answer(shift_id: int, *, mobile_hash: str, state: AssignmentState) -> Assignment:
    """Decline an invitation or give a place back; safe to repeat. DomainError: not_found, shift_has_begun,
    cannot_move."""
    volunteer = _own_row(mobile_hash)
    shift = locked_shift(shift_id)
    place = Assignment.objects.filter(shift=shift, volunteer=volunteer).first()
    if place is None:
        raise DomainError("not_found", status=404)
    if place.state == state:
        return place
    if shift.starts_at <= timezone.now():
        raise DomainError("shift_has_begun", status=409)
    if not may_move(place.state, state):
        raise DomainError("cannot_move", status=409)
    place.state, place.answered_at = state, timezone.now()
    place.save(update_fields=["state", "answered_at"])
    _record(f"shift.{state}", place)
    return place


def remind(now: datetime | None = None) -> int:
    """Remind those who come to a shift within REMIND_BEFORE, once each; in parts of AT_ONCE. Gives how many."""
    now = now or timezone.now()
    with transaction.atomic():
        coming = Assignment.objects.select_for_update(of=("self",), skip_locked=True).filter(
            state=AssignmentState.SIGNED_UP,
            reminded_at=None,
            volunteer__isnull=False,
            shift__starts_at__gt=now,
            shift__starts_at__lte=now + REMIND_BEFORE,
        )
        rows = list(coming.select_related("volunteer", "shift__opportunity").order_by("pk")[:AT_ONCE])
        sms.queue_many(((row.volunteer.mobile, _reminder(row)) for row in rows), purpose="volunteer_reminder")
        Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    return len(rows)


@transaction.atomic
def give_feedback(
    shift_id: int, *, mobile_hash: str, rating: int, words: str, minutes: int | None
) -> Assignment:
    """What a volunteer says after a shift, and how long they say it took: a hint for whoever confirms, never hours by
    itself. DomainError: not_found, shift_to_come."""
    volunteer = _own_row(mobile_hash)
    place = (
        Assignment.objects.select_for_update(of=("self",)).filter(shift=shift_id, volunteer=volunteer).first()
    )
    if place is None or place.state not in TAKES_A_PLACE:
        raise DomainError("not_found", status=404)
    if place.shift.starts_at > timezone.now():
        raise DomainError("shift_to_come", status=409)
    place.rating, place.feedback = rating, normalise(words)[:500]
    place.said_minutes = minutes if place.confirmed_minutes is None else place.said_minutes
    place.save(update_fields=["rating", "feedback", "said_minutes"])
    return place


def _open_shift(shift_id: int) -> Shift:
    shift = locked_shift(shift_id)
    if shift.opportunity.state != OpportunityState.OPEN:
        raise DomainError("opportunity_not_open", status=409)
    if shift.starts_at <= timezone.now():
        raise DomainError("shift_has_begun", status=409)
    return shift


def _own_row(mobile_hash: str) -> Volunteer:
    found = volunteer_of(mobile_hash)
    if found is None:
        raise DomainError("not_a_volunteer", status=409)
    return Volunteer.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _is_busy(volunteer: Volunteer, shift: Shift) -> bool:
    return (
        Assignment.objects.filter(
            volunteer=volunteer,
            state=AssignmentState.SIGNED_UP,
            shift__starts_at__lt=shift.ends_at,
            shift__ends_at__gt=shift.starts_at,
        )
        .exclude(shift=shift)
        .exists()
    )


def _reminder(place: Assignment) -> str:
    return phrases.REMIND_SMS.format(
        title=place.shift.opportunity.title,
        when=format_datetime(place.shift.starts_at),
        place=place.shift.opportunity.place,
        url=own_url(place.shift_id),
    )


def own_url(shift_id: int) -> str:
    """Where a volunteer sees this shift and answers."""
    return settings.PORTAL_BASE_URL + reverse("me-shift", args=[shift_id])


def _record(action: str, place: Assignment) -> None:
    opportunity = place.shift.opportunity
    audit.record(action, place, job=JOB, province_code=opportunity.province_id, shift=place.shift_id)
