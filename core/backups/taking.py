"""A backup is taken while gifts arrive: nobody waits for it, and it is of one moment."""

from __future__ import annotations

import os
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from core.backups import manifest, programs
from core.backups.manifest import BackupError, Manifest
from core.crypto import key_ids
from core.locks import Lock

_UNFINISHED = ".unfinished"
_JOBS = "2"


def take(directory: Path) -> tuple[Path, Manifest]:
    """Back up into a new directory below `directory`; returns where, and what is in it.

    Everything committed before the call is inside; what commits meanwhile may not be. The database is read in one
    snapshot, which blocks no write. One backup at a time. What is not finished has no manifest and another name, and
    is cleared away by the next one. BackupError: another one runs, a program failed, the disk is full.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.BACKUP])
        if not cursor.fetchone()[0]:
            raise BackupError("another backup is running")
        for left_over in directory.glob(f"*{_UNFINISHED}"):
            shutil.rmtree(left_over)
        as_of = datetime.now(UTC)
        final = directory / f"portal-{as_of:%Y%m%dT%H%M%S%fZ}"
        work = final.with_name(final.name + _UNFINISHED)
        work.mkdir(mode=0o700)
        try:
            made = _fill(cursor, work, as_of)
        except OSError as error:
            raise BackupError(f"could not write: {error.strerror or error}") from error
    os.rename(work, final)
    return final, made


def forget_old(directory: Path, keep: int) -> list[Path]:
    """Delete all finished backups but the newest `keep`; returns those deleted. Nothing else in the directory is
    touched."""
    finished = sorted(path for path in directory.glob("portal-*Z") if (path / manifest.NAME).exists())
    old = finished[:-keep] if keep > 0 else []
    for path in old:
        shutil.rmtree(path)
    return old


def _fill(cursor, work: Path, as_of: datetime) -> Manifest:
    cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
    snapshot, version = cursor.fetchone()
    programs.run(
        "pg_dump", "--format=directory", f"--jobs={_JOBS}", "--compress=gzip:4", "--no-owner", "--no-privileges",
        f"--snapshot={snapshot}", f"--file={work / manifest.DATABASE}", url=settings.BACKUP_DATABASE_URL,
    )  # fmt: skip
    rows = manifest.rows_by_table(cursor)
    migrations = MigrationRecorder.Migration.objects.order_by("app", "name").values_list("app", "name")
    _pack_media(work / manifest.MEDIA)
    made = Manifest(
        as_of=as_of.isoformat(),
        server_version=version,
        last_migrations=dict(migrations),
        rows=rows,
        digests=manifest.digests_of(work),
        key_ids=key_ids(),
        size_bytes=sum(path.stat().st_size for path in work.rglob("*") if path.is_file()),
    )
    manifest.write(work, made)
    return made


def _pack_media(target: Path) -> None:
    """After the database: a row never speaks of a file that is not there. A file taken away meanwhile is left out."""
    root = Path(settings.MEDIA_ROOT)
    with tarfile.open(target, "w") as archive:
        for path in sorted(root.rglob("*")) if root.exists() else ():
            if path.is_file():
                try:
                    archive.add(path, arcname=str(path.relative_to(root)), recursive=False)
                except FileNotFoundError:
                    continue
