"""Who may start servers in a data directory: one owner at a time; guests may use what the owner runs.

Two flocks, which the kernel releases however a process ends:
`owner.lock` is held by whoever runs the servers; `guests.lock` is shared by the commands that use them,
and a short-lived owner waits for its guests before it stops the servers.
"""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import IO

from runner.data_dir import DataDir
from runner.failure import Failure

OWNER_LOCK, GUESTS_LOCK = "owner.lock", "guests.lock"


class Ownership:
    """The right to run servers in a data directory, for as long as this process lives or until released."""

    def __init__(self, data: DataDir) -> None:
        self.data = data
        self.owner: IO[str] | None = None
        self.guests: IO[str] | None = None

    def take(self, command: str) -> bool:
        """Become the owner if nobody is."""
        file = open_lock(self.data / OWNER_LOCK)
        if not locked(file, fcntl.LOCK_EX | fcntl.LOCK_NB):
            file.close()
            return False
        claim = {"command": command, "pid": os.getpid(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
        file.seek(0)
        file.truncate()
        file.write(json.dumps(claim))
        file.flush()
        self.owner = file
        return True

    def take_or_fail(self, command: str) -> None:
        if not self.take(command):
            raise Failure(
                f"{self.data.path} is in use by {holder(self.data)}.\n"
                "Stop that first, or choose another place with --data DIR (and another --port)."
            )

    def closed_to_guests(self) -> bool:
        """True once the last guest has left; from then on newcomers wait until we are gone."""
        self.guests = self.guests or open_lock(self.data / GUESTS_LOCK)
        return locked(self.guests, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def visit(self) -> None:
        """Use another process's servers: they stay up at least until we leave or end.

        The lock survives an exec. Waits while the owner is about to stop.
        """
        self.guests = open_lock(self.data / GUESTS_LOCK)
        os.set_inheritable(self.guests.fileno(), True)
        locked(self.guests, fcntl.LOCK_SH)

    def release(self) -> None:
        for file in (self.owner, self.guests):
            if file:
                file.close()
        self.owner = self.guests = None


def holder(data: DataDir) -> str:
    """Words for the owner, as far as it has introduced itself."""
    try:
        claim = json.loads((data / OWNER_LOCK).read_text())
        return f"“./run {claim['command']}” (process {claim['pid']}, since {claim['since']})"
    except (OSError, ValueError, KeyError):
        return "another ./run"


def open_lock(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")


def locked(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        return False
    return True
