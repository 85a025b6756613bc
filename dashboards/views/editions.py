"""/hq/campaigns/: every edition with how far its branches are, or the branches that a filter finds; also as files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns import plan_phrases as phrases
from campaigns.models import Branch, Edition
from campaigns.plan_cards import badges
from campaigns.plan_forms import BranchFilterForm
from campaigns.plan_selectors import editions_waiting, filtered_branches, why_late
from core.listing import MOST_ROWS, asked_of, file_links, list_file, query_of, wanted_file
from core.sheets import Cell
from dashboards import figures
from dashboards.cards import percent_of_goal
from dashboards.views.campaign_desk import BRANCHES_A_PAGE, branch_lines, branch_rows, waiting_count
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

EDITIONS_A_PAGE = 40


@needs(Permission.VIEW_HQ)
@require_safe
def all_editions(request: HttpRequest) -> HttpResponse:
    """Every edition with how far its branches are; with a filter, the branches of all editions it fits."""
    form = BranchFilterForm(request.GET or None)
    said = asked_of(form)
    is_filtered = bool(said)
    received = figures.sheet(None, "edition")
    if kind := wanted_file(request):
        return _as_file(kind, said, received)
    shown = (
        Paginator(filtered_branches(**said), BRANCHES_A_PAGE)
        if is_filtered
        else Paginator(_editions_of_headquarters(), EDITIONS_A_PAGE)
    )
    page = shown.get_page(request.GET.get("page"))
    context = desk_context(
        request,
        filter_form=form,
        is_filtered=is_filtered,
        page_obj=page,
        query=query_of(request),
        files=file_links(request),
        rows=branch_rows(list(page)) if is_filtered else [],
        editions=[] if is_filtered else _edition_rows(list(page), received),
        total_rial=received.total_rial,
        as_of=received.as_of,
        may_make=request.access.may(Permission.MANAGE_EDITIONS),
        waiting_count=waiting_count(request.access),
        editions_waiting=editions_waiting().count() if request.access.may(Permission.APPROVE_EDITION) else 0,
        may_open_branch=request.access.may(Permission.VIEW_CAMPAIGNS),
        phrases=phrases,
    )
    return render(request, "dashboards/hq_campaigns.html", context)


def _as_file(kind: str, said: dict[str, Any], received: figures.Sheet) -> HttpResponse:
    if said:
        return list_file(
            kind, "campaigns", phrases.BRANCH_HEADS, branch_lines(filtered_branches(**said)[:MOST_ROWS])
        )
    editions = list(_editions_of_headquarters()[:MOST_ROWS])
    return list_file(kind, "editions", phrases.EDITION_HEADS, _lines(editions, received))


def _lines(editions: list[Edition], received: figures.Sheet) -> Iterator[list[Cell]]:
    for row in _edition_rows(editions, received):
        edition, counts = row["edition"], row["counts"]
        yield [
            edition.campaign.name, edition.title, edition.get_state_display(), counts["all"], counts["open"],
            counts["waiting"], counts["edit"], counts["late"], edition.goal_rial, row["reached_rial"], row["percent"],
        ]  # fmt: skip


def _editions_of_headquarters() -> QuerySet[Edition]:
    """Those that provinces take part in; what a province began for itself is found by the filter."""
    return (
        Edition.objects.filter(campaign__only_in="")
        .select_related("campaign")
        .order_by("campaign__name", "-year")
    )


def _edition_rows(editions: list[Edition], received: figures.Sheet) -> list[dict[str, Any]]:
    branches = list(Branch.objects.filter(edition__in=editions).select_related("edition").only(
        "state", "proposed_at", "closed_at", "starts_on", "ends_on", "edit", "edit_at", "edit_returned",
        "edition__state", "edition__season_starts_on", "edition__season_ends_on",
    ))  # fmt: skip
    counts: dict[int, Counter] = {}
    for branch in branches:
        of_edition = counts.setdefault(branch.edition_id, Counter())
        of_edition[branch.state] += 1
        of_edition["all"] += 1
        of_edition["waiting"] += branch.is_waiting
        of_edition["edit"] += branch.has_edit_waiting
        of_edition["late"] += bool(why_late(branch))
    rows = []
    for edition in editions:
        row = received.row("edition", str(edition.pk))
        rows.append(
            {
                "edition": edition,
                "url": reverse("hq-edition", args=[edition.pk]),
                "badges": badges(edition),
                "counts": counts.get(edition.pk, Counter()),
                "reached_rial": row.total_rial,
                "percent": percent_of_goal(row.total_rial, edition.goal_rial),
            }
        )
    return rows
