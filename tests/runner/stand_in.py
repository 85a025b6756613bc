"""A supervisor in a process of its own, with stand-ins for the portal's processes, to be killed by tests.

Usage: python -m tests.runner.stand_in DIRECTORY. Writes DIRECTORY/pids.json once all have started.
"""

import json
import signal
import sys
import time
from pathlib import Path

from runner.sessions import SessionList
from runner.supervisor import Program, Stopping, Supervisor

# A worker with a pool child that ignores polite requests, as a busy one would.
POOL = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(300)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(300)
"""


def pool(directory: Path, name: str) -> Program:
    return Program(name, [sys.executable, "-c", POOL], {}, directory / f"{name}.log", grace=0.5)


def main() -> None:
    directory = Path(sys.argv[1])
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a test run under nohup ignores it and would pass that on
    try:
        with Supervisor(SessionList(directory / "sessions.json")) as supervisor:
            supervisor.start(pool(directory, "one"))
            supervisor.start(pool(directory, "two"))
            supervisor.wait_until(lambda: len(pids(directory)) == 4, "starting", 10)
            (directory / "pids.json").write_text(json.dumps(pids(directory)))
            supervisor.run_for_ever()
    except Stopping:
        time.sleep(0)


def pids(directory: Path) -> list[int]:
    """Every process the stand-ins have told us about: two a program."""
    return [int(pid) for log in sorted(directory.glob("*.log")) for pid in log.read_text().split()]


if __name__ == "__main__":
    main()
