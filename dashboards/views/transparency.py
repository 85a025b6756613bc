"""Public sums for any Jalali days, the same as files, and the value by which the books can be checked later."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.errors import DomainError
from core.jalali import tehran_today
from core.phrases import sentence
from core.text import excel_safe
from dashboards import charts, figures
from dashboards import open_data as open_tables
from dashboards.api import LAG_SECONDS, public_totals
from dashboards.board import EXPORTED, Board, Sums, exports, read_sums
from dashboards.figures import Totals
from dashboards.periods import Chosen, choose
from dashboards.remembering import remembered
from ledger.row_seals import row_value_of_day
from ledger.seals import value_of_day
from provinces.scoping import all_provinces
from provinces.selectors import provinces_in_order

COLUMNS = ("key", "label", "total_rial", "count")
OPEN_SECONDS = 3600


@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    """By year, month, province, purpose, campaign and channel; downloads of the same; the seal of the books."""
    today = tehran_today()
    chosen = choose(request.GET, today)
    days = chosen.period
    sums, years, seal, row_seal = remembered("public", lambda: _figures(chosen), days.start, days.end, today)
    board = Board(chosen, sums)
    provinces = provinces_in_order()
    slugs = {province.code: province.slug for province in provinces}
    names = {province.code: province.name for province in provinces}
    context: dict[str, Any] = {
        **board.context(),
        "map_rows": charts.province_map(board.now["province"]),
        "provinces": charts.bars(
            charts.filled(board.now["province"], names),
            lambda row: reverse("province", args=[slugs[row.key]]) if row.key in slugs else "",
        ),
        "years": charts.running_columns("year", years.rows, until=today),
        "downloads": exports(chosen),
        "open_tables": [
            {
                "label": dataset.title,
                "url": reverse("open-data", args=[name, "csv"]),
                "json_url": reverse("open-data", args=[name, "json"]),
            }
            for name, dataset in open_tables.DATASETS.items()
        ],
        "open_rules": open_tables.rules(),
        "package_url": reverse("open-data-package"),
        "seal": seal,
        "seal_shown": _in_groups(seal),
        "row_seal": row_seal,
        "row_seal_shown": _in_groups(row_seal),
        "seal_day": _seal_day(chosen),
        "is_seal_final": _seal_day(chosen) < today,
    }
    return render(request, "transparency/index.html", context)


def _in_groups(seal: str) -> str:
    return " ".join(seal[at : at + 8] for at in range(0, len(seal), 8))


def _figures(chosen: Chosen) -> tuple[Sums, Totals, str, str]:
    """(the period, every year there is, the seals of the books and of receipts and aid), of one moment."""
    day = _seal_day(chosen)
    with figures.one_moment():
        return (
            read_sums(chosen, places="province"),
            figures.totals(by="year"),
            value_of_day(day),
            row_value_of_day(day),
        )


def _seal_day(chosen: Chosen) -> date:
    """The last day of the period, so that the value of any past day can be asked for."""
    return min(chosen.period.end, chosen.today)


@cache_control(public=True, max_age=LAG_SECONDS)
@require_safe
def transparency_data(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """A breakdown as CSV or JSON: key, label, total_rial, count. Days and filters as in /api/v1/totals/."""
    if name not in EXPORTED:
        raise Http404
    try:
        found = public_totals(request.GET, name)
    except DomainError as error:
        return JsonResponse({"code": error.code, "detail": sentence(error.code), **error.data}, status=400)
    rows = [
        dict(zip(COLUMNS, (row.key, row.label, row.total_rial, row.count), strict=True)) for row in found.rows
    ]
    if form == "json":
        answer = {"as_of": found.as_of, "total_rial": found.total_rial, "count": found.count, "rows": rows}
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    response = HttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@cache_control(public=True, max_age=OPEN_SECONDS)
@require_safe
def open_data(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """A table of the open data, version 1, as CSV or JSON; without any filter."""
    if name not in open_tables.DATASETS:
        raise Http404
    with all_provinces("open data"):
        found = remembered("open", lambda: open_tables.table(name), name)
    if form == "json":
        answer = {
            "dataset": name,
            "version": open_tables.VERSION,
            "as_of": found.as_of,
            "counted": found.dataset.counted,
            "rows": found.rows,
        }
        return _open_to_all(JsonResponse(answer, json_dumps_params={"ensure_ascii": False}))
    response = HttpResponse(_csv(found.rows, open_tables.COLUMNS), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-v{open_tables.VERSION}.csv"'
    return _open_to_all(response)


@cache_control(public=True, max_age=OPEN_SECONDS)
@require_safe
def open_package(request: HttpRequest) -> HttpResponse:
    """What tables there are, with their columns: datapackage.json."""

    def address(name: str, form: str) -> str:
        return f"{settings.PORTAL_BASE_URL}{reverse('open-data', args=[name, form])}"

    answer = open_tables.package(address)
    return _open_to_all(JsonResponse(answer, json_dumps_params={"ensure_ascii": False}))


def _open_to_all(response: HttpResponse) -> HttpResponse:
    """Pages of others may read it, too."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = COLUMNS) -> str:
    """UTF-8 without a mark before it; no cell that a spreadsheet would take for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if row[column] is None else excel_safe(row[column]) for column in columns])
    return text.getvalue()
