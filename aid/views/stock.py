"""Warehouses at the desk: what lies where, its history, goods on their way, counts by two people, losses."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aid import stock_phrases as phrases
from aid.enums import LossState, StockCountState, TransferState
from aid.models import Lot, StockCount, Warehouse
from aid.services import counts, losses, transfers
from aid.services import stock as stock_service
from aid.stock_forms import (
    CountDecisionForm,
    CountForm,
    FindForm,
    LossDecisionForm,
    ReasonForm,
    ReceiveForm,
    SendForm,
    WarehouseForm,
    WriteOffForm,
)
from aid.stock_selectors import (
    all_targets,
    arriving,
    expiring_lots,
    find_transfer,
    history_of,
    losses_of,
    lots_at_hand,
    lots_in,
    own_offices,
    waiting_counts,
    waiting_losses,
    warehouses,
)
from aid.views.desk import refusal
from aid.views.in_kind_desk import tried
from core.errors import DomainError
from core.http import SeeOther
from core.jalali import format_short, tehran_today
from core.listing import ListFile, asked_of, file_links, query_of
from core.once import once
from core.sheets import Cell
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.scoping import current_scope

ROWS_A_PAGE, MOST_WARNINGS = 50, 30
_METHODS = ["GET", "HEAD", "POST"]


def _page(request: HttpRequest, template: str, **more: object) -> HttpResponse:
    may_manage = request.access.may(Permission.MANAGE_STOCK)
    context = desk_context(request, may_manage=may_manage, phrases=phrases, today=tehran_today(), **more)
    return render(request, f"desk/stock/{template}.html", context)


def _warehouse(warehouse_id: int) -> Warehouse:
    return get_object_or_404(Warehouse.objects.select_related("office"), pk=warehouse_id)


@needs(Permission.VIEW_STOCK)
@require_http_methods(_METHODS)
def home(request: HttpRequest) -> HttpResponse:
    """The warehouses, what expires soon, what is on its way here, what waits for a second person."""
    offices = own_offices(request.user) if request.access.may(Permission.MANAGE_STOCK) else []
    form = WarehouseForm(request.POST or None, offices=offices) if offices else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied

        def act(form: WarehouseForm) -> None:
            data = form.cleaned_data
            office = form.offices[data["office"]]
            stock_service.create_warehouse(office, data["name"], address=data["address"], actor=request.user)

        if tried(form, act):
            messages.success(request, phrases.WAREHOUSE_MADE)
            return SeeOther(reverse("stock"))
    if answer := _LOTS.asked(request, lots_at_hand()):
        return answer
    expiring = expiring_lots()
    return _page(
        request,
        "home",
        warehouses=warehouses(),
        expiring=expiring[:MOST_WARNINGS],
        expiring_count=expiring.count(),
        arriving=arriving(),
        counts=waiting_counts(),
        losses=waiting_losses(),
        form=form,
        files=file_links(request),
    )


def _number(quantity: Decimal) -> Cell:
    """As a spreadsheet adds it up."""
    return int(quantity) if quantity == int(quantity) else f"{quantity.normalize():f}"


def _lot_line(row: Lot) -> list[Cell]:
    return [
        row.item.name, _number(row.quantity), row.item.get_unit_display(), row.value_rial,
        format_short(row.expires_on) if row.expires_on else "", row.get_condition_display(), row.fund.name,
        format_short(row.came_at), row.warehouse.office.name, row.warehouse.name,
    ]  # fmt: skip


_LOTS = ListFile("stock", phrases.LOT_HEADS, _lot_line)


@needs(Permission.VIEW_STOCK)
@require_safe
def warehouse(request: HttpRequest, warehouse_id: int) -> HttpResponse:
    """What lies in a warehouse, by kind, the first to expire first."""
    place = _warehouse(warehouse_id)
    form = FindForm(request.GET or None)
    lots = lots_in(place, **asked_of(form))
    if answer := _LOTS.asked(request, lots):
        return answer
    return _page(
        request,
        "warehouse",
        place=place,
        filter_form=form,
        page_obj=Paginator(lots, ROWS_A_PAGE).get_page(request.GET.get("page")),
        query=query_of(request),
        files=file_links(request),
        transfers=place.sent.select_related("target__office").order_by("-pk")[:10],
        counts=place.counts.select_related("counted_by").order_by("-pk")[:10],
        given=place.goods_deliveries.filter(batch=None).select_related("item")[:10],
        may_deliver=request.access.may(Permission.DELIVER),
    )


@needs(Permission.VIEW_STOCK)
@require_http_methods(_METHODS)
@once
def lot(request: HttpRequest, lot_id: int) -> HttpResponse:
    """One lot and all that happened to it. Who looks after it says what of it is lost; somebody else confirms that."""
    rows = Lot.objects.select_related("item", "fund", "warehouse__office", "donation", "parent")
    row = get_object_or_404(rows, pk=lot_id)
    found = list(losses_of(row))
    waiting = next((loss for loss in found if loss.state == LossState.WAITING), None)
    is_own = waiting is not None and waiting.reported_by_id == request.user.pk
    decides = waiting is not None and not is_own and request.access.may(Permission.APPRAISE)
    reports = waiting is None and row.quantity and request.access.may(Permission.MANAGE_STOCK)
    form = WriteOffForm(request.POST or None) if reports else None
    decision = LossDecisionForm(request.POST or None) if decides else None
    if request.method == "POST":
        if form is None and decision is None:
            if waiting is None or not request.access.may(Permission.MANAGE_STOCK):
                raise PermissionDenied
            messages.error(request, refusal(DomainError("loss_waits")))  # a page from before it was reported
            return SeeOther(reverse("stock-lot", args=[row.pk]))

        def report(form: WriteOffForm) -> None:
            losses.report_loss(row.pk, actor=request.user, **form.cleaned_data)
            messages.success(request, phrases.LOSS_REPORTED)

        def decide(form: LossDecisionForm) -> None:
            data = form.cleaned_data
            yes = data["decision"] == "yes"
            losses.decide_loss(waiting.pk, actor=request.user, approve=yes, reason=data["reason"])
            messages.success(request, phrases.DECIDED)

        if tried(form, report) if form else tried(decision, decide):
            return SeeOther(reverse("stock-lot", args=[row.pk]))
    return _page(
        request,
        "lot",
        lot=row,
        form=form,
        decision=decision,
        waiting=waiting,
        is_own=is_own,
        losses=found,
        moves=history_of(row),
    )


@needs(Permission.MANAGE_STOCK)
@require_http_methods(_METHODS)
@once
def send(request: HttpRequest, warehouse_id: int) -> HttpResponse:
    """Goods of this warehouse on their way to another."""
    place = _warehouse(warehouse_id)
    form = SendForm(request.POST or None, lots=lots_in(place), targets=all_targets(place))
    made = []

    def act(form: SendForm) -> None:
        target = form.targets[form.cleaned_data["target"]]
        sent = transfers.send_goods(
            place, target, form.quantities, actor=request.user, note=form.cleaned_data["note"]
        )
        made.append(sent)

    if request.method == "POST" and tried(form, act):
        messages.success(request, phrases.SENT)
        return SeeOther(reverse("stock-transfer", args=[made[0].pk]))
    return _page(request, "send", place=place, form=form)


@needs(Permission.VIEW_STOCK)
@require_http_methods(_METHODS)
def transfer(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Goods on their way; whoever works at the far end says what arrived or sends all of it back."""
    row = find_transfer(transfer_id)
    if row is None:
        raise Http404
    is_ours = current_scope().holds(row.target.office.province_id, row.target.office.county_id)
    may_receive = (
        is_ours
        and row.state == TransferState.SENT
        and request.access.may(Permission.MANAGE_STOCK)
        and row.sent_by_id != request.user.pk
    )
    act_name = request.POST.get("act")
    form = ReceiveForm(request.POST if act_name == "receive" else None, lines=row.shown_lines)
    refusal = ReasonForm(request.POST if act_name == "refuse" else None, prefix="no")
    if request.method == "POST":
        if not may_receive:
            raise PermissionDenied

        def receive(form: ReceiveForm) -> None:
            note = form.cleaned_data["note"]
            transfers.receive_goods(row.pk, form.quantities, actor=request.user, note=note)

        def refuse(form: ReasonForm) -> None:
            transfers.refuse_goods(row.pk, actor=request.user, note=form.cleaned_data["note"])

        done = (act_name == "receive" and tried(form, receive)) or (
            act_name == "refuse" and tried(refusal, refuse)
        )
        if done:
            messages.success(request, phrases.DECIDED)
            return SeeOther(reverse("stock-transfer", args=[row.pk]))
    return _page(
        request,
        "transfer",
        transfer=row,
        form=form if may_receive else None,
        refusal=refusal,
        is_own=row.state == TransferState.SENT and row.sent_by_id == request.user.pk,
    )


