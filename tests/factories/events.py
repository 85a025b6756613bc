"""Events with a guest, a promise and a cost, made by the services."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from campaigns.enums import CostSource, EventKind
from campaigns.models import Event, Fund, Guest, Need
from campaigns.services.events import EventFacts, announce_event, create_event, write_cost
from campaigns.services.guests import add_guest
from core.jalali import tehran_today
from core.models import User
from partnerships.services.promises import promise_at_event
from provinces.models import County, Province
from tests.factories.people import TEHRAN, person


def facts(**facts) -> EventFacts:
    given = {
        "title": "افطار مهربانی",
        "address": "سالن شهر",
        "starts_at": timezone.now() + timedelta(days=3),
        "capacity": 50,
    } | facts
    return EventFacts(fund=Fund.objects.get(code=given.pop("fund", "livelihood")), **given)


def planned_event(
    province: str = TEHRAN,
    county: str = "",
    *,
    kind: EventKind = EventKind.IFTAR,
    needs: tuple[Need, ...] = (),
    actor: User | None = None,
    **more,
) -> Event:
    return create_event(
        kind,
        facts(**more),
        province=Province.objects.get(code=province),
        county=County.objects.get(code=county) if county else None,
        needs=needs,
        actor=actor or person(),
    )


def announced_event(*args, actor: User | None = None, **more) -> Event:
    who = actor or person()
    return announce_event(planned_event(*args, actor=who, **more).pk, actor=who)


def passed(event: Event, at: datetime | None = None) -> Event:
    """The same event, some hours ago."""
    event.starts_at = at or timezone.now() - timedelta(hours=5)
    event.save(update_fields=["starts_at"])
    return event


def make_event(province: str = TEHRAN, county: str = "", *, actor: User) -> Guest:
    """A guest of an announced event, who promised something; the event cost something and is held for a need."""
    wanted = tuple(Need.objects.filter(province=province)[:1])
    event = announced_event(province, county, actor=actor, needs=wanted)
    guest = add_guest(event.pk, name="مهمان", mobile="+989121234569", actor=actor)
    promise_at_event(event, who="", what="ده بسته", due_on=tehran_today(), guest=guest, actor=actor)
    write_cost(event.pk, title="پذیرایی", amount_rial=10_000_000, source=CostSource.BUDGET, actor=actor)
    return guest
