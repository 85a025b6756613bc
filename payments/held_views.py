"""The accountant's desk for unusual money: one list of all kinds, each with its ways, decided by two people."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.codes import show_code
from core.errors import DomainError
from core.jalali import day_bounds, format_datetime, format_short
from core.list_forms import ChosenForm
from core.listing import asked_of
from core.money import format_toman
from core.phrases import sentence
from core.text import persian_digits
from payments import phrases
from payments.desk_files import HELD
from payments.desk_pages import list_page, try_service
from payments.enums import DecisionState, HeldKind, HeldState
from payments.held_forms import DecisionForm, FoundMoneyForm, HeldFilterForm, ProposalForm
from payments.held_selectors import decisions_of, held_in_scope, stray_callback
from payments.models import Callback, HeldDecision, HeldMoney
from payments.services import held as held_service
from payments.services.found import Found, note_found
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(_METHODS)
def unusual_list(request: HttpRequest) -> HttpResponse:
    """Unusual money of every kind, the oldest first; filtered by kind, age, days, owner and state. A POST takes the
    chosen ones."""
    if request.method == "POST":
        return _take_chosen(request)
    form = HeldFilterForm(request.GET or None, initial={"state": HeldState.OPEN})
    wanted = asked_of(form)
    wanted["state"] = {"": HeldState.OPEN, "all": ""}.get(wanted.get("state", ""), wanted.get("state"))
    rows = held_in_scope(**wanted, user_id=request.user.pk)
    may_write = request.access.may(Permission.REQUEST_REFUND)
    return list_page(request, "payments/unusual_list.html", form, rows, HELD, may_write=may_write)


@needs(Permission.REQUEST_REFUND)
def _take_chosen(request: HttpRequest) -> HttpResponse:
    """All that were chosen, or, when one cannot be taken, none; what is the person's already stays as it is."""
    form = ChosenForm(request.POST)
    if not form.is_valid():
        messages.error(request, phrases.NONE_CHOSEN)
        return redirect("unusual-money")
    try:
        taken = held_service.take_many(form.cleaned_data["row"], actor=request.user)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, phrases.MANY_TAKEN.format(count=persian_digits(taken)))
    return redirect("unusual-money")


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(_METHODS)
def unusual(request: HttpRequest, held_id: int) -> HttpResponse:
    """One piece of unusual money: what is known, which ways are open; one proposes, another decides."""
    row = get_object_or_404(
        HeldMoney.objects.select_related(
            "attempt__donation__fund", "terminal", "province", "owner", "donation", "found_by"
        ),
        pk=held_id,
    )
    decisions = decisions_of(row)
    waiting = next((d for d in decisions if d.state == DecisionState.REQUESTED), None)
    form = _form_for(request, row, waiting)
    if request.method == "POST":
        if request.POST.get("act") == "take":
            return _take(request, row)
        if form is None:
            raise PermissionDenied
        if try_service(form, lambda data: _act(request, row, waiting, form)):
            return redirect("unusual-one", row.pk)
    context = desk_context(
        request,
        held=row,
        facts=_facts(row),
        waiting=waiting,
        proposal_facts=_proposal_facts(waiting) if waiting else [],
        older=[d for d in decisions if d is not waiting],
        is_own_proposal=waiting is not None and waiting.requested_by_id == request.user.pk,
        form=form,
        may_take=_may_take(request, row),
        may_refund=held_service.may_be_refunded(row) and waiting is None,
        phrases=phrases,
    )
    return render(request, "payments/unusual.html", context)


@needs(Permission.REQUEST_REFUND)
@require_http_methods(_METHODS)
def unusual_new(request: HttpRequest) -> HttpResponse:
    """Writing down money that the bank shows and the portal does not know; `callback` names a stray return."""
    stray = stray_callback(request.GET.get("callback", ""))
    form = FoundMoneyForm(request.POST or None, initial=_claims_of(stray))
    if request.method == "POST":
        made: list[HeldMoney] = []
        if try_service(form, lambda data: made.append(note_found(_found(data, stray), actor=request.user))):
            messages.success(request, phrases.FOUND_SAVED)
            return redirect("unusual-one", made[0].pk)
    context = desk_context(
        request, form=form, claims=sorted(stray.payload.items()) if stray else [], phrases=phrases
    )
    return render(request, "payments/unusual_new.html", context)


def _claims_of(stray: Callback | None) -> dict[str, object]:
    """What a stray return claims, for a start; the accountant compares it with the bank."""
    if stray is None:
        return {}
    claims = {key.lower(): value for key, value in stray.payload.items()}
    names = ("refnum", "salereferenceid", "reference", "rrn", "trackid", "authority", "token")
    return {"reference": next((claims[n] for n in names if claims.get(n)), "")}


