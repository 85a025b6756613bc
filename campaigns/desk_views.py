"""The desk's pages that make boxes and their stickers. The list of boxes is `dashboards.views.boxes`."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns import phrases
from campaigns.boxes import sheet_response
from campaigns.code_forms import PrintAgainForm
from campaigns.desk_forms import NewBoxForm
from campaigns.models import StickerJob
from campaigns.services.placements import create_boxes
from campaigns.services.sheet_prints import mark_printed, print_again
from campaigns.services.stickers import retry_stickers
from core.errors import DomainError
from core.once import once
from core.phrases import sentence
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission


@needs(Permission.MANAGE_PLACEMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
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
    """The finished PDF, to those who may see its boxes. A POST says that it was printed, or tries a failed one again;
    what was printed is handed out again for a reason only."""
    sheet = get_object_or_404(StickerJob.objects.select_related("batch"), pk=job_id)
    if "printed" in request.POST:
        return _mark_printed(request, sheet)
    is_printed = sheet.prints.exists()
    if request.method == "POST" and not is_printed:
        retry_stickers(sheet, request.user)
        return _back_to(sheet)
    if sheet.state != StickerJob.State.READY:
        return _back_to(sheet)
    return _once_more(request, sheet) if is_printed else sheet_response(sheet)


def _mark_printed(request: HttpRequest, sheet: StickerJob) -> HttpResponse:
    try:
        mark_printed(sheet.pk, actor=request.user)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, phrases.SHEET_PRINTED)
    return _back_to(sheet)


def _once_more(request: HttpRequest, sheet: StickerJob) -> HttpResponse:
    """Who printed it, and the form for its reason; with one, the file."""
    form = PrintAgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            print_again(sheet.pk, reason=form.cleaned_data["reason"], actor=request.user)
            return sheet_response(sheet)
        except DomainError as error:
            form.add_error("reason", sentence(error.code))
    context = desk_context(
        request,
        sheet=sheet,
        prints=sheet.prints.select_related("by"),
        form=form,
        back_url=_page_of(sheet),
        phrases=phrases,
    )
    return render(request, "desk/sheet_printed.html", context)


def _back_to(sheet: StickerJob) -> HttpResponse:
    return redirect(_page_of(sheet))


def _page_of(sheet: StickerJob) -> str:
    if sheet.batch_id:
        return reverse("code-batch", args=[sheet.batch_id])
    return f"{reverse('boxes')}?sheet={sheet.pk}"
