"""Print-ready sheets of QR stickers: asked for by a person, made by the long worker, stored privately."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterable
from math import ceil
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaigns.enums import StickerFormat
from campaigns.models import Box, CodeBatch, Placement, StickerJob
from campaigns.services.box_life import mark_printed
from campaigns.sticker_sheet import Sticker, render_sheet, stickers_a_page
from core import audit
from core.errors import DomainError
from core.jalali import format_short
from core.models import Queue, User
from core.outbox import after_commit
from provinces.scoping import check_write

log = logging.getLogger(__name__)

MOST_STICKERS = 2_000
DIRECTORY = "stickers"
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


@transaction.atomic
def request_stickers(
    placements: Iterable[Placement],
    actor: User | None,
    *,
    size: StickerFormat = StickerFormat.BOX,
    job: str = "",
    batch: CodeBatch | None = None,
) -> StickerJob:
    """Promise a sheet with a sticker for each code; audited. The long worker makes it after the commit.

    DomainError: nothing_chosen, too_many_stickers, placement_revoked, not_found (outside the scope).
    """
    chosen = list({placement.pk: placement for placement in placements}.values())
    if not chosen:
        raise DomainError("nothing_chosen")
    if len(chosen) > MOST_STICKERS:
        raise DomainError("too_many_stickers", most=MOST_STICKERS)
    for placement in chosen:
        check_write(placement.province_id, placement.county_id)
        if not placement.is_active:
            raise DomainError("placement_revoked")
    sheet = StickerJob.objects.create(
        province_id=_shared(p.province_id for p in chosen),
        county_id=_shared(p.county_id for p in chosen),
        asked_by=actor,
        size=size,
        batch=batch,
    )
    sheet.placements.set(chosen)
    _record("stickers.request", sheet, actor, job, count=len(chosen))
    after_commit("campaigns.make_stickers", queue=Queue.LONG, job_id=sheet.pk)
    return sheet


@transaction.atomic
def retry_stickers(sheet: StickerJob, actor: User | None) -> StickerJob:
    """Promise a failed sheet again; audited. A sheet that has not failed is left as it is."""
    sheet = StickerJob.objects.select_for_update(of=("self",)).filter(pk=sheet.pk).first()
    if sheet is None:
        raise DomainError("not_found", status=404)
    if sheet.state == StickerJob.State.FAILED:
        sheet.state, sheet.error = StickerJob.State.WAITING, ""
        sheet.save(update_fields=["state", "error"])
        _record("stickers.retry", sheet, actor, "")
        after_commit("campaigns.make_stickers", queue=Queue.LONG, job_id=sheet.pk)
    return sheet


@transaction.atomic
def make_sheet(job_id: int) -> None:
    """Make a waiting sheet and mark planned boxes as printed; called by the outbox, safe to repeat.

    A full disk or a fault in drawing ends as state `failed` with a code that its page explains; no half file
    stays. What the database says no to is raised: the outbox tries again.
    """
    sheet = StickerJob.objects.select_for_update(of=("self",)).filter(pk=job_id).first()
    if sheet is None or sheet.state != StickerJob.State.WAITING:
        return
    stickers = _stickers(sheet)
    try:
        content = render_sheet(stickers, sheet.size, made_at=sheet.asked_at)
        name = _store(sheet, content)
    except Exception as error:
        log.exception("sheet %s was not made", sheet.pk)
        sheet.state, sheet.error = StickerJob.State.FAILED, _reason(error)
        sheet.save(update_fields=["state", "error"])
        return
    sheet.file.name, sheet.pages = name, ceil(len(stickers) / stickers_a_page(sheet.size))
    sheet.state, sheet.ready_at, sheet.error = StickerJob.State.READY, timezone.now(), ""
    sheet.save(update_fields=["file", "pages", "state", "ready_at", "error"])
    mark_printed(Box.objects.filter(placement__stickerjob=sheet), actor=sheet.asked_by, job="make_sheet")


def code_url(code: str) -> str:
    """The address in a printed QR."""
    return f"{settings.PORTAL_BASE_URL}/q/{code}/"


def _stickers(sheet: StickerJob) -> list[Sticker]:
    """A sticker for each code, boxes in the order of their numbers."""
    placements = sheet.placements.select_related(
        "province", "county", "box", "fund", "edition__campaign"
    ).order_by("box__number", "pk")
    return [_sticker(placement) for placement in placements]


def _sticker(placement: Placement) -> Sticker:
    box = getattr(placement, "box", None)
    campaign = placement.edition.campaign.name if placement.edition else ""
    fund = placement.fund.name if placement.fund else ""
    title = campaign or fund or placement.title
    return Sticker(
        url=code_url(placement.code),
        code=placement.code,
        title=title,
        subtitle=fund if fund != title else "",
        box_no=str(box.number) if box else "",
        province=placement.province.name if placement.province else "",
        county=placement.county.name if placement.county else "",
        permit_no=box.permit_no if box else "",
        permit_valid_until=format_short(box.permit_valid_until) if box and box.permit_valid_until else "",
    )


def _store(sheet: StickerJob, content: bytes) -> str:
    """Write the file beside its place and move it there: a crash or a full disk leaves no half of it.

    Only the portal's own user may read it; pages hand it out after asking who wants it.
    """
    directory = Path(settings.MEDIA_ROOT) / DIRECTORY
    directory.mkdir(parents=True, exist_ok=True)
    name = f"{sheet.pk}.pdf"  # a second try writes over what a killed first one left
    half = directory / f".{name}"
    try:
        with open(half, "wb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(directory / name)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    return f"{DIRECTORY}/{name}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return "disk_full" if error.errno in _DISK_FULL else "sheet_not_stored"
    return "sheet_not_made"


def _shared(values: Iterable[str | None]) -> str | None:
    """The one value that all have, or None."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


def _record(action: str, sheet: StickerJob, actor: User | None, job: str, **data: int) -> None:
    audit.record(action, sheet, actor=actor, job=job, province_code=sheet.province_id, **data)
