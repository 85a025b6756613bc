"""Work that was given out and changes: who comes is told, and who was asked and agreed to be written to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core import audit, sms
from core.errors import DomainError
from core.jalali import format_datetime
from core.models import User
from volunteers import phrases
from volunteers.enums import AssignmentState, ConsentKind, OpportunityState
from volunteers.models import Assignment, Consent, Opportunity, Shift
from volunteers.services.opportunities import (
    OpportunityFacts,
    check_times,
    columns_of,
    locked_opportunity,
    locked_shift,
)
from volunteers.services.places import own_url

_WHERE = {"county", "place", "is_remote"}


@transaction.atomic
def change_opportunity(opportunity_id: int, facts: OpportunityFacts, *, actor: User) -> Opportunity:
    """Write an opportunity anew, in its own province; audited with the names of what changed, and with how many were
    told that its place is another. Whoever is asked to a shift to come, or comes to one, is. Safe to repeat: what is
    the same changes nothing and tells nobody. Locks the opportunity.

    DomainError: not_found, opportunity_not_open (cancelled), province_is_kept, meets_clients_is_kept (somebody was
    asked already), and those of `create_opportunity`.
    """
    row = locked_opportunity(opportunity_id)
    if row.state == OpportunityState.CANCELLED:
        raise DomainError("opportunity_not_open")
    if facts.province.code != row.province_id:
        raise DomainError("province_is_kept", field="province")
    columns = columns_of(facts)
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    if not changed:
        return row
    if "meets_clients" in changed and Assignment.objects.filter(shift__opportunity=row).exists():
        raise DomainError("meets_clients_is_kept", field="meets_clients")
    for name in changed:
        setattr(row, name, columns[name])
    try:
        with transaction.atomic():
            row.save(update_fields=changed)
    except IntegrityError:  # somebody was asked meanwhile
        raise DomainError("meets_clients_is_kept", field="meets_clients") from None
    told = 0
    if _WHERE & set(changed):
        to_come = list(Shift.objects.filter(opportunity=row, starts_at__gt=timezone.now()))
        told = _tell(to_come, lambda shift: _moved(row, shift))
    audit.record(
        "opportunity.change", row, actor=actor, province_code=row.province_id, changes=changed, told=told
    )
    return row


@transaction.atomic
def change_shift(
    shift_id: int, *, starts_at: datetime, ends_at: datetime, capacity: int, actor: User
) -> Shift:
    """Another time or other places for a shift that has not begun; never fewer places than are taken. Audited, with
    how many were told of another time; they are reminded anew. To the minute: what is the same changes nothing and
    tells nobody. Locks the shift.

    DomainError: not_found, opportunity_not_open (cancelled), shift_has_begun, bad_times, time_has_passed,
    bad_capacity, places_taken.
    """
    shift = locked_shift(shift_id)
    opportunity = shift.opportunity
    if opportunity.state == OpportunityState.CANCELLED:
        raise DomainError("opportunity_not_open")
    if shift.starts_at <= timezone.now():
        raise DomainError("shift_has_begun")
    check_times(starts_at, ends_at, capacity)
    if capacity < shift.taken:
        raise DomainError("places_taken", field="capacity")
    before = shift.starts_at
    is_other_time = (_minute(shift.starts_at), _minute(shift.ends_at)) != (
        _minute(starts_at),
        _minute(ends_at),
    )
    if is_other_time and starts_at <= timezone.now():
        raise DomainError("time_has_passed", field="day")
    if not is_other_time and capacity == shift.capacity:
        return shift
    if is_other_time:
        shift.starts_at, shift.ends_at = starts_at, ends_at
    shift.capacity = capacity
    shift.save(update_fields=["starts_at", "ends_at", "capacity"])
    told = 0
    if is_other_time:
        Assignment.objects.filter(shift=shift).update(reminded_at=None)
        told = _tell([shift], lambda row: _retimed(opportunity, row, before))
    audit.record(
        "shift.change",
        shift,
        actor=actor,
        province_code=opportunity.province_id,
        capacity=capacity,
        is_other_time=is_other_time,
        told=told,
    )
    return shift


def _tell(shifts: list[Shift], text_of: Callable[[Shift], str]) -> int:
    texts = {shift.pk: text_of(shift) for shift in shifts}
    agrees = Consent.objects.filter(
        volunteer=OuterRef("volunteer"), kind=ConsentKind.CONTACT, withdrawn_at=None
    )
    coming = Assignment.objects.filter(
        Q(state=AssignmentState.SIGNED_UP) | Q(Exists(agrees), state=AssignmentState.INVITED),
        shift__in=texts,
        volunteer__isnull=False,
    )
    rows = coming.select_related("volunteer").order_by("shift_id", "pk")
    return sms.queue_many(
        ((row.volunteer.mobile, texts[row.shift_id]) for row in rows), purpose="volunteer_shift"
    )


def _moved(opportunity: Opportunity, shift: Shift) -> str:
    county = opportunity.county.name if opportunity.county else ""
    return phrases.MOVED_SMS.format(
        title=opportunity.title,
        when=format_datetime(shift.starts_at),
        place="، ".join(filter(None, (county, opportunity.place))),
        url=own_url(shift.pk),
    )


def _retimed(opportunity: Opportunity, shift: Shift, before: datetime) -> str:
    return phrases.RETIMED_SMS.format(
        title=opportunity.title,
        before=format_datetime(before),
        when=format_datetime(shift.starts_at),
        url=own_url(shift.pk),
    )


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
