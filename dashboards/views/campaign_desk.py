"""/desk/campaigns/: the branches of one's own province, and one of them with everything that can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import plan_phrases as phrases
from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Edition
from campaigns.models.campaigns import Plan
from campaigns.plan_cards import badges, fund_names, history, steps
from campaigns.plan_forms import ReasonForm, TextForm
from campaigns.plan_selectors import branches_in_scope, news_of, pictures_of, placement_of
from campaigns.plan_views import attempt
from campaigns.services import branches as services
from campaigns.states import EDITABLE, PUBLIC
from core.codes import show_code
from core.errors import DomainError
from core.phrases import sentence
from dashboards import figures
from dashboards.cards import percent_of_goal
from provinces.access import Access, needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_MAKES, _DECIDES = Permission.MANAGE_CAMPAIGNS, Permission.APPROVE_BRANCH


@needs(Permission.VIEW_CAMPAIGNS)
@require_safe
def branch_list(request: HttpRequest) -> HttpResponse:
    """The branches in scope, newest year first, with what came in for each."""
    branches = list(branches_in_scope())
    wanted = request.GET.get("show", "")
    shown = [b for b in branches if not wanted or b.state == wanted]
    received = _received(shown)
    context = desk_context(
        request,
        rows=[
            {
                "branch": branch,
                "url": reverse("branch-desk", args=[branch.pk]),
                "badges": badges(branch),
                "reached_rial": received.get((branch.edition_id, branch.province_id), 0),
                "percent": percent_of_goal(
                    received.get((branch.edition_id, branch.province_id), 0), branch.goal_rial
                ),
            }
            for branch in shown
        ],
        tabs=[
            {"label": label, "url": f"?show={state}" if state else "?", "current": wanted == state}
            for state, label in (("", phrases.ALL), *S.choices)
        ],
        is_filtered=bool(wanted),
        is_country=request.access.scope.everything,
        may_make=request.access.may(_MAKES),
        phrases=phrases,
    )
    return render(request, "desk/branches.html", context)


def _received(branches: list[Branch]) -> dict[tuple[int, str], int]:
    """What came in for each, by edition and province; a question for each edition."""
    found = {}
    for edition in {branch.edition_id for branch in branches}:
        for row in figures.sheet(None, "province", edition=edition)["province"]:
            found[edition, row.key] = row.total_rial
    return found


@needs(Permission.VIEW_CAMPAIGNS)
@require_http_methods(["GET", "HEAD", "POST"])
def branch_one(request: HttpRequest, branch_id: int) -> HttpResponse:
    """One branch as people will see it, what is missing, and the next step. A POST takes a step."""
    branch = get_object_or_404(branches_in_scope(), pk=branch_id)
    forms = {"return": ReasonForm(), "close": TextForm(prefix="close"), "report": TextForm(prefix="report")}
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
        is_own_plan=branch.is_waiting
        and branch.proposed_by_id == request.user.pk
        and request.access.may(_DECIDES),
        may_edit=request.access.may(_MAKES) and branch.state in EDITABLE,
        may_tell=request.access.may(_MAKES) and branch.state in PUBLIC,
        back_url=reverse("campaigns-desk"),
        public_url=public_url(branch),
        forms=forms,
        received=received,
        percent=percent_of_goal(received.total_rial, branch.goal_rial),
        **shared(branch),
    )
    return render(request, "desk/branch.html", context)


# --- what the pages of branches and editions share -------------------------------------------------------
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

    def is_offered(self, plan: Plan, access: Access, user) -> bool:
        if not access.may(self.permission) or _standing(plan) not in self.states:
            return False
        return not self.four_eyes or plan.proposed_by_id != user.pk


WAITING = "waiting"
BRANCH_STEPS = {
    "propose": Step(_MAKES, (S.DRAFT,), services.propose_branch),
    "approve": Step(_DECIDES, (WAITING,), services.approve_branch, four_eyes=True),
    "return": Step(_DECIDES, (WAITING, S.APPROVED), services.return_branch, has_form=True),
    "open": Step(_MAKES, (S.APPROVED,), services.open_branch),
    "close": Step(_MAKES, (S.OPEN,), services.close_branch, has_form=True),
    "report": Step(_MAKES, (S.CLOSED,), services.report_branch, has_form=True),
    "code": Step(_MAKES, (S.APPROVED, S.OPEN), services.make_branch_code),
}
SEEN = {"propose", "approve"}  # steps about what one has seen


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
