"""/desk/aid/: what waits in which pool and since when; from here money is allocated."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aid import allocation_phrases as words
from aid.trail import place_of
from aid.views.desk import aid_context
from core.http import keep_out_of_caches
from core.jalali import format_datetime, format_short
from core.money import format_toman, group_digits
from core.sheets import to_csv, to_xlsx
from dashboards import charts
from dashboards.pools import Pool, overdue, pools, waiting_since
from provinces.access import needs
from provinces.permissions import Permission

ROWS_A_PAGE = 30
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_WARNINGS = 20


@never_cache
@needs(Permission.VIEW_AID)
@require_safe
def aid_desk(request: HttpRequest) -> HttpResponse:
    """Pools of the person's scope, with their sums, age and the way to allocate."""
    found = pools()
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    since = waiting_since([pool for pool in page if pool.waiting_rial > 0])
    may_allocate = request.access.may(Permission.ALLOCATE)
    context = aid_context(
        request,
        "pools",
        stats=_stats(found),
        late=[_late(pool, at) for pool, at in overdue(found)[:_MOST_WARNINGS]],
        pools=[_row(pool, since.get(pool.key), may_allocate) for pool in page],
        page_obj=page,
        files=[
            {"label": kind.upper(), "url": reverse("aid-pools-file", args=[kind])} for kind in ("xlsx", "csv")
        ],
    )
    return render(request, "desk/aid/pools.html", context)


def _stats(found: list[Pool]) -> list[dict[str, Any]]:
    sums = (
        (words.RECEIVED, sum(pool.received_rial for pool in found)),
        (words.WAITING, sum(pool.waiting_rial for pool in found)),
        (words.ALLOCATED, sum(pool.allocated_rial for pool in found)),
        (words.DELIVERED, sum(pool.delivered_rial for pool in found)),
    )
    return [charts.money_stat(label, rial) for label, rial in sums]


def _late(pool: Pool, at: datetime) -> str:
    return words.LATE.format(
        fund=pool.fund.name,
        place=place_of(pool.province, pool.county),
        amount=format_toman(pool.waiting_rial),
        since=format_datetime(at),
        hours=group_digits(pool.fund.distribute_within_hours),
    )


def _row(pool: Pool, since: datetime | None, may_allocate: bool) -> dict[str, Any]:
    return {
        "pool": pool,
        "place": place_of(pool.province, pool.county),
        "what": "، ".join(
            part for part in (pool.edition and pool.edition.title, pool.need and pool.need.title) if part
        ),
        "since": format_short(since) if since else "",
        "days": group_digits((timezone.now() - since).days) if since else "",
        "url": _address(pool) if may_allocate and pool.waiting_rial > 0 else "",
    }


def _address(pool: Pool) -> str:
    said = {name: value for name, value in pool.key._asdict().items() if value is not None}
    return f"{reverse('allocation-new')}?{urlencode(said)}"


@never_cache
@needs(Permission.VIEW_AID)
@require_safe
def pools_file(request: HttpRequest, form: str) -> HttpResponse:
    """All pools of the person's scope as a file."""
    headings = (
        words.FUND, words.PLACE, words.CAMPAIGN, words.NEED, words.RECEIVED, words.WAITING, words.PROPOSED,
        words.ALLOCATED, words.DELIVERED,
    )  # fmt: skip
    lines = [
        [
            pool.fund.name,
            place_of(pool.province, pool.county),
            pool.edition.title if pool.edition else "",
            pool.need.title if pool.need else "",
            pool.received_rial,
            pool.waiting_rial,
            pool.proposed_rial,
            pool.allocated_rial,
            pool.delivered_rial,
        ]
        for pool in pools()
    ]
    if form == "csv":
        body, kind = to_csv(headings, lines), "text/csv; charset=utf-8"
    else:
        body, kind = to_xlsx("pools", headings, lines, made_at=timezone.now()), _SHEET
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="pools.{form}"'
    return keep_out_of_caches(response)
