"""What volunteers are wanted for, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.models import Branch, Event
from core import audit, sms
from core.errors import DomainError
from core.jalali import format_datetime
from core.models import User
from core.text import normalise, normalise_lines
from provinces.models import County, Province
from provinces.scoping import check_write
from volunteers import phrases
from volunteers.enums import AssignmentState, OpportunityState, Purpose, Section, Vetting
from volunteers.models import Assignment, Opportunity, Shift, Surge, Volunteer, VolunteerGroup
from volunteers.skills import all_skills

MOST_PLACES = 20_000


@dataclass(frozen=True, kw_only=True)
class OpportunityFacts:
    """What is written of an opportunity. One of `event`, `branch` and `surge` at most; none: the office's own need."""

    title: str
    province: Province
    place: str
    section: Section
    county: County | None = None
    story: str = ""
    skills: list[str] = field(default_factory=list)
    event: Event | None = None
    branch: Branch | None = None
    surge: Surge | None = None
    group: VolunteerGroup | None = None
    meets_clients: bool = True
    is_remote: bool = False
    is_public: bool = True


@transaction.atomic
def create_opportunity(facts: OpportunityFacts, *, actor: User) -> Opportunity:
    """An open opportunity without shifts yet; audited.

    DomainError: not_found (out of scope), work_title_required, place_required, unknown_county, unknown_skill,
    one_purpose_only, purpose_elsewhere (an event, campaign, call or group of another province).
    """
    opportunity = Opportunity.objects.create(province=facts.province, made_by=actor, **columns_of(facts))
    _record("opportunity.create", opportunity, actor, purpose=opportunity.purpose)
    return opportunity


@transaction.atomic
def add_shift(
    opportunity_id: int, *, starts_at: datetime, ends_at: datetime, capacity: int, actor: User
) -> Shift:
    """A time for so many; audited. DomainError: not_found, opportunity_not_open, bad_times, time_has_passed,
    bad_capacity."""
    opportunity = locked_opportunity(opportunity_id)
    if opportunity.state != OpportunityState.OPEN:
        raise DomainError("opportunity_not_open")
    check_times(starts_at, ends_at, capacity)
    shift = Shift.objects.create(
        opportunity=opportunity, starts_at=starts_at, ends_at=ends_at, capacity=capacity
    )
    _record("shift.add", opportunity, actor, shift=shift.pk, capacity=capacity)
    return shift


@transaction.atomic
def lead_shift(shift_id: int, *, volunteer_id: int, actor: User) -> Shift:
    """Name the volunteer who leads a shift; audited. DomainError: not_found, not_vetted."""
    shift = locked_shift(shift_id)
    leader = Volunteer.objects.filter(pk=volunteer_id).first()
    if leader is None:
        raise DomainError("not_found", status=404)
    if leader.vetting != Vetting.APPROVED:
        raise DomainError("not_vetted", field="volunteer_id")
    shift.leader = leader
    shift.save(update_fields=["leader"])
    _record("shift.lead", shift.opportunity, actor, shift=shift.pk, volunteer=leader.pk)
    return shift


@transaction.atomic
def end_opportunity(
    opportunity_id: int, *, state: OpportunityState, reason: str = "", actor: User
) -> Opportunity:
    """Close it (nobody signs up any more) or cancel it: who was coming is told and free. Audited.

    DomainError: not_found, opportunity_not_open, reason_too_short (of a cancellation).
    """
    opportunity = locked_opportunity(opportunity_id)
    if opportunity.state == OpportunityState.CANCELLED or opportunity.state == state:
        raise DomainError("opportunity_not_open")
    why = normalise(reason)[:300]
    if state == OpportunityState.CANCELLED:
        if not why:
            raise DomainError("reason_too_short", field="reason")
        _free_all(opportunity, why)
    opportunity.state = state
    opportunity.save(update_fields=["state"])
    audit.record(
        f"opportunity.{state}", opportunity, actor=actor, province_code=opportunity.province_id, reason=why
    )
    return opportunity


