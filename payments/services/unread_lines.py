"""What a person decides about lines that no reader could read, and about twins that may be repetitions."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

from django.db import connection, transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.locks import Lock
from core.models import Queue, User
from core.outbox import after_commit
from payments.enums import UNREAD_LINES
from payments.held_selectors import unread_waiting
from payments.models import StatementLine, UnreadLine
from payments.services.line_stage import TWIN_OR_REPEAT
from payments.statements import keys
from payments.statements.base import IDS, KEYLESS
from provinces.scoping import check_write


@transaction.atomic
def resolve_unread(
    unread_id: int, *, actor: User, resolution: str, is_twin: bool | None = None, all_equal: bool = False
) -> int:
    """Close an unread line with a reason; audited. Returns how many were closed.

    A line that may be a repetition needs `is_twin`: a twin becomes a line of its own and is matched like any other.
    `all_equal` decides along its equals of the same file, or those unread for the same reason; the last one of its kind
    closes the file's case. DomainError: not_found, unread_resolved, resolution_required, decision_required.
    """
    unread = UnreadLine.objects.select_related("source__office").filter(pk=unread_id).first()
    if unread is None:
        raise DomainError("not_found", status=404)
    office = unread.source.office
    check_write(office.province_id, office.county_id)
    if not resolution.strip():
        raise DomainError("resolution_required", field="resolution")
    if unread.reason == TWIN_OR_REPEAT and is_twin is None:
        raise DomainError("decision_required", field="decision")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.STATEMENT_SOURCE, unread.source_id])
    chosen = UnreadLine.objects.filter(
        resolved_at=None, **(_alike(unread) if all_equal else {"pk": unread.pk})
    )
    if is_twin and unread.reason == TWIN_OR_REPEAT:
        for row in chosen.select_for_update().order_by("pk"):
            _add_twin(row)
    done = chosen.update(resolved_at=timezone.now(), resolution=resolution.strip()[:300])
    if not done:
        raise DomainError("unread_resolved")
    audit.record(
        "statement.resolve", unread, actor=actor, province_code=office.province_id, reason=resolution.strip(),
        count=done, is_twin=bool(is_twin),
    )  # fmt: skip
    settle_case_of(
        unread.first_import_id,
        TWIN_OR_REPEAT if unread.reason == TWIN_OR_REPEAT else UNREAD_LINES,
        actor_id=actor.pk,
        resolution=resolution.strip()[:300],
    )
    if is_twin:
        after_commit("payments.match_import", queue=Queue.LONG, import_id=unread.first_import_id)
    return done


def _alike(unread: UnreadLine) -> dict[str, object]:
    """What is decided along with a line: its equals among twins, else what is unread in its file for its reason."""
    same = {"first_import": unread.first_import_id, "reason": unread.reason}
    return same | ({"fields__content": unread.fields["content"]} if unread.reason == TWIN_OR_REPEAT else {})


def settle_case_of(import_id: int, kind: str, **decided: object) -> None:
    """Promise that the case of a file about its twins (TWIN_OR_REPEAT) or its unread lines (UNREAD_LINES) is closed,
    once none of them waits; `decided` says by whom and how, nothing when they could be read after all."""
    if not unread_waiting(import_id, kind).exists():
        after_commit("cases.close_settled", kind=kind, subject=f"import:{import_id}", **decided)


def _add_twin(row: UnreadLine) -> None:
    """One more line of the same content: it takes the next free ordinal of its day."""
    said = dict(row.fields)
    content, day = bytes.fromhex(said.pop("content")), date.fromisoformat(said.pop("day"))
    lines = StatementLine.objects.filter(source=row.source_id, day=day)
    for ordinal in count(1):
        fingerprint = keys.keyless_fingerprint(content, ordinal)
        if not lines.filter(fingerprint=fingerprint).exists():
            break
    StatementLine.objects.create(
        source_id=row.source_id, first_import_id=row.first_import_id, line_no=row.line_no, day=day,
        fingerprint=fingerprint, content=content, key_rank=KEYLESS, kind=said["kind"],
        amount_rial=said["amount_rial"], fee_rial=said["fee_rial"],
        occurred_at=datetime.fromisoformat(said["occurred_at"]), card_masked=said["card_masked"],
        description=said["description"], **{name: said[name] for name in IDS},
    )  # fmt: skip
