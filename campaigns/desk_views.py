"""The desk's pages of boxes, their printed codes and their stickers."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaigns import phrases
from campaigns.boxes import find_boxes, recent_sheets, scans_of, sheet_response
from campaigns.desk_forms import BoxFilterForm, NewBoxForm, StickerForm, boxes_named_by
from campaigns.models import Box, StickerJob
from campaigns.services.box_life import place_boxes
from campaigns.services.placements import create_boxes
from campaigns.services.stickers import request_stickers, retry_stickers
from core.errors import DomainError
from core.jalali import tehran_today
from core.phrases import sentence
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.scoping import current_scope

BOXES_A_PAGE = 50
WATCH_FOR = timedelta(minutes=2)  # so long the page looks again by itself for a sheet just asked for


@needs(Permission.MANAGE_PLACEMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def boxes(request: HttpRequest) -> HttpResponse:
    """Boxes in scope with their codes; a POST asks for stickers or writes down that boxes stand."""
    filter_form = BoxFilterForm(request.GET)
    found = find_boxes(**filter_form.cleaned_data) if filter_form.is_valid() else find_boxes()
    form = StickerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _act(request, _chosen(form, found, filter_form), form.cleaned_data["size"])
        except DomainError as error:
            form.add_error(None, _why(error))
    page = Paginator(found, BOXES_A_PAGE).get_page(request.GET.get("page"))
    watched = _watched(request)
    context = desk_context(
        request,
        filter_form=filter_form,
        form=form,
        page_obj=page,
        rows=_rows(list(page), set(request.POST.getlist("boxes"))),
        query=_query_without_page(request),
        sheets=recent_sheets(),
        watched=watched,
        looks_again=_looks_again(watched),
        phrases=phrases,
    )
    return render(request, "desk/boxes.html", context)


@needs(Permission.MANAGE_PLACEMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def box_new(request: HttpRequest) -> HttpResponse:
    """One or many new boxes."""
    form = NewBoxForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_boxes(actor=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.data.get("field"), sentence(error.code))
        else:
            words = phrases.BOX_MADE if len(made) == 1 else phrases.BOXES_MADE
            first, last = made[0].number, made[-1].number
            messages.success(request, persian_digits(words.format(count=len(made), first=first, last=last)))
            return redirect("boxes")
    return render(request, "desk/box_new.html", desk_context(request, form=form, phrases=phrases))


@needs(Permission.MANAGE_PLACEMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def sticker_sheet(request: HttpRequest, job_id: int) -> HttpResponse:
    """The finished PDF, to those who may see its boxes; a POST tries a failed one again."""
    sheet = get_object_or_404(StickerJob.objects, pk=job_id)
    if request.method == "POST":
        retry_stickers(sheet, request.user)
        return _back_to(sheet)
    if sheet.state != StickerJob.State.READY:
        return _back_to(sheet)
    return sheet_response(sheet)


def _chosen(form: StickerForm, found, filter_form: BoxFilterForm) -> list[Box]:
    """The boxes that were named; 404 when a ticked one is not in scope."""
    if form.cleaned_data["numbers"]:
        if current_scope().everything and not filter_form.cleaned_data.get("province"):
            raise DomainError("province_first")
        return list(boxes_named_by(form, found))
    ticked = list(boxes_named_by(form, find_boxes()))
    if len(ticked) != len(set(form.cleaned_data["boxes"])):
        raise Http404
    return ticked


def _act(request: HttpRequest, chosen: list[Box], size: str) -> HttpResponse:
    if "place" in request.POST:
        count = place_boxes(chosen, actor=request.user)
        messages.success(request, persian_digits(phrases.BOXES_PLACED.format(count=count)))
        return redirect(request.get_full_path())
    sheet = request_stickers([box.placement for box in chosen], request.user, size=size)
    messages.success(request, phrases.STICKERS_ASKED)
    return _back_to(sheet)


def _back_to(sheet: StickerJob) -> HttpResponse:
    return redirect(f"{reverse('boxes')}?sheet={sheet.pk}")


def _why(error: DomainError) -> str:
    if "number" in error.data:
        number = persian_digits(error.data["number"])
        return phrases.PERMIT_MISSING_OF.format(number=number, why=sentence(error.code))
    return sentence(error.code)


def _rows(page: list[Box], ticked: set[str]) -> list[dict]:
    scans, today = scans_of(page), tehran_today()
    return [
        {
            "box": box,
            "scans": scans.get(box.placement_id, 0),
            "is_ticked": str(box.pk) in ticked,
            "permit": _permit(box, today),
        }
        for box in page
    ]


def _permit(box: Box, today) -> dict[str, object]:
    if not box.permit_no:
        return {"words": phrases.NO_PERMIT, "kind": ""}
    if box.permit_valid_until and box.permit_valid_until < today:
        return {"words": phrases.PERMIT_EXPIRED, "kind": "warn"}
    return {"number": box.permit_no, "until": box.permit_valid_until}


def _query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("page", "sheet"):
        query.pop(name, None)
    return f"{query.urlencode()}&" if query else ""


def _watched(request: HttpRequest) -> StickerJob | None:
    """The sheet that was just asked for, whose state stands at the head of the page."""
    number = request.GET.get("sheet", "")
    return StickerJob.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 18 else None


def _looks_again(sheet: StickerJob | None) -> bool:
    """Is it still being made? Then the page looks again by itself, for a short while."""
    return (
        sheet is not None
        and sheet.state == StickerJob.State.WAITING
        and sheet.asked_at > timezone.now() - WATCH_FOR
    )
