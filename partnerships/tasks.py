"""What this room does in the background."""

from celery import shared_task

from core.outbox import consumer
from partnerships.services import reminders
from provinces.scoping import all_provinces


@shared_task(name="partnerships.remind_of_promises")
@all_provinces("finding promises that are near or late")
def remind_of_promises() -> int:
    """Remind of each promise that is due."""
    return reminders.remind_of_promises()


@consumer("partnerships.tell_staff")
@all_provinces("whoever minds a promise")
def tell_staff(reminder_id: int) -> None:
    reminders.tell_staff(reminder_id)


@consumer("partnerships.tell_contacts")
@all_provinces("contacts of a partner who want reminders")
def tell_contacts(reminder_id: int) -> None:
    reminders.tell_contacts(reminder_id)
