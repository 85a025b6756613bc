"""The register of promises at the desk: the list by standing, one promise with its plan and what came, files."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from core.codes import show_code
from core.http import SeeOther, keep_out_of_caches
from core.jalali import format_day_month_year, format_short, tehran_today
from core.money import format_toman
from core.once import once
from core.text import persian_digits
from partnerships import promise_phrases as phrases
from partnerships.agreement_selectors import agreements_in_sight, open_items
from partnerships.enums import CommitmentState, DeliveryState, Measure
from partnerships.models import AgreementItem, Commitment, PromiseDelivery
from partnerships.promise_forms import (
    DecisionForm,
    DeliveryEntryForm,
    FollowForm,
    HandOverForm,
    OutcomeForm,
    PlanForm,
    PromiseFilterForm,
    PromiseForm,
)
from partnerships.promise_selectors import (
    cash_sum,
    count_standings,
    deliveries_of,
    find_promises,
    plan_of,
    promises,
)
from partnerships.services import deliveries, files
from partnerships.services import promises as services
from partnerships.views.desk import (
    METHODS,
    Act,
    acted,
    amount,
    filtered,
    list_file,
    query_of,
    sealed_file,
    tried,
)
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

PROMISES_A_PAGE = 30


@needs(Permission.VIEW_PARTNERS)
@require_safe
def promise_list(request: HttpRequest) -> HttpResponse:
    """Promises of the scope, what is due first above."""
    form = PromiseFilterForm(request.GET or None)
    wanted, query = _wanted(request, form), query_of(request)
    found = find_promises(**wanted)
    page = Paginator(found, PROMISES_A_PAGE).get_page(request.GET.get("page"))
    promised, came = cash_sum(found)
    context = desk_context(
        request,
        filter_form=form,
        tabs=_tabs(str(wanted.get("standing", ""))),
        page_obj=page,
        query=query,
        rows=[_row(row) for row in page],
        sums=phrases.SUM_CASH.format(promised=format_toman(promised), came=format_toman(came)),
        files=[
            (kind.upper(), f"{reverse('promises-file', args=[kind])}?{query}") for kind in ("xlsx", "csv")
        ],
        may_record=request.access.may(Permission.RECORD_PROMISES),
        phrases=phrases,
    )
    return render(request, "desk/promises/list.html", context)


def _wanted(request: HttpRequest, form: PromiseFilterForm) -> dict[str, object]:
    """What is asked of the register; «mine» is whoever asks."""
    wanted = filtered(form)
    return wanted | {"mine": request.user.pk} if wanted.pop("mine", False) else wanted


def _tabs(standing: str) -> list[dict[str, object]]:
    counts, address = count_standings(), reverse("promises")
    tabs = [
        ("", phrases.EVERY),
        ("late", phrases.LATE),
        ("soon", phrases.SOON),
        ("waiting", phrases.WAITING),
        ("open", phrases.OPEN),
        ("kept", phrases.KEPT),
        ("dropped", phrases.DROPPED),
    ]
    return [
        {
            "url": f"{address}?{urlencode({'standing': name})}" if name else address,
            "label": f"{label} ({persian_digits(counts[name])})" if counts.get(name) else label,
            "current": name == standing,
        }
        for name, label in tabs
    ]


def _row(row: Commitment) -> dict[str, object]:
    late = row.state == CommitmentState.OPEN and row.next_due is not None and row.next_due < tehran_today()
    kind, icon = phrases.BADGES["late" if late else row.state]
    return {
        "promise": row,
        "quantity": amount(row.quantity, row.measure, row.unit) or phrases.WORDS,
        "came": amount(row.delivered, row.measure, row.unit) if row.delivered else "",
        "place": _place(row),
        "next_due": row.next_due if row.state == CommitmentState.OPEN else None,
        "badge": {"label": phrases.LATE if late else row.get_state_display(), "kind": kind, "icon": icon},
    }


@needs(Permission.VIEW_PARTNERS)
@require_safe
def promise_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same list as a file, whole."""
    found = find_promises(**_wanted(request, PromiseFilterForm(request.GET or None)))
    return list_file("promises", form, phrases.COLUMNS, (_line(row) for row in found))


