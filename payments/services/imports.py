"""Taking in files of banks, gateways and payment apps, and reading them: each line once, no line lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import BinaryIO

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from core import audit
from core.crypto import CannotDecrypt
from core.errors import DomainError
from core.jalali import tehran_today
from core.locks import Lock
from core.models import Queue, User
from core.outbox import after_commit, promise_many
from payments.enums import UNREAD_LINES, ImportState
from payments.models import StatementImport, StatementSource
from payments.services import matching
from payments.services.line_stage import TWIN_OR_REPEAT, Stage
from payments.services.reader_process import copy_to_stage
from payments.services.statement_files import StoredFile, open_stored, store
from payments.services.unread_lines import settle_case_of
from payments.statements.base import FileRefused
from payments.statements.profiles import parse_profile
from provinces.scoping import check_write

log = logging.getLogger(__name__)

_PROGRESS_SECONDS = 3600
_PROGRESS_OF_READING = 80  # the rest is taking in


def take_file(
    source: StatementSource, blocks: Iterable[bytes], *, name: str, actor: User | None = None, job: str = ""
) -> tuple[StatementImport, bool]:
    """Keep a file of a source, sealed, and promise its reading: (import, whether it is new). Audited.

    The same content is taken once for a source; one that was refused before is promised again. Call it outside
    a transaction: the stream is written first. DomainError: source_inactive, empty_file, file_too_large,
    disk_full, file_not_stored, not_found (outside the scope).
    """
    check_write(source.office.province_id, source.office.county_id)
    if not source.is_active:
        raise DomainError("source_inactive", field="source")
    stored = store(source.key, blocks)
    try:
        statement, created = _write_down(source, stored, name, actor, job)
    except BaseException:
        stored.remove()
        raise
    if not created:
        stored.remove()
    return statement, created


@transaction.atomic
def _write_down(
    source: StatementSource, stored: StoredFile, name: str, actor: User | None, job: str
) -> tuple[StatementImport, bool]:
    statement, created = StatementImport.objects.get_or_create(
        source=source,
        sha256=stored.sha256,
        defaults={
            "file_name": name.replace("\x00", "")[-200:],
            "file_path": stored.path,
            "size_bytes": stored.size_bytes,
            "uploaded_by": actor,
        },
    )
    if created or statement.state == ImportState.REFUSED:
        if not created:
            StatementImport.objects.filter(pk=statement.pk).update(state=ImportState.RECEIVED, reason="")
        _record("statement.take", statement, actor, job, size_bytes=stored.size_bytes)
        after_commit("payments.read_import", queue=Queue.LONG, import_id=statement.pk)
    return statement, created


@transaction.atomic
def read_again(statement: StatementImport, *, actor: User) -> None:
    """Promise another reading, after its profile was bettered; audited. What is known stays once.

    DomainError: not_found (outside the scope), import_busy.
    """
    check_write(statement.source.office.province_id, statement.source.office.county_id)
    row = StatementImport.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if row.state in (ImportState.RECEIVED, ImportState.READING):
        raise DomainError("import_busy")
    row.state, row.reason, row.progress = ImportState.RECEIVED, "", 0
    row.save(update_fields=["state", "reason", "progress"])
    _record("statement.read_again", row, actor, "")
    after_commit("payments.read_import", queue=Queue.LONG, import_id=row.pk)


@transaction.atomic
def read_import(import_id: int) -> None:
    """Read a waiting file and take in its lines; called by the outbox, safe to repeat and to kill.

    All or nothing: one transaction under the source's lock. Then the lines are promised to be matched, and what
    a person must look at becomes one case a file and kind.
    """
    statement = StatementImport.objects.select_related(
        "source__profile", "source__office", "source__terminal"
    ).get(pk=import_id)
    _hold(statement.source_id)
    statement.refresh_from_db(fields=["state"])
    if statement.state != ImportState.RECEIVED:
        return
    try:
        with transaction.atomic():
            counts = read_into_books_of_lines(statement, write_matched=_matching_of(statement))
    except FileRefused as refusal:
        _refuse(statement, refusal.reason, refusal.facts)
    except DomainError as error:
        if error.code != "bad_profile":
            raise
        _refuse(statement, error.code, {"problems": error.data.get("problems", [])})
    except (FileNotFoundError, CannotDecrypt):
        _refuse(statement, "file_gone", {})
    else:
        _finish(statement, counts)


def _matching_of(statement: StatementImport) -> Callable[[], None] | None:
    """What writes the new lines of a large file with their matches; only a gateway's lines are matched in sets."""
    source = statement.source
    return partial(matching.write_matched, source) if source.kind in matching.GATEWAYS else None


