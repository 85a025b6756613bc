"""The desk's queue of what a person must decide."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import phrases
from cases.enums import CaseState
from cases.forms import CaseFilterForm, CloseCaseForm, HandCasesForm
from cases.models import Case
from cases.selectors import case_colleagues, cases_in_scope
from cases.services.cases import close_case, give_case, hand_cases
from core.codes import show_code
from core.errors import DomainError
from core.jalali import format_datetime
from core.models import User
from core.money import format_toman
from core.phrases import sentence
from core.sheets import to_csv, to_xlsx
from core.text import persian_digits
from payments.held_selectors import where_decided
from payments.reconciliation_forms import OwnerForm
from provinces.access import needs
from provinces.colleagues import colleagues_who_may
from provinces.desk import desk_context
from provinces.permissions import Permission

CASES_A_PAGE = 50
MOST_ROWS = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TAKE, _GIVE = "take", "give"


@needs(Permission.VIEW_CASES)
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Open cases in scope, the most urgent first; closed ones when asked for."""
    form = CaseFilterForm(request.GET or None, initial={"state": CaseState.OPEN})
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = cases_in_scope(**wanted, reader=request.user)
    page = Paginator(rows, CASES_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = desk_context(
        request,
        filter_form=form,
        page_obj=page,
        query=f"{query.urlencode()}&" if query else "",
        exports=[
            {"label": name.upper(), "url": f"{reverse('cases-file', args=[name])}?{query.urlencode()}"}
            for name in ("xlsx", "csv")
        ],
        hand_form=HandCasesForm(colleagues=case_colleagues()),
        can_hand=wanted.get("state", "") != CaseState.CLOSED and request.access.may(Permission.DECIDE_CASES),
        now=timezone.now(),
        phrases=phrases,
    )
    return render(request, "cases/list.html", context)


@needs(Permission.DECIDE_CASES)
@require_POST
def give_cases(request: HttpRequest) -> HttpResponse:
    """The chosen cases to oneself, or to a colleague."""
    form = HandCasesForm(request.POST, colleagues=case_colleagues())
    if not form.is_valid() or not form.cleaned_data["case"]:
        messages.error(request, phrases.NO_CASE_CHOSEN)
        return redirect("cases")
    owner = form.cleaned_data["colleague"] or User.objects.get(pk=request.user.pk)
    try:
        given = hand_cases(form.cleaned_data["case"], owner, actor=request.user)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, phrases.MANY_GIVEN.format(count=persian_digits(given)))
    return redirect("cases")


@needs(Permission.VIEW_CASES)
@require_safe
def cases_file(request: HttpRequest, form: str) -> HttpResponse:
    """What the list shows, as a file; all pages of it, up to MOST_ROWS."""
    asked = CaseFilterForm(request.GET or None)
    wanted = asked.cleaned_data if asked.is_valid() else {}
    found = cases_in_scope(**wanted, reader=request.user)[:MOST_ROWS]
    rows = [_line(row) for row in found]
    heads = [str(head) for head in phrases.FILE_HEADS]
    if form == "csv":
        answer = HttpResponse(to_csv(heads, rows), content_type="text/csv; charset=utf-8")
    else:
        content = to_xlsx(str(phrases.CASES), heads, rows, made_at=timezone.now())
        answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="cases.{form}"'
    return answer


def _line(row: Case) -> list[str | int]:
    return [
        row.pk,
        row.get_kind_display(),
        row.subject,
        row.province.name if row.province else str(phrases.NATIONAL),
        row.get_state_display(),
        format_datetime(row.opened_at),
        format_datetime(row.due_at),
        str(row.owner or ""),
        format_datetime(row.closed_at) if row.closed_at else "",
        str(row.closed_by or ""),
        row.resolution,
    ]


