"""Numbers of volunteers are masked, and what they need to take part is not shown. Whoever may see one of them says why,
and it is written down; writing to a volunteer needs no number at all."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import audit, sms
from core.errors import DomainError
from core.identifiers import show_mobile
from core.models import User
from core.text import normalise, normalise_lines
from volunteers import phrases
from volunteers.enums import Shown
from volunteers.models import ContactMessage, Revelation
from volunteers.services.access import locked_volunteer

LEAST_REASON = 5
MOST_MESSAGES_A_DAY = 5  # to one volunteer


@transaction.atomic
def show_number(volunteer_id: int, *, what: Shown, reason: str, actor: User) -> str:
    """The whole number, or what the volunteer needs, for somebody who says why; who saw what of whom, when and why is
    kept for ever. Needs are there while their own consent is: the database erases them with it.

    DomainError: not_found, reason_too_short, nothing_to_show.
    """
    volunteer = locked_volunteer(volunteer_id)
    why = normalise(reason)[:300]
    if len(why) < LEAST_REASON:
        raise DomainError("reason_too_short", field="reason")
    number = {
        Shown.MOBILE: show_mobile(volunteer.mobile),
        Shown.NATIONAL_ID: volunteer.national_id,
        Shown.GUARDIAN: volunteer.guardian_mobile and show_mobile(volunteer.guardian_mobile),
        Shown.NEEDS: volunteer.access_needs,
    }[Shown(what)]
    if not number:
        raise DomainError("nothing_to_show", field="what")
    Revelation.objects.create(
        volunteer=volunteer,
        province_id=volunteer.province_id,
        county_id=volunteer.county_id,
        what=what,
        reason=why,
        seen_by=actor,
    )
    audit.record(
        "volunteer.show_number",
        volunteer,
        actor=actor,
        province_code=volunteer.province_id,
        reason=why,
        what=what,
    )
    return number


@transaction.atomic
def write_to(volunteer_id: int, *, text: str, actor: User) -> ContactMessage:
    """Send a message to a volunteer's mobile without showing it; audited. Locks the volunteer.

    DomainError: not_found, message_required, messages_of_the_day (today, to this volunteer).
    """
    volunteer = locked_volunteer(volunteer_id)
    said = normalise_lines(text)[:400]
    if not said:
        raise DomainError("message_required", field="text")
    since = timezone.now() - timedelta(days=1)
    if ContactMessage.objects.filter(volunteer=volunteer, sent_at__gt=since).count() >= MOST_MESSAGES_A_DAY:
        raise DomainError("messages_of_the_day", status=429)
    message = ContactMessage.objects.create(volunteer=volunteer, text=said, sent_by=actor)
    sms.queue(volunteer.mobile, phrases.CONTACT_SMS.format(text=said), purpose="volunteer_contact")
    audit.record("volunteer.write_to", volunteer, actor=actor, province_code=volunteer.province_id)
    return message


def note_export(rows: int, *, actor: User) -> None:
    """Write down that somebody took a list of volunteers with them, and how long it was; audited, not the names."""
    audit.record("volunteer.export", actor, actor=actor, rows=rows)
