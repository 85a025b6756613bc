"""Old registries and duplicates at the desk."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.http import SeeOther, keep_out_of_caches
from core.identifiers import mask_mobile, mask_national_id
from core.list_forms import DaysForm
from core.listing import (
    MOST_ROWS,
    ListFile,
    asked_of,
    between,
    file_links,
    list_file,
    query_of,
    sheet_time,
    wanted_file,
)
from core.sheets import Cell, to_csv
from provinces.access import needs
from provinces.permissions import Permission
from volunteers import registry_desk_phrases as words
from volunteers.desk import METHODS, Act, forms_of, network_context, page_of, run_act, tried
from volunteers.enums import DuplicateState, ImportState, LineState
from volunteers.models import Duplicate, RegistryImport, RegistryLine
from volunteers.registry_forms import CodesForm, NoteForm, RegistryForm, WordForm
from volunteers.services import merging, registries
from volunteers.services.privacy import note_export

PREVIEWED = 20
_ACCEPTED = (LineState.NEW, LineState.TAKEN)
_NOT_TAKEN = (LineState.REFUSED, LineState.TWIN, LineState.CONFLICT, LineState.KNOWN)
_AT_WORK = (ImportState.RECEIVED, ImportState.APPLYING)


@needs(Permission.IMPORT_VOLUNTEERS)
@require_http_methods(METHODS)
def registry_list(request: HttpRequest) -> HttpResponse:
    """The files, and a form to send one."""
    form = RegistryForm(request.POST or None, request.FILES or None)
    made: list[RegistryImport] = []
    if request.method == "POST" and tried(
        form,
        lambda d: made.append(
            registries.take_registry(d["file"], province=d["province"], actor=request.user)
        ),
    ):
        return SeeOther(reverse("registry-desk", args=[made[0].pk]))
    filter_form = DaysForm(request.GET or None)
    found = RegistryImport.objects.select_related("province", "uploaded_by").order_by("-pk")
    found = _between(found, "uploaded_at", filter_form)
    if answer := _AS_FILE.asked(request, found):
        return answer
    context = network_context(
        request,
        "registries-desk",
        form=form,
        filter_form=filter_form,
        page_obj=page_of(request, found),
        query=query_of(request),
        files=file_links(request),
        words=words,
    )
    return render(request, "desk/volunteers/registries.html", context)


def _line(row: RegistryImport) -> list[Cell]:
    return [
        row.file_name, row.province.name if row.province else str(words.SEVERAL), row.get_state_display(),
        row.counts.get("lines"), str(row.uploaded_by), sheet_time(row.uploaded_at), sheet_time(row.finished_at),
    ]  # fmt: skip


_AS_FILE = ListFile("registries", words.REGISTRY_HEADS, _line)


@needs(Permission.IMPORT_VOLUNTEERS)
@require_http_methods(METHODS)
def registry(request: HttpRequest, registry_id: int) -> HttpResponse:
    """One file: how far it is, what would become of its lines, and whether they are let in."""
    row = get_object_or_404(RegistryImport.objects.select_related("province", "uploaded_by"), pk=registry_id)
    acts: dict[str, Act] = {}
    if row.state == ImportState.STAGED:
        acts["confirm"] = (
            forms.Form(prefix="confirm"),
            lambda _d: registries.confirm_registry(row.pk, actor=request.user),
        )
    if row.state in (ImportState.STAGED, ImportState.UNREADABLE):
        acts["drop"] = (
            forms.Form(prefix="drop"),
            lambda _d: registries.drop_registry(row.pk, actor=request.user),
        )
    if request.method == "POST":
        was_dropped = request.POST.get("act") == "drop"
        back = reverse("registries-desk") if was_dropped else reverse("registry-desk", args=[row.pk])
        answer = run_act(request, acts, back=back)
        if answer is not None:
            return answer
    lines = RegistryLine.objects.filter(registry=row)
    context = network_context(
        request,
        "registries-desk",
        registry=row,
        progress=registries.progress_of(row),
        is_at_work=row.state in _AT_WORK,
        counts=[
            {"label": LineState(name).label, "count": count}
            for name, count in row.counts.items()
            if name in LineState.values
        ],
        new=[_shown(line, row) for line in lines.filter(state__in=_ACCEPTED)[:PREVIEWED]],
        refused=[_shown(line, row) for line in lines.filter(state__in=_NOT_TAKEN)[:PREVIEWED]],
        forms=forms_of(acts),
        words=words,
    )
    return keep_out_of_caches(render(request, "desk/volunteers/registry.html", context))


@needs(Permission.IMPORT_VOLUNTEERS)
@require_safe
def registry_progress(request: HttpRequest, registry_id: int) -> HttpResponse:
    """How far a file is, for a page that waits."""
    row = get_object_or_404(RegistryImport.objects, pk=registry_id)
    return keep_out_of_caches(JsonResponse({"status": f"{row.state}-{registries.progress_of(row)}"}))


@needs(Permission.IMPORT_VOLUNTEERS)
@require_safe
def registry_report(request: HttpRequest, registry_id: int) -> HttpResponse:
    """Every line that was not taken, or not whole, and why; numbers are masked."""
    row = get_object_or_404(RegistryImport.objects, pk=registry_id)
    lines = RegistryLine.objects.filter(registry=row).exclude(reason="").order_by("line_no")
    cells = (
        (line["line_no"], line["state"], line["reason"], line["name"], line["mobile"], line["national_id"])
        for line in (_shown(line, row) for line in lines.iterator(chunk_size=2_000))
    )
    response = HttpResponse(to_csv(words.REPORT_HEADINGS, cells), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="registry-{row.pk}-report.csv"'
    return keep_out_of_caches(response)


def _between(rows: QuerySet, moment: str, form: DaysForm) -> QuerySet:
    asked = asked_of(form)
    return between(rows, moment, asked.get("since"), asked.get("until"))


def _shown(line: RegistryLine, registry: RegistryImport) -> dict[str, object]:
    return {
        "line_no": line.line_no,
        "state": line.fate(registry.done_to).label,
        "reason": words.REASONS.get(line.reason, line.reason),
        "name": line.name,
        "mobile": mask_mobile(line.mobile) if line.mobile else "",
        "national_id": mask_national_id(line.national_id) if line.national_id else "",
        "work": line.profession,
        "group": line.group_name,
    }


@needs(Permission.VET_VOLUNTEERS)
@require_safe
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """People who seem to stand in two rows, or under two numbers."""
    form = DaysForm(request.GET or None)
    found = Duplicate.objects.filter(state=DuplicateState.OPEN).order_by("-pk")
    found = _between(found, "found_at", form).select_related(
        "volunteer__province", "volunteer__county", "other"
    )
    if kind := wanted_file(request):
        lines = [_duplicate_line(row) for row in found[:MOST_ROWS]]
        note_export(len(lines), actor=request.user)
        return list_file(kind, "duplicates", words.DUPLICATE_HEADS, lines)
    page = page_of(request, found)
    context = network_context(
        request,
        "duplicates-desk",
        filter_form=form,
        page_obj=page,
        rows=[{"duplicate": row, "other": _other(row)} for row in page],
        query=query_of(request),
        files=file_links(request),
        words=words,
    )
    return keep_out_of_caches(render(request, "desk/volunteers/duplicates.html", context))


def _duplicate_line(row: Duplicate) -> list[Cell]:
    """As on the page: numbers stay masked."""
    volunteer = row.volunteer
    return [
        volunteer.name, mask_mobile(volunteer.mobile), volunteer.province.name,
        volunteer.county.name if volunteer.county else "", _other(row), sheet_time(row.found_at),
    ]  # fmt: skip


@needs(Permission.VET_VOLUNTEERS)
@require_http_methods(METHODS)
def duplicate(request: HttpRequest, duplicate_id: int) -> HttpResponse:
    """One suspicion: codes to both numbers, a consent written down, or two people after all."""
    rows = Duplicate.objects.select_related("volunteer__county", "other__county", "decided_by")
    row = get_object_or_404(rows, pk=duplicate_id)
    acts = _acts(request, row)
    if request.method == "POST":
        answer = run_act(request, acts, back=reverse("duplicate-desk", args=[row.pk]))
        if answer is not None:
            return answer
    context = network_context(
        request,
        "duplicates-desk",
        duplicate=row,
        mobile=mask_mobile(row.volunteer.mobile),
        other=_other(row),
        forms=forms_of(acts),
        open_act=request.POST.get("act", ""),
        words=words,
    )
    return keep_out_of_caches(render(request, "desk/volunteers/duplicate.html", context))


def _acts(request: HttpRequest, row: Duplicate) -> dict[str, Act]:
    if row.state != DuplicateState.OPEN:
        return {}
    who = request.user
    acts: dict[str, Act] = {
        "send": (forms.Form(prefix="send"), lambda _d: merging.send_codes(row.pk, actor=who)),
        "word": (WordForm(prefix="word"), lambda d: merging.merge_by_word(row.pk, actor=who, **d)),
        "apart": (NoteForm(prefix="apart"), lambda d: merging.keep_apart(row.pk, actor=who, **d)),
    }
    if row.code_hash and row.other_code_hash:
        acts["codes"] = (CodesForm(prefix="codes"), lambda d: merging.merge_by_codes(row.pk, actor=who, **d))
    return acts


def _other(row: Duplicate) -> str:
    if row.other is not None:
        return f"{row.other.name}، {mask_mobile(row.other.mobile)}"
    return mask_mobile(row.new_mobile) if row.new_mobile else ""
