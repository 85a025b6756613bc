"""What this room's pages at the desk share: forms that run a service, files of lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.errors import DomainError
from core.http import keep_out_of_caches
from core.money import format_quantity, format_toman
from core.phrases import sentence
from core.sheets import Cell, to_csv, to_xlsx
from partnerships.enums import Measure

METHODS = ["GET", "HEAD", "POST"]
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Act = tuple[forms.Form, Callable[[forms.Form], object]]


def tried(form: forms.Form, act: Callable[[forms.Form], object]) -> bool:
    """Run a service with a valid form; a refusal becomes a sentence in it."""
    if not form.is_valid():
        return False
    try:
        act(form)
    except DomainError as error:
        if error.data.get("status") == 404:
            raise
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return False
    return True


def acted(request: HttpRequest, acts: dict[str, Act]) -> bool | None:
    """Run the act that a form names: whether it was done; None where it names none that is open now. The form that was
    refused takes its place among the acts, with what was typed."""
    name = request.POST.get("act", "")
    if name not in acts:
        return None
    form, service = acts[name]
    form.data, form.files, form.is_bound = request.POST, request.FILES, True
    return tried(form, service)


def filtered(form: forms.Form) -> dict[str, object]:
    """What a list is asked for; nothing where the question makes no sense."""
    if not form.is_valid():
        return {}
    return {name: getattr(value, "pk", value) for name, value in form.cleaned_data.items() if value}


def list_file(
    name: str, form: str, headings: Sequence[object], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """A whole list as CSV or XLSX."""
    heads = [str(heading) for heading in headings]
    if form == "csv":
        body, kind = to_csv(heads, rows), "text/csv; charset=utf-8"
    else:
        body, kind = to_xlsx(name, heads, rows, made_at=timezone.now()), _SHEET
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return keep_out_of_caches(response)


def sealed_file(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file that was sealed, for the person who asked alone."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return keep_out_of_caches(response)


def amount(quantity: int, measure: str, unit: str) -> str:
    """A quantity as it is shown: toman, or a number with its unit."""
    if measure == Measure.CASH:
        return format_toman(quantity)
    return f"{format_quantity(quantity)} {unit}".strip() if measure == Measure.GOODS else ""


def query_of(request: HttpRequest) -> str:
    """The question of a list, for the links to its other pages."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"{query.urlencode()}&" if query else ""
