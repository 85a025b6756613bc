"""The whole portal as processes on servers of its own, all gone afterwards."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from core.backups import programs
from runner import processes
from runner.data_dir import DataDir
from runner.install import ROOT
from runner.ports import free_port
from runner.postgres import Postgres
from runner.progress import Step
from runner.services import temporary_services
from runner.sessions import processes as all_processes
from runner.sessions import session_of, stat_fields
from runner.supervisor import Program, Supervisor, failure_of

ROLES = ("web", "worker", "beat", "bank", "postgres", "valkey")
PATIENCE = 90.0
MIGRATED = (
    "BENCH_MIGRATED"  # a dump (pg_dump --format=custom) of a database with all migrations and nothing else
)


@dataclass(frozen=True)
class Sizes:
    """How many of each, and what else the processes are told."""

    web_workers: int = 2
    web_threads: int = 8
    worker_processes: int = 2
    long_worker_processes: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)


class Stack:
    """PostgreSQL and Valkey run already; the rest is started by name and kept alive by the supervisor.

    The supervisor needs its owner's thread: call `look_after` or `rest` there while something runs.
    """

    def __init__(self, supervisor: Supervisor, environment: Mapping[str, str], sizes: Sizes) -> None:
        self.supervisor, self.sizes = supervisor, sizes
        self.data = DataDir(Path(environment["PORTAL_DATA_DIR"]))
        self.web_port = free_port({int(environment["SANDBOX_BANK_URL"].rpartition(":")[2])})
        self.url = f"http://127.0.0.1:{self.web_port}"
        self.bank_url = environment["SANDBOX_BANK_URL"]
        self.environment = {
            **environment,
            "PORTAL_BASE_URL": self.url,
            "WEB_WORKERS": str(sizes.web_workers),
            "WEB_THREADS": str(sizes.web_threads),
            "LOG_LEVEL": "WARNING",
            **sizes.environment,
        }
        self.cluster = self.data / "postgres" / "data"

    # --- starting and stopping ------------------------------------------------------------------------
    def fill(self) -> None:
        """Tables and reference data; what was migrated before is taken from there and brought up to date."""
        if dump := os.environ.get(MIGRATED):
            programs.run(
                "pg_restore", "--exit-on-error", "--no-owner", "--dbname=portal", dump,
                url=self.environment["DATABASE_URL"],
            )  # fmt: skip
        for command in processes.migrate():
            with Step(f"{command[1]}", sys.stderr):
                log = self.data.log("setup")
                if code := self.supervisor.run(processes.with_python(command), self.environment, log):
                    raise failure_of(f"“manage {command[1]}” failed ({code}).", log)

    def start(self, *roles: str) -> None:
        """Start these and wait until each does its work."""
        for role in roles:
            self.supervisor.start(self._program(role))
        with Step(f"Starting {', '.join(roles)}", sys.stderr):
            self.supervisor.wait_until(lambda: not self.missing(roles), f"Starting {roles}", PATIENCE)

    def stop(self, *roles: str) -> None:
        """End these and everything they started; the supervisor forgets them."""
        for role in roles:
            child = self.supervisor.children.pop(role)
            child.process.send_signal(signal.SIGTERM)
            until = time.monotonic() + 8
            while child.process.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            child.session.kill()
            child.process.wait()

    def configure_database(self, **settings: str) -> None:
        """Server settings that need a restart, for this run's cluster only."""
        for name, value in settings.items():
            self.sql(f"ALTER SYSTEM SET {name} = '{value}'")
        child = self.supervisor.children["postgres"]
        child.process.send_signal(signal.SIGINT)
        child.process.wait()
        self.supervisor.wait_until(lambda: self.is_up("postgres"), "Restarting PostgreSQL", PATIENCE)

    def _program(self, role: str) -> Program:
        bank_port = int(self.bank_url.rpartition(":")[2])
        command = {
            "web": processes.web(f"127.0.0.1:{self.web_port}"),
            "worker": processes.worker(self.sizes.worker_processes),
            "beat": processes.beat(str(self.data.directory("beat") / "schedule")),
            "bank": processes.bank(bank_port, str(self.data.directory("bank"))),
            "worker-long": processes.long_worker(self.sizes.long_worker_processes),
        }[role]
        environment = self.environment | (processes.LONG_ENVIRONMENT if role == "worker-long" else {})
        return Program(role, processes.with_python(command), environment, self.data.log(role), grace=8.0)

    def missing(self, roles: Iterable[str] = ROLES) -> list[str]:
        """Which of these are not doing their work now."""
        return [role for role in roles if not self.is_up(role)]

    # --- looking --------------------------------------------------------------------------------------
    def is_up(self, role: str) -> bool:
        """Whether it serves: web and bank answer, the servers take orders, the others run with a child or
        a schedule of their own."""
        if role not in self.supervisor.children or self.supervisor.children[role].restart_at is not None:
            return False
        if role == "web":
            return answers(self.web_port, "/healthz")
        if role == "bank":
            return answers(int(self.bank_url.rpartition(":")[2]), "/healthz")
        if role == "postgres":
            try:
                return self.sql("SELECT 1") == [(1,)]
            except psycopg2.Error:
                return False
        if role == "worker":  # the pool is forked once the broker has been reached
            return len(self.members(role)) > self.sizes.worker_processes
        if role == "worker-long":
            return len(self.members(role)) > self.sizes.long_worker_processes
        return bool(self.members(role))

    def members(self, role: str) -> list[int]:
        """The living processes of a role. PostgreSQL's lead sessions of their own, but all work in the
        cluster's directory."""
        if role == "postgres":
            return Postgres(self.cluster.parent, 0, "", None).living()
        leader = self.supervisor.children[role].session.leader
        return [pid for pid in all_processes() if session_of(pid) == leader and stat_fields(pid)]

    def sql(self, statement: str, values: object = None) -> list[tuple]:
        """One statement on a connection of its own."""
        with closing(psycopg2.connect(self.environment["DATABASE_URL"], connect_timeout=3)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []

    def manage(self, *arguments: str) -> tuple[int, str]:
        """A management command: exit code and what it printed."""
        log = self.data / f"{arguments[0]}.txt"
        log.unlink(missing_ok=True)
        command = processes.with_python(["manage.py", *arguments])
        code = self.supervisor.run(command, self.environment, log)
        return code, log.read_text()


@contextmanager
def portal(sizes: Sizes) -> Iterator[Stack]:
    """Servers that survive a power cut (fsync on), a migrated and seeded database, nothing else started."""
    os.chdir(ROOT)
    with temporary_services(sys.stderr, durable=True) as (supervisor, environment):
        stack = Stack(supervisor, environment, sizes)
        try:
            stack.fill()
            yield stack
        except Exception:
            keep_logs(stack)
            raise


def keep_logs(stack: Stack) -> None:
    """The last words of every log, for whoever has to find out."""
    for log in sorted((stack.data / "logs").glob("*.log")):
        lines = log.read_text(errors="replace").splitlines()[-15:]
        print(f"--- {log.name}", *lines, sep="\n", file=sys.stderr)


def answers(port: int, path: str) -> bool:
    """Whether an HTTP server says 200 there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
            line.sendall(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
            )
            return line.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
