"""Gifts of goods at the desk: offers to answer, goods to take in, values to confirm."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models.fields.files import FieldFile
from django.forms import BaseFormSet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aid import in_kind_phrases as phrases
from aid.enums import IntakeState
from aid.in_kind_desk_forms import (
    LINES_MORE,
    MOST_LINES,
    AgreeForm,
    OfferFilterForm,
    TakeForm,
    TakenFormSet,
    ValueDecisionForm,
    WalkInForm,
    WordsForm,
)
from aid.models import Intake, Warehouse
from aid.services.intake import confirm_value, take_in
from aid.services.stock import first_warehouse
from aid.stock_selectors import find_items, own_offices
from aid.views.desk import refusal
from aid.views.in_kind import appointment_of
from core.codes import show_code
from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches
from core.identifiers import mask_mobile, show_mobile
from core.jalali import format_datetime, format_long, format_short
from core.listing import ListFile, asked_of, file_links, query_of, sheet_time
from core.sheets import Cell
from donations.enums import DayPart, HandOver, InKindState
from donations.in_kind_selectors import offers_in_scope
from donations.models import GiftInKind, GivenGoods, OfferedGoods
from donations.services.in_kind import agree_to_offer, decline_offer, lapse_offer, open_walk_in
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

ROWS_A_PAGE = 30
_METHODS = ["GET", "HEAD", "POST"]
_PREFIX = "goods"


def _line(row: GiftInKind) -> list[Cell]:
    """Without the donor."""
    given = list(row.given.all())
    return [
        show_code(row.tracking_code), row.office.name, row.fund.name,
        "، ".join([one.name for one in given] or [one.description for one in row.offered.all()]),
        row.get_way_display(), sheet_time(row.offered_at),
        format_short(row.appointment_on) if row.appointment_on else "",
        row.get_state_display(), sum(one.value_rial for one in given) or None,
    ]  # fmt: skip


_AS_FILE = ListFile("goods", phrases.LIST_HEADS, _line)


@needs(Permission.VIEW_STOCK)
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """The queue: what waits for an answer first, then the rest, the newest first."""
    form = OfferFilterForm(request.GET or None)
    found = offers_in_scope(**asked_of(form))
    if answer := _AS_FILE.asked(request, found):
        return answer
    context = desk_context(
        request,
        filter_form=form,
        page_obj=Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page")),
        query=query_of(request),
        files=file_links(request),
        waiting=offers_in_scope(InKindState.OFFERED).count(),
        appraising=offers_in_scope(InKindState.APPRAISING).count(),
        may_receive=request.access.may(Permission.RECEIVE_GOODS),
        phrases=phrases,
    )
    return render(request, "desk/in_kind/list.html", context)


@needs(Permission.RECEIVE_GOODS)
@require_http_methods(_METHODS)
def walk_in(request: HttpRequest) -> HttpResponse:
    """Somebody stands there with goods: who, then what."""
    offices = own_offices(request.user)
    if not offices:
        raise PermissionDenied
    form = WalkInForm(request.POST or None, offices=offices)
    made: list[GiftInKind] = []

    def act(form: WalkInForm) -> None:
        made.append(open_walk_in(form.offer(), key=form.cleaned_data["key"], actor=request.user))

    if request.method == "POST" and tried(form, act):
        return SeeOther(reverse("in-kind-take", args=[made[0].pk]))
    return render(request, "desk/in_kind/walk_in.html", desk_context(request, form=form, phrases=phrases))


@needs(Permission.VIEW_STOCK)
@require_http_methods(_METHODS)
def gift(request: HttpRequest, gift_id: int) -> HttpResponse:
    """One gift of goods: what was offered, what came, and what this person may do about it now."""
    row = _gift(gift_id)
    intake = Intake.objects.filter(gift=row).select_related("taken_by", "confirmed_by", "warehouse").first()
    offered = _offered(request, row, intake)
    if request.method == "POST":
        name = request.POST.get("act", "")
        if name not in offered:
            raise PermissionDenied
        form, act, said = offered[name]
        offered[name] = (type(form)(request.POST, prefix=name), act, said)
        if tried(offered[name][0], act):
            messages.success(request, said)
            return SeeOther(reverse("in-kind-gift", args=[row.pk]))
    context = desk_context(
        request,
        gift=row,
        facts=_facts(row, intake, meets_donor=request.access.may(Permission.RECEIVE_GOODS)),
        intake=intake,
        forms={name: form for name, (form, _act, _said) in offered.items()},
        may_take=row.state == InKindState.AGREED and request.access.may(Permission.RECEIVE_GOODS),
        is_own_value=bool(
            intake and intake.state == IntakeState.WAITING and intake.taken_by_id == request.user.pk
        ),
        receipt=row.donation.receipt if row.donation_id else None,
        phrases=phrases,
    )
    return render(request, "desk/in_kind/gift.html", context)


def _gift(gift_id: int) -> GiftInKind:
    rows = GiftInKind.objects.select_related(
        "office", "fund", "need", "donor", "donation__receipt", "decided_by"
    )
    return get_object_or_404(rows.prefetch_related("offered", "given"), pk=gift_id)


def _offered(request: HttpRequest, row: GiftInKind, intake: Intake | None) -> dict[str, tuple]:
    """What this person may do with a gift in its present state: name → (form, service, what is said after)."""
    may, who = request.access.may, request.user
    if row.state == InKindState.APPRAISING and intake is not None:
        if not may(Permission.APPRAISE) or intake.taken_by_id == who.pk:
            return {}

        def decide(form: ValueDecisionForm) -> None:
            data = form.cleaned_data
            confirm_value(intake.pk, actor=who, approve=data["decision"] == "yes", reason=data["reason"])

        return {"value": (ValueDecisionForm(prefix="value"), decide, phrases.DECISION_SAVED)}
    if not may(Permission.RECEIVE_GOODS) or row.state not in (InKindState.OFFERED, InKindState.AGREED):
        return {}
    agree: tuple = (
        AgreeForm(prefix="agree"),
        lambda form: agree_to_offer(row.pk, actor=who, **form.cleaned_data),
        phrases.AGREED,
    )
    lapse: tuple = (
        WordsForm(prefix="lapse"),
        lambda form: lapse_offer(row.pk, actor=who, **form.cleaned_data),
        phrases.CLOSED,
    )
    decline: tuple = (
        WordsForm(prefix="decline"),
        lambda form: decline_offer(row.pk, actor=who, **form.cleaned_data),
        phrases.DECLINED,
    )
    if row.is_walk_in:
        return {"lapse": lapse}
    if row.state == InKindState.AGREED:
        return {"agree": agree, "lapse": lapse}
    return {"agree": agree, "decline": decline}


@needs(Permission.RECEIVE_GOODS)
@require_http_methods(_METHODS)
def take(request: HttpRequest, gift_id: int) -> HttpResponse:
    """What came: goods, quantity, condition, expiry, value, picture; as many lines as it takes."""
    row = _gift(gift_id)
    if row.state != InKindState.AGREED:
        return SeeOther(reverse("in-kind-gift", args=[row.pk]))
    first_warehouse(row.office, actor=request.user)
    places = list(Warehouse.objects.filter(office=row.office, is_active=True).select_related("office"))
    form = TakeForm(request.POST or None, gift=row, warehouses=places)
    lines = _lines(request)
    if request.method == "POST" and "more" not in request.POST and form.is_valid() and lines.is_valid():

        def act(form: TakeForm) -> None:
            goods = [g for line in lines if (g := line.goods(form.cleaned_data["appraised_by"]))]
            place = form.warehouses[form.cleaned_data["warehouse"]]
            need = form.cleaned_data.get("need")
            take_in(row.pk, goods, warehouse=place, need=need, actor=request.user)

        if tried(form, act):
            row.refresh_from_db()
            waits = row.state == InKindState.APPRAISING
            messages.success(request, phrases.TAKEN_WAITS if waits else phrases.TAKEN)
            return SeeOther(reverse("in-kind-gift", args=[row.pk]))
    if "more" in request.POST:
        form = TakeForm(initial=request.POST.dict(), gift=row, warehouses=places)
    context = desk_context(
        request, gift=row, form=form, lines=lines, kinds=find_items(""), intake=getattr(row, "intake", None),
        phrases=phrases,
    )  # fmt: skip
    return render(request, "desk/in_kind/take.html", context)


def _lines(request: HttpRequest) -> BaseFormSet:
    if request.method != "POST":
        return TakenFormSet(prefix=_PREFIX)
    sent = TakenFormSet(request.POST, request.FILES, prefix=_PREFIX)
    if "more" not in request.POST:
        return sent
    typed = [
        {name: line[name].value() for name in line.fields if name != "photo"}
        for line in sent
        if line["item"].value()
    ]
    more = TakenFormSet(initial=typed, prefix=_PREFIX)
    more.extra = min(LINES_MORE + max(0, sent.total_form_count() - len(typed)), MOST_LINES)
    return more


@needs(Permission.VIEW_STOCK)
@require_safe
def offered_photo(request: HttpRequest, line_id: int) -> HttpResponse:
    return _picture(get_object_or_404(OfferedGoods.objects, pk=line_id).photo)


@needs(Permission.VIEW_STOCK)
@require_safe
def given_photo(request: HttpRequest, line_id: int) -> HttpResponse:
    return _picture(get_object_or_404(GivenGoods.objects, pk=line_id).photo)


def _picture(photo: FieldFile) -> HttpResponse:
    """A picture for those who were let in; all of them are JPEGs that we made."""
    if not photo:
        raise Http404
    return keep_out_of_caches(FileResponse(photo.open("rb"), content_type="image/jpeg"))


def tried(form: forms.Form, act: Callable[[forms.Form], object]) -> bool:
    """Run a service with a valid form; a refusal becomes a message in it."""
    if not form.is_valid():
        return False
    try:
        act(form)
    except DomainError as error:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, refusal(error))
        return False
    return True


def _facts(row: GiftInKind, intake: Intake | None, *, meets_donor: bool) -> list[dict[str, object]]:
    """Who calls donors and goes to them sees how; others do not."""
    mobile = row.donor and (show_mobile if meets_donor else mask_mobile)(row.donor.mobile)
    address = row.pickup_address if row.way == HandOver.PICKUP and meets_donor else ""
    wished = "، ".join(
        str(part)
        for part in (
            row.wished_on and format_long(row.wished_on),
            row.wished_part and DayPart(row.wished_part).label,
        )
        if part
    )
    return [
        {"label": phrases.STATE, "value": row.get_state_display()},
        {"label": phrases.TRACKING, "value": show_code(row.tracking_code), "copy_text": row.tracking_code},
        {"label": phrases.DONOR, "value": row.donor_name or phrases.NAMELESS},
        {"label": phrases.MOBILE, "value": mobile, "code": True},
        {"label": phrases.OFFICE, "value": row.office.name},
        {"label": phrases.FUND, "value": row.fund.name},
        {"label": phrases.NEED, "value": row.need and row.need.title},
        {"label": phrases.WAY, "value": phrases.WALK_IN if row.is_walk_in else row.get_way_display()},
        {"label": phrases.ADDRESS, "value": address},
        {"label": phrases.WISHED, "value": wished},
        {"label": phrases.MESSAGE, "value": row.message},
        {"label": phrases.OFFERED_AT, "value": format_datetime(row.offered_at)},
        {"label": phrases.REPLY, "value": row.reply},
        {"label": phrases.APPOINTMENT, "value": appointment_of(row)},
        {"label": phrases.ANSWERED_BY, "value": row.decided_by and str(row.decided_by)},
        {"label": phrases.WAREHOUSE, "value": intake and intake.warehouse.name},
        {"label": phrases.TAKEN_BY, "value": intake and intake.taken_by and str(intake.taken_by)},
        {"label": phrases.CONFIRMED_BY, "value": intake and intake.confirmed_by and str(intake.confirmed_by)},
        {"label": phrases.RETURNED_BECAUSE, "value": intake and intake.reason},
    ]
