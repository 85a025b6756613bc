"""What a backup says of itself: when, how many rows of which table, and the digest of each of its files."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from psycopg2 import sql

FORMAT = 1
NAME, DATABASE, MEDIA = "manifest.json", "database", "media.tar"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


class BackupError(Exception):
    """A backup that could not be taken, is not whole, or may not be put back here."""


@dataclass(frozen=True)
class Manifest:
    """`as_of`: the moment of the database, ISO 8601 in UTC. `rows`: by table. `digests`: SHA-256 by path. `key_ids`:
    of the encryption keys that were in the ring, without which the sealed fields stay closed."""

    as_of: str
    server_version: str
    last_migrations: dict[str, str]
    rows: dict[str, int]
    digests: dict[str, str]
    key_ids: list[str]
    size_bytes: int
    format: int = FORMAT


def rows_by_table(cursor) -> dict[str, int]:
    """How many rows each table has, in the cursor's snapshot."""
    cursor.execute(_TABLES)
    counts = [
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(name), sql.Identifier(name))
        for (name,) in cursor.fetchall()
    ]
    cursor.execute(sql.SQL(" UNION ALL ").join(counts))
    return dict(sorted(cursor.fetchall()))


def digests_of(directory: Path) -> dict[str, str]:
    """SHA-256 of every file below `directory` but the manifest."""
    files = sorted(path for path in directory.rglob("*") if path.is_file() and path.name != NAME)
    return {str(path.relative_to(directory)): _digest(path) for path in files}


def write(directory: Path, manifest: Manifest) -> None:
    """Write the manifest and wait until it lies on the disk."""
    with (directory / NAME).open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read(directory: Path) -> Manifest:
    """BackupError: there is no manifest (the backup never ended), or a later portal wrote it."""
    try:
        told = json.loads((directory / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(f"{directory} is no finished backup") from error
    if told.get("format") != FORMAT:
        raise BackupError(f"{directory} is of format {told.get('format')}; this portal reads {FORMAT}")
    return Manifest(**told)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
