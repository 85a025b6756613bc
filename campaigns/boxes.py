"""The list of boxes as the desk shows it: filtered, a page at a time, with scans."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404

from campaigns import phrases
from campaigns.enums import PermitStanding
from campaigns.late import late_boxes
from campaigns.models import Box, StickerJob
from campaigns.selectors import boxes_in_scope, find_placement
from core.codes import parse_placement_code
from core.errors import DomainError
from core.jalali import tehran_today
from core.text import ascii_digits, normalise

RECENT_SHEETS = 8
PERMIT_ENDS_SOON_DAYS = 30


def find_boxes(
    *, q: str = "", state: str = "", permit: str = "", late: bool = False, province=None, county=None
) -> QuerySet[Box]:
    """Boxes of the open scope: `q` is a number, a printed code or a part of the address; `permit` one of
    `enums.PermitStanding`; `late` those whose next step is overdue."""
    boxes = boxes_in_scope()
    if state:
        boxes = boxes.filter(state=state)
    if province:
        boxes = boxes.filter(province=province)
    if county:
        boxes = boxes.filter(county=county)
    if permit:
        boxes = boxes.filter(_with_permit(PermitStanding(permit)))
    if q:
        boxes = boxes.filter(_about(q))
    return late_boxes(boxes) if late else boxes


def find_box(key: str) -> Box | None:
    """A box of the open scope by its printed code, also a code that was replaced since, or by its number where the
    scope holds only one of that number."""
    boxes = boxes_in_scope().select_related("placement__fund", "moved_by")
    with suppress(DomainError):
        return boxes.filter(placement__code=find_placement(key).code).first()
    number = ascii_digits(key)
    if not number.isdecimal() or len(number) > 6:
        return None
    found = list(boxes.filter(number=int(number))[:2])
    return found[0] if len(found) == 1 else None


def _about(typed: str) -> Q:
    words = normalise(typed)
    about = Q(address__icontains=words)
    number = ascii_digits(words)
    if number.isdecimal() and len(number) <= 6:
        about |= Q(number=int(number))
    with suppress(DomainError):
        about |= Q(placement__code=parse_placement_code(words))
    return about


def _with_permit(standing: PermitStanding) -> Q:
    today = tehran_today()
    if standing == PermitStanding.NONE:
        return Q(permit_no="") | Q(permit_valid_until=None)
    if standing == PermitStanding.EXPIRED:
        return ~Q(permit_no="") & Q(permit_valid_until__lt=today)
    soon = today + timedelta(days=PERMIT_ENDS_SOON_DAYS)
    return ~Q(permit_no="") & Q(permit_valid_until__range=(today, soon))


def permit_of(box: Box, today: date) -> dict[str, object]:
    """A box's permit for a list: {number, until} and what is wrong with it as {words, kind}."""
    if not box.permit_no:
        return {"words": phrases.NO_PERMIT, "kind": ""}
    if box.permit_valid_until and box.permit_valid_until < today:
        return {"words": phrases.PERMIT_EXPIRED, "kind": "warn"}
    return {"number": box.permit_no, "until": box.permit_valid_until}


def sheet_response(sheet: StickerJob) -> FileResponse:
    """The PDF of a finished sheet, for those who have been let in; Http404 when the file is gone."""
    try:
        file = (Path(settings.MEDIA_ROOT) / sheet.file.name).open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(
        file, as_attachment=True, filename=f"stickers-{sheet.pk}.pdf", content_type="application/pdf"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def recent_sheets() -> list[StickerJob]:
    """The newest sheets of the open scope."""
    return list(
        StickerJob.objects.select_related("asked_by", "province", "county").prefetch_related("prints__by")[
            :RECENT_SHEETS
        ]
    )