@needs(Permission.VIEW_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case with what is known; who may decide closes it here, with a reason."""
    row = get_object_or_404(Case.objects.select_related("province", "owner", "closed_by"), pk=case_id)
    may_decide = request.access.may(Permission.DECIDE_CASES)
    if request.method == "POST" and request.POST.get("act") in (_TAKE, _GIVE):
        return _give(request, row)
    form = CloseCaseForm(request.POST or None)
    if request.method == "POST":
        return _close(request, row, form)
    return _case_page(request, row, form if may_decide and row.state == CaseState.OPEN else None)


@needs(Permission.DECIDE_CASES)
def _close(request: HttpRequest, row: Case, form: CloseCaseForm) -> HttpResponse:
    if not form.is_valid():
        return _case_page(request, row, form)
    try:
        close_case(row.pk, actor=request.user, resolution=form.cleaned_data["resolution"])
    except DomainError as error:
        form.add_error(error.data.get("field"), sentence(error.code))
        return _case_page(request, row, form)
    messages.success(request, phrases.CLOSED)
    return redirect("cases")


@needs(Permission.DECIDE_CASES)
def _give(request: HttpRequest, row: Case) -> HttpResponse:
    """The reader takes it, or hands it on to a colleague."""
    takes = request.POST["act"] == _TAKE
    form = _owner_form(request, row, None if takes else request.POST)
    if not takes and not form.is_valid():
        return _case_page(request, row, CloseCaseForm(), form)
    try:
        give_case(row.pk, request.user if takes else form.cleaned_data["owner"], actor=request.user)
        messages.success(request, phrases.TAKEN if takes else phrases.GIVEN)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    return redirect("case", row.pk)


def _owner_form(request: HttpRequest, row: Case, data=None) -> OwnerForm:
    colleagues = colleagues_who_may(Permission.DECIDE_CASES, row.province_id)
    return OwnerForm(data, colleagues=colleagues.exclude(pk=request.user.pk))


def _case_page(
    request: HttpRequest, row: Case, form: CloseCaseForm | None, owner_form: OwnerForm | None = None
) -> HttpResponse:
    context = desk_context(
        request,
        case=row,
        facts=_facts(row),
        form=form,
        owner_form=owner_form or (_owner_form(request, row) if form else None),
        may_take=row.owner_id != request.user.pk,
        is_late=row.due_at < timezone.now(),
        money=where_decided(row.kind, row.subject, row.facts)
        if request.access.may(Permission.VIEW_PAYMENTS)
        else None,
        phrases=phrases,
    )
    return render(request, "cases/case.html", context)


def _facts(row: Case) -> list[dict[str, object]]:
    """What is known, as rows of components/facts.html. Facts of a case hold codes and amounts, no people."""
    return [
        {"label": phrases.KIND, "value": row.get_kind_display()},
        {"label": phrases.SUBJECT, "value": row.subject, "code": True},
        {"label": phrases.PLACE, "value": row.province.name if row.province else phrases.NATIONAL},
        {"label": phrases.OPENED, "value": format_datetime(row.opened_at)},
        {"label": phrases.DUE, "value": format_datetime(row.due_at)},
        {"label": phrases.OWNER, "value": str(row.owner) if row.owner else phrases.NOBODY},
        *[_fact(name, value) for name, value in row.facts.items() if value not in (None, "")],
        {"label": phrases.CLOSED_AT, "value": row.closed_at and format_datetime(row.closed_at)},
        {"label": phrases.CLOSED_BY, "value": row.closed_by and str(row.closed_by)},
        {"label": phrases.RESOLUTION, "value": row.resolution},
    ]


def _fact(name: str, value: object) -> dict[str, object]:
    fact: dict[str, object] = {"label": phrases.FACTS.get(name, name)}
    if name.endswith("_rial") and isinstance(value, int):
        return {**fact, "value": format_toman(value)}
    if name == "tracking_code":
        return {**fact, "value": show_code(str(value)), "copy_text": str(value)}
    return {**fact, "value": str(value), "code": True}
