"""Guests of an event: invited within the room there is, let in once."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns import event_phrases
from campaigns.enums import EventState
from campaigns.models import Guest
from campaigns.services.events import locked_event, seats_of
from core import audit, sms
from core.codes import new_verification_code
from core.errors import DomainError
from core.jalali import format_long, format_time
from core.models import User
from core.text import normalise
from provinces.scoping import check_write

MOST_TRIES = 5
_OPEN = (EventState.PLANNED, EventState.ANNOUNCED)


@transaction.atomic
def add_guest(
    event_id: int, *, name: str, role: str = "", mobile: str = "", seats: int = 1, actor: User
) -> Guest:
    """Invite somebody, with a code of their own; audited without the name. Locks the event, so that no more seats are
    given than there are. DomainError: not_found, event_is_over, guest_name_required, event_is_full."""
    event = locked_event(event_id)
    if event.state not in _OPEN:
        raise DomainError("event_is_over")
    if not normalise(name):
        raise DomainError("guest_name_required", field="name")
    if seats_of(event) + seats > event.capacity:
        raise DomainError("event_is_full", field="seats")
    guest = _with_code(
        Guest(event=event, name=normalise(name)[:80], role=normalise(role)[:120], mobile=mobile, seats=seats)
    )
    _record("event.invite", guest, actor, seats=seats)
    return guest


@transaction.atomic
def send_invitations(event_id: int, *, actor: User) -> int:
    """Promise a message to each guest of an announced event who has a mobile and got none yet; audited. Safe to
    repeat; returns how many. DomainError: not_found, event_not_announced."""
    event = locked_event(event_id)
    if event.state != EventState.ANNOUNCED:
        raise DomainError("event_not_announced")
    waiting = [guest for guest in event.guests.filter(invited_at=None) if guest.mobile]
    for guest in waiting:
        text = event_phrases.INVITATION_SMS.format(
            title=event.title,
            day=format_long(event.starts_at),
            time=format_time(event.starts_at),
            url=invitation_url(guest),
        )
        sms.queue(guest.mobile, text, purpose="event_invitation")
    Guest.objects.filter(pk__in=[guest.pk for guest in waiting]).update(invited_at=timezone.now())
    if waiting:
        audit.record(
            "event.send_invitations", event, actor=actor, province_code=event.province_id, count=len(waiting)
        )
    return len(waiting)


@transaction.atomic
def check_in(guest_id: int, *, actor: User, at: datetime | None = None) -> bool:
    """Let a guest in; audited. False when they are in already: an invitation is used once. Locks the guest. `at` is for
    histories that are written down afterwards.

    DomainError: not_found, event_not_announced (or over).
    """
    guest = _locked(guest_id)
    if guest.event.state not in (EventState.ANNOUNCED, EventState.HELD):
        raise DomainError("event_not_announced")
    if guest.came_at is not None:
        return False
    guest.came_at, guest.checked_in_by = at or timezone.now(), actor
    guest.save(update_fields=["came_at", "checked_in_by"])
    _record("event.check_in", guest, actor, seats=guest.seats)
    return True


def invitation_url(guest: Guest) -> str:
    """The address in the QR of an invitation."""
    return f"{settings.PORTAL_BASE_URL}{reverse('invitation', args=[guest.code])}"


def _with_code(guest: Guest) -> Guest:
    for _ in range(MOST_TRIES):
        guest.code = new_verification_code()
        try:
            with transaction.atomic():
                guest.save(force_insert=True)
                return guest
        except IntegrityError as error:
            if "campaigns_guest_code" not in str(error):
                raise
    raise DomainError("no_free_code")


def _locked(guest_id: int) -> Guest:
    row = Guest.objects.select_for_update(of=("self",)).select_related("event").filter(pk=guest_id).first()
    if row is None:
        raise DomainError("not_found", status=404)
    check_write(row.event.province_id, row.event.county_id)
    return row


def _record(action: str, row: Guest, actor: User, **data: object) -> None:
    audit.record(
        action, row, actor=actor, province_code=row.event.province_id, event=row.event_id, **data
    )  # fmt: skip
