"""/desk/campaigns/: the branches of one's own province, and one of them with everything that can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import plan_phrases as phrases
from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Edition
from campaigns.models.campaigns import Plan
from campaigns.plan_cards import badges, edit_card, fund_names, history, steps
from campaigns.plan_forms import BranchFilterForm, ReasonForm, TextForm
from campaigns.plan_selectors import (
    branches_in_scope,
    filtered_branches,
    news_of,
    pictures_of,
    placement_of,
    waiting_for_a_yes,
)
from campaigns.plan_views import attempt
from campaigns.services import branches as services
from campaigns.states import EDITABLE, PUBLIC
from core.codes import show_code
from core.errors import DomainError
from core.listing import MOST_ROWS, asked_of, file_links, list_file, query_of, wanted_file
from core.phrases import sentence
from core.sheets import Cell
from dashboards import figures
from dashboards.cards import percent_of_goal
from provinces.access import Access, needs
from provinces.desk import desk_context
from provinces.permissions import Permission

BRANCHES_A_PAGE = 62  # two editions of 31
_MAKES, _DECIDES = Permission.MANAGE_CAMPAIGNS, Permission.APPROVE_BRANCH


@needs(Permission.VIEW_CAMPAIGNS)
@require_safe
def branch_list(request: HttpRequest) -> HttpResponse:
    """The branches in scope, newest year first, a page at a time, with what came in for each."""
    is_country = request.access.scope.everything
    form = BranchFilterForm(request.GET or None, with_province=is_country)
    said = asked_of(form)
    found = filtered_branches(**said)
    if kind := wanted_file(request):
        return list_file(kind, "campaigns", phrases.BRANCH_HEADS, branch_lines(found[:MOST_ROWS]))
    page = Paginator(found, BRANCHES_A_PAGE).get_page(request.GET.get("page"))
    context = desk_context(
        request,
        filter_form=form,
        page_obj=page,
        query=query_of(request),
        files=file_links(request),
        rows=branch_rows(list(page)),
        is_filtered=bool(said),
        is_country=is_country,
        may_make=request.access.may(_MAKES),
        waiting_count=waiting_count(request.access),
        phrases=phrases,
    )
    return render(request, "desk/branches.html", context)


def waiting_count(access: Access) -> int:
    """How many branches and changes wait for a yes, for whoever may say it."""
    return waiting_for_a_yes().count() if access.may(_DECIDES) else 0


def branch_lines(found: Iterable[Branch]) -> Iterator[list[Cell]]:
    """Branches for a file, with what came in for each."""
    for row in branch_rows(list(found)):
        branch: Branch = row["branch"]
        yield [
            branch.edition.campaign.name, branch.edition.title, branch.province.name, branch.get_state_display(),
            branch.goal_rial, row["reached_rial"], row["percent"],
        ]  # fmt: skip


def branch_rows(branches: list[Branch]) -> list[dict[str, Any]]:
    """Branches for a table, with what came in for each; one query for all sums."""
    received = figures.branch_totals([(branch.edition_id, branch.province_id) for branch in branches])
    rows = []
    for branch in branches:
        reached = received.get((branch.edition_id, branch.province_id), 0)
        rows.append(
            {
                "branch": branch,
                "url": reverse("branch-desk", args=[branch.pk]),
                "badges": badges(branch),
                "reached_rial": reached,
                "percent": percent_of_goal(reached, branch.goal_rial),
            }
        )
    return rows


@needs(Permission.VIEW_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def branch_one(request: HttpRequest, branch_id: int) -> HttpResponse:
    """One branch as people will see it, what is missing, and the next step. A POST takes a step."""
    branch = get_object_or_404(branches_in_scope(), pk=branch_id)
    forms = step_forms()
    if request.method == "POST":
        if not (request.access.may(_MAKES) or request.access.may(_DECIDES)):
            raise PermissionDenied
        if take_step(request, branch, forms, BRANCH_STEPS):
            return redirect("branch-desk", branch.pk)
        branch = get_object_or_404(branches_in_scope(), pk=branch_id)
    received = figures.total(None, edition=branch.edition_id, province=branch.province_id)
    context = desk_context(
        request,
        branch=branch,
        edition=branch.edition,
        story=branch.story or branch.edition.story,
        lacks=lacking(branch),
        steps=steps("look") if branch.state == S.DRAFT else [],
        offered=offered(branch, request.access, request.user, BRANCH_STEPS),
        is_own_plan=is_own_plan(branch, request, _DECIDES),
        may_edit=request.access.may(_MAKES) and branch.state in EDITABLE,
        may_tell=request.access.may(_MAKES) and branch.state in PUBLIC,
        back_url=reverse("campaigns-desk"),
        public_url=public_url(branch),
        is_own_campaign=bool(branch.edition.campaign.only_in),
        forms=forms,
        received=received,
        percent=percent_of_goal(received.total_rial, branch.goal_rial),
        **shared(branch),
    )
    return render(request, "desk/branch.html", context)


# --- what the pages of branches and editions share -------------------------------------------------------
def step_forms() -> dict[str, Form]:
    """The forms of those steps that say something, by the step's name."""
    return {
        "return": ReasonForm(),
        "give_back": ReasonForm(prefix="edit"),
        "close": TextForm(prefix="close"),
        "report": TextForm(prefix="report"),
    }


