"""What this room does in the background."""

from celery import shared_task

from volunteers.services import leaving


@shared_task(name="volunteers.forget_drafts")
def forget_drafts() -> int:
    return leaving.forget_drafts()
