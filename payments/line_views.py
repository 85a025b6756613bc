"""One line, or one thing that is missing: what is known, what it may be, and what two people decide."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core.codes import show_code
from core.jalali import format_datetime, format_short, iso_jalali
from core.money import format_toman
from core.text import persian_digits
from payments import reconciliation_phrases as phrases
from payments.desk_pages import try_service
from payments.enums import DecisionState, LineWay
from payments.held_forms import DecisionForm
from payments.models import Discrepancy, ManualDecision, StatementLine
from payments.owners import hand_over, owner_form_is_meant
from payments.reconciliation_forms import WayForm
from payments.services import line_decisions
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(_METHODS)
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line of a file with everything it says; who reconciles proposes here what it is."""
    row = get_object_or_404(
        StatementLine.objects.select_related("source__office", "first_import"), pk=line_id
    )
    waiting = row.decisions.filter(state=DecisionState.REQUESTED).first()
    ways = () if waiting else line_decisions.ways_of(row)
    suggestions = list(
        row.suggestions.select_related("attempt__donation").order_by("minutes_apart", "pk")[:20]
    )
    form = None
    if ways and request.access.may(Permission.RECONCILE):
        form = WayForm(ways, request.POST or None, line=row, order_id=request.GET.get("order", ""))
    matter = (
        row.discrepancies.select_related("source__office", "owner")
        .filter(settled_at=None)
        .order_by("pk")
        .first()
    )
    owner_form, is_done = hand_over(request, matter)
    if is_done:
        return redirect("reconciliation-line", row.pk)
    if request.method == "POST" and not owner_form_is_meant(owner_form):
        if form is None:
            raise PermissionDenied
        if try_service(form, lambda said: _propose(request, row, said)):
            messages.success(request, phrases.PROPOSED)
            return redirect("reconciliation-line", row.pk)
    return _page(
        request,
        title=f"{row.get_kind_display()}، {format_toman(row.amount_rial)}",
        row=row,
        facts=line_facts(row) + (owner_facts(matter) if matter else []),
        owner_form=owner_form,
        may_take=matter is not None and matter.owner_id != request.user.pk,
        suggestions=[_suggestion(s) for s in suggestions],
        waiting=waiting,
        form=form,
    )


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(_METHODS)
def discrepancy(request: HttpRequest, discrepancy_id: int) -> HttpResponse:
    """Something that is missing, without a line of its own."""
    row = get_object_or_404(
        Discrepancy.objects.select_related(
            "source__office", "attempt__donation", "donation", "payout", "owner"
        ),
        pk=discrepancy_id,
    )
    if row.line_id:
        return redirect("reconciliation-line", row.line_id)
    waiting = row.decisions.filter(state=DecisionState.REQUESTED).first()
    ways = () if waiting else line_decisions.ways_of_discrepancy(row)
    owner_form, is_done = hand_over(request, row)
    if is_done:
        return redirect("discrepancy", row.pk)
    is_proposal = request.method == "POST" and not owner_form_is_meant(owner_form)
    form = None
    if ways and request.access.may(Permission.RECONCILE):
        form = WayForm(ways, request.POST if is_proposal else None)
    if is_proposal:
        if form is None:
            raise PermissionDenied
        if try_service(
            form,
            lambda said: line_decisions.propose_for_discrepancy(
                row.pk, LineWay(said["way"]), actor=request.user, reason=said["reason"]
            ),
        ):
            messages.success(request, phrases.PROPOSED)
            return redirect("discrepancy", row.pk)
    return _page(
        request,
        title=row.get_kind_display(),
        row=row,
        facts=_discrepancy_facts(row),
        owner_form=owner_form,
        may_take=row.owner_id != request.user.pk,
        suggestions=[],
        waiting=waiting,
        form=form,
    )


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(_METHODS)
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """What one person proposed; another decides."""
    row = get_object_or_404(
        ManualDecision.objects.select_related(
            "line__source__office", "discrepancy__source", "claim", "fund", "attempt", "payout", "requested_by",
            "decided_by",
        ),
        pk=decision_id,
    )  # fmt: skip
    is_own = row.requested_by_id == request.user.pk
    may = row.state == DecisionState.REQUESTED and not is_own and request.access.may(Permission.DECIDE_MATCH)
    form = DecisionForm(request.POST or None) if may else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if try_service(form, lambda said: _decide(request, row, said)):
            messages.success(request, phrases.DECIDED)
            return redirect("match-decision", row.pk)
    context = desk_context(
        request,
        decision=row,
        facts=decision_facts(row),
        line_facts=line_facts(row.line) if row.line else _discrepancy_facts(row.discrepancy),
        is_own=is_own and row.state == DecisionState.REQUESTED,
        form=form,
        phrases=phrases,
    )
    return render(request, "payments/match_decision.html", context)


