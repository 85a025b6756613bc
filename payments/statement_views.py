"""The desk's pages of statement files: sending one, seeing what became of it, settling what was unread."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.jalali import format_datetime
from core.listing import ListFile, asked_of, between, file_links, query_of, sheet_time
from core.money import format_toman, group_digits
from core.phrases import sentence
from core.sheets import Cell
from core.text import excel_safe, persian_digits
from payments import statement_phrases as phrases
from payments.enums import ImportState, LineKind
from payments.models import LineRevision, StatementImport, StatementLine, UnreadLine
from payments.services.imports import progress_of, read_again, take_file
from payments.services.line_stage import READ_LATER
from payments.services.statement_files import blocks_of
from payments.services.unread_lines import resolve_unread
from payments.statement_forms import TWIN, ResolveForm, StatementFilterForm, TwinForm, UploadForm
from payments.statements.base import IDS
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

ROWS_A_PAGE = 50
_BESIDE_THE_FILE = 1_000_000  # of a form's body
_NAMES = {field.name: field.verbose_name for field in StatementLine._meta.concrete_fields}


class BoundedUpload(TemporaryFileUploadHandler):
    """Keeps a file on disk while it comes in; of one that is too large nothing at all."""

    is_too_large = False

    def handle_raw_input(self, input_data, meta, content_length, boundary, encoding=None) -> None:
        self.is_too_large = content_length > settings.STATEMENT_MOST_BYTES + _BESIDE_THE_FILE

    def receive_data_chunk(self, raw_data, start) -> None:
        if not self.is_too_large:
            self.file.write(raw_data)

    def file_complete(self, file_size):
        if not self.is_too_large:
            return super().file_complete(file_size)
        self.file.close()
        return None


@csrf_exempt  # only until the handler stands: reading the token reads the whole body
@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def statement_list(request: HttpRequest) -> HttpResponse:
    """Files in scope, newest first; a POST sends one."""
    if request.method == "POST":
        if not request.access.may(Permission.IMPORT_STATEMENTS):
            raise PermissionDenied
        request.upload_handlers = [BoundedUpload(request)]
    return _statement_list(request)


@csrf_protect
def _statement_list(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if any(handler.is_too_large for handler in request.upload_handlers):
            form.add_error("file", sentence("file_too_large"))
        elif form.is_valid() and (statement := _take(request, form)):
            return redirect("statement", statement.pk)
    filter_form = StatementFilterForm(request.GET or None)
    asked = asked_of(filter_form)
    days = {name: asked.pop(name, None) for name in ("since", "until")}
    rows = StatementImport.objects.select_related("source", "uploaded_by").filter(**asked)
    rows = between(rows, "created_at", **days)
    if answer := _AS_FILE.asked(request, rows):
        return answer
    context = desk_context(
        request,
        filter_form=filter_form,
        query=query_of(request),
        files=file_links(request),
        form=form if request.access.may(Permission.IMPORT_STATEMENTS) else None,
        page_obj=Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        phrases=phrases,
    )
    return render(request, "statements/list.html", context)


def _line(row: StatementImport) -> list[Cell]:
    return [
        row.file_name, row.source.name, sheet_time(row.created_at), str(row.uploaded_by or ""), row.get_state_display(),
        *(row.counts.get(name) for name in phrases.COUNTS),
    ]  # fmt: skip


_AS_FILE = ListFile(
    "statements",
    [
        phrases.FILE,
        phrases.SOURCE,
        phrases.RECEIVED_AT,
        phrases.SENT_BY,
        phrases.STATE,
        *phrases.COUNTS.values(),
    ],
    _line,
)


def _take(request: HttpRequest, form: UploadForm) -> StatementImport | None:
    file = form.cleaned_data["file"]
    try:
        statement, created = take_file(
            form.cleaned_data["source"], blocks_of(file), name=file.name, actor=request.user
        )
    except DomainError as error:
        form.add_error(error.data.get("field"), sentence(error.code))
        return None
    messages.success(request, phrases.TAKEN if created else phrases.KNOWN)
    return statement


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: HttpRequest, import_id: int) -> HttpResponse:
    """One file: counts, unread lines, changes; a POST reads it again after its profile was bettered."""
    row = get_object_or_404(
        StatementImport.objects.select_related("source__office", "uploaded_by"), pk=import_id
    )
    may_import = request.access.may(Permission.IMPORT_STATEMENTS)
    if request.method == "POST":
        if not may_import:
            raise PermissionDenied
        try:
            read_again(row, actor=request.user)
            messages.success(request, phrases.ASKED_AGAIN)
        except DomainError as error:
            messages.error(request, sentence(error.code))
        return redirect("statement", row.pk)
    is_waiting = row.state == ImportState.RECEIVED
    unread = UnreadLine.objects.filter(first_import=row).order_by("resolved_at", "line_no", "pk")
    revisions = LineRevision.objects.filter(found_in=row).select_related("line").order_by("is_applied", "pk")
    context = desk_context(
        request,
        statement=row,
        facts=_facts(row),
        counts=_counts(row),
        refusal=phrases.REFUSALS.get(row.reason) if row.state == ImportState.REFUSED else None,
        is_waiting=is_waiting,
        percent=progress_of(row),
        page_obj=Paginator(unread, ROWS_A_PAGE).get_page(request.GET.get("page")),
        unread_rows=[],
        revisions=[_shown(revision) for revision in revisions[:ROWS_A_PAGE]],
        may_import=may_import,
        phrases=phrases,
    )
    context["unread_rows"] = [
        {
            "line": line,
            "text": _text(line),
            "reason": phrases.REASONS.get(line.reason, line.reason),
            "done": _resolution(line),
        }
        for line in context["page_obj"]
    ]
    return render(request, "statements/statement.html", context)


@needs(Permission.IMPORT_STATEMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def unread_line(request: HttpRequest, unread_id: int) -> HttpResponse:
    """One unread line: a person settles it with a reason."""
    row = get_object_or_404(UnreadLine.objects.select_related("source", "first_import"), pk=unread_id)
    form = (TwinForm if row.fields else ResolveForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            resolve_unread(
                row.pk,
                actor=request.user,
                resolution=data["resolution"],
                is_twin=data["decision"] == TWIN if "decision" in data else None,
                all_equal=data["all_equal"],
            )
        except DomainError as error:
            field = error.data.get("field")
            form.add_error(field if field in form.fields else None, sentence(error.code))
        else:
            messages.success(request, phrases.RESOLVED)
            return redirect("statement", row.first_import_id)
    reason = phrases.REASONS.get(row.reason, row.reason)
    context = desk_context(
        request,
        line=row,
        said=_said(row),
        reason=reason,
        form=None if row.resolved_at else form,
        done=_resolution(row),
        phrases=phrases,
    )
    return render(request, "statements/unread.html", context)


@needs(Permission.VIEW_PAYMENTS)
@require_safe
def unread_csv(request: HttpRequest, import_id: int) -> StreamingHttpResponse:
    """The unread lines of a file, as a spreadsheet may safely open them."""
    row = get_object_or_404(StatementImport.objects, pk=import_id)
    lines = list(UnreadLine.objects.filter(first_import=row).order_by("line_no", "pk"))
    response = StreamingHttpResponse(_csv_of(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="unread-{row.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv_of(lines: list[UnreadLine]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([str(phrases.LINE_NO), str(phrases.REASON), str(phrases.RAW)])
    for line in lines:
        reason = str(phrases.REASONS.get(line.reason, line.reason))
        yield writer.writerow([line.line_no, excel_safe(reason), excel_safe(line.raw)])


def _facts(row: StatementImport) -> list[dict[str, object]]:
    counts = row.counts or {}
    return [
        {"label": phrases.SOURCE, "value": row.source.name},
        {"label": phrases.FILE, "value": row.file_name, "code": True},
        {"label": phrases.SIZE, "value": persian_digits(filesizeformat(row.size_bytes))},
        {"label": phrases.SENT_BY, "value": row.uploaded_by and str(row.uploaded_by)},
        {"label": phrases.RECEIVED_AT, "value": format_datetime(row.created_at)},
        {"label": phrases.FINISHED_AT, "value": row.finished_at and format_datetime(row.finished_at)},
        {"label": phrases.UNMAPPED, "value": "، ".join(counts.get("unmapped", []))},
        {"label": phrases.SEEN, "value": "، ".join(counts.get("seen", []))},
        {"label": phrases.OTHER_ACCOUNTS, "value": " ".join(counts.get("accounts", [])), "code": True},
    ]


def _counts(row: StatementImport) -> list[dict[str, object]]:
    counts = row.counts or {}
    return [
        {"label": label, "value": group_digits(counts[name])}
        for name, label in phrases.COUNTS.items()
        if counts.get(name) or (name in ("lines", "new", "unread") and name in counts)
    ]


def _said(line: UnreadLine) -> list[dict[str, object]]:
    """What was read of a line that may be a repetition."""
    said = line.fields
    if not said:
        return []
    ids = [(_NAMES[name], said[name], True) for name in (*IDS, "card_masked")]
    rows = [
        (phrases.TIME, format_datetime(datetime.fromisoformat(said["occurred_at"])), False),
        (phrases.KIND, LineKind(said["kind"]).label, False),
        (phrases.AMOUNT, format_toman(said["amount_rial"]), False),
        *ids,
        (_NAMES["description"], said["description"], False),
    ]
    return [{"label": label, "value": value, "code": is_code} for label, value, is_code in rows]


def _text(line: UnreadLine) -> str:
    said = line.fields
    return f"{format_toman(said['amount_rial'])}، {said['description']}" if said else line.raw


def _resolution(line: UnreadLine) -> str:
    if line.resolved_at is None:
        return ""
    return str(phrases.RESOLVED_BY_READING) if line.resolution == READ_LATER else line.resolution


def _shown(revision: LineRevision) -> dict[str, object]:
    changes = [
        {"name": _NAMES.get(name, name), "before": revision.before[name], "after": revision.after[name]}
        for name in revision.after
    ]
    return {"line": revision.line, "changes": changes, "is_applied": revision.is_applied}
