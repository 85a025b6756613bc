"""`./run bench NAME`: one benchmark on servers of its own; the real data directory is never touched."""

import os
import sys

from runner.failure import Failure
from runner.install import ROOT
from runner.services import temporary_services


def main(arguments: list[str]) -> int:
    names = sorted(file.stem for file in (ROOT / "bench").glob("[a-z]*.py"))
    if len(arguments) < 2 or arguments[1] not in names:
        raise Failure(f"Usage: ./run bench NAME [options]. There are: {', '.join(names) or 'none yet'}.", 2)
    os.chdir(ROOT)
    name, *options = arguments[1:]
    with temporary_services(sys.stderr, durable=True) as (supervisor, environment):
        return supervisor.run_in_terminal([sys.executable, "-m", f"bench.{name}", *options], environment)
