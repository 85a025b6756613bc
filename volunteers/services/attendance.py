"""Who came, and for how long: said by the leader of a shift or by staff, never by the person alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.models import User
from volunteers.enums import AssignmentState, ConfirmedHow
from volunteers.models import Assignment, Shift, Volunteer, VolunteerGroup
from volunteers.selectors import may_lead
from volunteers.services.groups import woken
from volunteers.services.opportunities import locked_shift
from volunteers.states import may_move

OVERTIME_MINUTES = 180
EARLY_MINUTES = 60  # the door opens before the shift begins


@dataclass(frozen=True)
class Seen:
    """What is said of one place: came or not, and the minutes (0 of who did not come; None: not yet)."""

    assignment_id: int
    came: bool
    minutes: int | None = None


def leads(volunteer: Volunteer | None, shift: Shift) -> bool:
    """Whether a volunteer may say who came: the leader of the shift, or of the group that does the work. Nobody who is
    no longer vetted or has left."""
    if volunteer is None or not may_lead(volunteer):
        return False
    group = shift.opportunity.group
    return volunteer.pk in (shift.leader_id, group.leader_id if group else None)


@transaction.atomic
def check_in(code: str, *, actor: User | None = None, leader: Volunteer | None = None) -> bool:
    """Let somebody in by the code of their place, as staff or as the shift's leader; audited. False when they are in
    already. DomainError: not_found, not_the_leader, shift_to_come, cannot_move."""
    place = Assignment.objects.filter(code=code).first()
    if place is None:
        raise DomainError("not_found", status=404)
    shift = shift_of(place.shift_id, actor, leader)
    place = Assignment.objects.select_for_update().get(pk=place.pk)
    if place.state == AssignmentState.PRESENT:
        return False
    if shift.starts_at > timezone.now() + timedelta(minutes=EARLY_MINUTES):
        raise DomainError("shift_to_come", status=409)
    if not may_move(place.state, AssignmentState.PRESENT):
        raise DomainError("cannot_move", status=409)
    place.state, place.came_at = AssignmentState.PRESENT, timezone.now()
    place.save(update_fields=["state", "came_at"])
    _record("shift.check_in", shift, actor, place=place.pk)
    return True


@transaction.atomic
def confirm(
    shift_id: int, seen: Iterable[Seen], *, actor: User | None = None, leader: Volunteer | None = None
) -> int:
    """Say who came and for how long, after a shift has begun; audited. Safe to repeat and to correct. The group that
    did the work is awake by it. Gives how many hours were confirmed.

    DomainError: not_found, not_the_leader, shift_to_come, own_hours (a leader's own are confirmed by staff),
    bad_minutes, cannot_move.
    """
    shift = shift_of(shift_id, actor, leader)
    if shift.starts_at > timezone.now():
        raise DomainError("shift_to_come", status=409)
    rows = {row.pk: row for row in Assignment.objects.select_for_update().filter(shift=shift).order_by("pk")}
    confirmed = 0
    for one in seen:
        place = rows.get(one.assignment_id)
        if place is None:
            raise DomainError("not_found", status=404)
        if leader is not None and place.volunteer_id == leader.pk:
            raise DomainError("own_hours", status=409)
        confirmed += _say(place, one, shift, actor, leader)
    if confirmed and shift.opportunity.group_id:
        group = VolunteerGroup.objects.select_for_update().get(pk=shift.opportunity.group_id)
        woken(group, shift.ends_at)
    _record("shift.confirm", shift, actor, confirmed=confirmed)
    return confirmed


def _say(place: Assignment, one: Seen, shift: Shift, actor: User | None, leader: Volunteer | None) -> int:
    wanted = AssignmentState.PRESENT if one.came else AssignmentState.ABSENT
    if place.state != wanted and not may_move(place.state, wanted):
        raise DomainError("cannot_move", status=409)
    longest = (shift.ends_at - shift.starts_at).total_seconds() // 60 + OVERTIME_MINUTES
    if one.came and one.minutes is not None and not 0 < one.minutes <= longest:
        raise DomainError("bad_minutes")
    changed = [
        "came_at",
        "confirmed_minutes",
        "confirmed_at",
        "confirmed_how",
        "confirmed_by",
        "confirmed_by_leader",
    ]
    if place.state != wanted:
        place.state = wanted
        changed.append("state")
    place.came_at = (place.came_at or timezone.now()) if one.came else None
    is_confirmed = one.came and one.minutes is not None
    place.confirmed_minutes = one.minutes if is_confirmed else None
    place.confirmed_at = timezone.now() if is_confirmed else None
    how = ConfirmedHow.STAFF if actor else ConfirmedHow.LEADER
    place.confirmed_how = how if is_confirmed else ""
    place.confirmed_by = actor if is_confirmed else None
    place.confirmed_by_leader = leader if is_confirmed and not actor else None
    place.save(update_fields=changed)
    return int(is_confirmed)


def shift_of(shift_id: int, actor: User | None, leader: Volunteer | None) -> Shift:
    """The shift, locked, for staff of its place or for who leads it. DomainError: not_found, not_the_leader (403)."""
    shift = locked_shift(shift_id)
    if actor is None and not leads(leader, shift):
        raise DomainError("not_the_leader", status=403)
    return shift


def _record(action: str, shift: Shift, actor: User | None, **data: object) -> None:
    audit.record(
        action,
        shift,
        actor=actor,
        job="" if actor else "shift_leader",
        province_code=shift.opportunity.province_id,
        **data,
    )
