"""One process in the foreground: manage, web, worker, beat, bank; or only the servers.

When somebody (a demo, `./run services`) already runs the servers of the data directory, the command uses
them. Otherwise it starts them, and stops them after itself. Progress goes to stderr: stdout is the command's.
"""

import argparse
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NoReturn, TextIO

from runner import processes
from runner.data_dir import DataDir
from runner.environment import for_guest, for_owner, in_contract, published
from runner.failure import Failure
from runner.ownership import Ownership, holder
from runner.ports import agreed_port
from runner.progress import Step, say
from runner.services import named_by_caller, start_services, supervisor_of
from runner.supervisor import Supervisor

DEFAULT_PORT = 8000
PATIENCE_WITH_OWNER = 180.0

# Told the environment, says what to run; may add to the environment what only this process needs.
CommandFor = Callable[[dict[str, str]], list[str]]


def main(arguments: list[str]) -> int:
    name, *rest = arguments
    data = DataDir.chosen()
    if name == "services":
        return serve(data)
    if name == "manage":
        return run_with_servers(data, name, lambda _: processes.with_python(["manage.py", *rest]))
    options = read_options(name, rest)
    if name == "web":
        os.environ.setdefault("PORTAL_BASE_URL", f"http://127.0.0.1:{options.port}")

    def command_for(environment: dict[str, str]) -> list[str]:
        return processes.with_python(command_of(name, options, data, environment))

    return run_with_servers(data, name, command_for)


def read_options(name: str, rest: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"./run {name}")
    if name == "web":
        parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    if name == "bank":
        parser.add_argument("--port", type=int, help="default: the one the data directory remembers")
    if name == "worker":
        parser.add_argument("--long", action="store_true", help="imports and stickers instead of quick work")
    return parser.parse_args(rest)


def command_of(name: str, options: argparse.Namespace, data: DataDir, env: dict[str, str]) -> list[str]:
    if name == "web":
        return processes.web(f"127.0.0.1:{options.port}")
    if name == "worker":
        env |= processes.LONG_ENVIRONMENT if options.long else {}
        return processes.long_worker(2) if options.long else processes.worker(2)
    if name == "beat":
        return processes.beat(str(data.directory("beat") / "schedule"))
    port = options.port or int(env["SANDBOX_BANK_URL"].rpartition(":")[2])
    return processes.bank(port, str(data.directory("bank")))


def run_with_servers(data: DataDir, name: str, command_for: CommandFor) -> int:
    """Run a command as a guest of whoever runs the servers, else as their owner for its length."""
    named = named_by_caller()
    if len(named) == 2:  # nothing to start, so nothing to own
        become(command_for, for_guest(data) or for_owner(data, named | bank_address(data)))
    ownership = Ownership(data)
    try:
        if environment := admission(data, ownership, name):
            become(command_for, environment)
        return run_as_owner(data, ownership, command_for)
    finally:
        ownership.release()


def bank_address(data: DataDir) -> dict[str, str]:
    return {"SANDBOX_BANK_URL": f"http://127.0.0.1:{agreed_port(data / 'ports.json', 'bank')}"}


def admission(data: DataDir, ownership: Ownership, name: str) -> dict[str, str] | None:
    """A guest's environment, or None once we are the owner. Waits while an owner starts or stops."""
    patient_until = time.monotonic() + PATIENCE_WITH_OWNER
    silent_until = time.monotonic() + 1
    words: Step | None = None
    with ExitStack() as ending:
        while not ownership.take(name):
            ownership.visit()
            if environment := for_guest(data):
                return environment
            ownership.release()
            if time.monotonic() > patient_until:
                raise Failure(f"The servers of {holder(data)} do not answer; their logs: {data / 'logs'}")
            if not words and time.monotonic() > silent_until:
                words = ending.enter_context(Step(f"Waiting for {holder(data)}", sys.stderr))
            time.sleep(0.2)
    return None


def become(command_for: CommandFor, environment: dict[str, str]) -> NoReturn:
    command = command_for(environment)
    os.execve(command[0], command, environment)


def run_as_owner(data: DataDir, ownership: Ownership, command_for: CommandFor) -> int:
    with owned_servers(data, sys.stderr) as (supervisor, environment):
        code = supervisor.run_in_terminal(command_for(environment), environment)
        if not ownership.closed_to_guests():
            with Step("Waiting for other commands that use these servers", sys.stderr):
                supervisor.heeds_requests = True
                while not ownership.closed_to_guests():
                    supervisor.rest()
        return code


def serve(data: DataDir) -> int:
    """Only the servers, until Ctrl-C."""
    ownership = Ownership(data)
    ownership.take_or_fail("services")
    data.rotate_logs()
    with owned_servers(data, sys.stderr) as (supervisor, environment):
        names = sorted(name for name in environment if in_contract(name) or name == "PORTAL_DATA_DIR")
        for name in names:
            say(f"export {name}={shlex.quote(environment[name])}")
        say("Ctrl-C stops them.", sys.stderr)
        supervisor.run_for_ever()
    return 0


@contextmanager
def owned_servers(data: DataDir, out: TextIO) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """The servers of a data directory we own, published to guests while they run."""
    with supervisor_of(data, out) as supervisor:
        environment = for_owner(data, start_services(data, supervisor, named_by_caller()))
        with published(data, environment):
            yield supervisor, environment
