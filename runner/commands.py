"""Which commands ./run knows, where each lives and what it needs installed.

Imported before anything is installed: standard library only.
"""

import sys
from dataclasses import dataclass

RUNS = ("requirements.txt", "requirements-local.txt")
TESTS = (*RUNS, "requirements-test.txt")


@dataclass(frozen=True)
class Command:
    """One word after ./run; `module` has a `main(arguments) -> exit code`."""

    name: str
    module: str
    usage: str
    summary: str
    requirements: tuple[str, ...] = RUNS


_DEMO = "everything: database, broker, web, workers, beat, sandbox bank; Ctrl-C stops all of it"
_LINT = "style, import contracts, migrations, deploy check, front end"

COMMANDS = {
    command.name: command
    for command in (
        Command("demo", "runner.demo", "demo [--port N] [--data DIR] [--fresh]", _DEMO),
        Command(
            "test", "runner.testing", "test [pytest arguments]", "every test, on servers of its own", TESTS
        ),
        Command("lint", "runner.lint", "lint", _LINT, TESTS),
        Command(
            "bench", "runner.bench", "bench NAME [options]", "a benchmark, on a database of its own", TESTS
        ),
        Command("manage", "runner.local", "manage COMMAND …", "a management command"),
        Command("web", "runner.local", "web [--port N]", "only the web process, in the foreground"),
        Command("worker", "runner.local", "worker [--long]", "only a worker (--long: imports and stickers)"),
        Command("beat", "runner.local", "beat", "only the clock of periodic work"),
        Command("bank", "runner.local", "bank [--port N]", "only the sandbox bank"),
        Command("services", "runner.local", "services", "only PostgreSQL and Valkey; prints export lines"),
        Command("lock", "runner.lock", "lock [pip-compile arguments]", "pins the requirements anew", TESTS),
    )
}


def wanted(arguments: list[str]) -> Command | None:
    """The command asked for, or None when help is what the caller needs."""
    return COMMANDS.get(arguments[0]) if arguments else None


def print_help(arguments: list[str]) -> int:
    """Print the list; exit code 0 when it was asked for, 2 when the word is unknown."""
    asked = not arguments or arguments[0] in ("-h", "--help", "help")
    out = sys.stdout if asked else sys.stderr
    if not asked:
        print(f"./run knows no command “{arguments[0]}”.\n", file=out)
    print("The portal of the national donation network.\n", file=out)
    for command in COMMANDS.values():
        print(f"  ./run {command.usage:<40} {command.summary}", file=out)
    print(
        "\nData live in .data/, or in the directory that PORTAL_DATA_DIR or --data DIR names; every command\n"
        "given the same directory reaches the same database and broker. DATABASE_URL and REDIS_URL, when\n"
        "set, are used in place of the bundled PostgreSQL and Valkey.",
        file=out,
    )
    return 0 if asked else 2