def columns_of(facts: OpportunityFacts) -> dict[str, Any]:
    """What is written of an opportunity, checked and cleaned, without its province. DomainError as
    `create_opportunity`."""
    check_write(facts.province.code, facts.county.code if facts.county else None)
    if facts.county is not None and facts.county.province_id != facts.province.code:
        raise DomainError("unknown_county", field="county")
    title, place = normalise(facts.title)[:120], normalise(facts.place)[:200]
    if not title:
        raise DomainError("work_title_required", field="title")
    if not place:
        raise DomainError("place_required", field="place")
    if set(facts.skills) - set(all_skills()):
        raise DomainError("unknown_skill", field="skills")
    return {
        "title": title,
        "story": normalise_lines(facts.story)[:2000],
        "purpose": _purpose(facts),
        "event": facts.event,
        "branch": facts.branch,
        "surge": facts.surge,
        "group": facts.group,
        "county": facts.county,
        "place": place,
        "section": facts.section,
        "skills": list(facts.skills),
        "meets_clients": facts.meets_clients,
        "is_remote": facts.is_remote,
        "is_public": facts.is_public,
    }


def check_times(starts_at: datetime, ends_at: datetime, capacity: int) -> None:
    """DomainError: bad_times, time_has_passed, bad_capacity."""
    if ends_at <= starts_at:
        raise DomainError("bad_times", field="until")
    if ends_at <= timezone.now():
        raise DomainError("time_has_passed", field="day")
    if not 0 < capacity <= MOST_PLACES:
        raise DomainError("bad_capacity", field="capacity")


def locked_opportunity(opportunity_id: int) -> Opportunity:
    """An opportunity of the scope, locked. DomainError("not_found")."""
    row = Opportunity.objects.select_for_update(of=("self",)).filter(pk=opportunity_id).first()
    if row is None:
        raise DomainError("not_found", status=404)
    check_write(row.province_id, row.county_id)
    return row


def locked_shift(shift_id: int) -> Shift:
    """A shift of the scope with its opportunity, locked. DomainError("not_found")."""
    rows = Shift.objects.select_for_update(of=("self",)).select_related("opportunity__group")
    shift = rows.filter(pk=shift_id).first()
    if shift is None:
        raise DomainError("not_found", status=404)
    check_write(shift.opportunity.province_id, shift.opportunity.county_id)
    return shift


def _purpose(facts: OpportunityFacts) -> Purpose:
    chosen = {Purpose.EVENT: facts.event, Purpose.CAMPAIGN: facts.branch, Purpose.CRISIS: facts.surge}
    named = [purpose for purpose, row in chosen.items() if row is not None]
    if len(named) > 1:
        raise DomainError("one_purpose_only", field="event")
    for row in (*chosen.values(), facts.group):
        if row is not None and row.province_id not in (None, facts.province.code):
            raise DomainError("purpose_elsewhere", field="province")
    return named[0] if named else Purpose.OFFICE


def _free_all(opportunity: Opportunity, why: str) -> None:
    coming = Assignment.objects.filter(
        shift__opportunity=opportunity,
        shift__ends_at__gt=timezone.now(),
        state__in=(AssignmentState.INVITED, AssignmentState.SIGNED_UP),
    ).select_related("volunteer", "shift")
    rows = list(coming.order_by("shift_id", "pk"))
    sms.queue_many(
        (
            (
                row.volunteer.mobile,
                phrases.CANCELLED_SMS.format(
                    title=opportunity.title, when=format_datetime(row.shift.starts_at), reason=why
                ),
            )
            for row in rows
            if row.volunteer and row.state == AssignmentState.SIGNED_UP
        ),
        purpose="volunteer_shift",
    )
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=AssignmentState.CANCELLED, answered_at=timezone.now()
    )


def _record(action: str, opportunity: Opportunity, actor: User, **data: object) -> None:
    audit.record(action, opportunity, actor=actor, province_code=opportunity.province_id, **data)
