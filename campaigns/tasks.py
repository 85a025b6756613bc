"""What campaigns does in the background. Every task may be repeated and may run in many workers at once."""

from celery import shared_task

from campaigns.services import code_batches, needs, occasion_acts, reminders, scans, stickers
from core.outbox import consumer
from provinces.scoping import all_provinces


@shared_task(name="campaigns.fold_scans")
def fold_scans() -> int:
    """Add new scans to the hours of their codes."""
    return scans.fold_scans()


@shared_task(name="campaigns.apply_occasions")
@all_provinces("what opens and closes with an occasion")
def apply_occasions() -> int:
    """Carry out what was ordered for a day that has come."""
    return occasion_acts.apply_due_acts()


@shared_task(name="campaigns.fund_needs")
def fund_needs() -> int:
    """Mark needs that have all they ask for."""
    return needs.mark_funded()


@consumer("campaigns.make_stickers")
@all_provinces("making a sheet of stickers")
def make_stickers(job_id: int) -> None:
    stickers.make_sheet(job_id)


@shared_task(name="campaigns.remind_of_late")
@all_provinces("finding what is late in every place")
def remind_of_late() -> int:
    """Text messages to those who mind what is late."""
    return reminders.remind_staff() + reminders.remind_custodians()


@consumer("campaigns.make_codes")
@all_provinces("making printed codes")
def make_codes(batch_id: int) -> None:
    code_batches.make_codes(batch_id)
