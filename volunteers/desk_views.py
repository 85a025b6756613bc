"""Volunteers at the desk: the queue, one person with everything about them, their papers, and who saw a number."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.http import keep_out_of_caches
from core.identifiers import mask_mobile, mask_national_id
from core.jalali import format_day_month_year, format_short
from core.list_forms import DaysForm
from core.listing import (
    MOST_ROWS,
    ListFile,
    asked_of,
    file_links,
    list_file,
    query_of,
    sheet_time,
    wanted_file,
)
from core.sheets import Cell
from core.text import persian_digits
from provinces.access import needs
from provinces.permissions import Permission
from volunteers import desk_phrases as phrases
from volunteers.desk import METHODS, Act, forms_of, network_context, page_of, run_act
from volunteers.desk_forms import (
    AskGuardianForm,
    DecisionForm,
    DocumentForm,
    LicenceForm,
    MessageForm,
    ShowNumberForm,
    VolunteerFilterForm,
)
from volunteers.desk_selectors import shown_numbers, volunteers_in_scope, waiting_count
from volunteers.enums import Activity, Availability, GuardianState, Language, Section, Shown
from volunteers.group_forms import ToGroupForm
from volunteers.hours import hours_text
from volunteers.models import Revelation, Volunteer, VolunteerDocument
from volunteers.registry_forms import SuspectForm
from volunteers.selectors import is_minor
from volunteers.services.documents import add_document, read_document
from volunteers.services.groups import add_member
from volunteers.services.guardians import ask_again
from volunteers.services.merging import suspect
from volunteers.services.privacy import note_export, show_number, write_to
from volunteers.services.vetting import check_licence, decide
from volunteers.shift_selectors import confirmed_minutes, groups_near
from volunteers.skills import labels_of


@needs(Permission.VIEW_VOLUNTEERS)
@require_safe
def volunteer_list(request: HttpRequest) -> HttpResponse:
    """The queue: wanted professions first, then who has waited longest; numbers are masked."""
    form = VolunteerFilterForm(request.GET or None)
    found = volunteers_in_scope(**asked_of(form))
    if kind := wanted_file(request):
        lines = [_line(row) for row in found[:MOST_ROWS]]
        note_export(len(lines), actor=request.user)
        return list_file(kind, "volunteers", phrases.VOLUNTEER_HEADS, lines)
    page = page_of(request, found)
    rows = [{"volunteer": v, "mobile": mask_mobile(v.mobile), "work": _work(v)} for v in page]
    context = network_context(
        request,
        "volunteers-desk",
        filter_form=form,
        page_obj=page,
        rows=rows,
        query=query_of(request),
        files=file_links(request),
        waiting=waiting_count(),
    )
    return keep_out_of_caches(render(request, "desk/volunteers/list.html", context))


def _work(row: Volunteer) -> str:
    return row.profession or labels_of(row.skills[:2])


def _line(row: Volunteer) -> list[Cell]:
    """As on the page: the number stays masked."""
    return [
        row.name, mask_mobile(row.mobile), row.province.name, row.county.name if row.county else "",
        row.get_section_display(), _work(row), row.get_vetting_display(), row.get_licence_state_display(),
        row.get_activity_display(), row.get_source_display(), format_short(row.joined_at),
    ]  # fmt: skip


@needs(Permission.VIEW_VOLUNTEERS)
@require_http_methods(METHODS)
def volunteer(request: HttpRequest, volunteer_id: int) -> HttpResponse:
    """One volunteer, numbers masked. Showing one is an act of its own and answers with the page itself."""
    row = get_object_or_404(Volunteer.objects.select_related("province", "county"), pk=volunteer_id)
    shown: dict[str, object] = {}
    acts = _acts(request, row, shown)
    if request.method == "POST":
        back = reverse("volunteer-desk", args=[row.pk])
        answer = run_act(request, acts, back=back)
        if answer is not None and not shown:
            return answer
    consents = [
        f"{c.get_kind_display()} ({c.text_version}، {format_short(c.given_at)})"
        for c in row.consents.filter(withdrawn_at=None).order_by("given_at")
    ]
    context = network_context(
        request,
        "volunteers-desk",
        volunteer=row,
        facts=_facts(row, consents),
        minor_said=_minor_said(row),
        shown=shown,
        forms=forms_of(acts),
        open_act=request.POST.get("act", ""),
        documents=row.documents.select_related("added_by"),
        may_see_documents=request.access.may(Permission.VET_VOLUNTEERS),
        decisions=row.decisions.select_related("decided_by"),
        written=row.messages.select_related("sent_by", "sent_by_leader")[:10],
        groups=[m.group for m in row.memberships.filter(left_at=None).select_related("group")],
        seen=Revelation.objects.filter(volunteer=row).select_related("seen_by")[:20]
        if request.access.may(Permission.VIEW_SHOWN_NUMBERS)
        else (),
    )
    return keep_out_of_caches(render(request, "desk/volunteers/volunteer.html", context))


def _minor_said(row: Volunteer) -> str:
    """What whoever vets must know of somebody under age."""
    if not is_minor(row.born_on):
        return ""
    return phrases.MINOR[row.guardian_state] if row.guardian_hash else phrases.MINOR_ALONE


def _acts(request: HttpRequest, row: Volunteer, shown: dict[str, object]) -> dict[str, Act]:
    """What this person may do about a volunteer: name → (form, service)."""
    may, who, acts = request.access.may, request.user, {}

    def show(data: dict) -> None:
        shown["label"], shown["is_number"] = Shown(data["what"]).label, data["what"] != Shown.NEEDS
        shown["value"] = show_number(row.pk, actor=who, **data)

    if may(Permission.VET_VOLUNTEERS):
        acts["decide"] = (DecisionForm(prefix="decide"), lambda data: decide(row.pk, actor=who, **data))
        if row.licence_no:
            acts["licence"] = (
                LicenceForm(prefix="licence"),
                lambda data: check_licence(
                    row.pk, is_valid=data["is_valid_licence"], reason=data["reason"], actor=who
                ),
            )
        if row.guardian_state == GuardianState.WAITING and row.guardian_hash:
            acts["guardian"] = (AskGuardianForm(prefix="guardian"), lambda _d: ask_again(row.pk, actor=who))
        acts["suspect"] = (
            SuspectForm(prefix="suspect"),
            lambda data: suspect(row.pk, other_id=data["other_id"], actor=who),
        )
        acts["document"] = (
            DocumentForm(prefix="document"),
            lambda data: add_document(row.pk, data["file"], kind=data["kind"], actor=who),
        )
    if kinds := _may_be_shown(request, row):
        acts["show"] = (ShowNumberForm(prefix="show", kinds=kinds), show)
    if may(Permission.MANAGE_GROUPS) and (groups := groups_near(row)):
        acts["group"] = (
            ToGroupForm(prefix="group", groups=groups),
            lambda data: add_member(data["group"], volunteer_id=row.pk, actor=who),
        )
    if may(Permission.WRITE_TO_VOLUNTEERS) and row.activity != Activity.LEFT:
        acts["write"] = (MessageForm(prefix="write"), lambda data: write_to(row.pk, actor=who, **data))
    return acts


def _may_be_shown(request: HttpRequest, row: Volunteer) -> list[Shown]:
    """What there is and this person may ask to see: numbers, and for whoever gives out work, needs."""
    may, kinds = request.access.may, []
    if may(Permission.SHOW_NUMBERS):
        numbers = {
            Shown.MOBILE: row.mobile,
            Shown.NATIONAL_ID: row.national_id,
            Shown.GUARDIAN: row.guardian_mobile,
        }
        kinds = [kind for kind, number in numbers.items() if number]
    if row.access_needs and may(Permission.MANAGE_SHIFTS):
        kinds.append(Shown.NEEDS)
    return kinds


def _facts(row: Volunteer, consents: list[str]) -> list[dict[str, object]]:
    guardian = f"{row.guardian_name}، {mask_mobile(row.guardian_mobile)}" if row.guardian_mobile else ""
    return [
        {"label": phrases.MOBILE, "value": mask_mobile(row.mobile), "code": True},
        {
            "label": phrases.NATIONAL_ID,
            "value": row.national_id and mask_national_id(row.national_id),
            "code": True,
        },
        {"label": phrases.BORN, "value": row.born_on and format_day_month_year(row.born_on)},
        {"label": phrases.GUARDIAN, "value": guardian},
        {
            "label": phrases.GUARDIAN_STATE,
            "value": row.guardian_state != GuardianState.NONE and row.get_guardian_state_display(),
        },
        {
            "label": phrases.PLACE,
            "value": "، ".join(
                filter(None, (row.province.name, row.county and row.county.name, row.neighbourhood))
            ),
        },
        {"label": phrases.NEEDS, "value": row.access_needs and phrases.NEEDS_MASKED},
        {"label": phrases.SECTIONS, "value": "، ".join(str(Section(code).label) for code in row.sections)},
        {"label": phrases.ROLE, "value": row.get_role_display()},
        {"label": phrases.PROFESSION, "value": row.profession},
        {"label": phrases.LICENCE, "value": row.licence_no, "code": True},
        {"label": phrases.LICENCE_STATE, "value": row.licence_no and row.get_licence_state_display()},
        {"label": phrases.SKILLS, "value": labels_of(row.skills)},
        {"label": phrases.LANGUAGES, "value": "، ".join(str(Language(code).label) for code in row.languages)},
        {"label": phrases.TIMES, "value": "، ".join(str(Availability(c).label) for c in row.availability)},
        {"label": phrases.REMOTE, "value": phrases.REMOTE_YES if row.is_remote else ""},
        {"label": phrases.CONSENTS, "value": persian_digits("، ".join(consents))},
        {"label": phrases.ACTIVITY, "value": row.get_activity_display()},
        {"label": phrases.HOURS, "value": hours_text(confirmed_minutes(row))},
        {"label": phrases.SOURCE, "value": row.get_source_display()},
        {"label": phrases.JOINED, "value": format_day_month_year(row.joined_at)},
    ]


@needs(Permission.VET_VOLUNTEERS)
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """A paper, for those who vet; that it was looked at is written down."""
    row = get_object_or_404(VolunteerDocument.objects.select_related("volunteer"), pk=document_id)
    try:
        content = read_document(row, actor=request.user)
    except DomainError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=row.content_type)
    ending = "pdf" if row.content_type == "application/pdf" else "jpg"
    way = "attachment" if ending == "pdf" else "inline"
    response.headers["Content-Disposition"] = f'{way}; filename="document-{row.pk}.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return keep_out_of_caches(response)


@needs(Permission.VIEW_SHOWN_NUMBERS)
@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """Whose number was shown to whom, when and why."""
    form = DaysForm(request.GET or None)
    found = shown_numbers(**asked_of(form))
    if answer := _SHOWN_FILE.asked(request, found):
        return answer
    context = network_context(
        request,
        "shown-numbers",
        filter_form=form,
        page_obj=page_of(request, found),
        query=query_of(request),
        files=file_links(request),
    )
    return keep_out_of_caches(render(request, "desk/volunteers/shown.html", context))


def _shown_line(row: Revelation) -> list[Cell]:
    return [
        row.volunteer.name if row.volunteer else phrases.UNKNOWN, row.get_what_display(), str(row.seen_by),
        sheet_time(row.seen_at), row.reason, row.province.name,
    ]  # fmt: skip


_SHOWN_FILE = ListFile("shown-numbers", phrases.SHOWN_HEADS, _shown_line)