def _found(data: dict, stray: Callback | None) -> Found:
    return Found(
        terminal=data["terminal"],
        reference=data["reference"],
        amount_rial=data["amount"],
        paid_at=day_bounds(data["paid_on"])[0],
        note=data["note"],
        callback=stray,
    )


def _may_take(request: HttpRequest, row: HeldMoney) -> bool:
    return (
        row.state == HeldState.OPEN
        and row.owner_id != request.user.pk
        and request.access.may(Permission.REQUEST_REFUND)
    )


def _take(request: HttpRequest, row: HeldMoney) -> HttpResponse:
    if not _may_take(request, row):
        raise PermissionDenied
    held_service.take(row.pk, actor=request.user)
    messages.success(request, phrases.TAKEN)
    return redirect("unusual-one", row.pk)


def _form_for(request: HttpRequest, row: HeldMoney, waiting: HeldDecision | None) -> forms.Form | None:
    """What this person may do now: decide on another's proposal, or propose a way that is open."""
    data = request.POST or None
    if waiting is not None:
        may = request.access.may(Permission.DECIDE_REFUND) and waiting.requested_by_id != request.user.pk
        return DecisionForm(data) if may else None
    ways = held_service.ways_of(row)
    if ways and request.access.may(Permission.REQUEST_REFUND):
        return ProposalForm(ways, data)
    return None


def _act(request: HttpRequest, row: HeldMoney, waiting: HeldDecision | None, form: forms.Form) -> None:
    if waiting is None:
        held_service.propose(row.pk, form.proposal(), actor=request.user)
        messages.success(request, phrases.PROPOSED)
        return
    approve = form.cleaned_data["decision"] == "approve"
    held_service.decide(waiting.pk, actor=request.user, approve=approve, reason=form.cleaned_data["reason"])
    messages.success(request, phrases.DECIDED if approve else phrases.REFUSED)


def _facts(row: HeldMoney) -> list[dict[str, object]]:
    attempt = row.attempt
    first = attempt.donation if attempt else None
    asked = attempt and attempt.amount_rial != row.amount_rial and format_toman(attempt.amount_rial)
    became = row.donation
    is_unknown = row.kind == HeldKind.UNKNOWN_REFERENCE
    return [
        {"label": phrases.KIND, "value": row.get_kind_display()},
        {"label": phrases.PAID_AMOUNT, "value": format_toman(row.amount_rial)},
        {"label": phrases.ASKED_AMOUNT, "value": asked},
        {"label": phrases.FIRST_GIFT, **_code(None if is_unknown else first)},
        {"label": phrases.FUND, "value": first and first.fund.name},
        {"label": phrases.PLACE, "value": row.province.name if row.province else phrases.NATIONAL},
        {"label": phrases.GATEWAY, "value": row.terminal.get_gateway_display()},
        {"label": phrases.TERMINAL, "value": row.terminal.label},
        {"label": phrases.REFERENCE, "value": row.reference, "code": True},
        {"label": phrases.PAID_AT, "value": _day_or_time(row, is_unknown)},
        {"label": phrases.NOTE, "value": row.note},
        {"label": phrases.FOUND_BY, "value": row.found_by and str(row.found_by)},
        {"label": phrases.OWNER, "value": str(row.owner) if row.owner else phrases.NOBODY},
        {"label": phrases.HELD_STATE, "value": row.get_state_display()},
        {"label": phrases.BECAME_GIFT, **_code(became)},
        {
            "label": phrases.PAYMENTS,
            "value": attempt and str(phrases.SEE_PAYMENT),
            "url": attempt and reverse("payment-desk", args=[attempt.pk]),
        },
    ]


def _day_or_time(row: HeldMoney, is_day: bool) -> str:
    return format_short(row.paid_at) if is_day else format_datetime(row.paid_at)


def _code(gift) -> dict[str, object]:
    if gift is None:
        return {"value": None}
    return {"value": show_code(gift.tracking_code), "copy_text": gift.tracking_code}


def _proposal_facts(decision: HeldDecision) -> list[dict[str, object]]:
    fund = decision.fund and decision.fund.name
    place = decision.fund and (decision.province.name if decision.province else phrases.NATIONAL)
    return [
        {"label": phrases.PROPOSED_WAY, "value": decision.get_way_display()},
        {"label": phrases.TRACKING_CODE, **_code(decision.basis)},
        {"label": phrases.FUND, "value": fund},
        {"label": phrases.PLACE, "value": place},
        {"label": phrases.RETURN_REFERENCE, "value": decision.bank_reference, "code": True},
        {"label": phrases.REASON, "value": decision.reason},
        {"label": phrases.PROPOSED_BY, "value": str(decision.requested_by)},
        {"label": phrases.PROPOSED_AT, "value": format_datetime(decision.requested_at)},
    ]
