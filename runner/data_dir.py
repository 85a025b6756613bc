"""Where one portal keeps its things, and which of them ./run made itself."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from runner.install import ROOT

# All that ./run puts into a data directory. --fresh removes these and nothing else.
MADE_HERE = (
    "postgres", "valkey", "bank", "beat", "media", "logs",
    "secrets.json", "runtime.json", "ports.json", "sessions.json",
)  # fmt: skip
KEPT_LOGS = 3


@dataclass(frozen=True)
class DataDir:
    path: Path

    @classmethod
    def chosen(cls, option: str | None = None) -> "DataDir":
        """--data, else PORTAL_DATA_DIR, else .data/ in the checkout; made when missing.

        What is in it is for us only. Root lets others pass through (not look), because PostgreSQL runs
        as another account there.
        """
        chosen = option or os.environ.get("PORTAL_DATA_DIR") or ROOT / ".data"
        path = Path(chosen).expanduser().resolve()
        path.mkdir(mode=0o700 if os.geteuid() else 0o711, parents=True, exist_ok=True)
        return cls(path)

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def directory(self, name: str) -> Path:
        made = self.path / name
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
        return made

    def log(self, name: str) -> Path:
        return self.directory("logs") / f"{name}.log"

    def rotate_logs(self) -> None:
        """web.log becomes web.log.1 and so on; the oldest goes."""
        for log in sorted(self.directory("logs").glob("*.log")):
            for age in range(KEPT_LOGS, 0, -1):
                older = log.with_name(f"{log.name}.{age}")
                newer = log.with_name(f"{log.name}.{age - 1}") if age > 1 else log
                if newer.exists():
                    newer.replace(older)

    def clear(self) -> None:
        """Start over. Only the owner may call this. A file somebody else put here stays."""
        for name in MADE_HERE:
            thing = self.path / name
            if thing.is_dir() and not thing.is_symlink():
                shutil.rmtree(thing)
            else:
                thing.unlink(missing_ok=True)


def write_private(file: Path, text: str) -> None:
    """Replace a file at once, readable by its owner only from its first byte on."""
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
