"""/desk/campaigns/waiting/ and /hq/campaigns/waiting/: everything that waits for a yes, decided in one go, each row
with a verdict of its own."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns import plan_phrases as phrases
from campaigns.models import Branch, Fund
from campaigns.models.campaigns import Plan
from campaigns.plan_cards import short_changes
from campaigns.plan_forms import ReasonForm, WaitingFilterForm
from campaigns.plan_selectors import editions_waiting, waiting_for_a_yes
from campaigns.services.plan_decisions import (
    BRANCHES,
    EDITIONS,
    Deciding,
    Seen,
    Verdict,
    accept_many,
    return_many,
)
from core.listing import ListFile, file_links, query_of, sheet_time
from core.phrases import sentence
from core.sheets import Cell
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

ROWS_A_PAGE = 50
ALL = "all"  # instead of ticks: every row of the page


@never_cache
@needs(Permission.APPROVE_BRANCH)
@require_http_methods(["GET", "HEAD", "POST"])
def plans_waiting(request: HttpRequest) -> HttpResponse:
    """Branches and changes of branches that wait, the oldest first."""
    is_country = request.access.scope.everything
    form = WaitingFilterForm(request.GET or None, with_province=is_country)
    return _waiting(request, BRANCHES, form, waiting_for_a_yes, is_country=is_country, room="campaigns-desk")


@never_cache
@needs(Permission.APPROVE_EDITION)
@require_http_methods(["GET", "HEAD", "POST"])
def national_waiting(request: HttpRequest) -> HttpResponse:
    """Headquarters' editions, and changes of them, that wait, the oldest first."""
    form = WaitingFilterForm(request.GET or None, with_province=False)
    return _waiting(request, EDITIONS, form, editions_waiting, is_country=False, room="hq-campaigns")


def _waiting(
    request: HttpRequest, of: Deciding, filter_form: WaitingFilterForm, found, *, is_country: bool, room: str
) -> HttpResponse:
    """A POST accepts or returns the ticked ones and shows, above what still waits, what became of each."""
    reason, verdicts, problem = ReasonForm(prefix="many"), [], ""
    if request.method == "POST":
        reason, verdicts, problem = _decide(request, of)
    said = filter_form.cleaned_data if filter_form.is_valid() else {}
    plans = found(**said)
    if answer := _AS_FILE.asked(request, plans):
        return answer
    page = Paginator(plans, ROWS_A_PAGE).get_page(request.GET.get("page"))
    funds = dict(Fund.objects.values_list("pk", "name"))
    context = desk_context(
        request,
        filter_form=filter_form,
        page_obj=page,
        query=query_of(request),
        files=file_links(request),
        rows=[_row(plan, request, funds) for plan in page],
        verdicts=[_verdict(verdict) for verdict in verdicts],
        problem=problem,
        reason_form=reason,
        is_country=is_country,
        is_national=of is EDITIONS,
        room={"url": reverse(room), "label": phrases.HQ_TITLE if of is EDITIONS else phrases.TITLE},
        phrases=phrases,
    )
    return render(request, "desk/plans_waiting.html", context)


def _decide(request: HttpRequest, of: Deciding) -> tuple[ReasonForm, list[Verdict], str]:
    """Do what a POST says: the form of the reason, what became of each row, and what was wrong with all."""
    ticked = request.POST.getlist("branch")
    chosen = _seen(request.POST.getlist("shown") if ALL in ticked else ticked)
    reason = ReasonForm(prefix="many")
    if not chosen:
        return reason, [], sentence("nothing_ticked")
    if request.POST.get("many") != "return":
        return reason, accept_many(chosen, actor=request.user, of=of), ""
    reason = ReasonForm(request.POST, prefix="many")
    if not reason.is_valid():
        return reason, [], sentence("plan_reason_required")
    done = return_many(chosen, actor=request.user, reason=reason.cleaned_data["reason"], of=of)
    return ReasonForm(prefix="many"), done, ""


def _seen(keys: list[str]) -> list[Seen]:
    """The rows that a form names as "id-version", each once; anything else is left out."""
    found = {}
    for key in keys[:ROWS_A_PAGE]:
        plan_id, _dash, version = key.partition("-")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (plan_id, version)):
            found.setdefault(int(plan_id), Seen(int(plan_id), int(version)))
    return list(found.values())


def _line(plan: Plan) -> list[Cell]:
    title, province = _names(plan)
    is_new = plan.is_waiting
    maker = plan.proposed_by if is_new else plan.edit_by
    return [
        title, province, str(_what(plan)), str(maker or phrases.SYSTEM),
        sheet_time(plan.proposed_at if is_new else plan.edit_at), plan.goal_rial,
    ]  # fmt: skip


_AS_FILE = ListFile("plans-waiting", phrases.WAITING_HEADS, _line)


def _names(plan: Plan) -> tuple[str, str]:
    return (plan.edition.title, plan.province.name) if isinstance(plan, Branch) else (plan.title, "")


def _what(plan: Plan) -> object:
    if not plan.is_waiting:
        return phrases.EDIT_WAITS
    return phrases.NEW_WAITS if isinstance(plan, Branch) else phrases.NEW_EDITION_WAITS


def _row(plan: Plan, request: HttpRequest, funds: dict[str, str]) -> dict[str, Any]:
    title, province = _names(plan)
    maker = plan.proposed_by if plan.is_waiting else plan.edit_by
    return {
        "title": title,
        "province": province,
        "key": f"{plan.pk}-{plan.version}",
        "url": _address(plan),
        "what": _what(plan),
        "changes": short_changes(plan, funds),
        "maker": maker,
        "since": plan.proposed_at if plan.is_waiting else plan.edit_at,
        "is_own": maker is not None and maker.pk == request.user.pk,
    }


def _address(plan: Plan) -> str:
    return reverse("branch-desk" if isinstance(plan, Branch) else "hq-edition", args=[plan.pk])


def _verdict(verdict: Verdict) -> dict[str, Any]:
    plan = verdict.plan
    return {
        "name": f"{plan.edition.title}، {plan.province.name}" if isinstance(plan, Branch) else plan.title,
        "url": _address(plan),
        "is_done": not verdict.refusal,
        "why": sentence(verdict.refusal) if verdict.refusal else "",
    }
