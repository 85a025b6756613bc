"""Promises that survive a crash: written with the change, kept by a worker, finished by the worker's commit.

`after_commit` writes the row and, once the transaction has committed, wakes a worker. Losing the broker's
message loses nothing: the schedule drains the quick queue, and calls the long worker when its queue has
something due. A promise on the long queue is kept by the long worker only, whose messages live under a broker
prefix of their own.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from kombu import pools

from core.models import OutboxMessage, Queue

log = logging.getLogger(__name__)

_consumers: dict[str, Callable[..., None]] = {}
_BACK_OFF_SECONDS = (5, 15, 60, 300, 900, 3600)
_DRAINS = {Queue.QUICK: "core.drain_outbox", Queue.LONG: "core.drain_long_outbox"}
_WAIT_FOR_PRODUCER_SECONDS = 1
_CALL_SECONDS = 1


def consumer(task: str):
    """Register the function that keeps a promise named `task`, inside the transaction that deletes it."""

    def register(function: Callable[..., None]):
        _consumers[task] = function
        return function

    return register


def consumer_names() -> set[str]:
    """The promises somebody keeps."""
    current_app.loader.import_default_modules()
    return set(_consumers)


def _keeper(task: str) -> Callable[..., None]:
    """Who keeps a promise. A process that is no worker has not loaded the rooms' tasks yet."""
    if task not in _consumers:
        current_app.loader.import_default_modules()
    return _consumers[task]


def after_commit(task: str, *, queue: Queue = Queue.QUICK, **payload: int | str) -> None:
    """Promise, in the current transaction, that `task` will be done with `payload` (ids only)."""
    promise_many(task, [payload], queue=queue)


def promise_many(task: str, payloads: list[dict], *, queue: Queue = Queue.QUICK) -> None:
    """`after_commit` for many payloads in one statement."""
    if not payloads:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("a promise must be written in the transaction of what it follows")
    now = timezone.now()
    OutboxMessage.objects.bulk_create(
        [OutboxMessage(task=task, payload=p, queue=queue, due_at=now) for p in payloads]
    )
    transaction.on_commit(partial(wake_worker, queue))


def wake_worker(queue: Queue = Queue.QUICK) -> None:
    """Tell the broker that the outbox has something; a broker that is away is no error."""
    nudge(_DRAINS[queue], queue)


def call_long_worker() -> bool:
    """Wake the long worker if a promise of its queue is due; for the schedule, which serves the quick queue.

    The message expires, so that calls do not pile up behind a job that takes hours.
    """
    is_due = OutboxMessage.objects.filter(queue=Queue.LONG, due_at__lte=timezone.now()).exists()
    if is_due:
        nudge(_DRAINS[Queue.LONG], Queue.LONG, expires=60)
    return is_due


def nudge(task: str, queue: Queue = Queue.QUICK, *, expires: int | None = None) -> None:
    """Publish a task name as a hint. Never raises and hardly waits: the database holds the promise.

    It reaches the workers of `queue` from any process, whichever queue that process itself serves. One call is
    enough for all: until a worker has heard it (or a second has passed) further ones are left out.
    """
    if not cache.add(_call(task), True, _CALL_SECONDS):
        return
    try:
        with _producer(queue) as producer:
            current_app.send_task(
                task, queue=str(queue), expires=expires, producer=producer, ignore_result=True
            )
    except Exception as error:  # whatever the broker's client raises: the schedule will do it
        log.warning("broker did not take %s: %s", task, type(error).__name__)


def heard(task: str) -> bool:
    """A worker begins to look for what there is to do: from now on `nudge` calls again. Whether anybody may have been
    kept from calling since the last look."""
    return cache.delete(_call(task))


def at_work(task: str) -> None:
    """A worker is going to look again soon: nobody needs to call for a second. Look once more after `heard`."""
    cache.set(_call(task), True, _CALL_SECONDS)


def _call(task: str) -> str:
    return f"call:{task}"


@contextmanager
def _producer(queue: Queue) -> Iterator:
    """A producer under the queue's own broker prefix; None stands for this process' usual one."""
    if queue == settings.CELERY_TASK_DEFAULT_QUEUE:
        yield None
        return
    broker = current_app.connection_for_write(
        transport_options={"global_keyprefix": settings.BROKER_KEY_PREFIXES[queue]}
    )
    with pools.producers[broker].acquire(block=True, timeout=_WAIT_FOR_PRODUCER_SECONDS) as producer:
        yield producer


def drain(limit: int = 200, *, queue: Queue = Queue.QUICK) -> int:
    """Keep up to `limit` due promises of a queue, each in its own transaction; returns how many were kept.

    Safe to run in many workers at once: rows are taken with SKIP LOCKED. A promise that fails is put off with
    a growing delay and its error is kept with it; its neighbours go on.
    """
    kept = 0
    for _ in range(limit):
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(queue=queue, due_at__lte=timezone.now())
                .order_by("due_at")
                .first()
            )
            if message is None:
                break
            try:
                with transaction.atomic():
                    _keeper(message.task)(**message.payload)
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
