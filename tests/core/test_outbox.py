"""Promises: kept once, never lost, and each by the worker of its queue."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from celery import current_app
from celery.signals import task_prerun
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from core import outbox, tasks
from core.models import AuditEntry, OutboxMessage, Queue


@pytest.fixture(autouse=True)
def _nobody_called():
    cache.clear()


@pytest.fixture
def kept(monkeypatch):
    """Consumers of the test and what they were given, in order."""
    given: list = []

    def note(**payload):
        given.append(payload)

    def fail(**payload):
        AuditEntry.objects.create(action="half done", subject_type="test", subject_id="1", job="test")
        raise OSError("the disk is full of other people's names")

    monkeypatch.setitem(outbox._consumers, "test.note", note)
    monkeypatch.setitem(outbox._consumers, "test.fail", fail)
    return given


@pytest.fixture
def messages(monkeypatch):
    """What would be published, instead of a broker."""
    sent: list[dict] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda task, **options: sent.append({"task": task, **options})
    )
    return sent


def promise(task: str, queue: Queue = Queue.QUICK, **payload) -> None:
    with transaction.atomic():
        outbox.after_commit(task, queue=queue, **payload)


def test_a_promise_outside_a_transaction_is_refused(live_db):
    with pytest.raises(RuntimeError):
        outbox.after_commit("test.note", number=1)
    assert not OutboxMessage.objects.exists()


def test_a_promise_is_kept_and_gone(db, kept):
    promise("test.note", number=1)
    assert outbox.drain() == 1
    assert kept == [{"number": 1}]
    assert not OutboxMessage.objects.exists()


def test_a_promise_of_a_change_that_is_rolled_back_was_never_made(db, kept):
    with transaction.atomic():
        outbox.after_commit("test.note", number=1)
        transaction.set_rollback(True)
    assert outbox.drain() == 0


def test_what_fails_is_put_off_and_its_neighbours_go_on(db, kept):
    promise("test.note", number=1)
    promise("test.fail", number=2)
    promise("test.note", number=3)
    assert outbox.drain() == 2
    assert kept == [{"number": 1}, {"number": 3}]
    left = OutboxMessage.objects.get()
    assert (left.task, left.tries, left.last_error) == ("test.fail", 1, "OSError")
    assert left.due_at > timezone.now() + timedelta(seconds=3)
    assert not AuditEntry.objects.filter(action="half done").exists(), "what it began is undone"


def test_the_delay_grows_and_the_promise_stays(db, kept):
    promise("test.fail")
    delays = []
    for _ in range(8):
        OutboxMessage.objects.update(due_at=timezone.now())
        outbox.drain()
        delays.append(OutboxMessage.objects.get().due_at - timezone.now())
    assert [round(d.total_seconds()) for d in delays] == [5, 15, 60, 300, 900, 3600, 3600, 3600]


def test_a_promise_nobody_keeps_is_not_lost(db, kept):
    promise("test.unknown")
    assert outbox.drain() == 0
    assert OutboxMessage.objects.get().last_error == "KeyError"


def test_the_quick_worker_leaves_long_promises_alone(db, kept):
    promise("test.note", Queue.LONG, number=1)
    assert outbox.drain() == 0
    assert tasks.drain_outbox() == 0
    assert tasks.drain_long_outbox() == 1
    assert kept == [{"number": 1}]


def test_the_worker_is_woken_after_the_commit_only(live_db, kept, messages):
    with transaction.atomic():
        outbox.after_commit("test.note", number=1)
        outbox.after_commit("test.note", queue=Queue.LONG, number=2)
        assert messages == []
    assert [(m["task"], m["queue"]) for m in messages] == [
        ("core.drain_outbox", "celery"),
        ("core.drain_long_outbox", "long"),
    ]


def test_a_long_promise_whose_message_was_lost_is_found_by_the_schedule(db, kept, messages):
    assert tasks.call_long_worker() is False
    assert messages == []
    promise("test.note", Queue.LONG, number=1)
    assert tasks.call_long_worker() is True
    assert [(m["task"], m["queue"], m["expires"]) for m in messages] == [
        ("core.drain_long_outbox", "long", 60)
    ]


def test_one_call_is_enough_until_a_worker_has_heard_it(messages):
    for _ in range(3):
        outbox.nudge("core.drain_outbox")
    outbox.nudge("core.send_messages")
    assert [m["task"] for m in messages] == ["core.drain_outbox", "core.send_messages"]
    assert outbox.heard("core.drain_outbox") is True
    assert outbox.heard("core.drain_outbox") is False
    outbox.nudge("core.drain_outbox")
    assert len(messages) == 3


def test_nobody_calls_a_worker_that_is_at_it_and_it_knows_to_look_once_more(messages):
    outbox.at_work("core.drain_outbox")
    outbox.nudge("core.drain_outbox")
    assert messages == []
    assert outbox.heard("core.drain_outbox") is True


def test_a_task_that_begins_has_heard_the_call(db, messages):
    outbox.nudge("core.drain_outbox")
    task_prerun.send(sender=tasks.drain_outbox, task=tasks.drain_outbox)
    outbox.nudge("core.drain_outbox")
    assert len(messages) == 2


def test_a_broker_that_is_away_breaks_nothing(live_db, kept, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", refuse)
    promise("test.note", number=1)
    promise("test.note", Queue.LONG, number=2)
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize("queue", list(Queue))
def test_a_message_arrives_under_the_prefix_of_its_queue(queue, monkeypatch):
    """Read with a plain client what kombu wrote: no worker of the other queue can see it."""
    redis = pytest.importorskip("redis").Redis.from_url(settings.REDIS_URL)
    prefixes = {name: f"test-{threading.get_ident()}-{name}:" for name in settings.BROKER_KEY_PREFIXES}
    monkeypatch.setattr(settings, "BROKER_KEY_PREFIXES", prefixes)
    monkeypatch.setattr(settings, "CELERY_TASK_DEFAULT_QUEUE", "neither")
    try:
        outbox.nudge("core.drain_outbox", queue)
        assert redis.llen(f"{prefixes[queue]}{queue}") == 1
        assert not [k for name, p in prefixes.items() if name != queue for k in redis.scan_iter(f"{p}*")]
    finally:
        for prefix in prefixes.values():
            for key in redis.scan_iter(f"{prefix}*"):
                redis.delete(key)


def test_two_drains_at_once_keep_each_promise_once(live_db, monkeypatch):
    """Real threads on PostgreSQL: a row is deleted by the transaction that did the work, and by no other."""
    done: list[int] = []
    both = threading.Barrier(2, timeout=20)

    def work(number):
        if len(done) < 2:
            both.wait()  # both workers hold a promise each before either ends
        done.append(number)

    monkeypatch.setitem(outbox._consumers, "test.work", work)
    with transaction.atomic():
        outbox.promise_many("test.work", [{"number": n} for n in range(40)])

    kept: list[int] = []

    def worker():
        try:
            kept.append(outbox.drain())
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == list(range(40))
    assert sum(kept) == 40
    assert min(kept) > 0
    assert not OutboxMessage.objects.exists()


def test_a_worker_killed_in_the_middle_leaves_the_promise(live_db, monkeypatch):
    class Killed(BaseException):
        pass

    def die(**payload):
        raise Killed

    monkeypatch.setitem(outbox._consumers, "test.die", die)
    promise("test.die", number=1)
    with pytest.raises(Killed):
        outbox.drain()
    assert OutboxMessage.objects.get().tries == 0
