"""`./run lint`: every check that needs no running server; all are run, one that fails fails the whole."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field

from runner.environment import random_key, without_contract
from runner.install import ROOT
from runner.processes import with_python
from runner.progress import Step, say

# Throw-away values: the checks look at settings, they do not serve anybody. No server is needed either;
# nothing listens on port 9.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "behzisti_portal.settings.production",
    "SECRET_KEY": random_key() + random_key(),
    "FIELD_ENCRYPTION_KEYS": f"k1:{random_key()}",
    "FIELD_HASH_KEY": random_key(),
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_BASE_URL": "https://portal.example",
    "DATABASE_URL": "postgres://nobody:none@127.0.0.1:9/none",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "PYTHONWARNINGS": "ignore::RuntimeWarning",
}


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


CHECKS = [
    Check("ruff check", with_python(["ruff", "check", "."])),
    Check("ruff format", with_python(["ruff", "format", "--check", "."])),
    Check("import contracts", [f"{os.path.dirname(sys.executable)}/lint-imports"]),
    Check(
        "missing migrations", with_python(["manage.py", "makemigrations", "--check", "--dry-run"]), PRODUCTION
    ),
    Check(
        "deploy check",
        with_python(["manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
        PRODUCTION,
    ),
]


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    results = [passes(check) for check in CHECKS]
    results.append(front_end_passes())
    return 0 if all(results) else 1


def passes(check: Check) -> bool:
    """Run a check; its own words are shown only when it fails."""
    environment = without_contract() | check.environment
    with Step(check.name) as step:
        done = subprocess.run(
            check.command, env=environment, capture_output=True, text=True, errors="replace"
        )
        step.result = "FAILED" if done.returncode else "ok"
    if done.returncode:
        say(f"{done.stdout}{done.stderr}".rstrip())
    return done.returncode == 0


def front_end_passes() -> bool:
    """Style sheets and scripts; without node they cannot be checked, which only a person may overlook."""
    if not shutil.which("npm"):
        say("Front end: NOT CHECKED, because node and npm are not installed.")
        return os.environ.get("CI") != "true"
    installed = packages_are_installed() or passes(Check("npm ci", ["npm", "ci", "--no-audit", "--no-fund"]))
    return installed and passes(Check("front end", ["npm", "run", "--silent", "check"]))


def packages_are_installed() -> bool:
    """npm leaves its own copy of the lock file behind when it has installed everything."""
    lock, done = ROOT / "package-lock.json", ROOT / "node_modules" / ".package-lock.json"
    return done.exists() and done.stat().st_mtime >= lock.stat().st_mtime
