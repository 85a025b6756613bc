"""Promises that survive a crash: written with the change, kept by a worker, finished by the worker's commit.

`after_commit` writes the row and, once the transaction has committed, wakes a worker. Losing the broker's
message loses nothing: `drain_outbox` runs on the schedule.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from core.models import OutboxMessage

log = logging.getLogger(__name__)

_consumers: dict[str, Callable[..., None]] = {}
_BACK_OFF_SECONDS = (5, 15, 60, 300, 900, 3600)


def consumer(task: str):
    """Register the function that keeps a promise named `task`. It runs inside the transaction that deletes it."""

    def register(function: Callable[..., None]):
        _consumers[task] = function
        return function

    return register


def consumer_names() -> set[str]:
    """The promises somebody keeps."""
    return set(_consumers)


def after_commit(task: str, **payload: int | str) -> None:
    """Promise, in the current transaction, that `task` will be done with `payload` (ids only)."""
    promise_many(task, [payload])


def promise_many(task: str, payloads: list[dict]) -> None:
    """`after_commit` for many payloads in one statement."""
    if not payloads:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("a promise must be written in the transaction of what it follows")
    now = timezone.now()
    OutboxMessage.objects.bulk_create([OutboxMessage(task=task, payload=p, due_at=now) for p in payloads])
    transaction.on_commit(wake_worker)


def wake_worker() -> None:
    """Tell the broker that the outbox has something; a broker that is away is no error."""
    nudge("core.drain_outbox")


def nudge(task: str, queue: str | None = None, **kwargs: int | str) -> None:
    """Publish a task name as a hint. Never raises and never waits: the database holds the promise."""
    try:
        current_app.send_task(task, kwargs=kwargs, queue=queue, ignore_result=True)
    except Exception as error:  # whatever the broker's client raises: the schedule will do it
        log.warning("broker did not take %s: %s", task, type(error).__name__)


def drain(limit: int = 200) -> int:
    """Keep up to `limit` due promises, each in its own transaction; returns how many were kept.

    Safe to run in many workers at once: rows are taken with SKIP LOCKED. A promise that fails is put off with a
    growing delay and its error is kept with it; its neighbours go on.
    """
    kept = 0
    for _ in range(limit):
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(due_at__lte=timezone.now())
                .order_by("due_at")
                .first()
            )
            if message is None:
                break
            try:
                with transaction.atomic():
                    _consumers[message.task](**message.payload)
            except Exception as error:
                _put_off(message, error)
            else:
                message.delete()
                kept += 1
    return kept


def _put_off(message: OutboxMessage, error: Exception) -> None:
    log.exception("outbox %s #%s failed", message.task, message.pk)
    delay = _BACK_OFF_SECONDS[min(message.tries, len(_BACK_OFF_SECONDS) - 1)]
    message.tries += 1
    message.due_at = timezone.now() + timedelta(seconds=delay)
    message.last_error = f"{type(error).__name__}"[:300]
    message.save(update_fields=["tries", "due_at", "last_error"])
