"""A count's difference on its page: what is left of it, what was decided, and the forms of those who may."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from payments import counter_phrases as phrases
from payments.cash_selectors import decisions_of, left_over
from payments.counter_forms import DecisionForm, DifferenceForm
from payments.counter_views import tried
from payments.enums import CountState, DecisionState, DifferenceWay
from payments.models import CashCount, CashDifference
from payments.services import cash_differences
from provinces.permissions import Permission

PROPOSE, DECIDE = "propose", "settle"


def difference_of(request: HttpRequest, count: CashCount) -> dict[str, object] | None:
    """What the page shows of it, with `is_done` where a POST was meant for it and carried out; None for a count that is
    not confirmed, or never had a difference."""
    act = request.POST.get("act") if request.method == "POST" else None
    if count.state != CountState.CONFIRMED:
        _refuse(act)
        return None
    decisions, left = list(decisions_of(count)), left_over(count)
    waiting = next((row for row in decisions if row.state == DecisionState.REQUESTED), None)
    propose = _propose_form(request, act, left, waiting)
    decide = _decide_form(request, act, count, waiting)
    if (act == PROPOSE and propose is None) or (act == DECIDE and decide is None):
        raise PermissionDenied
    is_done = (act == PROPOSE and _propose(request, count, propose)) or (
        act == DECIDE and _decide(request, waiting, decide)
    )
    if not (left or decisions):
        return None
    may_not = waiting is not None and request.user.pk in (waiting.requested_by_id, count.counted_by_id)
    return {
        "left_rial": left,
        "abs_rial": abs(left),
        "decisions": [{"row": row, "abs_rial": abs(row.amount_rial)} for row in decisions],
        "propose": propose,
        "decide": decide,
        "is_own": may_not,
        "is_done": is_done,
    }


def _refuse(act: str | None) -> None:
    if act in (PROPOSE, DECIDE):
        raise PermissionDenied


def _propose_form(request: HttpRequest, act, left: int, waiting) -> DifferenceForm | None:
    if not left or waiting is not None or not request.access.may(Permission.RECONCILE):
        return None
    return DifferenceForm(request.POST if act == PROPOSE else None, left_rial=left, prefix=PROPOSE)


def _decide_form(request: HttpRequest, act, count: CashCount, waiting) -> DecisionForm | None:
    if waiting is None or not request.access.may(Permission.DECIDE_MATCH):
        return None
    if request.user.pk in (waiting.requested_by_id, count.counted_by_id):
        return None
    return DecisionForm(request.POST if act == DECIDE else None, prefix=DECIDE)


def _propose(request: HttpRequest, count: CashCount, form: DifferenceForm) -> bool:
    def act(form: DifferenceForm) -> None:
        said = form.cleaned_data
        cash_differences.propose(
            count.pk, actor=request.user, way=DifferenceWay(said["way"]), reason=said["reason"],
            fund=said.get("fund", ""),
        )  # fmt: skip

    if not tried(form, act):
        return False
    messages.success(request, phrases.DIFFERENCE_SENT)
    return True


def _decide(request: HttpRequest, waiting: CashDifference, form: DecisionForm) -> bool:
    def act(form: DecisionForm) -> None:
        cash_differences.decide(
            waiting.pk, actor=request.user, approve=form.is_yes, reason=form.cleaned_data["reason"]
        )

    if not tried(form, act):
        return False
    messages.success(request, phrases.DIFFERENCE_DONE if form.is_yes else phrases.DIFFERENCE_REFUSED)
    return True
