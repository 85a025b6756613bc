"""`./run demo`: everything at once, from an empty directory to a page that answers, and kept running."""

import argparse
import contextlib
import hashlib
import http.client
import os
import shlex
import socket
import sys
import time
from pathlib import Path

from runner import processes
from runner.data_dir import DataDir
from runner.environment import for_owner, published
from runner.failure import Failure
from runner.install import ROOT
from runner.local import DEFAULT_PORT
from runner.ownership import OWNER_LOCK, Ownership
from runner.ports import is_free
from runner.progress import STARTED, Step, last_line, say, tail
from runner.services import named_by_caller, start_services, supervisor_of
from runner.supervisor import Program, Supervisor, failure_of

PATIENCE = 240.0
BOX_CODE = """SELECT p.code FROM campaigns_box b JOIN campaigns_placement p ON p.id = b.placement_id
                WHERE b.state = 'placed' AND p.is_active ORDER BY b.id LIMIT 1"""
SEED_DEMO = ["manage.py", "seed_demo"]
NOT_SOURCES = {
    ".git",
    ".venv",
    ".data",
    "node_modules",
    "tests",
    "docs",
    "static",
    "staticfiles",
    "__pycache__",
}


def main(arguments: list[str]) -> int:
    options = read_options(arguments[1:])
    data = DataDir.chosen(options.data)
    ownership = Ownership(data)
    ownership.take_or_fail("demo")
    with supervisor_of(data, sys.stdout) as supervisor:
        if options.fresh:
            with Step("Starting over"):
                data.clear()
            for name in named_by_caller():
                say(f"{name} names a server of yours: it is not emptied.")
        data.rotate_logs()
        check_port(options.port)
        environment = demo_environment(data, supervisor, options.port)
        with published(data, environment):
            fill_database(data, supervisor, environment)
            for program in programs(data, environment, options.port):
                supervisor.start(program)
            wait_for_the_portal(data, supervisor, environment, options.port)
            greet(data, supervisor, environment)
            supervisor.run_for_ever()
            say("\nStopping …")
    say("Stopped.")
    return 0


def read_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run demo")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"of the web pages; {DEFAULT_PORT}")
    parser.add_argument("--data", metavar="DIR", help="where its data live; PORTAL_DATA_DIR or .data/")
    parser.add_argument("--fresh", action="store_true", help="throw away the data of an earlier demo first")
    return parser.parse_args(arguments)


def check_port(port: int) -> None:
    if not is_free(port):
        raise Failure(f"Port {port} is taken by another program; choose one with --port N.")


def demo_environment(data: DataDir, supervisor: Supervisor, port: int) -> dict[str, str]:
    """Servers up, and what every process of the demo is told."""
    found = start_services(data, supervisor, named_by_caller())
    fixed = {
        "DJANGO_SETTINGS_MODULE": "behzisti_portal.settings.local",
        "PORTAL_BASE_URL": f"http://127.0.0.1:{port}",
        "PORTAL_DEMO": "1",
    }
    return for_owner(data, found | fixed)


# --- data -------------------------------------------------------------------------------------------------
def fill_database(data: DataDir, supervisor: Supervisor, environment: dict[str, str]) -> None:
    """Tables, reference data, demo data. Each step can be repeated; none is while nothing has changed."""
    stamp = stamp_of(data)
    content = sources_fingerprint()
    if stamp and stamp.exists() and stamp.read_text() == content:
        return
    log = data.log("setup")
    for command in [*processes.migrate(), SEED_DEMO]:
        with Step(f"{command[1]}", detail=lambda: last_line(log)):
            code = supervisor.run(processes.with_python(command), environment, log)
            if code:
                raise failure_of(f"“manage {command[1]}” failed ({code}).", log)
    if stamp:
        stamp.write_text(content)


def stamp_of(data: DataDir) -> Path | None:
    """Beside the bundled cluster, so that it goes when that goes; none for a server of the caller's."""
    return None if "DATABASE_URL" in named_by_caller() else data / "postgres" / "filled"


