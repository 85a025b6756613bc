"""That sheets of codes were printed, by whom and when, so that nobody prints the same codes twice unknowingly."""

from __future__ import annotations

from django.db import transaction

from campaigns.models import CodeBatch, SheetPrint, StickerJob
from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise

MOST_REASON = 300


@transaction.atomic
def mark_printed(sheet_id: int, *, actor: User) -> SheetPrint:
    """Somebody printed a finished sheet for the first time; audited. DomainError: not_found, sheet_not_ready,
    printed_already (from then on it is printed again with a reason)."""
    sheet = _locked(sheet_id)
    if sheet.state != StickerJob.State.READY:
        raise DomainError("sheet_not_ready")
    if sheet.prints.exists():
        raise DomainError("printed_already")
    return _write(sheet, "", actor)


@transaction.atomic
def mark_batch_printed(batch: CodeBatch, *, actor: User) -> int:
    """`mark_printed` for every finished sheet of a batch that nobody has printed; returns how many those were."""
    waiting = batch.sheets.filter(state=StickerJob.State.READY, prints=None).order_by("pk")
    return len([mark_printed(pk, actor=actor) for pk in waiting.values_list("pk", flat=True)])


@transaction.atomic
def print_again(sheet_id: int, *, reason: str, actor: User) -> SheetPrint:
    """A sheet that was printed is printed once more, for a reason; audited. DomainError: not_found, not_printed_yet,
    reason_required."""
    sheet = _locked(sheet_id)
    if not sheet.prints.exists():
        raise DomainError("not_printed_yet")
    if not (why := normalise(reason)[:MOST_REASON]):
        raise DomainError("reason_required", field="reason")
    return _write(sheet, why, actor)


def _write(sheet: StickerJob, reason: str, actor: User) -> SheetPrint:
    made = SheetPrint.objects.create(sheet=sheet, by=actor, reason=reason)
    audit.record(
        "stickers.print_again" if reason else "stickers.print",
        sheet,
        actor=actor,
        province_code=sheet.province_id,
        reason=reason,
    )
    return made


def _locked(sheet_id: int) -> StickerJob:
    sheet = StickerJob.objects.select_for_update(of=("self",)).filter(pk=sheet_id).first()
    if sheet is None:
        raise DomainError("not_found", status=404)
    return sheet
