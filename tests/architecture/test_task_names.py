"""Names in the schedule, in nudges and in promises lead to a task or a consumer that exists."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app

from behzisti_portal.schedule import BEAT_SCHEDULE
from core import outbox
from core.models import Queue

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "core",
    "provinces",
    "campaigns",
    "ledger",
    "donations",
    "volunteers",
    "partnerships",
    "aid",
    "payments",
    "cases",
    "dashboards",
)
CALLS = {"nudge": "task", "after_commit": "promise", "promise_many": "promise", "send_task": "task"}
# Where names come in from outside and are passed on.
PASSES_NAMES_ON = {"core/outbox.py"}


@pytest.fixture(scope="module", autouse=True)
def _loaded():
    current_app.loader.import_default_modules()


def named() -> Iterator[tuple[str, str, str]]:
    """(place, kind, name) of every name handed to the outbox or the broker."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            place = str(path.relative_to(ROOT))
            if place in PASSES_NAMES_ON or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (kind := CALLS.get(_called(node))):
                    first = node.args[0] if node.args else None
                    name = first.value if isinstance(first, ast.Constant) else "?"
                    yield f"{place}:{node.lineno}", kind, name


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def test_every_scheduled_job_is_a_task():
    missing = {job["task"] for job in BEAT_SCHEDULE.values()} - set(current_app.tasks)
    assert missing == set()


def test_every_name_in_the_code_is_a_task_or_a_consumer():
    known = {"task": set(current_app.tasks), "promise": outbox.consumer_names()}
    wrong = [f"{place} {kind} {name}" for place, kind, name in named() if name not in known[kind]]
    assert not wrong, "\n".join(wrong)


def test_every_consumer_is_promised_somewhere():
    promised = {name for _, kind, name in named() if kind == "promise"}
    assert outbox.consumer_names() - promised == set()


def test_every_queue_has_a_drain_that_is_scheduled_or_called():
    scheduled = {job["task"] for job in BEAT_SCHEDULE.values()}
    assert set(outbox._DRAINS) == set(Queue)
    assert set(outbox._DRAINS.values()) <= set(current_app.tasks)
    assert outbox._DRAINS[Queue.QUICK] in scheduled
    assert "core.call_long_worker" in scheduled


def test_every_queue_has_a_broker_prefix(settings):
    assert set(settings.BROKER_KEY_PREFIXES) == set(Queue.values)
    assert len(set(settings.BROKER_KEY_PREFIXES.values())) == len(Queue)


def test_task_names_begin_with_their_room():
    ours = [name for name in current_app.tasks if not name.startswith("celery.")]
    assert [name for name in ours if name.partition(".")[0] not in ROOMS] == []
