"""Which processes belong to us, told by the session each started program leads.

A process keeps its session when its parent dies, and a number stays taken as long as the session has a
member, so (session, start time of its leader, boot) never points at a stranger.
"""

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from runner.data_dir import write_private


@dataclass(frozen=True)
class Session:
    name: str
    leader: int
    started: int  # clock ticks since boot
    boot: str
    death_signal: int

    @classmethod
    def of(cls, name: str, leader: int, death_signal: int = signal.SIGTERM) -> "Session":
        return cls(name, leader, start_time(leader), this_boot(), death_signal)

    def members(self) -> list[int]:
        """Living processes of this session; none when the number has since gone to somebody else."""
        if self.boot != this_boot() or start_time(self.leader) not in (0, self.started):
            return []
        return [
            pid for pid in processes() if session_of(pid) == self.leader and start_time(pid) >= self.started
        ]

    def kill(self) -> None:
        """End every member now, and wait until they are gone."""
        until = time.monotonic() + 5
        while (members := self.members()) and time.monotonic() < until:
            send(signal.SIGKILL, members)
            time.sleep(0.01)


class SessionList:
    """The sessions of one data directory, on disk, so that a later run can sweep what a killed one left."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.known: dict[str, Session] = {}

    def add(self, session: Session) -> None:
        self.known[session.name] = session
        self._write()

    def clear(self) -> None:
        self.known = {}
        self.file.unlink(missing_ok=True)

    def _write(self) -> None:
        write_private(self.file, json.dumps([asdict(session) for session in self.known.values()]))

    def left_behind(self) -> list[Session]:
        """Sessions an earlier run noted down that still have a living member."""
        try:
            noted = [Session(**entry) for entry in json.loads(self.file.read_text())]
        except (OSError, ValueError, TypeError):
            return []
        return [session for session in noted if session.members()]

    def sweep(self, patience: float = 5.0) -> None:
        """Ask what is left behind to end, then make it end. Only for the owner of the data directory."""
        rest = self.left_behind()
        for session in rest:
            send(session.death_signal, [session.leader])
        until = time.monotonic() + patience
        while any(session.members() for session in rest) and time.monotonic() < until:
            time.sleep(0.05)
        for session in rest:
            session.kill()
        self.clear()


def send(number: int, pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def processes() -> Iterator[int]:
    """Numbers of all living processes; nothing where there is no /proc."""
    with contextlib.suppress(OSError):
        yield from (int(name) for name in os.listdir("/proc") if name.isdigit())


def stat_fields(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on; empty for the dead, zombies included."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
    return [] if fields[0] in "ZX" else fields


def session_of(pid: int) -> int:
    fields = stat_fields(pid)
    return int(fields[3]) if fields else 0


def start_time(pid: int) -> int:
    fields = stat_fields(pid)
    return int(fields[19]) if fields else 0


def this_boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
