"""Groups: made, led, joined, active; who is long silent is asked, and sleeps when no answer comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit, sms
from core.errors import DomainError
from core.jalali import TEHRAN, tehran_today
from core.models import User
from core.text import normalise
from provinces.models import County, Neighbourhood
from provinces.scoping import check_write
from provinces.selectors import find_neighbourhood
from volunteers import phrases
from volunteers.enums import Activity, GroupKind, GroupState, Section
from volunteers.models import GroupActivity, GroupMembership, Volunteer, VolunteerGroup
from volunteers.selectors import may_lead
from volunteers.services.access import locked_volunteer

SILENT_AFTER = timedelta(days=90)
SLEEPS_AFTER = timedelta(days=21)  # without an answer
AT_ONCE = 500
JOB = "groups"


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    name: str
    kind: GroupKind
    section: Section
    county: County
    neighbourhood_row: Neighbourhood | None = None
    neighbourhood: str = ""


@transaction.atomic
def create_group(facts: GroupFacts, *, actor: User) -> VolunteerGroup:
    """A group of a county; audited. A neighbourhood that is typed is looked for in the county's register first.

    DomainError: not_found (out of scope), group_name_required, group_exists, neighbourhood_elsewhere.
    """
    check_write(facts.county.province_id, facts.county.code)
    group = VolunteerGroup(province_id=facts.county.province_id, county=facts.county)
    _write(group, facts)
    _record("group.create", group, actor)
    return group


@transaction.atomic
def change_group(group_id: int, facts: GroupFacts, *, actor: User) -> VolunteerGroup:
    """Another name, kind, section or neighbourhood of a group; its county stays. Audited. Locks the group.

    DomainError: not_found, group_closed, and those of `create_group`.
    """
    group = locked_group(group_id)
    if group.state == GroupState.CLOSED:
        raise DomainError("group_closed")
    _write(group, facts)
    _record("group.change", group, actor)
    return group


def _write(group: VolunteerGroup, facts: GroupFacts) -> None:
    name, place = normalise(facts.name)[:100], facts.neighbourhood_row
    if not name:
        raise DomainError("group_name_required", field="name")
    if place is not None and place.county_id != group.county_id:
        raise DomainError("neighbourhood_elsewhere", field="neighbourhood_row")
    typed = normalise(facts.neighbourhood)[:80]
    place = place or find_neighbourhood(group.county_id, typed)
    group.name, group.kind, group.section = name, facts.kind, facts.section
    group.neighbourhood_row, group.neighbourhood = place, place.name if place else typed
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise DomainError("group_exists", field="name") from None


@transaction.atomic
def set_leader(group_id: int, *, volunteer_id: int, actor: User) -> VolunteerGroup:
    """Name the leader, who becomes a member; audited. DomainError: not_found, not_vetted, volunteer_elsewhere."""
    group, volunteer = locked_group(group_id), locked_volunteer(volunteer_id)
    if volunteer.vetting != "approved":
        raise DomainError("not_vetted", field="volunteer_id")
    _join(group, volunteer)
    group.leader = volunteer
    group.save(update_fields=["leader"])
    _record("group.set_leader", group, actor, volunteer=volunteer.pk)
    return group


@transaction.atomic
def add_member(group_id: int, *, volunteer_id: int, actor: User) -> GroupMembership:
    """Let somebody into a group; audited. Safe to repeat. DomainError: not_found, volunteer_elsewhere (another
    province), group_closed."""
    group, volunteer = locked_group(group_id), locked_volunteer(volunteer_id)
    if group.state == GroupState.CLOSED:
        raise DomainError("group_closed")
    membership = _join(group, volunteer)
    _record("group.add_member", group, actor, volunteer=volunteer.pk)
    return membership


@transaction.atomic
def end_membership(group_id: int, *, volunteer_id: int, actor: User) -> None:
    """Take somebody out of a group; audited. Safe to repeat. A leader who goes leaves the group without one."""
    group = locked_group(group_id)
    ended = GroupMembership.objects.filter(group=group, volunteer=volunteer_id, left_at=None)
    if ended.update(left_at=timezone.now()):
        _record("group.end_membership", group, actor, volunteer=volunteer_id)
    if group.leader_id == volunteer_id:
        group.leader = None
        group.save(update_fields=["leader"])


@transaction.atomic
def note_activity(
    group_id: int, *, on: date, what: str, actor: User | None = None, leader: Volunteer | None = None
) -> GroupActivity:
    """What a group did on a day, by staff or by its leader; it is awake by that. Audited.

    DomainError: not_found (also for somebody who does not lead it), activity_required, activity_to_come.
    """
    group = locked_group(group_id)
    if actor is None and not _leads(leader, group):
        raise DomainError("not_found", status=404)
    said = normalise(what)[:300]
    if not said:
        raise DomainError("activity_required", field="what")
    if on > tehran_today():
        raise DomainError("activity_to_come", field="on")
    activity = GroupActivity.objects.create(group=group, on=on, what=said, noted_by=actor)
    woken(group, datetime.combine(on, time(12), tzinfo=TEHRAN))
    _record("group.note_activity", group, actor, on=on.isoformat())
    return activity


@transaction.atomic
def close_group(
    group_id: int, *, actor: User | None = None, leader: Volunteer | None = None
) -> VolunteerGroup:
    """A group that ended; its members stay in the network. Audited. DomainError("not_found")."""
    group = locked_group(group_id)
    if actor is None and not _leads(leader, group):
        raise DomainError("not_found", status=404)
    group.state = GroupState.CLOSED
    group.save(update_fields=["state"])
    _record("group.close", group, actor)
    return group


def woken(group: VolunteerGroup, at: datetime) -> None:
    """Write down, on a locked group, that it did something then."""
    group.last_active_at = max(group.last_active_at, at)
    if group.state in (GroupState.ASKED, GroupState.ASLEEP):
        group.state, group.asked_at = GroupState.ACTIVE, None
    group.save(update_fields=["last_active_at", "state", "asked_at"])


def ask_silent_groups(now: datetime | None = None) -> dict[str, int]:
    """Ask the leaders of groups that did nothing for SILENT_AFTER; who did not answer within SLEEPS_AFTER is asleep,
    and so is a silent group without a leader. Repeatable, in parts of AT_ONCE; gives how many of each.
    """
    now = now or timezone.now()
    told = {"asked": 0, "asleep": 0}
    with transaction.atomic():
        silent = VolunteerGroup.objects.filter(
            state=GroupState.ACTIVE, last_active_at__lt=now - SILENT_AFTER
        ) | VolunteerGroup.objects.filter(state=GroupState.ASKED, asked_at__lt=now - SLEEPS_AFTER)
        rows = silent.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE]
        for group in rows.select_related("leader"):
            may_ask = group.leader is not None and group.leader.activity == Activity.ACTIVE
            if group.state == GroupState.ACTIVE and may_ask:
                group.state, group.asked_at = GroupState.ASKED, now
                text = phrases.ASK_GROUP_SMS.format(group=group.name)
                sms.queue(group.leader.mobile, text, purpose="volunteer_group")
                told["asked"] += 1
            else:
                group.state = GroupState.ASLEEP
                told["asleep"] += 1
            group.save(update_fields=["state", "asked_at"])
    return told


def locked_group(group_id: int) -> VolunteerGroup:
    """A group of the scope, locked. DomainError("not_found")."""
    group = VolunteerGroup.objects.select_for_update(of=("self",)).filter(pk=group_id).first()
    if group is None:
        raise DomainError("not_found", status=404)
    check_write(group.province_id, group.county_id)
    return group


def _leads(volunteer: Volunteer | None, group: VolunteerGroup) -> bool:
    return volunteer is not None and group.leader_id == volunteer.pk and may_lead(volunteer)


def _join(group: VolunteerGroup, volunteer: Volunteer) -> GroupMembership:
    if volunteer.province_id != group.province_id or volunteer.activity == Activity.LEFT:
        raise DomainError("volunteer_elsewhere", field="volunteer_id")
    membership, _ = GroupMembership.objects.get_or_create(group=group, volunteer=volunteer, left_at=None)
    return membership


def _record(action: str, group: VolunteerGroup, actor: User | None, **data: object) -> None:
    audit.record(
        action, group, actor=actor, job="" if actor else JOB, province_code=group.province_id, **data
    )
