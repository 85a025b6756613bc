"""Feeding a file to the reader and its lines to the database, at once and with flat memory."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from payments.statements.base import FileRefused
from payments.statements.staging import STAGE_COLUMNS, main

SMALL_BYTES = 256 * 1024  # not worth a process
_COPY = f"COPY statement_stage ({', '.join(STAGE_COLUMNS)}) FROM STDIN"
_BLOCK_BYTES = 1 << 20


def copy_to_stage(job: dict[str, Any], file, size: int, tell: Callable[[int], None]) -> dict[str, Any]:
    """Read `file` by the job's profile into the open transaction's statement_stage; the reader's summary.

    FileRefused for a file that cannot be read as a whole. `tell` is told how many bytes have been read.
    A reader that was killed raises RuntimeError: the promise is kept later.
    """
    if size <= SMALL_BYTES and job["file_format"] != "xlsx":
        return _here(job, file)
    with tempfile.TemporaryFile() as words:
        told, code = _apart(job, file, words, tell)
    if code in (-signal.SIGKILL, -signal.SIGTERM):
        raise RuntimeError("the reader was killed")
    if code or told is None:
        raise FileRefused("reader_failed")
    return _checked(told)


def _here(job: dict[str, Any], file) -> dict[str, Any]:
    out = io.BytesIO()
    told = main(io.BytesIO(_heading(job) + file.read()), out)
    out.seek(0)
    summary = _checked(told)
    _copy(out)
    return summary


def _apart(job: dict[str, Any], file, words, tell: Callable[[int], None]) -> tuple[dict | None, int]:
    reader = subprocess.Popen(
        [sys.executable, "-m", "payments.statements"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, cwd=settings.BASE_DIR,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "PYTHONPATH": str(Path(settings.BASE_DIR))},
    )  # fmt: skip
    failures: list[BaseException] = []
    feeder = threading.Thread(target=_feed, args=(reader, job, file, tell, failures), daemon=True)
    feeder.start()
    try:
        _copy(reader.stdout)
    except BaseException:
        reader.kill()
        raise
    finally:
        reader.stdout.close()
        code = reader.wait()
        feeder.join()
    if failures:
        raise failures[0]
    words.seek(0)
    last = words.read()[-1_000_000:].decode("utf-8", "replace").rpartition("\n")[2]
    try:
        return json.loads(last), code
    except ValueError:
        return None, code


def _feed(reader: subprocess.Popen, job: dict, file, tell, failures: list[BaseException]) -> None:
    fed = 0
    try:
        with reader.stdin as target:
            target.write(_heading(job))
            while block := file.read(_BLOCK_BYTES):
                target.write(block)
                fed += len(block)
                tell(fed)
    except BrokenPipeError:
        return  # the reader has seen enough, or is gone: its summary says which
    except BaseException as error:
        failures.append(error)
        reader.kill()


def _heading(job: dict[str, Any]) -> bytes:
    return json.dumps(job).encode() + b"\n"


def _copy(out) -> None:
    with connection.cursor() as cursor:
        cursor.copy_expert(_COPY, out, _BLOCK_BYTES)


def _checked(told: dict[str, Any]) -> dict[str, Any]:
    if "refused" in told:
        raise FileRefused(told["refused"], **told["facts"])
    return told
