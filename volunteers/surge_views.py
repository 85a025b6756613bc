"""Calls in a crisis: for the public, for whoever joins in a minute, and the switch and counters of headquarters."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.door_pages import for_visitor, go_out, gone_out, masked
from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches, public_page
from core.models import Door, MobileVisit
from core.phrases import sentence
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from volunteers import desk_phrases as phrases
from volunteers import join_phrases
from volunteers.desk import METHODS, Act, forms_of, run_act, tried
from volunteers.enums import JoinSource
from volunteers.hours import hours_text
from volunteers.models import Surge
from volunteers.selectors import is_volunteer
from volunteers.services import surges
from volunteers.shift_selectors import open_opportunities
from volunteers.skills import all_skills
from volunteers.surge_forms import QuickJoinForm, ReportForm, SurgeForm, WantsForm
from volunteers.surge_selectors import closed_surges, figures_of, open_surges


@require_safe
def surge_list(request: HttpRequest) -> HttpResponse:
    """What is wanted now, and what came of earlier calls."""
    context = {
        "surges": [{"surge": surge, "wants": _wants(surge)} for surge in open_surges()],
        "closed": closed_surges(),
        "phrases": phrases,
    }
    return public_page(request, "volunteers/surges.html", context)


@require_safe
def surge(request: HttpRequest, surge_id: int) -> HttpResponse:
    """One call: while it is open, what is wanted; closed, its report."""
    row = Surge.objects.select_related("province").prefetch_related("wants").filter(pk=surge_id).first()
    if row is None:
        raise Http404
    figures = figures_of(row)
    context = {
        "surge": row,
        "wants": _wants(row),
        "figures": figures,
        "skills": _skills(figures),
        "hours": hours_text(figures["minutes"]),
        "opportunities": [o for o in open_opportunities(limit=50) if o.surge_id == row.pk],
        "phrases": phrases,
    }
    return public_page(request, "volunteers/surge.html", context)


def _wants(row: Surge) -> list[dict[str, object]]:
    known = all_skills()
    return [
        {"label": known[want.skill].label if want.skill in known else want.skill, "wanted": want.wanted}
        for want in row.wants.all()
    ]


def _skills(figures: dict) -> list[dict[str, object]]:
    known = all_skills()
    return [
        row | {"label": known[row["skill"]].label if row["skill"] in known else row["skill"]}
        for row in figures["skills"]
    ]


@require_http_methods(METHODS)
@for_visitor(Door.JOIN, "join-quick-sign-in")
def quick(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    """Everything on one page; for somebody of the network, one button."""
    calls = open_surges()
    if not calls:
        return HttpResponseRedirect(reverse("surges"))
    if is_volunteer(visit.mobile_hash):
        return _again(request, visit)
    national = any(call.province_id is None for call in calls)
    wanted = list(dict.fromkeys(want.skill for call in calls for want in call.wants.all()))
    only = calls[0].province if not national and len(calls) == 1 else None
    form, status = QuickJoinForm(request.POST or None, wanted=wanted, only=only), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                surges.quick_join(visit, form.application, text_version=join_phrases.TEXT_VERSION)
            except DomainError as error:
                form.add_error(None, sentence(error.code))
                status = error.data.get("status", 422)
            else:
                return gone_out(Door.JOIN, then=f"{reverse('volunteers-join')}?joined=1")
    context = {"form": form, "mobile": masked(visit), "surges": calls, "words": join_phrases}
    return public_page(request, "volunteers/quick.html", context, status=status)


def _again(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    fault, status = "", 200
    if request.method == "POST":
        try:
            surges.come_again(visit.mobile_hash)
        except DomainError as error:
            fault, status = sentence(error.code), error.data.get("status", 422)
        else:
            return go_out(request, Door.JOIN, then=f"{reverse('volunteers-join')}?joined=1")
    context = {"fault": fault, "mobile": masked(visit), "words": join_phrases}
    return public_page(request, "volunteers/quick_again.html", context, status=status)


# --- headquarters ----------------------------------------------------------------------------------------
@needs(Permission.VIEW_NETWORK)
@require_http_methods(METHODS)
def hq_surges(request: HttpRequest) -> HttpResponse:
    """The calls, and the switch that opens one."""
    may_open = request.access.may(Permission.MANAGE_SURGES)
    form = SurgeForm(request.POST or None) if may_open else None
    made: list[Surge] = []
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if tried(form, lambda data: made.append(surges.open_surge(actor=request.user, **data))):
            messages.success(request, phrases.SURGE_OPENED)
            return SeeOther(reverse("hq-surge", args=[made[0].pk]))
    context = desk_context(request, form=form, surges=open_surges(), closed=closed_surges(), phrases=phrases)
    return render(request, "hq/volunteers/surges.html", context)


@needs(Permission.VIEW_NETWORK)
@require_http_methods(METHODS)
def hq_surge(request: HttpRequest, surge_id: int) -> HttpResponse:
    """The counters of a call, renewed while somebody looks; what is wanted; its end with a report."""
    rows = Surge.objects.select_related("province", "opened_by", "closed_by").prefetch_related("wants")
    row = get_object_or_404(rows, pk=surge_id)
    acts: dict[str, Act] = {}
    if row.closed_at is None and request.access.may(Permission.MANAGE_SURGES):
        typed = "\n".join(f"{want['label']} {want['wanted']}" for want in _wants(row))
        acts["wants"] = (
            WantsForm(prefix="wants", initial={"wants": typed}),
            lambda d: surges.change_wants(row.pk, wants=d["wants"], actor=request.user),
        )
        acts["close"] = (
            ReportForm(prefix="close"),
            lambda d: surges.close_surge(row.pk, report=d["report"], actor=request.user),
        )
    if request.method == "POST":
        answer = run_act(request, acts, back=reverse("hq-surge", args=[row.pk]))
        if answer is not None:
            return answer
    figures = figures_of(row)
    context = desk_context(
        request,
        surge=row,
        figures=figures,
        skills=_skills(figures),
        hours=hours_text(figures["minutes"]),
        status=_status(figures),
        status_url=reverse("hq-surge-figures", args=[row.pk]),
        queue_url=f"{reverse('volunteers-desk')}?vetting=waiting&source={JoinSource.SURGE}&priority=on",
        forms=forms_of(acts),
        open_act=request.POST.get("act", ""),
        phrases=phrases,
    )
    return keep_out_of_caches(render(request, "hq/volunteers/surge.html", context))


@needs(Permission.VIEW_NETWORK)
@require_safe
def hq_surge_figures(request: HttpRequest, surge_id: int) -> HttpResponse:
    """The counters alone, for a page that waits for them to change."""
    figures = figures_of(get_object_or_404(Surge.objects, pk=surge_id))
    return keep_out_of_caches(JsonResponse({"status": _status(figures), **figures}))


def _status(figures: dict) -> str:
    return f"{figures['joined']}-{figures['approved']}-{figures['waiting']}"
