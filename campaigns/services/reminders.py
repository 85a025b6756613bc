"""Text messages about what is late: to staff one a day at most and as often as each chose, to custodians one a week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from campaigns import reminder_phrases as phrases
from campaigns.late import boxes_left_outside, late_boxes, late_tasks
from campaigns.models import Box, RunbookTask
from core import sms
from core.jalali import tehran_today
from core.text import isolate_ltr, persian_digits
from provinces.enums import OfficeLevel, Role
from provinces.models import Membership, Office, StaffContact
from provinces.selectors import contacts_to_remind

CUSTODIAN_WAITS = timedelta(days=7)
TITLES_SHOWN = 2
_BOX_ROLES = {Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT}


@dataclass
class _Late:
    """What is late, counted once for the whole country."""

    boxes: Counter = field(default_factory=Counter)  # (province, county or None) → number
    of_person: dict[int, list[str]] = field(default_factory=dict)  # who minds it → titles
    of_role: dict[tuple, list[str]] = field(default_factory=dict)  # (province, county or None, role) → titles


def remind_staff(on: date | None = None) -> int:
    """Queue one message for each person who wants one today and has something late; returns how many.

    Safe to repeat: the day is written on the contact, under a lock, with the message. Fridays are quiet.
    """
    today = on or tehran_today()
    if today.isoweekday() == 5:
        return 0
    late = _what_is_late(today)
    sent = 0
    for contact in contacts_to_remind(today):
        text = _words(contact, late, today)
        sent += bool(text) and _remind(contact.pk, text, today)
    return sent


def remind_custodians(on: date | None = None) -> int:
    """Tell those who mind a box that was left outside whom to call; once a week, to those who may be told. Returns
    how many. Safe to repeat."""
    today = on or tehran_today()
    if today.isoweekday() == 5:
        return 0
    due = Q(custodian_reminded_on=None) | Q(custodian_reminded_on__lte=today - CUSTODIAN_WAITS)
    waiting = boxes_left_outside(Box.objects.filter(due, remind_custodian=True), today)
    offices = _offices()
    return sum(
        _remind_custodian(pk, offices, today)
        for pk in list(waiting.order_by("pk").values_list("pk", flat=True))
    )


@transaction.atomic
def _remind(contact_id: int, text: str, today: date) -> bool:
    contact = StaffContact.objects.select_for_update().get(pk=contact_id)
    if contact.reminded_on == today or not contact.mobile:
        return False
    contact.reminded_on = today
    contact.save(update_fields=["reminded_on"])
    sms.queue(contact.mobile, text, purpose="reminder")
    return True


@transaction.atomic
def _remind_custodian(box_id: int, offices: dict[tuple, Office], today: date) -> bool:
    box = Box.objects.select_for_update(of=("self",)).get(pk=box_id)
    last = box.custodian_reminded_on
    if not box.custodian_mobile or (last and last > today - CUSTODIAN_WAITS):
        return False
    box.custodian_reminded_on = today
    box.save(update_fields=["custodian_reminded_on"])
    office = offices.get((box.province_id, box.county_id)) or offices.get((box.province_id, None))
    text = phrases.CUSTODIAN_SMS.format(
        number=persian_digits(box.number),
        office=office.name if office else phrases.OUR_OFFICE,
        phone=f" {isolate_ltr(office.phone)}" if office and office.phone else "",
    )
    sms.queue(box.custodian_mobile, text, purpose="box_reminder")
    return True


def _what_is_late(today: date) -> _Late:
    late = _Late()
    for province, county in late_boxes(Box.objects.order_by(), today).values_list("province", "county"):
        late.boxes[province, county] += 1
    for task in late_tasks(today):
        _put(late, task)
    return late


def _put(late: _Late, task: RunbookTask) -> None:
    """To whom it was given; a task of nobody is its role's in that place."""
    if task.assignee_id:
        late.of_person.setdefault(task.assignee_id, []).append(task.title)
    else:
        place = (task.runbook.province_id, task.runbook.county_id, task.role)
        late.of_role.setdefault(place, []).append(task.title)


def _words(contact: StaffContact, late: _Late, today: date) -> str:
    """The message of a person; "" when nothing of theirs is late."""
    memberships = [m for m in contact.user.memberships.all() if _is_now(m, today)]
    boxes = sum(_boxes_of(memberships, late.boxes).values())
    titles = [*late.of_person.get(contact.user_id, []), *_of_roles(memberships, late.of_role)]
    parts = []
    if boxes:
        parts.append(phrases.LATE_BOXES.format(count=persian_digits(boxes)))
    if titles:
        named = "، ".join(f"«{title}»" for title in titles[:TITLES_SHOWN])
        parts.append(phrases.LATE_TASKS.format(count=persian_digits(len(titles)), named=named))
    if not parts:
        return ""
    return phrases.STAFF_SMS.format(
        what=phrases.AND.join(parts), url=isolate_ltr(f"{settings.PORTAL_BASE_URL}/desk/")
    )


def _boxes_of(memberships: Iterable[Membership], boxes: Counter) -> dict[tuple, int]:
    """An officer's are those of the county, an expert's those of the province."""
    mine = {}
    for membership in memberships:
        office = membership.office
        if membership.role not in _BOX_ROLES or office.level == OfficeLevel.HQ:
            continue
        for place, count in boxes.items():
            if place[0] == office.province_id and office.county_id in (None, place[1]):
                mine[place] = count
    return mine


def _of_roles(memberships: Iterable[Membership], tasks: dict[tuple, list[str]]) -> list[str]:
    places = {(m.office.province_id, m.office.county_id, m.role) for m in memberships}
    return [title for place in sorted(places, key=str) for title in tasks.get(place, [])]


def _is_now(membership: Membership, today: date) -> bool:
    return membership.starts_on <= today and (membership.ends_on is None or membership.ends_on >= today)


def _offices() -> dict[tuple, Office]:
    return {(office.province_id, office.county_id): office for office in Office.objects.all()}
