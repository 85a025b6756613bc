"""Deliveries at the desk, on a phone too: recorded with evidence, looked at by a second person, undone when wrong."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aid import allocation_phrases as phrases
from aid.allocation_forms import DeliverForm, OutcomeForm, ReasonForm
from aid.enums import AllocationState, Outcome, Purpose
from aid.models import Allocation, Delivery, GoodsDelivery
from aid.services import deliveries as service
from aid.services import photos
from aid.trail import place_of
from aid.views.desk import aid_context, tried
from core.http import SeeOther, keep_out_of_caches
from core.jalali import format_datetime, format_long
from core.money import format_toman, group_digits
from core.once import once
from provinces.access import needs
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]


@needs(Permission.DELIVER)
@require_http_methods(_METHODS)
@once
def delivery_new(request: HttpRequest, allocation_id: int) -> HttpResponse:
    """Record that a part of an allocation reached people."""
    found = get_object_or_404(
        Allocation.objects.select_related("need", "province", "county", "pool__fund"), pk=allocation_id
    )
    if found.state != AllocationState.APPROVED or found.funding_id is not None:
        return SeeOther(reverse("allocation", args=[found.pk]))
    form = DeliverForm(request.POST or None, request.FILES or None, allocation=found)
    made: list[Delivery] = []
    if request.method == "POST" and tried(
        form, lambda _: made.append(service.deliver(found.pk, form.evidence(), actor=request.user))
    ):
        messages.success(request, phrases.DELIVERY_SAVED)
        return SeeOther(reverse("delivery", args=[made[0].pk]))
    context = aid_context(
        request,
        "allocations",
        form=form,
        allocation=found,
        facts=[
            {"label": phrases.TARGET, "value": found.title},
            {"label": phrases.PURPOSE, "value": found.get_purpose_display()},
            {"label": phrases.LEFT, "value": format_toman(found.left_rial)},
        ],
        is_food=found.purpose == Purpose.FOOD,
    )
    return render(request, "desk/aid/delivery_new.html", context)


@needs(Permission.VIEW_AID)
@require_http_methods(_METHODS)
def delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One delivery. A second person looks at its photo or undoes it; what it led to is written down here."""
    row = get_object_or_404(
        Delivery.objects.select_related(
            "allocation__need",
            "allocation__funding__item",
            "allocation__funding__line__batch__kit",
            "province",
            "county__province",
            "recorded_by",
            "undone_by",
            "photo_reviewed_by",
        ),
        pk=delivery_id,
    )
    ways = _ways(request, row)
    forms = {
        name: kind(request.POST if request.POST.get("act") == name else None) for name, kind in ways.items()
    }
    if request.method == "POST":
        act = request.POST.get("act", "")
        if not request.access.may(Permission.VIEW_EVIDENCE):
            raise PermissionDenied
        if act in forms and tried(forms[act], lambda data: _act(request, row, act, data)):
            return SeeOther(reverse("delivery", args=[row.pk]))
    sees_cases = request.access.may(Permission.DELIVER)
    context = aid_context(
        request,
        "allocations",
        delivery=row,
        facts=_facts(row),
        forms=forms,
        sees_photo=row.photo_path,
        words=phrases,
        undo_text=phrases.UNDO_TEXT,
        photo_url=reverse("delivery-photo", args=[row.pk]),
        cases=list(row.references.order_by("pk")) if sees_cases else [],
    )
    return render(request, "desk/aid/delivery.html", context)


