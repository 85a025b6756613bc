"""`./run test`: every test, on a PostgreSQL and a Valkey of its own that are gone afterwards."""

import os
import shutil
import sys

from runner.failure import Failure
from runner.install import ROOT
from runner.progress import say
from runner.services import temporary_services

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SAYS_HOW_MANY = ("-n", "--numprocesses", "no:xdist", "-pno:xdist")


def main(arguments: list[str]) -> int:
    """The exit code of pytest; finding no test at all is a failure too (5)."""
    os.chdir(ROOT)
    browser = find_browser()
    with temporary_services(sys.stderr) as (supervisor, environment):
        told = environment | browser | {"DJANGO_SETTINGS_MODULE": "behzisti_portal.settings.test"}
        del told["SANDBOX_BANK_URL"]  # no bank is running; a test that wants one starts it
        command = [sys.executable, "-m", "pytest", *with_defaults(arguments[1:])]
        return supervisor.run_in_terminal(command, told)


def with_defaults(arguments: list[str]) -> list[str]:
    """Two processes unless the caller says how many; all of tests/ unless the caller names some."""
    spoken = any(argument.startswith(SAYS_HOW_MANY) for argument in arguments)
    return ["-o", "testpaths=tests", *([] if spoken else ["-n", "2"]), *arguments]


def find_browser() -> dict[str, str]:
    """CHROMIUM_PATH for the browser tests. Without one they are skipped, unless REQUIRE_BROWSER is set."""
    named = os.environ.get("CHROMIUM_PATH")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return {"CHROMIUM_PATH": found}
    if os.environ.get("REQUIRE_BROWSER") == "1":
        raise Failure("REQUIRE_BROWSER is set and no chromium was found; install it or set CHROMIUM_PATH.")
    say("No chromium found: the browser tests are skipped.", sys.stderr)
    return {}
