"""Kits and goods that reached people, at the desk: recorded with evidence, undone when wrong."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aid import allocation_phrases as words
from aid import stock_phrases as phrases
from aid.enums import BatchState, Outcome
from aid.goods_forms import DeliverKitsForm, EvidenceForm, GiveGoodsForm
from aid.models import GoodsDelivery, KitBatch, Warehouse
from aid.services import goods_deliveries as service
from aid.stock_selectors import lots_in
from aid.trail import place_of
from aid.views.deliveries import evidence_facts, evidence_ways, photo_answer, typed_codes
from aid.views.desk import tried
from core.http import SeeOther
from core.money import format_quantity, format_toman, group_digits
from core.once import once
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]
_PAID_BY = (
    "allocation__pool__fund", "allocation__need", "allocation__funding__item",
    "allocation__funding__line__batch__kit",
)  # fmt: skip


@needs(Permission.DELIVER)
@require_http_methods(_METHODS)
@once
def deliver_kits(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Ready kits of a batch leave for families."""
    batch = get_object_or_404(
        KitBatch.objects.select_related("kit", "warehouse__office__county"), pk=batch_id
    )
    if batch.state != BatchState.ASSEMBLED or not batch.left:
        return SeeOther(reverse("kit-batch", args=[batch.pk]))
    form = DeliverKitsForm(request.POST or None, request.FILES or None, warehouse=batch.warehouse)

    def act(data: dict) -> GoodsDelivery:
        return service.deliver_kits(batch.pk, data["count"], form.evidence(), actor=request.user)

    crumb = {"label": batch.title, "url": reverse("kit-batch", args=[batch.pk])}
    facts = [
        {"label": phrases.KITS, "value": batch.kit.name},
        {"label": phrases.READY, "value": group_digits(batch.left)},
        {"label": phrases.WAREHOUSE, "value": f"{batch.warehouse.office.name}، {batch.warehouse.name}"},
    ]
    return _recording(request, form, act, phrases.DELIVER_KITS, crumb, facts)


@needs(Permission.DELIVER)
@require_http_methods(_METHODS)
@once
def give_goods(request: HttpRequest, warehouse_id: int) -> HttpResponse:
    """Goods of a warehouse are given to families as they are."""
    place = get_object_or_404(Warehouse.objects.select_related("office__county"), pk=warehouse_id)
    form = GiveGoodsForm(request.POST or None, request.FILES or None, warehouse=place, lots=lots_in(place))

    def act(data: dict) -> GoodsDelivery:
        need, need_item = data["need"]
        return service.deliver_goods(
            place,
            form.items[data["item"]],
            data["quantity"],
            form.evidence(),
            purpose=data["purpose"],
            need=need,
            need_item=need_item,
            actor=request.user,
        )

    crumb = {"label": place.name, "url": reverse("stock-warehouse", args=[place.pk])}
    facts = [{"label": phrases.WAREHOUSE, "value": f"{place.office.name}، {place.name}"}]
    return _recording(request, form, act, phrases.GIVE_GOODS, crumb, facts)


def _recording(
    request: HttpRequest, form: EvidenceForm, act, title: str, crumb: dict, facts: list[dict]
) -> HttpResponse:
    made: list[GoodsDelivery] = []
    if request.method == "POST" and tried(form, lambda data: made.append(act(data))):
        messages.success(request, words.DELIVERY_SAVED)
        return SeeOther(reverse("goods-delivery", args=[made[0].pk]))
    context = desk_context(request, form=form, title=title, crumb=crumb, facts=facts, phrases=phrases)
    return render(request, "desk/stock/deliver.html", context)


@needs(Permission.VIEW_STOCK)
@require_http_methods(_METHODS)
def goods_delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One delivery of goods. What it led to is written down here; a second person undoes it."""
    related = (
        "warehouse__office__province", "county__province", "item", "batch__kit", "need", "need_item", "recorded_by",
        "undone_by",
    )  # fmt: skip
    row = get_object_or_404(GoodsDelivery.objects.select_related(*related), pk=delivery_id)
    ways = evidence_ways(request, row)
    act = request.POST.get("act", "")
    shown = {name: kind(request.POST if act == name else None) for name, kind in ways.items()}
    if request.method == "POST":
        if act not in shown:
            raise PermissionDenied
        if tried(shown[act], lambda data: _act(request, row, act, data)):
            return SeeOther(reverse("goods-delivery", args=[row.pk]))
    context = desk_context(
        request,
        delivery=row,
        facts=_facts(row),
        paid_by=list(row.paid_by.select_related(*_PAID_BY).order_by("pk")),
        forms=shown,
        undo_text=phrases.UNDO_GOODS_TEXT,
        photo_url=reverse("goods-photo", args=[row.pk]),
        sees_photo=row.photo_path and request.access.may(Permission.VIEW_EVIDENCE),
        cases=list(row.references.order_by("pk")) if request.access.may(Permission.DELIVER) else [],
        phrases=phrases,
        words=words,
    )
    return render(request, "desk/stock/delivery.html", context)


def _act(request: HttpRequest, row: GoodsDelivery, act: str, data: dict) -> None:
    if act == "undo":
        service.undo_goods_delivery(row.pk, actor=request.user, reason=data["reason"])
        messages.success(request, phrases.GOODS_UNDONE)
        return
    if act == "review":
        service.review_goods_photo(row.pk, actor=request.user)
        messages.success(request, words.REVIEWED_SAVED)
        return
    codes, outcome = typed_codes(data), Outcome(data["outcome"])
    service.record_goods_outcome(row.pk, actor=request.user, outcome=outcome, references=codes)
    messages.success(request, words.OUTCOME_SAVED)


@needs(Permission.VIEW_EVIDENCE)
@require_safe
def goods_photo(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """The photo of a delivery of goods, for those who may record or approve one; kept by no cache."""
    row = get_object_or_404(GoodsDelivery.objects, pk=delivery_id)
    return photo_answer(row.photo_path)


def _facts(row: GoodsDelivery) -> list[dict[str, object]]:
    batch_url = reverse("kit-batch", args=[row.batch_id]) if row.batch_id else ""
    amount = f"{format_quantity(row.quantity)} {row.get_unit_display()} {row.what}"
    return [
        {"label": words.WHAT, "value": amount, "url": batch_url},
        {"label": words.PURPOSE, "value": row.get_purpose_display()},
        {"label": words.NEED, "value": row.need and row.need.title},
        {"label": phrases.NEED_ITEM, "value": row.need_item and row.need_item.item},
        {"label": words.HOUSEHOLDS, "value": group_digits(row.households)},
        {"label": phrases.GOODS_VALUE, "value": row.value_rial and format_toman(row.value_rial)},
        {"label": words.PLACE, "value": place_of(row.warehouse.office.province, row.county)},
        {"label": phrases.WAREHOUSE, "value": f"{row.warehouse.office.name}، {row.warehouse.name}"},
        *evidence_facts(row),
    ]