def read_into_books_of_lines(
    statement: StatementImport,
    file: BinaryIO | None = None,
    size: int = 0,
    *,
    write_matched: Callable[[], None] | None = None,
) -> dict[str, object]:
    """Read an import's file (or `file`) by its source's profile into the table of lines; the counts.

    In the caller's transaction, which holds the source's lock. FileRefused, DomainError("bad_profile").
    """
    profile = statement.source.profile
    rules = parse_profile(profile.rules, profile.file_format)
    stage = Stage(statement, rules)
    stage.open()
    size = size or statement.size_bytes
    job = {
        "rules": profile.rules,
        "file_format": profile.file_format,
        "latest_day": tehran_today().isoformat(),
        "own_accounts": statement.source.own_accounts,
    }

    def tell(done: int) -> None:
        cache.set(_progress_key(statement.pk), _PROGRESS_OF_READING * done // max(size, 1), _PROGRESS_SECONDS)

    with file or open_stored(statement) as stream:
        summary = copy_to_stage(job, stream, size, tell)
    merged = stage.merge(write_matched)
    return {**summary["counts"], **merged, "notes": summary["notes"], "unmapped": summary["unmapped"]}


def rehearse(source: StatementSource, file: BinaryIO, size: int, *, name: str) -> dict[str, object]:
    """What would become of a file, with nothing stored: all is done and undone in one transaction.

    DomainError: bad_profile, file_refused (with the reason).
    """
    counts: dict[str, object] = {}
    with transaction.atomic():
        _hold(source.pk)
        statement = StatementImport.objects.create(
            source=source, sha256="rehearsal", file_name=name[-200:], file_path="", size_bytes=size
        )
        try:
            counts = read_into_books_of_lines(statement, file, size)
        except FileRefused as refusal:
            raise DomainError("file_refused", reason=refusal.reason, **refusal.facts) from refusal
        transaction.set_rollback(True)
    return counts


def _hold(source_id: int) -> None:
    """One at a time for a source: reading, matching and deciding."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.STATEMENT_SOURCE, source_id])


def progress_of(statement: StatementImport) -> int:
    """How far a file is, in percent: a hint while it is read, the truth afterwards."""
    if statement.state == ImportState.RECEIVED:
        return cache.get(_progress_key(statement.pk)) or 0
    return 100


def _progress_key(import_id: int) -> str:
    return f"statement-import:{import_id}"


def _refuse(statement: StatementImport, reason: str, facts: dict) -> None:
    log.warning("statement import %s refused: %s", statement.pk, reason)
    StatementImport.objects.filter(pk=statement.pk).update(
        state=ImportState.REFUSED, reason=reason, counts=facts, progress=100, finished_at=timezone.now()
    )


def _finish(statement: StatementImport, counts: dict[str, object]) -> None:
    StatementImport.objects.filter(pk=statement.pk).update(
        state=ImportState.READ, counts=counts, reason="", progress=100, finished_at=timezone.now()
    )
    promise_many("cases.open_case", list(_cases(statement, counts)))
    if counts.get("now_read"):
        settle_case_of(statement.pk, UNREAD_LINES)
    after_commit("payments.match_import", queue=Queue.LONG, import_id=statement.pk)


def _cases(statement: StatementImport, counts: dict[str, object]):
    kinds = {"unread_new": UNREAD_LINES, "contradicted": "line_changed", TWIN_OR_REPEAT: TWIN_OR_REPEAT}
    for count, kind in kinds.items():
        if counts.get(count):
            yield {
                "kind": kind,
                "subject": f"import:{statement.pk}",
                "province": statement.source.office.province_id or "",
                "count": counts[count],
            }


def _record(action: str, statement: StatementImport, actor: User | None, job: str, **data) -> None:
    audit.record(
        action,
        statement,
        actor=actor,
        job=job,
        province_code=statement.source.office.province_id,
        source=statement.source.key,
        **data,
    )