def is_own_plan(plan: Plan, request: HttpRequest, decides: Permission) -> bool:
    """Does it, or a change of it, wait for somebody else than this person, who might have decided?"""
    makers = {plan.proposed_by_id if plan.is_waiting else None, plan.edit_by_id if plan.edit else None}
    return request.user.pk in makers and request.access.may(decides)


def shared(plan: Branch | Edition) -> dict[str, Any]:
    """What both kinds of page show: badges, picture, code, funds, history."""
    placement = placement_of(plan)
    files = "branch-file" if isinstance(plan, Branch) else "edition-file"
    return {
        "plan": plan,
        "badges": badges(plan),
        "pictures": [
            {
                "url": reverse("plan-picture", args=[picture.key]),
                "alt": picture.alt,
                "width": picture.width,
                "height": picture.height,
            }
            for picture in pictures_of(plan)
        ],
        "news_count": len(news_of(plan)),
        "edit": edit_card(plan),
        "placement": placement,
        "placement_code": show_code(placement.code) if placement else "",
        "file_urls": {
            name.replace(".", "_"): reverse(files, args=[plan.pk, name])
            for name in ("qr.svg", "qr.png", "poster.pdf")
        },
        "fund_names": fund_names(plan.fund_codes),
        "history": history(plan),
        "phrases": phrases,
    }


def lacking(plan: Plan) -> list[str]:
    """What must be there before it is sent."""
    if plan.state != S.DRAFT:
        return []
    return [
        sentence(code)
        for code, is_there in (("goal_required", plan.goal_rial), ("story_required", plan.story))
        if not is_there
    ]


@dataclass(frozen=True)
class Step:
    """One way on: who may take it, in which states it is offered, and the service that takes it."""

    permission: Permission
    states: tuple[str, ...]
    act: Callable[..., object]
    has_form: bool = False
    four_eyes: bool = False
    of_edit: bool = False  # a step of a change that waits, not of the plan

    def is_offered(self, plan: Plan, access: Access, user) -> bool:
        if not access.may(self.permission) or _standing(plan) not in self.states:
            return False
        if self.of_edit and not (plan.has_edit_waiting or (plan.edit and not self.four_eyes)):
            return False
        return not self.four_eyes or user.pk != (plan.edit_by_id if self.of_edit else plan.proposed_by_id)


WAITING = "waiting"
EDITED = (S.APPROVED, S.OPEN)  # what was approved, and may still be changed with a second yes
BRANCH_STEPS = {
    "propose": Step(_MAKES, (S.DRAFT,), services.propose_branch),
    "approve": Step(_DECIDES, (WAITING,), services.approve_branch, four_eyes=True),
    "return": Step(_DECIDES, (WAITING, S.APPROVED), services.return_branch, has_form=True),
    "open": Step(_MAKES, (S.APPROVED,), services.open_branch),
    "close": Step(_MAKES, (S.OPEN,), services.close_branch, has_form=True),
    "report": Step(_MAKES, (S.CLOSED,), services.report_branch, has_form=True),
    "code": Step(_MAKES, (S.APPROVED, S.OPEN), services.make_branch_code),
    "accept": Step(_DECIDES, EDITED, services.accept_branch_edit, four_eyes=True, of_edit=True),
    "give_back": Step(
        _DECIDES, EDITED, services.return_branch_edit, has_form=True, four_eyes=True, of_edit=True
    ),
    "drop": Step(_MAKES, EDITED, services.drop_branch_edit, of_edit=True),
}
SEEN = {"propose", "approve", "accept"}  # steps about what one has seen


def _standing(plan: Plan) -> str:
    return WAITING if plan.is_waiting else plan.state


def offered(plan: Plan, access: Access, user, steps_of: dict[str, Step]) -> dict[str, bool]:
    """Which steps this person may take now; {name: True}."""
    return {name: True for name, step in steps_of.items() if step.is_offered(plan, access, user)}


def take_step(request: HttpRequest, plan: Plan, forms: dict[str, Any], steps_of: dict[str, Step]) -> bool:
    """Take the step that a POST names; refusals are said in its form, or above the page. True when it was taken."""
    name = next((name for name in steps_of if name in request.POST), "")
    if not name:
        return False
    step = steps_of[name]
    if not request.access.may(step.permission):
        raise PermissionDenied
    facts: dict[str, Any] = {"actor": request.user}
    if name in SEEN and (typed := request.POST.get("version", "")).isascii() and typed.isdigit():
        facts["version"] = int(typed[:9])
    if step.has_form:
        form = forms[name] = type(forms[name])(request.POST, prefix=forms[name].prefix)
        if not attempt(form, lambda said: step.act(plan.pk, **facts, **said)):
            return False
    elif not _done(request, lambda: step.act(plan.pk, **facts)):
        return False
    messages.success(request, phrases.DONE[name])
    return True


def _done(request: HttpRequest, act: Callable[[], object]) -> bool:
    try:
        act()
    except DomainError as error:
        if error.data.get("status") == 404:
            raise Http404 from error
        messages.error(request, sentence(error.code))
        return False
    return True


def public_url(branch: Branch) -> str:
    """Where people see it; "" before they do."""
    if branch.state not in PUBLIC or branch.edition.state not in PUBLIC:
        return ""
    address = reverse("campaign-branch", args=[branch.edition.campaign.slug, branch.province.slug])
    return f"{address}?edition={branch.edition.year}"