@needs(Permission.MANAGE_STOCK)
@require_http_methods(_METHODS)
def count(request: HttpRequest, warehouse_id: int) -> HttpResponse:
    """A warehouse is counted: what should lie there is not shown before it is counted."""
    place = _warehouse(warehouse_id)
    form = CountForm(request.POST or None, lots=lots_in(place))
    made = []

    def act(form: CountForm) -> None:
        note = form.cleaned_data["note"]
        made.append(counts.count_stock(place, form.quantities, actor=request.user, note=note))

    if request.method == "POST" and tried(form, act):
        messages.success(request, phrases.COUNTED)
        return SeeOther(reverse("stock-count-one", args=[made[0].pk]))
    return _page(request, "count", place=place, form=form)


@needs(Permission.VIEW_STOCK)
@require_http_methods(_METHODS)
def count_one(request: HttpRequest, count_id: int) -> HttpResponse:
    """A count with its differences; somebody else confirms it."""
    rows = StockCount.objects.select_related("warehouse__office", "counted_by", "decided_by")
    row = get_object_or_404(rows, pk=count_id)
    is_own = row.counted_by_id == request.user.pk
    may = row.state == StockCountState.WAITING and not is_own and request.access.may(Permission.MANAGE_STOCK)
    form = CountDecisionForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise PermissionDenied

        def act(form: CountDecisionForm) -> None:
            data = form.cleaned_data
            counts.decide_count(
                row.pk, actor=request.user, approve=data["decision"] == "yes", reason=data["reason"]
            )

        if tried(form, act):
            messages.success(request, phrases.DECIDED)
            return SeeOther(reverse("stock-count-one", args=[row.pk]))
    return _page(
        request,
        "count_one",
        count=row,
        lines=row.lines.select_related("lot__item"),
        form=form if may else None,
        is_own=is_own and row.state == StockCountState.WAITING,
    )
