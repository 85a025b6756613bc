"""Events, planned, announced, held and reported by an office; their needs and costs. Guests: `services.guests`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from campaigns.enums import CostSource, EventKind, EventState, PlacementKind
from campaigns.event_states import move
from campaigns.models import Event, EventCost, EventNeed, Fund, Need
from campaigns.services.placements import create_placement
from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise, normalise_lines
from provinces.models import County, Province
from provinces.scoping import check_write

MOST_GUESTS = 20_000


@dataclass(frozen=True)
class EventFacts:
    """What is written of an event before it is held."""

    title: str
    address: str
    starts_at: datetime
    capacity: int
    fund: Fund
    story: str = ""


@transaction.atomic
def create_event(
    kind: EventKind,
    facts: EventFacts,
    *,
    province: Province,
    county: County | None = None,
    needs: Iterable[Need] = (),
    actor: User,
) -> Event:
    """A planned event with a printed code of its own; audited.

    DomainError: not_found (out of scope), unknown_county, title_required, place_required, bad_capacity, need_elsewhere.
    """
    checked = _checked(facts)
    placement = create_placement(
        kind=PlacementKind.EVENT,
        title=checked.title,
        province=province,
        county=county,
        fund=facts.fund,
        actor=actor,
    )
    event = Event.objects.create(
        kind=kind,
        slug=f"{kind.replace('_', '-')}-{placement.code.lower()}",
        province=province,
        county=county,
        placement=placement,
        made_by=actor,
        **_fields(checked),
    )
    _choose_needs(event, needs)
    _record("event.plan", event, actor, kind=str(kind))
    return event


@transaction.atomic
def change_event(event_id: int, facts: EventFacts, *, needs: Iterable[Need] = (), actor: User) -> Event:
    """Put right what is written of an event that was not held yet; audited. Its code keeps the fund that was printed.

    DomainError: those of `create_event`, event_is_over, capacity_taken (more seats are given than that).
    """
    event = locked_event(event_id)
    if event.state not in (EventState.PLANNED, EventState.ANNOUNCED):
        raise DomainError("event_is_over")
    checked = _checked(facts)
    if checked.capacity < seats_of(event):
        raise DomainError("capacity_taken", field="capacity")
    fields = _fields(checked)
    changed = [name for name, value in fields.items() if getattr(event, name) != value]
    for name in changed:
        setattr(event, name, fields[name])
    event.save(update_fields=changed or None)
    if event.placement.fund_id != event.fund_id:
        event.placement.fund = event.fund
        event.placement.save(update_fields=["fund"])
    _choose_needs(event, needs)
    _record("event.change", event, actor, changed=changed)
    return event


@transaction.atomic
def announce_event(event_id: int, *, actor: User, at: datetime | None = None) -> Event:
    """Show it to everybody; audited. `at` is for histories that are written down afterwards. DomainError: not_found,
    event_cannot_move, event_has_passed."""
    event = locked_event(event_id)
    if event.starts_at < (at or timezone.now()):
        raise DomainError("event_has_passed")
    return _moved(event, EventState.ANNOUNCED, "event.announce", actor)


@transaction.atomic
def hold_event(event_id: int, *, others_came: int = 0, actor: User) -> Event:
    """It took place; `others_came` are guests without an invitation. Audited. DomainError: not_found,
    event_cannot_move, event_to_come."""
    event = locked_event(event_id)
    if event.starts_at > timezone.now():
        raise DomainError("event_to_come")
    event.others_came = others_came
    return _moved(event, EventState.HELD, "event.hold", actor)


@transaction.atomic
def report_event(event_id: int, *, report: str, actor: User) -> Event:
    """Close it with a report that everybody may read; audited. DomainError: not_found, event_cannot_move,
    event_report_required."""
    event = locked_event(event_id)
    event.report = normalise_lines(report)[:4000]
    if not event.report:
        raise DomainError("event_report_required", field="report")
    return _moved(event, EventState.REPORTED, "event.report", actor)


@transaction.atomic
def cancel_event(event_id: int, *, reason: str, actor: User) -> Event:
    """It does not take place; audited. DomainError: not_found, event_cannot_move, reason_required."""
    event = locked_event(event_id)
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    return _moved(event, EventState.CANCELLED, "event.cancel", actor, reason=normalise(reason)[:300])


@transaction.atomic
def write_cost(event_id: int, *, title: str, amount_rial: int, source: CostSource, actor: User) -> EventCost:
    """Record what something cost and who bore it; books nothing. Audited. DomainError: not_found, title_required."""
    event = locked_event(event_id)
    if not normalise(title):
        raise DomainError("title_required", field="title")
    cost = EventCost.objects.create(
        event=event, title=normalise(title)[:120], amount_rial=amount_rial, source=source, written_by=actor
    )
    _record("event.cost", event, actor, cost=cost.pk, amount_rial=amount_rial, source=str(source))
    return cost


def locked_event(event_id: int) -> Event:
    """An event of the open scope, locked; DomainError("not_found") otherwise."""
    event = (
        Event.objects.select_for_update(of=("self",)).select_related("placement").filter(pk=event_id).first()
    )
    if event is None:
        raise DomainError("not_found", status=404)
    check_write(event.province_id, event.county_id)
    return event


def seats_of(event: Event) -> int:
    """How many seats are given away."""
    return sum(event.guests.values_list("seats", flat=True))


def _checked(facts: EventFacts) -> EventFacts:
    clean = replace(
        facts,
        title=normalise(facts.title)[:120],
        address=normalise(facts.address)[:200],
        story=normalise_lines(facts.story)[:2000],
    )
    if not clean.title:
        raise DomainError("title_required", field="title")
    if not clean.address:
        raise DomainError("place_required", field="address")
    if not 1 <= clean.capacity <= MOST_GUESTS:
        raise DomainError("bad_capacity", field="capacity")
    return clean


def _fields(facts: EventFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in EventFacts.__dataclass_fields__}


def _choose_needs(event: Event, needs: Iterable[Need]) -> None:
    wanted = {need.pk: need for need in needs}
    if any(need.province_id != event.province_id for need in wanted.values()):
        raise DomainError("need_elsewhere", field="needs")
    EventNeed.objects.filter(event=event).exclude(need__in=wanted).delete()
    known = set(EventNeed.objects.filter(event=event).values_list("need", flat=True))
    EventNeed.objects.bulk_create([EventNeed(event=event, need_id=pk) for pk in sorted(set(wanted) - known)])


def _moved(event: Event, to: EventState, action: str, actor: User, *, reason: str = "") -> Event:
    move(event, to)
    event.save()
    _record(action, event, actor, reason=reason)
    return event


def _record(action: str, event: Event, actor: User, *, reason: str = "", **data: object) -> None:
    audit.record(action, event, actor=actor, province_code=event.province_id, reason=reason, **data)
