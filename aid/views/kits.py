"""Kits at the desk: what belongs into each, batches that are being paid for, packing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from aid import stock_phrases as phrases
from aid.enums import BatchState, KitSource
from aid.models import Kit, KitBatch, Warehouse
from aid.services import kit_packing
from aid.services import kits as kit_service
from aid.stock_forms import BatchForm, FundingForm, ReasonForm
from aid.stock_selectors import Shares, lines_of, promises_for_kits, shares_of
from aid.views.desk import refusal
from aid.views.in_kind_desk import tried
from core.errors import DomainError
from core.http import SeeOther
from core.listing import ListFile, file_links
from core.money import format_toman
from core.once import once
from core.sheets import Cell
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]
MOST_SHOWN = 100


@needs(Permission.VIEW_STOCK)
@require_http_methods(_METHODS)
@once
def kit_list(request: HttpRequest) -> HttpResponse:
    """Batches of kits in scope, who pays for them, and what belongs into each kit."""
    may = request.access.may(Permission.MANAGE_STOCK)
    places = list(Warehouse.objects.filter(is_active=True).select_related("office")) if may else []
    form = BatchForm(request.POST or None, warehouses=places) if places else None
    made: list[KitBatch] = []
    if request.method == "POST":
        if not may:
            raise PermissionDenied

        def act(form: BatchForm) -> None:
            data = form.cleaned_data
            need, need_item = data["need"]
            place = form.warehouses[data["warehouse"]]
            made.append(
                kit_service.begin_batch(
                    data["kit"],
                    place,
                    data["count"],
                    title=data["title"],
                    need=need,
                    need_item=need_item,
                    actor=request.user,
                )
            )

        if form is not None and tried(form, act):
            messages.success(request, phrases.BATCH_MADE)
            return SeeOther(reverse("kit-batch", args=[made[0].pk]))
    found = KitBatch.objects.select_related("kit", "warehouse__office")
    if answer := _AS_FILE.asked(request, found):
        return answer
    batches = list(found[:MOST_SHOWN])
    context = desk_context(
        request,
        batches=batches,
        kits=Kit.objects.filter(is_active=True).prefetch_related("lines__item", "lines__substitutes"),
        shares=_share_rows(shares_of(batches)) if batches else [],
        form=form,
        files=file_links(request),
        phrases=phrases,
    )
    return render(request, "desk/stock/kits.html", context)


def _line(row: KitBatch) -> list[Cell]:
    return [
        row.title, row.kit.name, row.warehouse.office.name, row.count, row.handed_over, row.get_state_display(),
        row.value_rial,
    ]  # fmt: skip


_AS_FILE = ListFile("kits", phrases.BATCH_HEADS, _line)


@needs(Permission.VIEW_STOCK)
@require_http_methods(_METHODS)
@once
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: each item with who pays for it, what is missing, and packing it."""
    rows = KitBatch.objects.select_related(
        "kit", "warehouse__office", "created_by", "assembled_by", "need", "need_item"
    )
    row = get_object_or_404(rows, pk=batch_id)
    may = row.state == BatchState.PLANNED and request.access.may(Permission.MANAGE_STOCK)
    lines = lines_of(row)
    act = request.POST.get("act", "")
    promises = promises_for_kits(row.warehouse.office.province_id) if may else []
    form = FundingForm(
        request.POST if act == "fund" else None, lines=lines, purpose=row.kit.purpose, promises=promises
    )
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if act == "fund" and tried(form, lambda said: _fund(request, said, lines)):
            messages.success(request, phrases.FUNDED)
            return SeeOther(reverse("kit-batch", args=[row.pk]))
        if act in ("arrived", "withdraw", "assemble", "give_up"):
            _act(request, act, row)
            return SeeOther(reverse("kit-batch", args=[row.pk]))
    shares = shares_of([row])
    context = desk_context(
        request,
        batch=row,
        lines=lines,
        shares=_share_rows(shares),
        missing_rial=shares.missing,
        is_all_paid=not any(line.left for line in lines),
        form=form if may and any(line.left for line in lines) else None,
        may=may,
        deliveries=row.goods_deliveries.select_related("county"),
        may_deliver=row.state == BatchState.ASSEMBLED and row.left and request.access.may(Permission.DELIVER),
        give_up=ReasonForm() if may else None,
        phrases=phrases,
    )
    return render(request, "desk/stock/batch.html", context)


def _fund(request: HttpRequest, form: FundingForm, lines: list) -> None:
    data = form.cleaned_data
    if data["line"] not in {line.pk for line in lines}:
        raise DomainError("not_found", status=404)
    kit_service.fund_item(
        data["line"],
        data["quantity"],
        form.payer(),
        item=data["item"],
        amount_rial=data["amount"],
        actor=request.user,
    )


def _act(request: HttpRequest, act: str, row: KitBatch) -> None:
    """One button of the page; a refusal is said above it."""
    try:
        if act == "assemble":
            kit_packing.assemble(row.pk, actor=request.user)
            messages.success(request, phrases.ASSEMBLED)
        elif act == "arrived":
            kit_service.mark_arrived(_funding(request, row), actor=request.user)
        elif act == "give_up":
            kit_service.cancel_batch(row.pk, actor=request.user, reason=_reason(request))
            messages.success(request, phrases.GIVEN_UP)
        else:
            reason = _reason(request)
            kit_service.withdraw_funding(_funding(request, row), actor=request.user, reason=reason)
    except DomainError as error:
        messages.error(request, refusal(error))


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return form.cleaned_data["note"] if form.is_valid() else ""


def _funding(request: HttpRequest, row: KitBatch) -> int:
    """The payment that a button names, which must be one of this batch."""
    said = request.POST.get("funding", "")
    known = {funding.pk for line in row.lines.all() for funding in line.fundings.all()}
    if not said.isdecimal() or int(said) not in known:
        raise DomainError("not_found", status=404)
    return int(said)


def _share_rows(shares: Shares) -> list[dict[str, str]]:
    """Each source with its sum, then what donors bear of all that is paid for."""
    rows = [
        {"label": str(KitSource(source).label), "value": format_toman(rial)}
        for source, rial in shares.by_source.items()
        if rial
    ]
    percent = persian_digits(f"{float(shares.donors_share * 100):.1f}".replace(".", "٫"))
    rows.append({"label": str(phrases.DONORS_SHARE), "value": f"{format_toman(shares.donors)} ({percent}٪)"})
    return rows
