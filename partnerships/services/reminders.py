"""Asking for what was promised: near its day, after it, and further up when it stays away.

One reminder a due day and stage, however often the job runs. The responsible member of staff is written to by
e-mail; contacts of the partner who want it get an SMS, or an e-mail where they left no mobile. Nothing is sent before
the commit.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse

from core import sms
from core.jalali import format_long, tehran_today
from core.outbox import after_commit
from partnerships import promise_phrases as phrases
from partnerships.enums import ReminderStage
from partnerships.models import Commitment, Instalment, PartnerContact, PromiseReminder
from partnerships.promise_selectors import owed_instalments
from partnerships.services.promises import CASE, case_of


def remind_of_promises() -> int:
    """Remind of everything that is near or late, each promise in its own transaction; what is late becomes a case of
    its province, and after PROMISE_ESCALATE_AFTER_DAYS one of headquarters. Returns how many reminders were made."""
    return sum(_remind(row) for row in owed_instalments().order_by("due_on", "pk"))


@transaction.atomic
def _remind(instalment: Instalment) -> int:
    made = 0
    for stage in _stages(instalment.due_on):
        promise = instalment.commitment
        row, is_new = PromiseReminder.objects.get_or_create(
            commitment=promise, due_on=instalment.due_on, stage=stage
        )
        if not is_new:
            continue
        made += 1
        after_commit("partnerships.tell_staff", reminder_id=row.pk)
        if stage != ReminderStage.HEADQUARTERS:
            after_commit("partnerships.tell_contacts", reminder_id=row.pk)
        if stage != ReminderStage.SOON:
            _open_case(promise, instalment.due_on, at_headquarters=stage == ReminderStage.HEADQUARTERS)
    return made


def _stages(due_on: date) -> list[ReminderStage]:
    """Near, or late, or so late that headquarters hears of it too."""
    late = (tehran_today() - due_on).days
    if late <= 0:
        return [ReminderStage.SOON]
    if late < settings.PROMISE_ESCALATE_AFTER_DAYS:
        return [ReminderStage.LATE]
    return [ReminderStage.LATE, ReminderStage.HEADQUARTERS]


def _open_case(promise: Commitment, due_on: date, *, at_headquarters: bool) -> None:
    facts = {"event": promise.event.slug} if promise.event else {"promise": promise.pk}
    after_commit(
        "cases.open_case",
        kind=CASE,
        subject=case_of(promise.pk, due_on, at_headquarters=at_headquarters),
        province="" if at_headquarters else promise.province_id or "",
        due_on=due_on.isoformat(),
        **facts,
    )


def tell_staff(reminder_id: int) -> bool:
    """Write to whoever minds the promise; False when they left no address or the promise has come meanwhile."""
    reminder = _reminder(reminder_id)
    if reminder is None or not getattr(reminder.commitment.minded_by, "email", ""):
        return False
    promise = reminder.commitment
    text = phrases.STAFF_MAIL[reminder.stage].format(
        who=promise.whose,
        what=promise.what,
        day=format_long(reminder.due_on),
        url=f"{settings.PORTAL_BASE_URL}{reverse('promise', args=[promise.pk])}",
    )
    _mail(promise.minded_by.email, text)
    return True


def tell_contacts(reminder_id: int) -> int:
    """Queue an SMS, or send an e-mail, to the partner's contacts who want it; returns how many."""
    reminder = _reminder(reminder_id)
    if reminder is None or reminder.commitment.partner_id is None:
        return 0
    promise, told = reminder.commitment, 0
    text = phrases.CONTACT_MESSAGE.format(what=promise.what, day=format_long(reminder.due_on))
    for contact in PartnerContact.objects.filter(partner=promise.partner_id, wants_reminders=True):
        told += 1
        if contact.mobile:
            sms.queue(contact.mobile, text, purpose="promise_reminder")
        else:
            _mail(contact.email, text)
    return told


def _reminder(reminder_id: int) -> PromiseReminder | None:
    """A reminder whose day is still owed."""
    row = (
        PromiseReminder.objects.select_related("commitment__partner", "commitment__minded_by")
        .filter(pk=reminder_id, commitment__state="open")
        .first()
    )
    if row is None or row.due_on not in _owed_days(row.commitment):
        return None
    return row


def _owed_days(promise: Commitment) -> set[date]:
    until = tehran_today() + timedelta(days=settings.PROMISE_REMIND_BEFORE_DAYS)
    owed = promise.instalments.filter(reaches__gt=promise.delivered, due_on__lte=until)
    return set(owed.values_list("due_on", flat=True))


def _mail(address: str, text: str) -> None:
    send_mail(phrases.MAIL_SUBJECT, text, settings.DEFAULT_FROM_EMAIL, [address])
