"""What a person sees while something takes time: every step a line, never a silent wait.

Imported before anything is installed: standard library only.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

CLOCK = "PORTAL_STARTED_AT"
STARTED = float(os.environ.pop(CLOCK, time.monotonic()))


def say(text: str, out: TextIO | None = None) -> None:
    """Print a line; a reader that went away (`./run demo | head`) is no reason to stop."""
    write(f"{text}\n", out or sys.stdout)


def write(text: str, out: TextIO) -> None:
    known = out.encoding or "utf-8"  # a terminal without … shows ? in its place
    try:
        out.write(text.encode(known, "replace").decode(known))
        out.flush()
    except (BrokenPipeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


class Step:
    """`with Step("database"):` prints the name, dots while it lasts, then ok or FAILED with the seconds.

    On a terminal the line is rewritten in place and shows `detail()`, what is going on just now;
    elsewhere it grows by a dot a second, so that a log file is readable too.
    """

    def __init__(self, name: str, out: TextIO | None = None, detail: Callable[[], str] | None = None) -> None:
        self.name = name
        self.result = "ok"
        self.out = out or sys.stdout
        self.detail = detail or (lambda: "")
        self.live = self.out.isatty()
        self.finished = threading.Event()
        self.ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Step":
        self.since = time.monotonic()
        write(self._head(), self.out)
        self.ticker.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.finished.set()
        self.ticker.join()
        word = self.result if kind is None else "FAILED" if issubclass(kind, Exception) else "stopped"
        start = f"\r\x1b[K{self._head()}" if self.live else ""
        write(f"{start} {word} ({time.monotonic() - self.since:.1f} s)\n", self.out)

    def _head(self) -> str:
        return f"[{self.since - STARTED:6.1f} s] {self.name} …"

    def _tick(self) -> None:
        while not self.finished.wait(0.2 if self.live else 1):
            if not self.live:
                write(".", self.out)
                continue
            waited = time.monotonic() - self.since
            spinner = "|/-\\"[int(waited * 5) % 4]
            width = os.get_terminal_size(self.out.fileno()).columns - 1
            line = f"{self._head()} {spinner} {waited:.0f} s  {self.detail()}"
            write(f"\r\x1b[K{line[:width]}", self.out)


def last_line(path: str | os.PathLike[str]) -> str:
    """The last words of a log, to show what is going on; empty when there is none yet."""
    return next(reversed(tail(path, 1)), "")


def tail(path: str | os.PathLike[str], lines: int) -> list[str]:
    """The last lines of a log that hold any text."""
    try:
        with open(path, "rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - 8192))
            text = log.read().decode("utf-8", "replace")
    except OSError:
        return []
    return [line.strip() for line in text.splitlines() if line.strip()][-lines:]
