"""The list of boxes as the desk shows it: filtered, a page at a time, with scans."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.http import FileResponse, Http404

from campaigns.models import Box, ScanHour, StickerJob
from campaigns.selectors import boxes_in_scope, find_placement
from core.codes import parse_placement_code
from core.errors import DomainError
from core.text import ascii_digits, normalise

RECENT_SHEETS = 8


def find_boxes(*, q: str = "", state: str = "", province=None, county=None) -> QuerySet[Box]:
    """Boxes of the open scope: `q` is a number, a printed code or a part of the address."""
    boxes = boxes_in_scope()
    if state:
        boxes = boxes.filter(state=state)
    if province:
        boxes = boxes.filter(province=province)
    if county:
        boxes = boxes.filter(county=county)
    if q:
        boxes = boxes.filter(_about(q))
    return boxes


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


def scans_of(boxes: list[Box]) -> dict[int, int]:
    """How often the codes of these boxes were opened, by placement."""
    rows = ScanHour.objects.filter(placement__in=[box.placement_id for box in boxes])
    return dict(rows.values_list("placement").annotate(Sum("scans")))


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
    return list(StickerJob.objects.select_related("asked_by", "province", "county")[:RECENT_SHEETS])
