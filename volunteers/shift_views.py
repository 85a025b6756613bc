"""Opportunities and shifts at the desk: made, filled by invitation, attended, confirmed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.http import SeeOther, keep_out_of_caches
from core.jalali import format_datetime
from core.listing import ListFile, asked_of, file_links, query_of
from core.sheets import Cell
from core.text import persian_digits
from provinces.access import needs
from provinces.permissions import Permission
from volunteers import desk_phrases as phrases
from volunteers.desk import METHODS, Act, forms_of, network_context, page_of, run_act, tried
from volunteers.desk_forms import MessageForm
from volunteers.enums import OpportunityState
from volunteers.group_forms import OneOfForm
from volunteers.matching import Match, find_matches
from volunteers.models import Assignment, Opportunity, Shift
from volunteers.services import attendance, changes, opportunities, places
from volunteers.services.shift_messages import write_to_shift
from volunteers.shift_forms import (
    AttendanceForm,
    InviteForm,
    OpportunityFilterForm,
    OpportunityForm,
    ReasonForm,
    ShiftForm,
)
from volunteers.shift_selectors import expected, opportunities_in_scope, place_by_code, places_of, shifts_of
from volunteers.skills import labels_of


@needs(Permission.MANAGE_SHIFTS)
@require_safe
def opportunity_list(request: HttpRequest) -> HttpResponse:
    """Opportunities of the scope with their places."""
    form = OpportunityFilterForm(request.GET or None)
    found = opportunities_in_scope(**asked_of(form))
    if answer := _AS_FILE.asked(request, found):
        return answer
    context = network_context(
        request,
        "opportunities-desk",
        filter_form=form,
        page_obj=page_of(request, found),
        query=query_of(request),
        files=file_links(request),
    )
    return render(request, "desk/volunteers/opportunities.html", context)


def _line(row: Opportunity) -> list[Cell]:
    return [
        row.title, row.get_purpose_display(), row.province.name, row.county.name if row.county else "", row.places,
        row.filled, row.get_state_display(),
    ]  # fmt: skip


_AS_FILE = ListFile("opportunities", phrases.OPPORTUNITY_HEADS, _line)


@needs(Permission.MANAGE_SHIFTS)
@require_http_methods(METHODS)
def opportunity_new(request: HttpRequest) -> HttpResponse:
    """A new opportunity; its shifts come next."""
    form, made = OpportunityForm(request.POST or None), []
    if request.method == "POST" and tried(
        form, lambda _data: made.append(opportunities.create_opportunity(form.facts, actor=request.user))
    ):
        return SeeOther(reverse("opportunity-desk", args=[made[0].pk]))
    context = network_context(
        request,
        "opportunities-desk",
        form=form,
        heading=phrases.NEW_OPPORTUNITY,
        back_url=reverse("opportunities-desk"),
    )
    return render(request, "desk/volunteers/new.html", context)


@needs(Permission.MANAGE_SHIFTS)
@require_http_methods(METHODS)
def opportunity_edit(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """What is written of an opportunity; another place is told to those who come."""
    row = get_object_or_404(
        Opportunity.objects.select_related("county").exclude(state=OpportunityState.CANCELLED),
        pk=opportunity_id,
    )
    form, back = OpportunityForm(request.POST or None, row=row), reverse("opportunity-desk", args=[row.pk])
    if request.method == "POST" and tried(
        form, lambda _data: changes.change_opportunity(row.pk, form.facts, actor=request.user)
    ):
        messages.success(request, phrases.SAVED)
        return SeeOther(back)
    context = network_context(
        request,
        "opportunities-desk",
        form=form,
        heading=phrases.EDIT_OPPORTUNITY,
        note=phrases.EDIT_OPPORTUNITY_NOTE,
        back_url=back,
    )
    return render(request, "desk/volunteers/new.html", context)


@needs(Permission.MANAGE_SHIFTS)
@require_http_methods(METHODS)
def opportunity(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """One opportunity and its shifts."""
    rows = Opportunity.objects.select_related(
        "province", "county", "event", "branch__edition", "surge", "group"
    )
    row = get_object_or_404(rows, pk=opportunity_id)
    acts = _acts_of_opportunity(request, row)
    if request.method == "POST":
        answer = run_act(request, acts, back=reverse("opportunity-desk", args=[row.pk]))
        if answer is not None:
            return answer
    context = network_context(
        request,
        "opportunities-desk",
        opportunity=row,
        facts=_facts(row),
        may_edit=row.state != OpportunityState.CANCELLED,
        shifts=shifts_of(row),
        forms=forms_of(acts),
        open_act=request.POST.get("act", ""),
    )
    return render(request, "desk/volunteers/opportunity.html", context)


def _acts_of_opportunity(request: HttpRequest, row: Opportunity) -> dict[str, Act]:
    who, acts = request.user, {}
    if row.state == OpportunityState.OPEN:
        shift_form = ShiftForm(prefix="shift")

        def add(data: dict) -> None:
            starts, ends = shift_form.times
            opportunities.add_shift(
                row.pk, starts_at=starts, ends_at=ends, capacity=data["capacity"], actor=who
            )

        acts["shift"] = (shift_form, add)
        acts["close"] = (
            forms.Form(prefix="close"),
            lambda _d: opportunities.end_opportunity(row.pk, state=OpportunityState.CLOSED, actor=who),
        )
    if row.state != OpportunityState.CANCELLED:
        acts["cancel"] = (
            ReasonForm(prefix="cancel"),
            lambda d: opportunities.end_opportunity(
                row.pk, state=OpportunityState.CANCELLED, reason=d["reason"], actor=who
            ),
        )
    return acts


def _facts(row: Opportunity) -> list[dict[str, object]]:
    about = row.event or (row.branch and row.branch.edition) or row.surge
    return [
        {
            "label": phrases.PURPOSE,
            "value": f"{row.get_purpose_display()}: {about}" if about else row.get_purpose_display(),
        },
        {"label": phrases.PLACE, "value": place_of(row)},
        {"label": phrases.SECTION, "value": row.get_section_display()},
        {"label": phrases.SKILLS, "value": labels_of(row.skills)},
        {"label": phrases.GROUPS, "value": row.group and row.group.name},
        {
            "label": phrases.MEETS_CLIENTS,
            "value": phrases.MEETS_YES if row.meets_clients else phrases.MEETS_NO,
        },
        {"label": phrases.REMOTE, "value": phrases.REMOTE_YES if row.is_remote else ""},
        {
            "label": phrases.PUBLIC_PAGE,
            "value": row.is_public and row.title,
            "url": reverse("opportunity", args=[row.pk]),
        },
    ]


def place_of(row: Opportunity) -> str:
    """Where: province, county and place in one line."""
    return "، ".join(filter(None, (row.province.name, row.county and row.county.name, row.place)))


@needs(Permission.MANAGE_SHIFTS)
@require_http_methods(METHODS)
def shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    """One shift: who fits and is not asked yet, who comes, who came and for how long."""
    rows = Shift.objects.select_related(
        "opportunity__province", "opportunity__county", "opportunity__group", "leader"
    )
    row = get_object_or_404(rows, pk=shift_id)
    everybody = places_of(row)
    may_invite = row.opportunity.state == OpportunityState.OPEN and row.starts_at > timezone.now()
    matches = find_matches(row) if may_invite else []
    acts = _acts_of_shift(request, row, everybody, matches)
    if request.method == "POST":
        answer = run_act(request, acts, back=reverse("shift-desk", args=[row.pk]))
        if answer is not None:
            return answer
    context = network_context(
        request,
        "opportunities-desk",
        shift=row,
        opportunity=row.opportunity,
        when=format_datetime(row.starts_at),
        place=place_of(row.opportunity),
        places=everybody,
        matches=[
            {
                "match": match,
                "far": phrases.FAR_WORDS[match.far],
                "work": match.profession or labels_of(match.skills[:3]),
            }
            for match in matches
        ],
        may_invite=may_invite,
        forms=forms_of(acts),
        open_act=request.POST.get("act", ""),
    )
    return keep_out_of_caches(render(request, "desk/volunteers/shift.html", context))


def _acts_of_shift(
    request: HttpRequest, row: Shift, everybody: list[Assignment], matches: list[Match]
) -> dict[str, Act]:
    who, acts = request.user, {}
    if matches:
        acts["invite"] = (
            InviteForm(prefix="invite", people=[(m.volunteer_id, m.name) for m in matches]),
            lambda d: places.invite(row.pk, d["volunteers"], actor=who),
        )
    coming = expected(everybody)
    if coming and row.starts_at <= timezone.now():
        attendance_form = AttendanceForm(prefix="confirm", places=coming)
        acts["confirm"] = (
            attendance_form,
            lambda _d: attendance.confirm(row.pk, attendance_form.seen, actor=who),
        )
    people = [(p.volunteer_id, p.volunteer.name) for p in coming if p.volunteer]
    if people:
        acts["lead"] = (
            OneOfForm(prefix="lead", people=people),
            lambda d: opportunities.lead_shift(row.pk, actor=who, **d),
        )
        acts["write"] = (MessageForm(prefix="write"), lambda d: write_to_shift(row.pk, actor=who, **d))
    if row.starts_at > timezone.now() and row.opportunity.state != OpportunityState.CANCELLED:
        change_form = ShiftForm(prefix="change", row=row)

        def change(data: dict) -> None:
            starts, ends = change_form.times
            changes.change_shift(row.pk, starts_at=starts, ends_at=ends, capacity=data["capacity"], actor=who)

        acts["change"] = (change_form, change)
    return acts


@needs(Permission.MANAGE_SHIFTS)
@require_http_methods(METHODS)
def check_in(request: HttpRequest, code: str) -> HttpResponse:
    """The door: whose place it is, and one big button."""
    place = place_by_code(code)
    if place is None:
        raise Http404
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        form = forms.Form(request.POST)
        if tried(form, lambda _data: attendance.check_in(code, actor=request.user)):
            return SeeOther(reverse("volunteer-check-in", args=[code]))
    context = network_context(
        request,
        "opportunities-desk",
        place=place,
        opportunity=place.shift.opportunity,
        when=persian_digits(format_datetime(place.shift.starts_at)),
        form=form,
    )
    return keep_out_of_caches(render(request, "desk/volunteers/check_in.html", context))
