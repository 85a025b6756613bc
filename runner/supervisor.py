"""Keeps the processes of one data directory alive, and ends them all together.

One thread, one loop. A process that dies is started again after a pause that grows while it keeps dying.
Every process leads a session of its own, so whatever it leaves behind when it is killed (pool children,
request workers holding the port) is found by that session and removed before the restart.
"""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from runner.accounts import Account, as_child
from runner.failure import Failure
from runner.progress import Step, say, tail
from runner.sessions import Session, SessionList

LOOP_PAUSE = 0.05
LONGEST_PAUSE = 10.0
STEADY_AFTER = 20.0  # seconds of life after which a death counts as the first again
HOPELESS_AFTER = 5  # deaths in a row, while somebody waits for it to come up


@dataclass(frozen=True)
class Program:
    """Something to keep running.

    `stop_signal` ends it in peace; after `grace` seconds `force_signal` ends it. `death_signal` is what
    the kernel sends it when the supervisor dies. Servers end after all that use them. `before` runs ahead
    of every start.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    stop_signal: int = signal.SIGTERM
    force_signal: int = signal.SIGKILL
    death_signal: int = signal.SIGTERM
    grace: float = 4.0
    is_server: bool = False
    account: Account | None = None
    before: Callable[[], None] | None = None


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes]
    session: Session
    since: float
    deaths: int = 0
    restart_at: float | None = None


class Stopping(BaseException):
    """Somebody asked us to stop: unwind, and stop the children on the way out."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


class Supervisor:
    """`with Supervisor(…) as supervisor:` – leaving the block, however, stops every child."""

    def __init__(self, sessions: SessionList, out: TextIO | None = None) -> None:
        self.sessions = sessions
        self.out = out or sys.stdout
        self.children: dict[str, Child] = {}
        self.requests: list[int] = []
        self.heeds_requests = True
        self.handlers: dict[int, Any] = {}

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays nohup
                self.handlers[number] = signal.signal(number, lambda got, _: self.requests.append(got))
        if self.sessions.left_behind():
            with Step("Ending what a killed run left behind", self.out):
                self.sessions.sweep()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    # --- running --------------------------------------------------------------------------------------
    def start(self, program: Program) -> None:
        process, session = self._spawn(program)
        self.children[program.name] = Child(program, process, session, time.monotonic())

    def _spawn(self, program: Program) -> tuple[subprocess.Popen[bytes], Session]:
        if program.before:
            program.before()
        with program.log.open("ab") as log:
            process = subprocess.Popen(
                as_child(program.command, program.account, death_signal=program.death_signal),
                env=dict(program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        session = Session.of(program.name, process.pid, program.death_signal)
        self.sessions.add(session)
        return process, session

    def tick(self) -> None:
        """One round: notice deaths, start again what is due. Raises Stopping when asked to stop."""
        if self.requests and self.heeds_requests:
            raise Stopping(self.requests[0])
        now = time.monotonic()
        for child in self.children.values():
            if child.restart_at is None:
                if child.process.poll() is not None:
                    self._bury(child, now)
            elif now >= child.restart_at:
                child.process, child.session = self._spawn(child.program)
                child.since, child.restart_at = now, None

    def _bury(self, child: Child, now: float) -> None:
        child.session.kill()
        lived = now - child.since
        child.deaths = 1 if lived > STEADY_AFTER else child.deaths + 1
        pause = min(LONGEST_PAUSE, 0.1 * 3 ** (child.deaths - 1))
        child.restart_at = now + pause
        how = cause_of_death(child.process.returncode)
        say(
            f"{child.program.name} {how} after {lived:.1f} s; starting it again in {pause:.1f} s "
            f"(log: {child.program.log})",
            self.out,
        )

    def rest(self, seconds: float = LOOP_PAUSE) -> None:
        until = time.monotonic() + seconds
        self.tick()
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, LOOP_PAUSE))
            self.tick()

    def run_for_ever(self) -> None:
        with contextlib.suppress(Stopping):
            while True:
                self.rest()

    def wait_until(self, ready: Callable[[], bool], what: str, patience: float) -> None:
        """Go on when `ready()`; Failure when it takes too long or a child keeps dying."""
        until = time.monotonic() + patience
        while not ready():
            hopeless = [child for child in self.children.values() if child.deaths >= HOPELESS_AFTER]
            if hopeless:
                raise failure_of(f"{hopeless[0].program.name} does not start.", hopeless[0].program.log)
            if time.monotonic() > until:
                raise Failure(f"{what} took longer than {patience:.0f} seconds.")
            self.rest()

    def run(self, command: list[str], environment: Mapping[str, str], log: Path) -> int:
        """Run something that ends by itself while the children are looked after; its exit code."""
        with log.open("ab") as out:
            process = subprocess.Popen(
                as_child(command), env=dict(environment), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        session = Session.of("step", process.pid)
        self.sessions.add(session)
        try:
            while process.poll() is None:
                self.rest()
        finally:
            session.kill()
            process.wait()
        return process.returncode

    def run_in_terminal(self, command: list[str], environment: Mapping[str, str]) -> int:
        """The same with the caller's own input and output. What asks us to stop asks `command`; it ends
        when it sees fit, and we with it."""
        self.heeds_requests = False
        process = subprocess.Popen(as_child(command), env=dict(environment))
        passed_on = 0
        while process.poll() is None:
            self.rest()
            for number in self.requests[passed_on:]:
                if number == signal.SIGINT and reached_by_itself(process):
                    continue
                process.send_signal(number)
            passed_on = len(self.requests)
        return process.returncode if process.returncode >= 0 else 128 - process.returncode

    # --- ending ---------------------------------------------------------------------------------------
    def stop(self) -> None:
        """End all: first those who use the servers, then the servers. Asked once more, it does not wait."""
        for servers in (False, True):
            self._stop_together(
                [child for child in self.children.values() if child.program.is_server == servers]
            )
        self.children.clear()
        self.sessions.clear()

    def _stop_together(self, children: list[Child]) -> None:
        asked_before = len(self.requests)
        alive = [child for child in children if child.process.poll() is None]
        for child in alive:
            child.process.send_signal(child.program.stop_signal)
        began = time.monotonic()
        while alive := [child for child in alive if child.process.poll() is None]:
            hurry = len(self.requests) > asked_before
            overdue = [child for child in alive if hurry or time.monotonic() - began > child.program.grace]
            for child in overdue:
                force(child)
            time.sleep(0.02)
        for child in children:
            child.session.kill()


def reached_by_itself(process: subprocess.Popen[bytes]) -> bool:
    """Ctrl-C goes to all processes of a terminal; without one, see whether it went to `process` too."""
    if sys.stdin.isatty():
        return True
    try:
        process.wait(1.5)
    except subprocess.TimeoutExpired:
        return False
    return True


def force(child: Child) -> None:
    child.process.send_signal(child.program.force_signal)
    try:
        child.process.wait(2)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()


def cause_of_death(returncode: int) -> str:
    if returncode < 0:
        return f"was killed by {signal.Signals(-returncode).name}"
    return f"ended with exit code {returncode}"


def failure_of(text: str, log: Path) -> Failure:
    lines = "\n".join(f"    {line}" for line in tail(log, 15))
    return Failure(f"{text} Its log ({log}) ends with:\n{lines}")
