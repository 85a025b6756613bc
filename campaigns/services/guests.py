"""Guests of an event and what they promised: invited within the room there is, let in once, followed up."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns import event_phrases
from campaigns.enums import EventState, PromiseState
from campaigns.models import Guest, Promise
from campaigns.services.events import locked_event, seats_of
from core import audit, sms
from core.codes import new_verification_code
from core.errors import DomainError
from core.jalali import format_long, format_time, tehran_today
from core.models import User
from core.outbox import after_commit
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
    guest = _locked(Guest, guest_id)
    if guest.event.state not in (EventState.ANNOUNCED, EventState.HELD):
        raise DomainError("event_not_announced")
    if guest.came_at is not None:
        return False
    guest.came_at, guest.checked_in_by = at or timezone.now(), actor
    guest.save(update_fields=["came_at", "checked_in_by"])
    _record("event.check_in", guest, actor, seats=guest.seats)
    return True


@transaction.atomic
def write_promise(
    event_id: int,
    *,
    who: str,
    what: str,
    due_on: date,
    amount_rial: int | None = None,
    guest: Guest | None = None,
    actor: User,
) -> Promise:
    """Write down what somebody promised; whoever writes it minds it. Audited. DomainError: not_found, name_required,
    promise_required, guest_elsewhere."""
    event = locked_event(event_id)
    if guest is not None and guest.event_id != event.pk:
        raise DomainError("guest_elsewhere", field="guest")
    named = normalise(who) or (guest.name if guest else "")
    if not named:
        raise DomainError("guest_name_required", field="who")
    if not normalise(what):
        raise DomainError("promise_required", field="what")
    promise = Promise.objects.create(
        event=event,
        guest=guest,
        who=named[:120],
        what=normalise(what)[:300],
        amount_rial=amount_rial,
        due_on=due_on,
        minded_by=actor,
    )
    _record("promise.write", promise, actor, due_on=due_on.isoformat())
    return promise


@transaction.atomic
def follow_promise(
    promise_id: int,
    *,
    note: str,
    state: PromiseState = PromiseState.OPEN,
    due_on: date | None = None,
    actor: User,
) -> Promise:
    """What came of asking: still open (perhaps with a new day), kept, or dropped. Audited; its case closes with it.

    DomainError: not_found, promise_is_settled, reason_required, day_has_passed.
    """
    promise = _locked(Promise, promise_id)
    if promise.state != PromiseState.OPEN:
        raise DomainError("promise_is_settled")
    if not normalise(note):
        raise DomainError("reason_required", field="note")
    subject = _case_of(promise)
    if due_on is not None and state == PromiseState.OPEN:
        if due_on < tehran_today():
            raise DomainError("day_has_passed", field="due_on")
        promise.due_on = due_on
    promise.state, promise.note, promise.followed_at = state, normalise(note)[:300], timezone.now()
    promise.minded_by = actor
    promise.save()
    _record("promise.follow", promise, actor, state=str(state), due_on=promise.due_on.isoformat())
    if state != PromiseState.OPEN or promise.due_on >= tehran_today():
        after_commit(
            "cases.close_settled",
            kind="promise_late",
            subject=subject,
            resolution=promise.note,
            actor_id=actor.pk,
        )
    return promise


@transaction.atomic
def remind_of_promises() -> int:
    """Ask for a case for each open promise whose day has passed; one a promise, however often this runs. Returns how
    many are late."""
    late = Promise.objects.select_related("event").filter(state=PromiseState.OPEN, due_on__lt=tehran_today())
    count = 0
    for promise in late.order_by("pk"):
        after_commit(
            "cases.open_case",
            kind="promise_late",
            subject=_case_of(promise),
            province=promise.event.province_id,
            event=promise.event.slug,
            due_on=promise.due_on.isoformat(),
        )
        count += 1
    return count


def _case_of(promise: Promise) -> str:
    """A day that was put off and passes too is a case of its own."""
    return f"promise:{promise.pk}:{promise.due_on.isoformat()}"


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


def _locked(model, pk: int):
    row = model.objects.select_for_update(of=("self",)).select_related("event").filter(pk=pk).first()
    if row is None:
        raise DomainError("not_found", status=404)
    check_write(row.event.province_id, row.event.county_id)
    return row


def _record(action: str, row: Guest | Promise, actor: User, **data: object) -> None:
    audit.record(
        action, row, actor=actor, province_code=row.event.province_id, event=row.event_id, **data
    )  # fmt: skip
