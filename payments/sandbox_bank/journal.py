"""The bank's memory: a file to which one line is added per event, before anybody hears of the event.

Each line is handed to the operating system in one write, so killing the process hard loses nothing that
was answered; at worst the last line is torn, and a torn line was never answered.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Journal:
    """One process at a time; a second one on the same file is refused with BlockingIOError."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._path = path

    def replay(self) -> Iterator[dict[str, Any]]:
        """All whole lines so far; a torn last one is cut off. ValueError: a line in the middle is broken."""
        content = self._path.read_bytes()
        whole, _, torn = content.rpartition(b"\n")
        if torn:
            os.ftruncate(self._file, len(content) - len(torn))
        for line in whole.split(b"\n"):
            if line:
                yield json.loads(line)

    def write(self, event: dict[str, Any]) -> None:
        """Add one event."""
        line = _ENCODER.encode(event).encode() + b"\n"
        written = os.write(self._file, line)
        if written != len(line):
            raise OSError("the journal is full")

    def close(self) -> None:
        """Let another process have it."""
        os.close(self._file)


class NoJournal:
    """For a bank that may forget."""

    def replay(self) -> Iterator[dict[str, Any]]:
        """Nothing."""
        return iter(())

    def write(self, event: dict[str, Any]) -> None:
        """Forget it."""

    def close(self) -> None:
        """Nothing to let go."""
