"""Is .venv there, with exactly what the requirement files pin? If not, make it so, visibly.

Imported before anything is installed: standard library only. Safe to run at the same time from two
terminals (one installs, the other waits) and after being killed half-way (the stamp is written last).
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.progress import Step, last_line, say, tail

ROOT = Path(__file__).resolve().parents[1]
LOCK = ".installing"
MAKE_VENV = ["-m", "venv"]


class InstallFailed(SystemExit):
    """Ends the command with a sentence a person can act on."""


def ensure_installed(names: tuple[str, ...], root: Path = ROOT) -> str:
    """Path of the interpreter in .venv, after installing `names` unless they already are."""
    venv = root / ".venv"
    python = venv / "bin" / "python"
    files = [root / name for name in names]
    try:
        if not is_installed(venv, files):
            with only_one_installs(venv):
                if not is_installed(venv, files):
                    if not works(python):
                        make_venv(venv)
                    install(python, files, venv / "install.log")
                    for file in files:
                        stamp(venv, file).write_text(fingerprint(file))
    except KeyboardInterrupt:
        raise InstallFailed(130) from None
    return str(python)


def stamp(venv: Path, file: Path) -> Path:
    return venv / f".installed-{file.name}"


def fingerprint(file: Path) -> str:
    """Changes when a pin or the interpreter does."""
    return hashlib.sha256(repr(sys.version_info[:2]).encode() + file.read_bytes()).hexdigest()


def is_installed(venv: Path, files: list[Path]) -> bool:
    stamps = [(stamp(venv, file), fingerprint(file)) for file in files]
    return (venv / "bin" / "python").exists() and all(
        mark.exists() and mark.read_text() == content for mark, content in stamps
    )


@contextmanager
def only_one_installs(venv: Path) -> Iterator[None]:
    venv.mkdir(exist_ok=True)
    with (venv / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with Step("Waiting for another ./run that is installing", sys.stderr):
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def works(python: Path) -> bool:
    """Whether .venv has a living interpreter of this version with pip."""
    question = "import sys, pip; print(sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", question], capture_output=True, text=True)
    except OSError:
        return False
    return answer.stdout.strip() == repr(sys.version_info[:2])


def make_venv(venv: Path) -> None:
    """A fresh .venv in place of a missing or broken one."""
    with Step("Making .venv", sys.stderr):
        for child in venv.iterdir():
            if child.name != LOCK:
                shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
        made = subprocess.run([sys.executable, *MAKE_VENV, venv], capture_output=True, text=True)
    if made.returncode:
        raise InstallFailed(
            f"{made.stdout}{made.stderr}\nPython could not make .venv. On Debian or Ubuntu the package "
            f"python{sys.version_info[0]}.{sys.version_info[1]}-venv is missing."
        )


def install(python: Path, files: list[Path], log: Path) -> None:
    pins = sum(line[:1].isalnum() for file in files for line in file.read_text().splitlines())
    wanted = [part for file in files for part in ("-r", str(file))]
    pip = [str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    with log.open("w") as out, Step(f"Installing {pins} packages", sys.stderr, detail=following(log, pins)):
        done = subprocess.run(
            [*pip, "--progress-bar", "off", *wanted], stdout=out, stderr=out, stdin=subprocess.DEVNULL
        )
    if done.returncode:
        say("\n".join(tail(log, 12)), sys.stderr)
        raise InstallFailed(f"Installing failed; the whole story is in {log}")


def following(log: Path, pins: int) -> Callable[[], str]:
    """Words for the spinner: how many packages pip has looked at and which one it is busy with."""

    def detail() -> str:
        seen = sum(
            line.startswith(("Collecting ", "Requirement already")) for line in log.read_text().splitlines()
        )
        return f"{min(seen, pins)}/{pins}  {last_line(log)}"

    return detail
