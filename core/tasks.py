"""What core does in the background."""

from datetime import timedelta

from celery import shared_task
from celery.signals import task_prerun
from django.utils import timezone

from core import outbox, sms
from core.mobile_door import forget_doors
from core.models import OutgoingSms, Queue

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
    and are no record of money."""
    forget_doors()
    before = timezone.now() - timedelta(days=KEEP_MESSAGES_DAYS)
    deleted, _ = OutgoingSms.objects.filter(created_at__lt=before).exclude(state="queued").delete()
    return deleted
