"""A list as a clerk wants it: between two days, and as a file that holds all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.http import keep_out_of_caches
from core.jalali import day_bounds, format_short, format_time
from core.sheets import Cell, to_csv, to_xlsx

FILE_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
MOST_ROWS = 20_000
_ASKED_BY = "file"

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class ListFile:
    """How a list leaves the portal: the name of its file, its headings, and the cells of a row."""

    name: str
    headings: Sequence[object]
    line: Callable[[Any], Sequence[Cell]]

    def asked(self, request: HttpRequest, rows: QuerySet | Sequence) -> HttpResponse | None:
        """The file, with at most MOST_ROWS of these rows, where the address asks for one instead of the page."""
        kind = wanted_file(request)
        return list_file(kind, self.name, self.headings, map(self.line, rows[:MOST_ROWS])) if kind else None


def wanted_file(request: HttpRequest) -> str:
    """Which of FILE_KINDS the address asks for instead of its page; nothing when it asks for none."""
    kind = request.GET.get(_ASKED_BY, "")
    return kind if kind in FILE_KINDS else ""


def list_file(
    kind: str, name: str, headings: Sequence[object], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """A whole list as one of FILE_KINDS, for the person who asked alone."""
    heads = [str(heading) for heading in headings]
    body = to_csv(heads, rows) if kind == "csv" else to_xlsx(name, heads, rows, made_at=timezone.now())
    response = HttpResponse(body, content_type=FILE_KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return keep_out_of_caches(response)


def file_links(request: HttpRequest) -> list[dict[str, str]]:
    """Links to the list of this address as files, for components/files.html."""
    return [{"label": kind.upper(), "url": f"?{query_of(request)}{_ASKED_BY}={kind}"} for kind in FILE_KINDS]


def query_of(request: HttpRequest) -> str:
    """The question of a list without its page, for the links to its other pages."""
    query = request.GET.copy()
    for name in ("page", _ASKED_BY):
        query.pop(name, None)
    return f"{query.urlencode()}&" if query else ""


def asked_of(form: forms.Form) -> dict[str, Any]:
    """What a filter asks; nothing where it makes no sense."""
    return {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}


def between(rows: QuerySet[M], moment: str, since: date | None, until: date | None) -> QuerySet[M]:
    """Those whose time `moment` lies within these days of Tehran, both included; None leaves a side open."""
    if since:
        rows = rows.filter(**{f"{moment}__gte": day_bounds(since)[0]})
    if until:
        rows = rows.filter(**{f"{moment}__lt": day_bounds(until)[1]})
    return rows


def on_days(rows: QuerySet[M], day: str, since: date | None, until: date | None) -> QuerySet[M]:
    """Those whose day lies within these, both included; None leaves a side open."""
    if since:
        rows = rows.filter(**{f"{day}__gte": since})
    if until:
        rows = rows.filter(**{f"{day}__lte": until})
    return rows


def sheet_time(moment: datetime | None) -> str:
    """«۱۴۰۵/۰۹/۰۱ ۱۲:۳۰», which sorts as it reads; nothing for None."""
    return f"{format_short(moment)} {format_time(moment)}" if moment else ""
