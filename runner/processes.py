"""The command line of every portal process; docker-compose.yml is held to these by a test."""

import sys
from collections.abc import Sequence

QUICK_QUEUE, LONG_QUEUE = "celery", "long"
LONG_ENVIRONMENT = {"CELERY_LONG": "1"}  # the settings switch broker prefix and visibility timeout by it


def web(bind: str) -> list[str]:
    return ["python", "-m", "behzisti_portal.serve", "--bind", bind]


def worker(concurrency: int) -> list[str]:
    """Quick work: verifying, folding, messages."""
    return celery_worker(QUICK_QUEUE, "quick", concurrency)


def long_worker(concurrency: int) -> list[str]:
    """Imports and stickers. To be started with LONG_ENVIRONMENT."""
    return celery_worker(LONG_QUEUE, "long", concurrency)


def celery_worker(queue: str, name: str, concurrency: int) -> list[str]:
    return [
        "celery", "-A", "behzisti_portal", "worker", "-Q", queue, "-n", f"{name}@%h",
        "--concurrency", str(concurrency), "--loglevel", "INFO", "--without-gossip", "--without-mingle",
    ]  # fmt: skip


def beat(schedule: str) -> list[str]:
    """No pid file: a stale one would keep beat from starting after a hard kill."""
    return [
        "celery", "-A", "behzisti_portal", "beat", "--schedule", schedule, "--pidfile=",
        "--loglevel", "WARNING",
    ]  # fmt: skip


def bank(port: int, directory: str) -> list[str]:
    return ["payments.sandbox_bank", "--port", str(port), "--data", directory]


def migrate() -> list[list[str]]:
    """What brings a database up to date, in order; each can be repeated."""
    return [["manage.py", "migrate", "--noinput"], ["manage.py", "seed_reference"]]


def with_python(command: Sequence[str]) -> list[str]:
    """`command` run by the interpreter of .venv, wherever the caller's PATH points."""
    program, *rest = command
    if program == "python":
        return [sys.executable, *rest]
    if program.endswith(".py"):
        from runner.install import ROOT

        return [sys.executable, str(ROOT / program), *rest]
    return [sys.executable, "-m", program, *rest]
