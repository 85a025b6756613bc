"""Backups that are written down: the health page tells when the last one was taken, and that one failed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from core.backups.manifest import BackupError
from core.backups.taking import forget_old, take
from core.models import BackupRun

EVERY = timedelta(hours=24)
_LONGEST = timedelta(hours=6)
_KILLED = "ended without a word"


def back_up(directory: Path, *, keep: int = 0) -> BackupRun:
    """Take a backup below `directory`, then delete all but the newest `keep` (0: delete none).

    Repeatable: each call makes another one. BackupError when it could not be taken; that is written down as well.
    """
    run = BackupRun.objects.create()
    try:
        path, made = take(directory)
    except BackupError as error:
        _end(run, state=BackupRun.State.FAILED, error=str(error)[:500])
        raise
    killed = BackupRun.objects.filter(state=BackupRun.State.RUNNING, started_at__lt=run.started_at)
    killed.update(state=BackupRun.State.FAILED, ended_at=timezone.now(), error=_KILLED)
    _end(
        run,
        state=BackupRun.State.DONE,
        path=str(path),
        size_bytes=made.size_bytes,
        rows=sum(made.rows.values()),
    )
    forget_old(directory, keep)
    return run


def backup_is_due() -> bool:
    """Whether the last good backup is older than EVERY and none is running; one that runs for longer than six hours
    was killed."""
    now = timezone.now()
    runs = BackupRun.objects.all()
    is_running = runs.filter(state=BackupRun.State.RUNNING, started_at__gt=now - _LONGEST).exists()
    return not is_running and not runs.filter(state=BackupRun.State.DONE, started_at__gt=now - EVERY).exists()


def _end(run: BackupRun, **facts: object) -> None:
    for name, value in facts.items():
        setattr(run, name, value)
    run.ended_at = timezone.now()
    run.save()