class Nothing(ReasonForm):
    """A button without a question."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields.clear()


def _ways(request: HttpRequest, row: Delivery) -> dict[str, type[Form]]:
    """The same for money; what came with kits is followed and undone with them."""
    ways = evidence_ways(request, row)
    if row.goods_id is not None:
        ways.pop("outcome", None)
    if row.goods_id is not None or row.borne_rial or row.allocation.state == AllocationState.CANCELLED:
        ways.pop("undo", None)
    return ways


def _act(request: HttpRequest, row: Delivery, act: str, data: dict) -> None:
    if act == "review":
        service.review_photo(row.pk, actor=request.user)
        messages.success(request, phrases.REVIEWED_SAVED)
    elif act == "undo":
        service.undo_delivery(row.pk, actor=request.user, reason=data["reason"])
        messages.success(request, phrases.UNDONE_SAVED)
    else:
        codes, outcome = typed_codes(data), Outcome(data["outcome"])
        service.record_outcome(row.pk, actor=request.user, outcome=outcome, references=codes)
        messages.success(request, phrases.OUTCOME_SAVED)


def evidence_ways(request: HttpRequest, row: Delivery | GoodsDelivery) -> dict[str, type[Form]]:
    """What this person may do with the evidence of a delivery now, with the form of each: look at the photo, write the
    outcome down, undo. Nobody looks at or undoes what they recorded."""
    may, other = request.access.may, row.recorded_by_id != request.user.pk
    if row.undone_at is not None:
        return {}
    ways: dict[str, type[Form]] = {}
    if row.photo_path and row.photo_reviewed_at is None and other and may(Permission.VIEW_EVIDENCE):
        ways["review"] = Nothing
    if may(Permission.DELIVER):
        ways["outcome"] = OutcomeForm
    if other and may(Permission.APPROVE_ALLOCATION):
        ways["undo"] = ReasonForm
    return ways


def typed_codes(data: dict) -> list[str]:
    """The codes of cases that a form named, one a line."""
    return [line for line in data["references"].splitlines() if line.strip()]


def evidence_facts(row: Delivery | GoodsDelivery) -> list[dict[str, object]]:
    """Rows of facts: when, who signed and recorded, and who undid it."""
    undone = row.undone_by and f"{row.undone_by}، {format_datetime(row.undone_at)}: {row.undo_reason}"
    return [
        {"label": phrases.DELIVERED_ON, "value": format_long(row.delivered_on)},
        {"label": phrases.FIRST, "value": row.get_first_signatory_display()},
        {"label": phrases.SECOND, "value": row.get_second_signatory_display()},
        {"label": phrases.MINUTES, "value": row.minutes_number, "code": True},
        {"label": phrases.PHOTO, "value": photo_state(row)},
        {"label": phrases.RECORDED_BY, "value": f"{row.recorded_by}، {format_datetime(row.recorded_at)}"},
        {"label": phrases.UNDONE_BY, "value": undone},
    ]


def photo_state(row: Delivery | GoodsDelivery) -> str:
    """Whether somebody has looked at the photo of a delivery; "" where there is none."""
    if not row.photo_path:
        return ""
    by = row.photo_reviewed_by
    return phrases.PHOTO_REVIEWED.format(by=by) if by else phrases.PHOTO_WAITS


def _facts(row: Delivery) -> list[dict[str, object]]:
    return [
        {
            "label": phrases.TARGET,
            "value": row.allocation.title,
            "url": reverse("allocation", args=[row.allocation_id]),
        },
        {
            "label": phrases.WHAT,
            "value": f"{group_digits(row.quantity)} {row.unit} {row.what}",
            "url": reverse("goods-delivery", args=[row.goods_id]) if row.goods_id else "",
        },
        {"label": phrases.FORM, "value": row.get_form_display()},
        {"label": phrases.HOUSEHOLDS, "value": group_digits(row.households)},
        {"label": phrases.AMOUNT, "value": format_toman(row.amount_rial)},
        {"label": phrases.BORNE, "value": row.borne_rial and format_toman(row.borne_rial)},
        {"label": phrases.PLACE, "value": place_of(row.province, row.county)},
        *evidence_facts(row),
    ]


@needs(Permission.VIEW_EVIDENCE)
@require_safe
def delivery_photo(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """The photo of a delivery, for those who may record or approve one; kept by no cache."""
    return photo_answer(get_object_or_404(Delivery.objects, pk=delivery_id).photo_path)


def photo_answer(path: str) -> HttpResponse:
    """A sealed photo, opened; Http404 without one."""
    if not path:
        raise Http404
    content = photos.read(path)
    kind = photos.kind_of(content) or "application/octet-stream"
    return keep_out_of_caches(HttpResponse(content, content_type=kind))
