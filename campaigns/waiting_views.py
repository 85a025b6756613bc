"""/desk/campaigns/waiting/: everything that waits for a yes, decided in one go, each row with a verdict of its own."""

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
from campaigns.plan_cards import short_changes
from campaigns.plan_forms import ReasonForm, WaitingFilterForm
from campaigns.plan_selectors import waiting_for_a_yes
from campaigns.services.branch_decisions import Seen, Verdict, accept_many, return_many
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
    """Branches and changes that wait, the oldest first. A POST accepts or returns the ticked ones and shows, above what
    still waits, what became of each."""
    reason, verdicts, problem = ReasonForm(prefix="many"), [], ""
    if request.method == "POST":
        reason, verdicts, problem = _decide(request)
    filter_form = WaitingFilterForm(request.GET or None, with_province=request.access.scope.everything)
    said = filter_form.cleaned_data if filter_form.is_valid() else {}
    found = waiting_for_a_yes(**said)
    if answer := _AS_FILE.asked(request, found):
        return answer
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    funds = dict(Fund.objects.values_list("pk", "name"))
    context = desk_context(
        request,
        filter_form=filter_form,
        page_obj=page,
        query=query_of(request),
        files=file_links(request),
        rows=[_row(branch, request, funds) for branch in page],
        verdicts=[_verdict(verdict) for verdict in verdicts],
        problem=problem,
        reason_form=reason,
        is_country=request.access.scope.everything,
        phrases=phrases,
    )
    return render(request, "desk/plans_waiting.html", context)


def _decide(request: HttpRequest) -> tuple[ReasonForm, list[Verdict], str]:
    """Do what a POST says: the form of the reason, what became of each row, and what was wrong with all."""
    ticked = request.POST.getlist("branch")
    chosen = _seen(request.POST.getlist("shown") if ALL in ticked else ticked)
    reason = ReasonForm(prefix="many")
    if not chosen:
        return reason, [], sentence("nothing_ticked")
    if request.POST.get("many") != "return":
        return reason, accept_many(chosen, actor=request.user), ""
    reason = ReasonForm(request.POST, prefix="many")
    if not reason.is_valid():
        return reason, [], sentence("plan_reason_required")
    done = return_many(chosen, actor=request.user, reason=reason.cleaned_data["reason"])
    return ReasonForm(prefix="many"), done, ""


def _seen(keys: list[str]) -> list[Seen]:
    """The rows that a form names as "branch-version", each once; anything else is left out."""
    found = {}
    for key in keys[:ROWS_A_PAGE]:
        branch_id, _dash, version = key.partition("-")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (branch_id, version)):
            found.setdefault(int(branch_id), Seen(int(branch_id), int(version)))
    return list(found.values())


def _line(branch: Branch) -> list[Cell]:
    is_new = branch.is_waiting
    maker = branch.proposed_by if is_new else branch.edit_by
    return [
        branch.edition.title, branch.province.name, str(phrases.NEW_WAITS if is_new else phrases.EDIT_WAITS),
        str(maker or phrases.SYSTEM), sheet_time(branch.proposed_at if is_new else branch.edit_at), branch.goal_rial,
    ]  # fmt: skip


_AS_FILE = ListFile("plans-waiting", phrases.WAITING_HEADS, _line)


def _row(branch: Branch, request: HttpRequest, funds: dict[str, str]) -> dict[str, Any]:
    maker = branch.proposed_by if branch.is_waiting else branch.edit_by
    return {
        "branch": branch,
        "key": f"{branch.pk}-{branch.version}",
        "url": reverse("branch-desk", args=[branch.pk]),
        "what": phrases.NEW_WAITS if branch.is_waiting else phrases.EDIT_WAITS,
        "changes": short_changes(branch, funds),
        "maker": maker,
        "since": branch.proposed_at if branch.is_waiting else branch.edit_at,
        "is_own": maker is not None and maker.pk == request.user.pk,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    branch = verdict.branch
    return {
        "name": f"{branch.edition.title}، {branch.province.name}",
        "url": reverse("branch-desk", args=[branch.pk]),
        "is_done": not verdict.refusal,
        "why": sentence(verdict.refusal) if verdict.refusal else "",
    }
