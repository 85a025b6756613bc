"""Groups of volunteers at the desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.http import SeeOther
from core.jalali import format_day_month_year, format_short
from core.listing import MOST_ROWS, asked_of, file_links, list_file, query_of, wanted_file
from core.sheets import Cell
from provinces.access import needs
from provinces.permissions import Permission
from volunteers import desk_phrases as phrases
from volunteers.desk import METHODS, Act, forms_of, network_context, page_of, run_act, tried
from volunteers.enums import GroupState
from volunteers.group_forms import ActivityForm, GroupFilterForm, GroupForm, MemberForm, OneOfForm
from volunteers.models import GroupMembership, VolunteerGroup
from volunteers.services import groups
from volunteers.shift_selectors import groups_in_scope


@needs(Permission.VIEW_VOLUNTEERS)
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """Groups of the scope, who is silent longest first."""
    form = GroupFilterForm(request.GET or None)
    found = groups_in_scope(**asked_of(form))
    if kind := wanted_file(request):
        return list_file(kind, "groups", phrases.GROUP_HEADS, _lines(list(found[:MOST_ROWS])))
    page = page_of(request, found)
    members = _members(list(page))
    silent = VolunteerGroup.objects.filter(Q(state=GroupState.ASKED) | Q(state=GroupState.ASLEEP)).count()
    context = network_context(
        request,
        "groups-desk",
        filter_form=form,
        page_obj=page,
        rows=[{"group": group, "members": members.get(group.pk, 0)} for group in page],
        query=query_of(request),
        files=file_links(request),
        silent=silent,
        may_make=request.access.may(Permission.MANAGE_GROUPS),
    )
    return render(request, "desk/volunteers/groups.html", context)


def _members(found: list[VolunteerGroup]) -> dict[int, int]:
    counted = (
        GroupMembership.objects.filter(group__in=[group.pk for group in found], left_at=None)
        .values("group")
        .annotate(members=Count("pk"))
    )
    return {row["group"]: row["members"] for row in counted}


def _lines(found: list[VolunteerGroup]) -> Iterator[list[Cell]]:
    members = _members(found)
    for row in found:
        yield [
            row.name, row.get_kind_display(), row.get_section_display(), row.county.province.name, row.county.name,
            row.leader.name, members.get(row.pk, 0),
            format_short(row.last_active_at) if row.last_active_at else "", row.get_state_display(),
        ]  # fmt: skip


@needs(Permission.MANAGE_GROUPS)
@require_http_methods(METHODS)
def group_new(request: HttpRequest) -> HttpResponse:
    """A new group of a county."""
    form, made = GroupForm(request.POST or None), []
    if request.method == "POST" and tried(
        form, lambda _data: made.append(groups.create_group(form.facts_of(), actor=request.user))
    ):
        return SeeOther(reverse("group-desk", args=[made[0].pk]))
    context = network_context(
        request, "groups-desk", form=form, heading=phrases.NEW_GROUP, back_url=reverse("groups-desk")
    )
    return render(request, "desk/volunteers/new.html", context)


@needs(Permission.VIEW_VOLUNTEERS)
@require_http_methods(METHODS)
def group(request: HttpRequest, group_id: int) -> HttpResponse:
    """One group: its members, what it did, and what may be done about it."""
    rows = VolunteerGroup.objects.select_related("province", "county", "leader")
    row = get_object_or_404(rows, pk=group_id)
    members = list(row.memberships.filter(left_at=None).select_related("volunteer"))
    acts = _acts(request, row, members)
    if request.method == "POST":
        answer = run_act(request, acts, back=reverse("group-desk", args=[row.pk]))
        if answer is not None:
            return answer
    context = network_context(
        request,
        "groups-desk",
        group=row,
        facts=[
            {"label": phrases.KIND, "value": row.get_kind_display()},
            {"label": phrases.SECTION, "value": row.get_section_display()},
            {
                "label": phrases.PLACE,
                "value": "، ".join(filter(None, (row.province.name, row.county.name, row.neighbourhood))),
            },
            {
                "label": phrases.LEADER,
                "value": row.leader and row.leader.name,
                "url": row.leader and reverse("volunteer-desk", args=[row.leader_id]),
            },
            {"label": phrases.STATE, "value": row.get_state_display()},
            {"label": phrases.LAST_ACTIVE, "value": format_day_month_year(row.last_active_at)},
        ],
        members=members,
        activities=row.activities.select_related("noted_by")[:20],
        forms=forms_of(acts),
        open_act=request.POST.get("act", ""),
    )
    return render(request, "desk/volunteers/group.html", context)


def _acts(request: HttpRequest, row: VolunteerGroup, members: list[GroupMembership]) -> dict[str, Act]:
    if not request.access.may(Permission.MANAGE_GROUPS):
        return {}
    who = request.user
    people = [(m.volunteer_id, m.volunteer.name) for m in members]
    acts: dict[str, Act] = {
        "member": (MemberForm(prefix="member"), lambda d: groups.add_member(row.pk, actor=who, **d)),
        "activity": (
            ActivityForm(prefix="activity"),
            lambda d: groups.note_activity(row.pk, actor=who, **d),
        ),
    }
    if row.state != GroupState.CLOSED:
        change_form = GroupForm(prefix="change", row=row)
        acts["change"] = (
            change_form,
            lambda _d: groups.change_group(row.pk, change_form.facts_of(row), actor=who),
        )
    if people:
        acts["leader"] = (
            OneOfForm(prefix="leader", people=people),
            lambda d: groups.set_leader(row.pk, actor=who, **d),
        )
        acts["end"] = (
            OneOfForm(prefix="end", people=people),
            lambda d: groups.end_membership(row.pk, actor=who, **d),
        )
    return acts
