"""The desk's pages that make boxes and their stickers. The list of boxes is `dashboards.views.boxes`."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns import phrases
from campaigns.boxes import sheet_response
from campaigns.desk_forms import NewBoxForm
from campaigns.models import StickerJob
from campaigns.services.placements import create_boxes
from campaigns.services.stickers import retry_stickers
from core.errors import DomainError
from core.phrases import sentence
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission


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


def _back_to(sheet: StickerJob) -> HttpResponse:
    return redirect(f"{reverse('boxes')}?sheet={sheet.pk}")
