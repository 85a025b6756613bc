"""The accountant's desk: finding a payment, seeing what happened to it, sending money back with four eyes."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.codes import show_code
from core.jalali import format_datetime
from core.listing import asked_of
from core.money import format_toman
from payments import desk_files, phrases
from payments.desk_forms import (
    PaymentFilterForm,
    RefundDecisionForm,
    RefundFilterForm,
    RefundRequestForm,
    ReturnForm,
)
from payments.desk_pages import list_page, try_service
from payments.desk_selectors import payments_in_scope, refunds_in_scope
from payments.enums import AttemptState, RefundState
from payments.models import Attempt, Refund
from payments.services import refunds
from payments.services.held import may_be_refunded
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]


@needs(Permission.VIEW_PAYMENTS)
@require_safe
def payment_list(request: HttpRequest) -> HttpResponse:
    """Attempts in scope, found by any number a donor or a bank quotes."""
    form = PaymentFilterForm(request.GET or None)
    rows = payments_in_scope(**asked_of(form))
    return list_page(request, "payments/desk_list.html", form, rows, desk_files.PAYMENTS)


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(_METHODS)
def payment(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """One attempt: what is known, every move, every return; who may asks for a refund here."""
    row = get_object_or_404(
        Attempt.objects.select_related("donation__fund", "donation__province", "terminal", "held"),
        pk=attempt_id,
    )
    form = RefundRequestForm(request.POST or None)
    if request.method == "POST":
        _demand(request, Permission.REQUEST_REFUND)
        done = try_service(
            form, lambda d: refunds.request_refund(row.pk, actor=request.user, reason=d["reason"])
        )
        if done:
            messages.success(request, phrases.REFUND_REQUESTED)
            return redirect("payment-desk", row.pk)
    known = list(row.refunds.order_by("pk"))
    held = getattr(row, "held", None)
    may_ask = (
        row.state in (AttemptState.SUCCEEDED, AttemptState.UNDER_REVIEW)
        and not any(r.state != RefundState.REFUSED for r in known)
        and (held is None or may_be_refunded(held))
    )
    context = desk_context(
        request,
        attempt=row,
        facts=_payment_facts(row),
        steps=_steps(row),
        callbacks=list(row.callback_set.order_by("pk")[:20]),
        refunds=known,
        held=held,
        form=form if may_ask and request.access.may(Permission.REQUEST_REFUND) else None,
        phrases=phrases,
    )
    return render(request, "payments/desk_payment.html", context)


@needs(Permission.VIEW_PAYMENTS)
@require_safe
def refund_list(request: HttpRequest) -> HttpResponse:
    """Refunds in scope; those that wait for somebody first."""
    form = RefundFilterForm(request.GET or None)
    rows = refunds_in_scope(**asked_of(form))
    return list_page(request, "payments/desk_refunds.html", form, rows, desk_files.REFUNDS)


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(_METHODS)
def refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    """One refund: a second person decides here, and an accountant writes down a return made by hand."""
    row = get_object_or_404(
        Refund.objects.select_related("attempt__donation", "requested_by", "decided_by"), pk=refund_id
    )
    form = _form_for(request, row)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if try_service(form, lambda data: _act(request, row, data)):
            messages.success(request, phrases.REFUND_SAVED)
            return redirect("refund", row.pk)
    own = row.state == RefundState.REQUESTED and row.requested_by_id == request.user.pk
    context = desk_context(
        request, refund=row, facts=_refund_facts(row), form=form, is_own_request=own, phrases=phrases
    )
    return render(request, "payments/desk_refund.html", context)


def _form_for(request: HttpRequest, row: Refund) -> forms.Form | None:
    """What this person may do with a refund in its present state, if anything."""
    if row.state == RefundState.REQUESTED and request.access.may(Permission.DECIDE_REFUND):
        return None if row.requested_by_id == request.user.pk else RefundDecisionForm(request.POST or None)
    if row.state == RefundState.BY_HAND and request.access.may(Permission.REQUEST_REFUND):
        return ReturnForm(request.POST or None)
    return None


def _act(request: HttpRequest, row: Refund, data: dict) -> None:
    if "decision" in data:
        approve = data["decision"] == "approve"
        refunds.decide_refund(row.pk, actor=request.user, approve=approve, reason=data["reason"])
    else:
        refunds.record_return(row.pk, actor=request.user, bank_reference=data["bank_reference"])


def _demand(request: HttpRequest, permission: Permission) -> None:
    if not request.access.may(permission):
        raise PermissionDenied


def _payment_facts(row: Attempt) -> list[dict[str, object]]:
    gift = row.donation
    return [
        {
            "label": phrases.TRACKING_CODE,
            "value": show_code(gift.tracking_code),
            "copy_text": gift.tracking_code,
        },
        {"label": phrases.AMOUNT, "value": format_toman(row.amount_rial)},
        {"label": phrases.FUND, "value": gift.fund.name},
        {"label": phrases.PLACE, "value": gift.province.name if gift.province else phrases.NATIONAL},
        {"label": phrases.GATEWAY, "value": row.get_gateway_display()},
        {"label": phrases.TERMINAL, "value": row.terminal.label},
        {"label": phrases.ORDER_ID, "value": str(row.order_id), "code": True},
        {"label": phrases.REFERENCE, "value": row.reference, "code": True},
        {"label": phrases.RRN, "value": row.rrn, "code": True},
        {"label": phrases.CARD, "value": row.card_masked, "code": True},
        {"label": phrases.STATE, "value": row.get_state_display()},
        {"label": phrases.GIFT_STATUS, "value": gift.get_status_display()},
        {"label": phrases.NEXT_ASK, "value": row.next_ask_at and format_datetime(row.next_ask_at)},
    ]


def _refund_facts(row: Refund) -> list[dict[str, object]]:
    gift = row.attempt.donation
    return [
        {
            "label": phrases.TRACKING_CODE,
            "value": show_code(gift.tracking_code),
            "copy_text": gift.tracking_code,
        },
        {"label": phrases.AMOUNT, "value": format_toman(row.amount_rial)},
        {"label": phrases.STATE, "value": row.get_state_display()},
        {"label": phrases.REASON, "value": row.reason},
        {"label": phrases.REQUESTED_BY, "value": row.requested_by and str(row.requested_by)},
        {"label": phrases.REQUESTED_AT, "value": format_datetime(row.requested_at)},
        {"label": phrases.DECIDED_BY, "value": row.decided_by and str(row.decided_by)},
        {"label": phrases.DECISION_REASON, "value": row.decision_reason},
        {"label": phrases.RETURN_REFERENCE, "value": row.bank_reference, "code": True},
        {"label": phrases.DONE_AT, "value": row.done_at and format_datetime(row.done_at)},
    ]


def _steps(row: Attempt) -> list[dict[str, object]]:
    """The attempt's moves for components/timeline.html."""
    moves = [
        {
            "title": event.get_to_state_display(),
            "text": event.reason,
            "at": event.at,
            "state": "bad" if event.to_state in (AttemptState.FAILED, AttemptState.UNDER_REVIEW) else "done",
        }
        for event in row.events.order_by("pk")
    ]
    return [{"title": AttemptState.CREATED.label, "text": "", "at": row.created_at, "state": "done"}, *moves]
