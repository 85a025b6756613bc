"""Reading events: for the public, and within the open scope."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from campaigns.enums import EventState
from campaigns.event_states import SHOWN
from campaigns.models import Event, Guest
from core.codes import parse_verification_code
from core.errors import DomainError
from core.listing import between


def public_event(slug: str) -> Event | None:
    """An event that everybody may see."""
    return (
        Event.objects.select_related("province", "county", "fund", "placement")
        .filter(slug=slug, state__in=SHOWN)
        .first()
    )


def coming_events(province: str) -> list[Event]:
    """What is announced in a province and has not passed, the next one first."""
    since = timezone.now() - timedelta(hours=6)
    found = Event.objects.filter(province=province, state=EventState.ANNOUNCED, starts_at__gte=since)
    return list(found.select_related("county").order_by("starts_at")[:6])


def events_in_scope(
    *, state: str = "", kind: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Event]:
    """The events between these days that the open scope may see, newest first, with how many were invited and came."""
    events = Event.objects.select_related("province", "county").annotate(
        invited=Sum("guests__seats", default=0),
        came=Sum("guests__seats", filter=Q(guests__came_at__isnull=False), default=0),
    )
    events = between(events, "starts_at", since, until)
    if state:
        events = events.filter(state=state)
    if kind:
        events = events.filter(kind=kind)
    return events.order_by("-starts_at", "-pk")


def find_invitation(code: str) -> Guest | None:
    """Whose invitation it is, however its code was typed, within the open scope."""
    try:
        canonical = parse_verification_code(code)
    except DomainError:
        return None
    return Guest.objects.select_related("event__province", "event__county").filter(code=canonical).first()
