"""A word to everybody who comes to a shift, from its leader or from staff, without anybody's number being shown."""

from __future__ import annotations

from django.db import transaction

from core import audit, sms
from core.errors import DomainError
from core.limits import count_or_refuse
from core.models import User
from core.text import normalise_lines
from volunteers import phrases
from volunteers.enums import AssignmentState
from volunteers.models import Assignment, ContactMessage, Volunteer
from volunteers.services.attendance import shift_of

MOST_A_DAY, DAY_SECONDS = 3, 86_400  # of one shift
MOST_SIGNS = 400
_COMES = (AssignmentState.SIGNED_UP, AssignmentState.PRESENT)


@transaction.atomic
def write_to_shift(
    shift_id: int, *, text: str, actor: User | None = None, leader: Volunteer | None = None
) -> int:
    """Send a message to the mobiles of those who come, as staff or as the shift's leader; what was said to whom is
    kept. Audited. Locks the shift. Gives how many.

    DomainError: not_found, not_the_leader, message_required, nobody_comes, shift_messages_of_the_day.
    """
    shift = shift_of(shift_id, actor, leader)
    said = normalise_lines(text)[:MOST_SIGNS]
    if not said:
        raise DomainError("message_required", field="text")
    places = Assignment.objects.filter(shift=shift, state__in=_COMES, volunteer__isnull=False)
    if leader is not None:
        places = places.exclude(volunteer=leader)
    people = [place.volunteer for place in places.select_related("volunteer").order_by("pk")]
    if not people:
        raise DomainError("nobody_comes", status=409)
    count_or_refuse(
        "shift-message", str(shift.pk), most=MOST_A_DAY, seconds=DAY_SECONDS, code="shift_messages_of_the_day"
    )
    ContactMessage.objects.bulk_create(
        [ContactMessage(volunteer=one, text=said, sent_by=actor, sent_by_leader=leader) for one in people]
    )
    words = phrases.SHIFT_SMS.format(title=shift.opportunity.title, text=said)
    sms.queue_many(((one.mobile, words) for one in people), purpose="volunteer_contact")
    audit.record(
        "shift.write_to",
        shift,
        actor=actor,
        job="" if actor else "shift_leader",
        province_code=shift.opportunity.province_id,
        sent=len(people),
    )
    return len(people)
