"""/desk/codes/: printed codes by the thousand, their sheets, and what each of them brings, by hour and place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns import phrases as box_phrases
from campaigns.code_forms import ChangeCodeForm, CodeFilterForm, NewCodesForm
from campaigns.models import CodeBatch, Placement, StickerJob
from campaigns.services.code_batches import request_codes
from campaigns.services.placements import replace_placement, revoke_placement
from campaigns.services.sheet_prints import mark_batch_printed
from core.codes import parse_placement_code, show_code
from core.errors import DomainError
from core.listing import MOST_ROWS, file_links, list_file, query_of, wanted_file
from core.money import format_toman, group_digits
from core.once import once
from core.phrases import sentence
from core.sheets import Cell
from core.text import normalise, persian_digits
from dashboards import figures, phrases
from dashboards.selectors import placements_by_total
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

CODES_A_PAGE, BATCHES_SHOWN = 50, 20


@never_cache
@needs(Permission.MANAGE_PLACEMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def batches(request: HttpRequest) -> HttpResponse:
    """The codes of the scope with what they brought, the newest batches, and the form for a new one."""
    form = NewCodesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = request_codes(actor=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.data.get("field"), sentence(error.code))
        else:
            messages.success(request, phrases.CODES_ASKED)
            return redirect("code-batch", made.pk)
    filter_form = CodeFilterForm(request.GET)
    found = _find(filter_form.cleaned_data) if filter_form.is_valid() else placements_by_total()
    if kind := wanted_file(request):
        return list_file(kind, "codes", phrases.CODE_FILE_HEADS, _lines(list(found[:MOST_ROWS])))
    page = Paginator(found, CODES_A_PAGE).get_page(request.GET.get("page"))
    context = desk_context(
        request,
        form=form,
        filter_form=filter_form,
        page_obj=page,
        query=query_of(request),
        files=file_links(request),
        codes=_table(list(page)),
        batches=CodeBatch.objects.select_related("province", "county")[:BATCHES_SHOWN],
        phrases=phrases,
    )
    return render(request, "desk/codes.html", context)


@never_cache
@needs(Permission.MANAGE_PLACEMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How far a batch is, its sheets, and who printed them; a POST says that all that are ready were printed."""
    row = get_object_or_404(CodeBatch.objects.select_related("province", "county", "fund"), pk=batch_id)
    if request.method == "POST":
        count = mark_batch_printed(row, actor=request.user)
        messages.success(request, persian_digits(box_phrases.SHEETS_PRINTED.format(count=count)))
        return redirect("code-batch", row.pk)
    sheets = row.sheets.order_by("pk").prefetch_related("prints__by")
    is_ready = Q(state=StickerJob.State.READY)
    counted = row.sheets.order_by().aggregate(
        ready=Count("pk", filter=is_ready, distinct=True),
        printed=Count("pk", filter=Q(prints__isnull=False), distinct=True),
        sheets=Count("pk", distinct=True),
    )
    is_done = row.state == CodeBatch.State.READY and counted["ready"] == counted["sheets"]
    context = desk_context(
        request,
        batch=row,
        sheets=sheets,
        counted=counted,
        looks_again=not is_done and not row.sheets.filter(state=StickerJob.State.FAILED).exists(),
        phrases=phrases,
    )
    return render(request, "desk/code_batch.html", context)


@never_cache
@needs(Permission.MANAGE_PLACEMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, code: str) -> HttpResponse:
    """One printed code: where it hangs, its scans and gifts by hour of the day; replaced or revoked with a reason."""
    placement = _placement(code)
    form = ChangeCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _change(request, placement, form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, sentence(error.code))
    with figures.one_moment():
        total = figures.placement_totals([placement.pk]).get(placement.pk)
        scans = figures.scan_counts([placement.pk]).get(placement.pk, 0)
        hours = figures.placement_hours(placement.pk)
    context = desk_context(
        request,
        placement=placement,
        form=form,
        total_rial=total.total_rial if total else 0,
        gifts=total.count if total else 0,
        scans=scans,
        hours=hours_table(hours),
        phrases=phrases,
    )
    return render(request, "desk/code.html", context)


def _change(request: HttpRequest, placement: Placement, reason: str) -> HttpResponse:
    if "replace" in request.POST:
        new = replace_placement(placement, actor=request.user, reason=reason)
        messages.success(request, phrases.CODE_REPLACED)
        return redirect("code", new.code)
    revoke_placement(placement, actor=request.user, reason=reason)
    messages.success(request, phrases.CODE_REVOKED)
    return redirect("code", placement.code)


def _placement(typed: str) -> Placement:
    try:
        canonical = parse_placement_code(typed)
    except DomainError as error:
        raise Http404 from error
    rows = Placement.objects.select_related("province", "county", "edition", "fund", "batch", "replaced_by")
    return get_object_or_404(rows, code=canonical)


def _find(wanted: dict[str, str]) -> QuerySet[Placement]:
    found = placements_by_total()
    if wanted["kind"]:
        found = found.filter(kind=wanted["kind"])
    if typed := normalise(wanted["q"]):
        about = Q(title__icontains=typed)
        with suppress(DomainError):
            about |= Q(code=parse_placement_code(typed))
        found = found.filter(about)
    return found


def _table(placements: list[Placement]) -> dict[str, Any]:
    keys = [placement.pk for placement in placements]
    totals, scans = figures.placement_totals(keys), figures.scan_counts(keys)
    head = (phrases.CODE, phrases.CODE_KIND, phrases.PLACE, phrases.SCANS, phrases.NUMBER, phrases.AMOUNT)
    return {
        "columns": [{"label": label, "num": at > 2} for at, label in enumerate(head)],
        "rows": [
            [
                {
                    "text": show_code(p.code),
                    "code": True,
                    "url": reverse("code", args=[p.code]),
                    "header": True,
                },
                {"text": f"{p.get_kind_display()}: {p.title}"},
                {"text": _place(p)},
                {"text": group_digits(scans.get(p.pk, 0)), "num": True},
                {"text": group_digits(totals[p.pk].count if p.pk in totals else 0), "num": True},
                {"text": format_toman(totals[p.pk].total_rial if p.pk in totals else 0), "num": True},
            ]
            for p in placements
        ],
    }


def _lines(placements: list[Placement]) -> Iterator[list[Cell]]:
    keys = [placement.pk for placement in placements]
    totals, scans = figures.placement_totals(keys), figures.scan_counts(keys)
    for p in placements:
        brought = totals.get(p.pk, figures.Row(None, "", 0, 0))
        yield [
            show_code(p.code), p.get_kind_display(), p.title, _place(p), scans.get(p.pk, 0), brought.count,
            brought.total_rial,
        ]  # fmt: skip


def _place(placement: Placement) -> str:
    if placement.county:
        return f"{placement.province.name}، {placement.county.name}"
    return placement.province.name if placement.province else str(phrases.WHOLE_COUNTRY)


def hours_table(hours: list[figures.Hour]) -> dict[str, Any]:
    """Hours of the day for components/table.html."""
    head = (phrases.HOUR, phrases.SCANS, phrases.NUMBER, phrases.AMOUNT)
    return {
        "columns": [{"label": label, "num": at > 0} for at, label in enumerate(head)],
        "rows": [
            [
                {"text": persian_digits(f"{row.hour:02d}:00"), "header": True},
                {"text": group_digits(row.scans), "num": True},
                {"text": group_digits(row.count), "num": True},
                {"text": format_toman(row.total_rial), "num": True},
            ]
            for row in hours
        ],
    }