def sources_fingerprint() -> str:
    """Changes with any code or data that could change what migrations and seeds write."""
    digest = hashlib.sha256()
    for place, directories, files in os.walk(ROOT):
        is_data = OWNER_LOCK in files
        directories[:] = [] if is_data else sorted(set(directories) - NOT_SOURCES)
        for name in [] if is_data else sorted(files):
            if name.endswith((".py", ".json", ".csv")):
                file = Path(place, name)
                digest.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()


# --- processes --------------------------------------------------------------------------------------------
def programs(data: DataDir, environment: dict[str, str], port: int) -> list[Program]:
    """Everything that runs besides the servers. A worker the kernel must end for us does not finish its
    tasks first (SIGQUIT): they are repeatable, and its broker is going down as well."""
    bank = bank_port(environment)
    long = environment | processes.LONG_ENVIRONMENT
    quit_ = {"death_signal": 3}
    table = [
        ("bank", processes.bank(bank, str(data.directory("bank"))), environment, {}),
        ("web", processes.web(f"127.0.0.1:{port}"), environment, {}),
        ("worker", processes.worker(2), environment, quit_),
        ("worker-long", processes.long_worker(2), long, quit_),
        ("beat", processes.beat(str(data.directory("beat") / "schedule")), environment, {}),
    ]
    return [
        Program(name, processes.with_python(command), env, data.log(name), **more)
        for name, command, env, more in table
    ]


def bank_port(environment: dict[str, str]) -> int:
    return int(environment["SANDBOX_BANK_URL"].rpartition(":")[2])


def wait_for_the_portal(
    data: DataDir, supervisor: Supervisor, environment: dict[str, str], port: int
) -> None:
    with Step("Waiting for the web, the workers and the bank", detail=lambda: readiness(port)[1]):
        try:
            supervisor.wait_until(
                lambda: readiness(port)[0] == 200 and listens(bank_port(environment)),
                "Getting ready",
                PATIENCE,
            )
        except Failure as failure:
            if stamp := stamp_of(data):
                stamp.unlink(missing_ok=True)
            words = f"{failure}\n/readyz says: {readiness(port)}\nThe logs are in {data / 'logs'}"
            raise Failure(words) from failure


def readiness(port: int) -> tuple[int, str]:
    """Status and first words of /readyz; 0 while nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, answer.read(300).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


# --- words ------------------------------------------------------------------------------------------------
def greet(data: DataDir, supervisor: Supervisor, environment: dict[str, str]) -> None:
    accounts = data.log("accounts")
    with Step("Looking up the sign-ins"):
        failed = supervisor.run(processes.with_python(["manage.py", "demo_accounts"]), environment, accounts)
    say(f"\nThe portal answers at  {environment['PORTAL_BASE_URL']}/  (after {elapsed()})")
    say(f"Sandbox bank           {environment['SANDBOX_BANK_URL']}/")
    if code := box_code(environment["DATABASE_URL"]):
        say(f"A box's printed QR     {environment['PORTAL_BASE_URL']}/q/{code}/")
    say(f"Data and logs          {data.path}, {data / 'logs'}\n")
    say("\n".join(tail(accounts, 3)) if failed else accounts.read_text())
    if data.path != ROOT / ".data":
        say(f"Commands for this demo: PORTAL_DATA_DIR={shlex.quote(str(data.path))} ./run manage …")
    say("Ctrl-C stops all of it; the data stay.")


def box_code(database_url: str) -> str:
    """The code on some box of the demo; empty when there is none."""
    import psycopg2

    try:
        with contextlib.closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
            cursor.execute(BOX_CODE)
            found = cursor.fetchone()
    except psycopg2.Error:
        return ""
    return found[0] if found else ""


def elapsed() -> str:
    return f"{time.monotonic() - STARTED:.0f} s"
