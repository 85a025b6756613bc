"""The desk's pages about what is written of boxes: place, custodian, permits one by one and many at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns import box_phrases as phrases
from campaigns.box_forms import DescribeForm, PermitsForm
from campaigns.boxes import find_box
from campaigns.phrases import BOXES, PERMIT_MISSING_OF
from campaigns.services.box_life import describe_box, write_permits
from core.errors import DomainError
from core.http import SeeOther
from core.phrases import sentence
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]


@needs(Permission.MANAGE_PLACEMENTS)
@require_http_methods(_METHODS)
def box_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Where a box stands, who minds it, and its permit."""
    box = find_box(key)
    if box is None:
        raise Http404
    form = DescribeForm(request.POST or None, initial=DescribeForm.facts_of(box))
    if request.method == "POST" and form.is_valid():
        facts = {k: v for k, v in form.cleaned_data.items() if k not in ("latitude", "longitude")}
        try:
            describe_box(box, **facts, spot=form.spot, actor=request.user)
        except DomainError as error:
            field = error.data.get("field")
            form.add_error(field if field in form.fields else None, sentence(error.code))
        else:
            messages.success(request, phrases.DESCRIBED)
            return SeeOther(reverse("box", args=[box.placement.code]))
    context = desk_context(request, box=box, form=form, phrases=phrases, boxes_label=BOXES)
    return render(request, "desk/boxes/edit.html", context)


@needs(Permission.MANAGE_PLACEMENTS)
@require_http_methods(_METHODS)
def box_permits(request: HttpRequest) -> HttpResponse:
    """Permits as the Zakat Council's letter lists them, a line each."""
    form = PermitsForm(request.POST or None, initial={"lines": request.GET.get("lines", "")[:4_000]})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            count = write_permits(data["province"], data["lines"], actor=request.user)
        except DomainError as error:
            form.add_error(None, in_words(error))
        else:
            messages.success(request, persian_digits(phrases.PERMITS_WRITTEN.format(count=count)))
            return SeeOther(reverse("boxes"))
    context = desk_context(request, form=form, phrases=phrases, boxes_label=BOXES)
    return render(request, "desk/boxes/permits.html", context)


def in_words(error: DomainError) -> str:
    """The sentence of a refusal, with the number of the box it is about."""
    if "number" in error.data:
        return PERMIT_MISSING_OF.format(number=persian_digits(error.data["number"]), why=sentence(error.code))
    return sentence(error.code)
