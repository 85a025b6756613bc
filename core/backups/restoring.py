"""A backup put back into an empty database, and proved to be what was taken."""

from __future__ import annotations

import tarfile
from contextlib import closing
from pathlib import Path

import psycopg2

from core.backups import manifest, programs
from core.backups.manifest import BackupError, Manifest

_JOBS = "2"
_IS_EMPTY = """
    SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'S'))
"""


def verify(directory: Path) -> Manifest:
    """Read a backup's manifest and compare every file with it. BackupError: not finished, a file that is missing, was
    added or is not as written."""
    told = manifest.read(directory)
    found = manifest.digests_of(directory)
    wrong = sorted(
        name for name in told.digests.keys() | found.keys() if told.digests.get(name) != found.get(name)
    )
    if wrong:
        raise BackupError(f"not as it was written: {', '.join(wrong[:5])}")
    return told


def restore(directory: Path, *, url: str, media_root: Path) -> Manifest:
    """Put a backup back at `url` and `media_root`, both empty; returns what was in it.

    Every file is compared with its digest before anything is written, every table's rows are counted after. The
    books are proved by `check_books` on the new database, which is the caller's next step. BackupError: the backup is
    not whole, the place is not empty, a program failed, a table has other rows than were taken.
    """
    told = verify(directory)
    if media_root.exists() and any(media_root.iterdir()):
        raise BackupError(f"{media_root} is not empty")
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(_IS_EMPTY)
        if not cursor.fetchone()[0]:
            raise BackupError("the database is not empty; restore into a new one")
    programs.run(
        "pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", f"--jobs={_JOBS}",
        f"--dbname={_name(url)}", str(directory / manifest.DATABASE), url=url,
    )  # fmt: skip
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        _compare(told.rows, manifest.rows_by_table(cursor))
        cursor.execute("ANALYZE")
        connection.commit()
    media_root.mkdir(parents=True, exist_ok=True)
    with tarfile.open(directory / manifest.MEDIA) as archive:
        archive.extractall(media_root, filter="data")
    return told


def _name(url: str) -> str:
    return psycopg2.extensions.parse_dsn(url)["dbname"]


def _compare(taken: dict[str, int], there: dict[str, int]) -> None:
    other = [
        f"{table}: {taken.get(table, 0)} taken, {there.get(table, 0)} there"
        for table in sorted(taken.keys() | there.keys())
        if taken.get(table) != there.get(table)
    ]
    if other:
        raise BackupError("other rows than were taken: " + "; ".join(other[:5]))
