"""A watched folder: `STATEMENTS_INBOX_DIR/<source key>/` for files that come by themselves.

A file is taken once it rests and hidden until it was read; then it moves to `done/`, or to `refused/` with a file
that says why. What is half-written, hidden or no plain file is left alone.
"""

from __future__ import annotations

import logging
import os
import stat
import time
from pathlib import Path

from django.conf import settings

from core.errors import DomainError
from core.phrases import sentence
from payments.enums import ImportState
from payments.models import StatementImport, StatementSource
from payments.services.imports import take_file
from payments.services.statement_files import blocks_of
from payments.statement_phrases import REFUSALS

log = logging.getLogger(__name__)

RESTS_SECONDS = 20
_TAKEN = ".taken-"
_TRY_LATER = {"disk_full", "file_not_stored"}


def sweep_inbox(now: float | None = None) -> int:
    """Take in what has come to rest; how many files were moved. Safe to repeat and to kill: a file that was taken
    and not moved yet is known by its content the next time."""
    if not settings.STATEMENTS_INBOX_DIR:
        return 0
    root, moved = Path(settings.STATEMENTS_INBOX_DIR), 0
    for source in StatementSource.objects.filter(is_active=True).select_related("office"):
        for path in sorted((root / source.key).glob("*")):
            if not path.name.startswith(".") and _rests(path, now or time.time()):
                moved += _take(source, path)
        for path in sorted((root / source.key).glob(f"{_TAKEN}*")):
            moved += _put_away(path)
    return moved


def _rests(path: Path, now: float) -> bool:
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(facts.st_mode) and now - facts.st_mtime >= RESTS_SECONDS


def _take(source: StatementSource, path: Path) -> int:
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            statement, _ = take_file(source, _steady(file, before), name=path.name, job="inbox")
    except DomainError as error:
        if error.code in _TRY_LATER:
            log.error("inbox: %s waits: %s", path.name, error.code)
            return 0
        if error.code == "file_still_changing":
            return 0
        _move(path, "refused", path.name, f"{error.code}: {sentence(error.code)}")
        return 1
    except OSError as error:
        log.error("inbox: %s cannot be read: %s", path.name, type(error).__name__)
        return 0
    path.rename(path.with_name(f"{_TAKEN}{statement.pk}-{path.name}"))
    return 1


def _put_away(path: Path) -> int:
    """A taken file goes to its last place once its reading has ended."""
    number, _, name = path.name.removeprefix(_TAKEN).partition("-")
    statement = StatementImport.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    if statement is None or statement.state in (ImportState.RECEIVED, ImportState.READING):
        return 0
    if statement.state == ImportState.REFUSED:
        words = REFUSALS.get(statement.reason, statement.reason)
        _move(path, "refused", name, f"{statement.reason}: {words}")
    else:
        _move(path, "done", name)
    return 1


def _steady(file, before: os.stat_result):
    """The file's blocks; DomainError("file_still_changing") when it grew while it was read."""
    yield from blocks_of(file)
    after = os.fstat(file.fileno())
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise DomainError("file_still_changing")


def _move(path: Path, where: str, name: str, reason: str = "") -> None:
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{Path(name).stem}.{number}{Path(name).suffix}"
    if reason:
        target.with_name(f"{target.name}.reason.txt").write_text(f"{reason}\n", encoding="utf-8")
    path.rename(target)