def _propose(request: HttpRequest, row: StatementLine, said: dict) -> None:
    line_decisions.propose_for_line(
        row.pk,
        LineWay(said["way"]),
        actor=request.user,
        reason=said["reason"],
        order_id=said.get("order_id"),
        payout_id=int(said["payout"]) if said.get("payout") else None,
        fund=said.get("fund", ""),
    )


def _decide(request: HttpRequest, row: ManualDecision, said: dict) -> None:
    line_decisions.decide(
        row.pk, actor=request.user, approve=said["decision"] == "approve", reason=said["reason"]
    )


def _page(request: HttpRequest, *, row, **more: object) -> HttpResponse:
    province = row.source.office.province_id
    context = desk_context(
        request, row=row, place=province or "hq", day_key=iso_jalali(row.day), phrases=phrases, **more
    )
    return render(request, "payments/reconciliation_line.html", context)


def _suggestion(row) -> dict[str, object]:
    return {
        "order_id": row.attempt.order_id,
        "amount": row.attempt.amount_rial,
        "at": row.attempt.decided_at or row.attempt.created_at,
        "card": row.attempt.card_masked,
        "apart": phrases.MINUTES.format(n=persian_digits(row.minutes_apart)),
        "attempt_id": row.attempt_id,
    }


def line_facts(row: StatementLine) -> list[dict[str, object]]:
    """What a line says, as rows of components/facts.html."""
    codes = (
        "terminal_code", "rrn", "reference", "trace_no", "order_id", "deposit_id", "payout_ref", "card_masked",
    )  # fmt: skip
    return [
        {"label": phrases.SOURCE, "value": row.source.name},
        {"label": phrases.DAY, "value": format_datetime(row.occurred_at)},
        {"label": phrases.AMOUNT, "value": format_toman(row.amount_rial)},
        {"label": _label("fee_rial"), "value": format_toman(row.fee_rial) if row.fee_rial else ""},
        *({"label": _label(name), "value": getattr(row, name), "code": True} for name in codes),
        {"label": _label("description"), "value": row.description},
        {"label": phrases.STATE, "value": row.get_state_display()},
    ]


def _label(name: str) -> str:
    return str(StatementLine._meta.get_field(name).verbose_name)


def _discrepancy_facts(row: Discrepancy) -> list[dict[str, object]]:
    gift = row.attempt.donation if row.attempt else row.donation
    return [
        {"label": phrases.KIND, "value": row.get_kind_display()},
        {"label": phrases.SOURCE, "value": row.source.name},
        {"label": phrases.DAY, "value": format_short(row.day)},
        {"label": phrases.OUR_AMOUNT, "value": format_toman(row.our_rial) if row.our_rial else ""},
        {"label": phrases.ORDER_ID, "value": str(row.attempt.order_id) if row.attempt else "", "code": True},
        {"label": phrases.CLAIM, "value": show_code(gift.tracking_code) if gift else "", "code": True},
        *owner_facts(row),
        {"label": phrases.STATE, "value": row.resolution},
    ]


def owner_facts(row: Discrepancy) -> list[dict[str, object]]:
    """Since when it does not fit, until when it should be decided, and who looks after it."""
    late = f" ({phrases.LATE})" if row.is_late else ""
    return [
        {"label": phrases.AGE, "value": format_datetime(row.opened_at)},
        {"label": phrases.DUE, "value": f"{format_datetime(row.due_at)}{late}"},
        {"label": phrases.OWNER, "value": str(row.owner) if row.owner else phrases.NOBODY},
    ]


def decision_facts(row: ManualDecision) -> list[dict[str, object]]:
    """What was proposed, as rows of components/facts.html."""
    return [
        {"label": phrases.WAY, "value": row.get_way_display()},
        {"label": phrases.REASON, "value": row.reason},
        {"label": phrases.ORDER_ID, "value": str(row.attempt.order_id) if row.attempt else "", "code": True},
        {"label": phrases.LINE, "value": row.payout.ref if row.payout else "", "code": True},
        {"label": _fund_label(), "value": row.fund.name if row.fund else ""},
        {"label": phrases.CLAIM, "value": show_code(row.claim.code) if row.claim else "", "code": True},
        {"label": phrases.OWNER, "value": str(row.requested_by)},
        {"label": phrases.AGE, "value": format_datetime(row.requested_at)},
        {"label": phrases.STATE, "value": row.get_state_display()},
        {"label": phrases.DECIDE, "value": row.decision_reason},
    ]


def _fund_label() -> str:
    return str(ManualDecision._meta.get_field("fund").verbose_name)
