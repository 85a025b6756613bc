"""Text messages: queued in the database in the caller's transaction, sent by a worker."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from core.crypto import keyed_hash
from core.models import OutgoingSms
from core.outbox import nudge
from core.sms.base import SmsError

MOST_TRIES = 8
_AT_ONCE = 500
SECRET_PURPOSES = frozenset(
    {"code", "invitation", "factor_reset"}
)  # what opens a door: not kept once it is sent


def queue(mobile: str, text: str, *, purpose: str) -> OutgoingSms:
    """Write a message to `mobile` (+989…) in the current transaction; a worker sends it after the commit."""
    sms = _written(mobile, text, purpose)
    sms.save()
    transaction.on_commit(_call_worker)
    return sms


def queue_many(messages: Iterable[tuple[str, str]], *, purpose: str) -> int:
    """`queue` for many numbers with their texts, in few statements; gives how many."""
    rows = [_written(mobile, text, purpose) for mobile, text in messages]
    OutgoingSms.objects.bulk_create(rows, batch_size=_AT_ONCE)
    if rows:
        transaction.on_commit(_call_worker)
    return len(rows)


def _written(mobile: str, text: str, purpose: str) -> OutgoingSms:
    return OutgoingSms(
        mobile=mobile,
        mobile_hash=keyed_hash(mobile, "mobile"),
        text=text,
        purpose=purpose,
        due_at=timezone.now(),
    )


def _call_worker() -> None:
    nudge("core.send_messages")


def send_due(limit: int = 100) -> int:
    """Send up to `limit` queued messages, each in its own transaction; returns how many left."""
    backend = import_string(settings.SMS_BACKEND)()
    sent = 0
    for _ in range(limit):
        with transaction.atomic():
            sms = (
                OutgoingSms.objects.select_for_update(skip_locked=True)
                .filter(state=OutgoingSms.State.QUEUED, due_at__lte=timezone.now())
                .order_by("due_at")
                .first()
            )
            if sms is None:
                break
            sent += _send(backend, sms)
    return sent


def _send(backend, sms: OutgoingSms) -> int:
    sms.tries += 1
    try:
        backend.send(sms.mobile, sms.text)
    except SmsError:
        sms.due_at = timezone.now() + timedelta(seconds=30 * 2**sms.tries)
        if sms.tries >= MOST_TRIES:
            sms.state = OutgoingSms.State.FAILED
    else:
        sms.state, sms.sent_at = OutgoingSms.State.SENT, timezone.now()
        if sms.purpose in SECRET_PURPOSES and not settings.DEMO:
            sms.text = ""
    sms.save(update_fields=["tries", "due_at", "state", "sent_at", "text"])
    return int(sms.state == OutgoingSms.State.SENT)


def forget_number(mobile_hash: str) -> int:
    """Drop the messages of a number that are no longer waiting to be sent; gives how many."""
    deleted, _ = OutgoingSms.objects.filter(mobile_hash=mobile_hash).exclude(state="queued").delete()
    return deleted
