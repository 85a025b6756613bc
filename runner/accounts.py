"""Whom PostgreSQL runs as. It refuses root, so root lends it an unprivileged account.

No permission of any directory is loosened for that: where the account could not reach the program or its
data (a checkout below /root, a 0700 temporary directory), the process keeps one capability that lets it
through, the weakest that works here. Which one is found by trying, not by guessing.
"""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from runner.failure import Failure

CHILD = Path(__file__).with_name("child.py")
CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE = 2, 1  # containers often have only the second


@dataclass(frozen=True)
class Account:
    """An unprivileged user and the one capability it keeps, if any."""

    uid: int
    gid: int
    capability: int | None = None

    @property
    def options(self) -> list[str]:
        """As child.py takes them."""
        kept = [] if self.capability is None else ["--capability", str(self.capability)]
        return ["--account", f"{self.uid}:{self.gid}", *kept]


def server_account(directory: Path, probe: list[str]) -> Account | None:
    """Who owns `directory` and runs servers in it; None means: whoever we are.

    Makes the directory when it is missing. `probe` is a harmless command of the server to be run, used to
    find out what the account needs. Raises Failure where this machine does not allow any of it.
    """
    if os.geteuid() != 0:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return None
    uid, gid = owner_or_unprivileged(directory)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(directory, uid, gid)
    except OSError as error:
        raise Failure(refusal(str(error))) from error
    complaints = []
    for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        account = Account(uid, gid, capability)
        tried = subprocess.run(as_child(probe, account, directory), capture_output=True, text=True)
        if tried.returncode == 0:
            return account
        complaints.append((tried.stderr or tried.stdout).strip().rpartition("\n")[2])
    raise Failure(refusal("; ".join(dict.fromkeys(complaints))))


def owner_or_unprivileged(directory: Path) -> tuple[int, int]:
    """An existing data directory keeps its owner; a new one gets `postgres` or `nobody`."""
    if directory.exists() and (owner := directory.stat()).st_uid:
        return owner.st_uid, owner.st_gid
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid:
            return found.pw_uid, found.pw_gid
    return 65534, 65534


def as_child(
    program: list[str], account: Account | None = None, directory: Path | None = None, death_signal: int = 15
) -> list[str]:
    """The command line that turns into `program` by way of child.py, as a child of this very process."""
    options = ["--parent", str(os.getpid()), "--death-signal", str(death_signal)]
    if account:
        options += account.options
    if directory:
        options += ["--directory", str(directory)]
    return [sys.executable, "-I", "-S", str(CHILD), *options, "--", *program]


def refusal(detail: str) -> str:
    return (
        "PostgreSQL does not run as root, and this machine does not let root lend it an unprivileged\n"
        f"account ({detail}).\n"
        "Start ./run as an ordinary user, or put the checkout and --data below a directory every user may "
        "enter,\nor set DATABASE_URL to a PostgreSQL that already runs."
    )
