"""PostgreSQL and Valkey of one data directory, brought up under a supervisor."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from runner import ports
from runner.data_dir import DataDir
from runner.environment import for_owner, kept_secrets, without_contract
from runner.ownership import OWNER_LOCK, Ownership
from runner.postgres import Postgres
from runner.progress import Step, last_line
from runner.sessions import SessionList
from runner.supervisor import Supervisor
from runner.valkey import Valkey

PATIENCE = 120.0  # recovery after a hard kill reads the log of writes again
NAME_OF_TEMPORARY = "portal-run-"


def supervisor_of(data: DataDir, out: TextIO) -> Supervisor:
    return Supervisor(SessionList(data / "sessions.json"), out)


def start_services(
    data: DataDir, supervisor: Supervisor, given: dict[str, str] | None = None, durable: bool = True
) -> dict[str, str]:
    """Start what `given` does not already name, wait until it answers; the addresses.

    Only for the owner of the data directory. `given` may hold DATABASE_URL and REDIS_URL.
    """
    chosen = ports.remembered_ports(data / "ports.json", ("postgres", "valkey", "bank"))
    password = kept_secrets(data)["server_password"]
    found = {"SANDBOX_BANK_URL": f"http://127.0.0.1:{chosen['bank']}"} | (given or {})
    awaited: list[tuple[str, Callable[[], bool], Path]] = []

    if "DATABASE_URL" not in found:
        postgres = Postgres.prepare(data / "postgres", chosen["postgres"], password, durable)
        if not postgres.cluster.exists():
            with Step("Making the database", supervisor.out):
                postgres.initialise()
        supervisor.start(postgres.program(data.log("postgres")))
        awaited.append((f"PostgreSQL on 127.0.0.1:{postgres.port}", postgres.is_ready, data.log("postgres")))
        found["DATABASE_URL"] = postgres.url
    if "REDIS_URL" not in found:
        valkey = Valkey(data / "valkey", chosen["valkey"], password, durable)
        supervisor.start(valkey.program(data.log("valkey")))
        awaited.append((f"Valkey on 127.0.0.1:{valkey.port}", valkey.is_ready, data.log("valkey")))
        found["REDIS_URL"] = valkey.url

    for name, is_ready, log in awaited:
        with Step(name, supervisor.out, detail=lambda log=log: last_line(log)):
            supervisor.wait_until(is_ready, f"The start of {name}", PATIENCE)
    return found


def named_by_caller() -> dict[str, str]:
    """Servers the caller wants used in place of the bundled ones."""
    return {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}


@contextmanager
def temporary_services(out: TextIO, durable: bool = False) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """Servers of their own, and an environment that knows of no others; all gone afterwards.

    Not even the caller's DATABASE_URL or bank addresses get in, so a test cannot reach real data.
    """
    remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=NAME_OF_TEMPORARY, ignore_cleanup_errors=True) as directory:
        data = DataDir(Path(directory).resolve())
        ownership = Ownership(data)  # tells remove_abandoned, of another run, that this one lives
        ownership.take("temporary servers")
        with supervisor_of(data, out) as supervisor:
            found = start_services(data, supervisor, durable=durable)
            yield supervisor, for_owner(data, found, caller=without_contract())
        ownership.release()


def remove_abandoned() -> None:
    """Temporary directories of runs that were killed: nobody holds their lock."""
    for left in Path(tempfile.gettempdir()).glob(f"{NAME_OF_TEMPORARY}*"):
        lock = left / OWNER_LOCK
        if not (lock.exists() and os.access(lock, os.W_OK)) or time.time() - left.stat().st_mtime < 60:
            continue
        ownership = Ownership(DataDir(left))
        if ownership.take("clearing"):
            shutil.rmtree(left, ignore_errors=True)
            ownership.release()