def _line(row: Commitment) -> list[str | int]:
    counted = row.measure != Measure.WORDS
    return [
        row.pk,
        row.whose,
        row.what,
        row.get_purpose_display(),
        row.get_measure_display(),
        row.unit,
        row.quantity if counted else "",
        row.delivered if counted else "",
        row.left if counted else "",
        row.province.name if row.province else str(phrases.NATIONAL),
        row.county.name if row.county else "",
        format_short(row.next_due) if row.next_due and row.state == CommitmentState.OPEN else "",
        row.get_state_display(),
        row.item.agreement.title if row.item else "",
        row.event.title if row.event else "",
        str(row.minded_by or ""),
    ]


@needs(Permission.RECORD_PROMISES)
@require_http_methods(METHODS)
@once
def promise_new(request: HttpRequest) -> HttpResponse:
    """A promise is written down, perhaps in detail of an item that the address names."""
    item = _item(request)
    form = PromiseForm(request.POST or None, item=item, initial={"partner": request.GET.get("partner", "")})
    made: list[Commitment] = []
    if request.method == "POST" and tried(
        form, lambda form: made.append(services.make_promise(form.facts, actor=request.user))
    ):
        messages.success(request, phrases.SAVED)
        return SeeOther(reverse("promise", args=[made[0].pk]))
    return _form_page(request, form, None, item, reverse("promises"))


def _item(request: HttpRequest) -> AgreementItem | None:
    """The item that the address names, of a memorandum that is in sight and in force."""
    asked = request.GET.get("item", "")
    if not asked:
        return None
    found = next((row for row in open_items(agreements_in_sight()) if str(row.pk) == asked), None)
    if found is None:
        raise Http404
    return found


@needs(Permission.RECORD_PROMISES)
@require_http_methods(METHODS)
def promise_edit(request: HttpRequest, promise_id: int) -> HttpResponse:
    """What is written of a promise of which nothing has come."""
    row = _promise(promise_id)
    form = PromiseForm(request.POST or None, promise=row)
    back_url = reverse("promise", args=[row.pk])
    if request.method == "POST" and tried(
        form, lambda form: services.change_promise(row.pk, form.facts, actor=request.user)
    ):
        messages.success(request, phrases.SAVED)
        return SeeOther(back_url)
    return _form_page(request, form, row, row.item, back_url)


def _form_page(
    request: HttpRequest, form: forms.Form, row: Commitment | None, item: AgreementItem | None, back_url: str
) -> HttpResponse:
    context = desk_context(request, form=form, promise=row, item=item, back_url=back_url, phrases=phrases)
    return render(request, "desk/promises/form.html", context)


