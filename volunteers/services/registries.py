"""Old registries: taken as a file, read into lines, looked at, then taken in a part at a time.

Nothing of a registry overwrites anybody: who is known stays as they are, and who seems to be known by another number
waits for a consent (`services.merging`). Who came in from a file is neither vetted nor has agreed to anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain, islice

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from core import audit
from core.crypto import CannotDecrypt
from core.errors import DomainError
from core.models import Queue, User
from core.outbox import after_commit
from provinces.models import Province
from provinces.scoping import check_write
from volunteers.enums import ImportState
from volunteers.models import RegistryImport, RegistryLine
from volunteers.registry_files import LOOKED_THROUGH, MOST_BYTES, find_columns, rows_of
from volunteers.registry_lines import LineReader, ReadLine
from volunteers.services import registry_sql as sql
from volunteers.services.documents import drop_files, seal, unsealed

DIRECTORY = "registries"
PART = 20_000
TOLD_EVERY = 2_000
KEEP_DAYS = 30
_PROGRESS_SECONDS = 3_600
_COLUMNS = (
    "registry_id", "line_no", "state", "reason", "name", "name_key", "mobile", "mobile_hash", "national_id",
    "national_id_hash", "county_id", "place", "section", "role", "profession", "licence_no", "skills", "born_on",
    "group_name", "group_key", "group_kind",
)  # fmt: skip


def take_registry(upload: UploadedFile, *, province: Province | None, actor: User) -> RegistryImport:
    """Keep a file, sealed, and promise its reading. The same content is taken once, unless it was dropped. Audited.

    DomainError: not_found (out of scope), registry_empty, registry_too_large, registry_known.
    """
    check_write(province.code if province else None)
    if upload.size > MOST_BYTES:
        raise DomainError("registry_too_large", field="file", status=413)
    content = upload.read()
    if not content:
        raise DomainError("registry_empty", field="file")
    digest = hashlib.sha256(content).hexdigest()
    path = seal(content, DIRECTORY)
    try:
        with transaction.atomic():
            if RegistryImport.objects.filter(sha256=digest).exists():
                raise DomainError("registry_known", field="file", status=409)
            registry = RegistryImport.objects.create(
                province=province,
                file_name=upload.name.replace("\x00", "")[-200:],
                path=path,
                sha256=digest,
                size_bytes=len(content),
                uploaded_by=actor,
            )
            _record("registry.take", registry, actor, size_bytes=len(content))
            after_commit("volunteers.read_registry", queue=Queue.LONG, registry_id=registry.pk)
            return registry
    except BaseException:
        drop_files([path])
        raise


@transaction.atomic
def read_registry(registry_id: int) -> None:
    """Read a waiting file into lines, all or nothing; nobody is added yet. Safe to repeat and to kill."""
    registry = RegistryImport.objects.select_for_update(of=("self",)).get(pk=registry_id)
    if registry.state != ImportState.RECEIVED:
        return
    try:
        with transaction.atomic():
            _stage(registry)
    except DomainError as error:
        registry.state, registry.reason = ImportState.UNREADABLE, error.code
    except (FileNotFoundError, CannotDecrypt):
        registry.state, registry.reason = ImportState.UNREADABLE, "file_gone"
    else:
        registry.state, registry.counts = ImportState.STAGED, counts_of(registry)
    registry.save(update_fields=["state", "reason", "counts", "columns"])


@transaction.atomic
def confirm_registry(registry_id: int, *, actor: User) -> RegistryImport:
    """Let the new lines of a file in; a worker does it, part by part. Audited.

    DomainError: not_found, registry_busy.
    """
    registry = _locked(registry_id)
    if registry.state != ImportState.STAGED:
        raise DomainError("registry_busy", status=409)
    registry.state, registry.confirmed_by = ImportState.APPLYING, actor
    registry.save(update_fields=["state", "confirmed_by"])
    _record("registry.confirm", registry, actor, counts=registry.counts)
    after_commit("volunteers.apply_registry", queue=Queue.LONG, registry_id=registry.pk)
    return registry


@transaction.atomic
def drop_registry(registry_id: int, *, actor: User) -> None:
    """Put a file aside of which nothing was taken in; its lines go. Audited. DomainError: not_found, registry_busy."""
    registry = _locked(registry_id)
    if registry.state not in (ImportState.STAGED, ImportState.UNREADABLE):
        raise DomainError("registry_busy", status=409)
    RegistryLine.objects.filter(registry=registry).delete()
    _record("registry.drop", registry, actor, sha256=registry.sha256)
    path = registry.path
    registry.delete()
    transaction.on_commit(lambda: drop_files([path]))


@transaction.atomic
def apply_registry(registry_id: int, *, part: int = PART) -> bool:
    """Take in the next part of a confirmed file and promise the one after it; whether there is one. Each part is a
    transaction of its own: a worker that dies is followed by one that goes on from the last part. Safe to repeat."""
    registry = RegistryImport.objects.select_for_update(of=("self",)).get(pk=registry_id)
    if registry.state != ImportState.APPLYING:
        return False
    with connection.cursor() as cursor:
        last = sql.last_of_part(cursor, registry.pk, registry.done_to, part)
        if last is not None:
            sql.take_part(cursor, registry.pk, registry.done_to, last)
            registry.done_to = last
    if last is None:
        registry.state, registry.finished_at = ImportState.DONE, timezone.now()
        registry.counts = counts_of(registry)
    else:
        after_commit("volunteers.apply_registry", queue=Queue.LONG, registry_id=registry.pk)
    registry.save(update_fields=["state", "finished_at", "counts", "done_to"])
    return last is not None


def progress_of(registry: RegistryImport) -> int:
    """How far the work on a file is, in percent."""
    if registry.state == ImportState.RECEIVED:
        return cache.get(_progress_key(registry.pk)) or 0
    if registry.state == ImportState.APPLYING:
        total = max(registry.counts.get("lines", 0), 1)
        return min(99, 100 * registry.done_to // (total + 1))
    return 100


def counts_of(registry: RegistryImport) -> dict[str, int]:
    """How many lines are in which state, and how many there are."""
    with connection.cursor() as cursor:
        counts = sql.count_states(cursor, registry.pk, registry.done_to)
    return {"lines": sum(counts.values()), **counts}


def forget_registries() -> int:
    """Drop the lines and files of registries that ended KEEP_DAYS ago; the counts stay. Gives how many files."""
    old = RegistryImport.objects.filter(
        state=ImportState.DONE, finished_at__lt=timezone.now() - timedelta(days=KEEP_DAYS)
    ).exclude(path="")
    dropped = 0
    for registry in old:
        with transaction.atomic():
            RegistryLine.objects.filter(registry=registry).delete()
            path = registry.path
            RegistryImport.objects.filter(pk=registry.pk).update(path="")
            transaction.on_commit(lambda path=path: drop_files([path]))
        dropped += 1
    return dropped


def _stage(registry: RegistryImport) -> None:
    rows = rows_of(unsealed(registry.path))
    head = list(islice(rows, LOOKED_THROUGH))
    heading, columns = find_columns(head)
    registry.columns = columns
    reader = LineReader(columns, only=registry.province_id or "")
    lines = (reader.read(line_no, cells) for line_no, cells in chain(head, rows) if line_no > heading)
    with connection.cursor() as cursor:
        sql.copy_lines(cursor, _COLUMNS, _as_copy(registry, lines))
        sql.judge_lines(cursor, registry.pk)


def _as_copy(registry: RegistryImport, lines: Iterable[ReadLine]) -> Iterator[str]:
    key = _progress_key(registry.pk)
    for number, line in enumerate(lines, start=1):
        yield sql.copy_row(registry.pk, line)
        if number % TOLD_EVERY == 0:
            cache.set(
                key, min(90, number * 100 // max(registry.size_bytes // 120, number)), _PROGRESS_SECONDS
            )


def _locked(registry_id: int) -> RegistryImport:
    registry = RegistryImport.objects.select_for_update(of=("self",)).filter(pk=registry_id).first()
    if registry is None:
        raise DomainError("not_found", status=404)
    check_write(registry.province_id)
    return registry


def _progress_key(registry_id: int) -> str:
    return f"registry:{registry_id}"


def _record(action: str, registry: RegistryImport, actor: User, **data: object) -> None:
    audit.record(action, registry, actor=actor, province_code=registry.province_id, **data)
