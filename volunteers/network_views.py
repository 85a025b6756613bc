"""/hq/volunteers/: the network of the whole country in figures, and needs that nobody answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.http import keep_out_of_caches
from core.money import group_digits
from core.sheets import to_csv, to_xlsx
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from volunteers import network_phrases as phrases
from volunteers.hours import hours_text
from volunteers.network_selectors import network_figures, unanswered_shifts
from volunteers.surge_selectors import open_surges

MOST_NEEDS = 30


@needs(Permission.VIEW_NETWORK)
@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """By section, profession, province, activity and hours."""
    figures = network_figures()
    context = desk_context(
        request,
        stats=[
            {"label": phrases.EVERYBODY, "value": group_digits(figures["everybody"])},
            {"label": phrases.APPROVED, "value": group_digits(figures["approved"])},
            {"label": phrases.WAITING, "value": group_digits(figures["waiting"])},
            {"label": phrases.ACTIVE, "value": group_digits(figures["active"])},
            {"label": phrases.HOURS, "value": hours_text(figures["minutes"]) or phrases.NOTHING},
            {"label": phrases.GROUPS, "value": group_digits(figures["groups"])},
            {"label": phrases.SILENT, "value": group_digits(figures["silent"])},
            {"label": phrases.PAUSED, "value": group_digits(figures["paused"])},
        ],
        sections=_people(phrases.BY_SECTION, phrases.SECTION, figures["sections"]),
        skills=_people(phrases.BY_SKILL, phrases.SKILL, figures["skills"]),
        professions=_people(phrases.BY_PROFESSION, phrases.PROFESSION, figures["professions"]),
        provinces=_provinces(figures["provinces"]),
        unanswered=unanswered_shifts()[:MOST_NEEDS],
        may_open=request.access.may(Permission.MANAGE_SHIFTS),
        surges=open_surges(),
        files=[
            {"label": form.upper(), "url": reverse("hq-volunteers-file", args=[form])}
            for form in ("csv", "xlsx")
        ],
        phrases=phrases,
    )
    return keep_out_of_caches(render(request, "hq/volunteers/network.html", context))


_OF_PEOPLE = ("everybody", "approved", "active")


def _people(caption: str, head: str, rows: list[dict]) -> dict[str, object]:
    return _table(caption, head, rows, "label", _OF_PEOPLE)


def _provinces(rows: list[dict]) -> dict[str, object]:
    return _table(
        phrases.BY_PROVINCE, phrases.PROVINCE, rows, "name", ("everybody", "approved", "groups", "active")
    )


def _table(
    caption: str, head: str, rows: list[dict], name: str, numbers: tuple[str, ...]
) -> dict[str, object]:
    return {
        "caption": caption,
        "columns": [
            {"label": head},
            *({"label": getattr(phrases, number.upper()), "num": True} for number in numbers),
            {"label": phrases.HOURS, "num": True},
        ],
        "rows": [
            [
                {"text": row[name], "header": True},
                *({"text": group_digits(row[number]), "num": True} for number in numbers),
                {"text": group_digits(row["minutes"] // 60), "num": True},
            ]
            for row in rows
        ],
    }


@needs(Permission.VIEW_NETWORK)
@require_safe
def figures_file(request: HttpRequest, form: str) -> HttpResponse:
    """The provinces as a table to take along."""
    rows = [
        (r["name"], r["everybody"], r["approved"], r["groups"], r["active"], r["minutes"])
        for r in network_figures()["provinces"]
    ]
    if form == "xlsx":
        content = to_xlsx(phrases.BY_PROVINCE, phrases.FILE_HEADINGS, rows, made_at=timezone.now())
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        content, kind = to_csv(phrases.FILE_HEADINGS, rows), "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="volunteers.{form}"'
    return keep_out_of_caches(response)