@needs(Permission.VIEW_PARTNERS)
@require_http_methods(METHODS)
@once
def promise(request: HttpRequest, promise_id: int) -> HttpResponse:
    """One promise: its plan, what came with its proof, and what this person may do."""
    row = _promise(promise_id)
    came = deliveries_of(row)
    acts = _acts(request, row, came)
    if request.method == "POST":
        if not any(map(request.access.may, (Permission.RECORD_PROMISES, Permission.CONFIRM_PROMISES))):
            raise PermissionDenied
        done = acted(request, acts)
        if done:
            messages.success(request, phrases.SAVED)
        if done is not False:
            return SeeOther(reverse("promise", args=[row.pk]))
    context = desk_context(
        request,
        promise=row,
        badge=_row(row)["badge"],
        facts=_facts(row),
        percent=min(100, row.delivered * 100 // row.quantity) if row.measure != Measure.WORDS else None,
        quantity=amount(row.quantity, row.measure, row.unit),
        came=amount(row.delivered, row.measure, row.unit),
        plan=[
            {"line": line, "quantity": amount(line.quantity, row.measure, row.unit)} for line in plan_of(row)
        ],
        deliveries=[_delivery(request, row, delivery, acts) for delivery in came],
        forms={name: acts[name][0] for name in ("record", "follow", "plan", "hand") if name in acts},
        may_edit="follow" in acts
        and not any(d.state in (DeliveryState.WAITING, DeliveryState.CONFIRMED) for d in came),
        reminders=list(row.reminders.all()[:10]),
        phrases=phrases,
    )
    return keep_out_of_caches(render(request, "desk/promises/promise.html", context))


def _acts(request: HttpRequest, row: Commitment, came: list[PromiseDelivery]) -> dict[str, Act]:
    """What this person may do with a promise as it stands: name → (form, service)."""
    who, found = request.user, {}
    if request.access.may(Permission.RECORD_PROMISES):
        if row.state == CommitmentState.OPEN:
            found["follow"] = (
                FollowForm(prefix="follow", promise=row),
                lambda form: services.follow_promise(row.pk, actor=who, **form.cleaned_data),
            )
            found["plan"] = (
                PlanForm(prefix="plan", promise=row),
                lambda form: services.plan_instalments(row.pk, form.cleaned_data["plan"], actor=who),
            )
            found["hand"] = (
                HandOverForm(prefix="hand", promise=row),
                lambda form: services.hand_promise_over(row.pk, to=form.cleaned_data["to"], actor=who),
            )
            found["record"] = (
                DeliveryEntryForm(prefix="record", promise=row),
                lambda form: deliveries.record_delivery(row.pk, form.proof, actor=who),
            )
        for delivery in came:
            if delivery.state == DeliveryState.CONFIRMED:
                name = f"outcome-{delivery.pk}"
                found[name] = (
                    OutcomeForm(prefix=name, initial={"outcome": delivery.outcome}),
                    lambda form, pk=delivery.pk: deliveries.tell_outcome(pk, actor=who, **form.cleaned_data),
                )
    if request.access.may(Permission.CONFIRM_PROMISES):
        for delivery in came:
            if delivery.state == DeliveryState.WAITING and delivery.recorded_by_id != who.pk:
                name = f"decide-{delivery.pk}"
                found[name] = (
                    DecisionForm(prefix=name),
                    lambda form, pk=delivery.pk: deliveries.decide_delivery(
                        pk,
                        approve=form.cleaned_data["decision"] == "yes",
                        reason=form.cleaned_data["reason"],
                        actor=who,
                    ),
                )
    return found


def _delivery(
    request: HttpRequest, row: Commitment, delivery: PromiseDelivery, acts: dict[str, Act]
) -> dict[str, object]:
    kind, icon = phrases.DELIVERY_BADGES[delivery.state]
    gift = delivery.donation
    code = gift.tracking_code if gift else delivery.goods.gift.tracking_code if delivery.goods else ""
    return {
        "delivery": delivery,
        "quantity": amount(delivery.quantity, row.measure, row.unit),
        "badge": {"label": delivery.get_state_display(), "kind": kind, "icon": icon},
        "code": show_code(code) if code else "",
        "trail_url": reverse("trail", args=[code]) if code else "",
        "decision": acts.get(f"decide-{delivery.pk}", (None,))[0],
        "outcome": acts.get(f"outcome-{delivery.pk}", (None,))[0],
        "is_own": delivery.state == DeliveryState.WAITING and delivery.recorded_by_id == request.user.pk,
    }


@needs(Permission.VIEW_PARTNERS)
@require_safe
def delivery_file(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """The file that proves a delivery."""
    row = get_object_or_404(PromiseDelivery, pk=delivery_id)
    if not row.file_path:
        raise Http404
    content, kind, ending = files.read(row.file_path)
    return sealed_file(content, kind, f"delivery-{row.pk}.{ending}")


def _promise(promise_id: int) -> Commitment:
    rows = promises().select_related("partner", "county__province", "need", "need_item", "site", "made_by")
    return get_object_or_404(rows, pk=promise_id)


def _place(row: Commitment) -> str:
    parts = [part.name for part in (row.province, row.county) if part]
    return "، ".join(parts) or str(phrases.NATIONAL)


def _facts(row: Commitment) -> list[dict[str, object]]:
    agreement = row.item and row.item.agreement
    return [
        {
            "label": phrases.WHO,
            "value": row.whose,
            "url": row.partner_id and reverse("partner", args=[row.partner_id]),
        },
        {"label": phrases.PURPOSE, "value": row.get_purpose_display()},
        {"label": phrases.PLACE, "value": _place(row)},
        {
            "label": phrases.AGREEMENT,
            "value": agreement and f"{agreement.title}: {row.item.title}",
            "url": agreement and reverse("agreement", args=[agreement.pk]),
        },
        {
            "label": phrases.EVENT,
            "value": row.event and row.event.title,
            "url": row.event_id and reverse("event-desk", args=[row.event_id]),
        },
        {
            "label": phrases.NEED,
            "value": row.need and row.need.title + (f": {row.need_item.item}" if row.need_item else ""),
            "url": row.need_id and reverse("need-desk", args=[row.need_id]),
        },
        {"label": phrases.SITE, "value": row.site and row.site.name},
        {"label": phrases.WORTH, "value": row.worth_rial and format_toman(row.worth_rial)},
        {"label": phrases.PROMISED_ON, "value": format_day_month_year(row.promised_on)},
        {"label": phrases.MINDED_BY, "value": row.minded_by and str(row.minded_by)},
        {"label": phrases.NOTE, "value": row.note},
    ]
