"""One file through the portal's own services, with the time of each step and the most memory of each process.

Runs as the long worker would, in a process of its own: `python -m bench.support.taking SOURCE FILE`; the figures are
the last line that it prints.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import django
from django.db import connections

_LOOK_EVERY = 0.1


class Watch:
    """Seconds by step. Steps that run within another one are named apart by the caller."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, step: str, work: Callable) -> Callable:
        """`work`, its time noted."""

        def run(*args, **named):
            began = time.monotonic()
            try:
                return work(*args, **named)
            finally:
                self.seconds[step] += time.monotonic() - began

        return run


class Memory(threading.Thread):
    """The most resident memory that this process and each of its children had (VmHWM)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._done = threading.Event()
        self.children: dict[int, int] = {}

    def run(self) -> None:
        while not self._done.wait(_LOOK_EVERY):
            for pid in _children():
                self.children[pid] = max(self.children.get(pid, 0), peak_kib(pid))

    def stop(self) -> dict[str, float]:
        """Megabytes of the worker, of its largest child, and of both."""
        self._done.set()
        worker, reader = peak_kib(os.getpid()), max(self.children.values(), default=0)
        return {
            "worker": round(worker / 1024, 1),
            "reader": round(reader / 1024, 1),
            "together": round((worker + reader) / 1024, 1),
        }


def _children() -> list[int]:
    tasks = Path("/proc/self/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


def peak_kib(pid: int) -> int:
    """VmHWM of a process in KiB; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("VmHWM:")), 0)


def main(key: str, path: Path) -> dict[str, object]:
    """Take in, read, match and post the file."""
    from payments.models import StatementImport, StatementSource
    from payments.services import imports, matching, posting_lines
    from payments.services.statement_files import blocks_of
    from provinces.scoping import all_provinces

    watch, memory = Watch(), Memory()
    imports.copy_to_stage = watch.timed("read", imports.copy_to_stage)
    matching.write_matched = watch.timed("early", matching.write_matched)
    posting_lines.post_payouts = watch.timed("post", posting_lines.post_payouts)
    posting_lines.note_reversals = watch.timed("post", posting_lines.note_reversals)
    memory.start()
    with all_provinces("bench"):
        source = StatementSource.objects.select_related("office", "profile").get(key=key)
        with path.open("rb") as file:
            statement, _ = watch.timed("seal", imports.take_file)(
                source, blocks_of(file), name=path.name, job="bench"
            )
        watch.timed("reading", imports.read_import)(statement.pk)
        database = connections["default"]
        database.commit = watch.timed("post", database.commit)  # where the legs' keys are checked
        watch.timed("matching", matching.match_import)(statement.pk)
        statement = StatementImport.objects.get(pk=statement.pk)
    spent, used = watch.seconds, os.times()
    seconds = {
        "read": spent["seal"] + spent["read"],
        "dedupe": spent["reading"] - spent["read"] - spent["early"],
        "match": spent["early"]
        + spent["matching"]
        - spent["post"],  # a large file is matched when it is read
        "post": spent["post"],
    }
    return {
        "import": statement.pk,
        "state": statement.state,
        "counts": {name: count for name, count in statement.counts.items() if name != "notes"},
        "seconds": {step: round(value, 2) for step, value in seconds.items()},
        "memory_mb": memory.stop(),
        "cpu": {"worker": round(used.user + used.system, 1), "reader": round(used.children_user, 1)},
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))), flush=True)
