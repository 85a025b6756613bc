"""What core does in the background."""

from datetime import timedelta
from pathlib import Path

from celery import shared_task
from celery.signals import task_prerun
from django.conf import settings
from django.utils import timezone

from core import outbox, sms
from core.backups.runs import back_up, backup_is_due
from core.mobile_door import forget_doors
from core.models import OutgoingSms, Queue
from core.once import forget_sent_forms

KEEP_MESSAGES_DAYS = 90


@task_prerun.connect
def _hear(task, **_) -> None:
    outbox.heard(task.name)


@shared_task(name="core.drain_outbox")
def drain_outbox() -> int:
    return outbox.drain()


@shared_task(name="core.drain_long_outbox")
def drain_long_outbox() -> int:
    """For the long worker: what may take minutes."""
    return outbox.drain(queue=Queue.LONG)


@shared_task(name="core.call_long_worker")
def call_long_worker() -> bool:
    return outbox.call_long_worker()


@shared_task(name="core.send_messages")
def send_messages() -> int:
    return sms.send_due()


@shared_task(name="core.forget_expired")
def forget_expired() -> int:
    """Drop sent messages after KEEP_MESSAGES_DAYS, and codes and visits that have ended: they hold mobile numbers
    and are no record of money. Keys of forms that were sent go too."""
    forget_doors()
    forget_sent_forms()
    before = timezone.now() - timedelta(days=KEEP_MESSAGES_DAYS)
    deleted, _ = OutgoingSms.objects.filter(created_at__lt=before).exclude(state="queued").delete()
    return deleted


@shared_task(name="core.call_for_backup")
def call_for_backup() -> bool:
    """Wake the long worker when a backup is due; one that was lost or failed is asked for again within the hour."""
    is_due = bool(settings.BACKUP_DIR) and backup_is_due()
    if is_due:
        outbox.nudge("core.back_up", Queue.LONG, expires=3_000)
    return is_due


@shared_task(name="core.back_up")
def take_backup() -> str:
    return back_up(Path(settings.BACKUP_DIR), keep=settings.BACKUP_KEEP).path
