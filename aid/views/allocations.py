"""Allocations at the desk: proposed out of a pool, decided by a second person, given back."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from aid import allocation_phrases as phrases
from aid.allocation_forms import AllocateForm, AllocationFilterForm, DecisionForm, ReasonForm
from aid.enums import AllocationState
from aid.models import Allocation
from aid.services import allocations as service
from aid.services import shares
from aid.services.allocations import PoolKey
from aid.trail import place_of
from aid.views.desk import aid_context, tried
from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches
from core.jalali import format_datetime, format_short
from core.listing import asked_of, between, query_of
from core.money import format_toman, group_digits
from core.once import once
from core.sheets import to_csv, to_xlsx
from provinces.access import needs
from provinces.permissions import Permission

ROWS_A_PAGE = 30
_METHODS = ["GET", "HEAD", "POST"]
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RUNNING = (AllocationState.PROPOSED, AllocationState.APPROVED)


def _rows(state: str = "", since: date | None = None, until: date | None = None) -> QuerySet[Allocation]:
    """Of one state, of all ("all"), or those in progress; proposed between these days."""
    found = Allocation.objects.select_related(
        "pool__fund", "pool__province", "need", "province", "county__province", "funding__item",
        "funding__line__batch__kit",
    )  # fmt: skip
    found = between(found, "proposed_at", since, until)
    if state == "all":
        return found
    return found.filter(state=state) if state in AllocationState else found.filter(state__in=_RUNNING)


@needs(Permission.VIEW_AID)
@require_safe
def allocation_list(request: HttpRequest) -> HttpResponse:
    """Allocations by state; those in progress unless something else is asked for."""
    form = AllocationFilterForm(request.GET or None)
    page = Paginator(_rows(**asked_of(form)), ROWS_A_PAGE).get_page(request.GET.get("page"))
    query = query_of(request)
    files = [
        {"label": kind.upper(), "url": f"{reverse('allocations-file', args=[kind])}?{query}"}
        for kind in ("xlsx", "csv")
    ]
    context = aid_context(request, "allocations", filter_form=form, page_obj=page, query=query, files=files)
    for row in page:
        row.place = place_of(row.province, row.county)
    return render(request, "desk/aid/allocations.html", context)


@needs(Permission.VIEW_AID)
@require_safe
def allocation_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same list as a file, whole; no donor and no receiver is in it."""
    asked = asked_of(AllocationFilterForm(request.GET))
    made = _rows(**asked).annotate(times=Count("deliveries", filter=Q(deliveries__undone_at=None)))
    headings, lines = [str(column) for column in phrases.EXPORT_COLUMNS], [_line(row) for row in made]
    if form == "csv":
        body, kind = to_csv(headings, lines), "text/csv; charset=utf-8"
    else:
        body, kind = to_xlsx("allocations", headings, lines, made_at=timezone.now()), _SHEET
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="allocations.{form}"'
    return keep_out_of_caches(response)


def _line(row: Allocation) -> list[str | int]:
    return [
        row.pk,
        row.pool.fund.name,
        row.pool.province.name if row.pool.province else phrases.WHOLE_COUNTRY,
        row.title,
        row.get_purpose_display(),
        row.province.name if row.province else phrases.WHOLE_COUNTRY,
        row.county.name if row.county else "",
        row.amount_rial,
        row.held_rial,
        row.delivered_rial,
        row.get_state_display(),
        format_short(row.proposed_at),
        format_short(row.decided_at) if row.decided_at else "",
        row.gift_count,
        row.times,
    ]


@needs(Permission.ALLOCATE)
@require_http_methods(_METHODS)
@once
def allocation_new(request: HttpRequest) -> HttpResponse:
    """Propose an allocation out of the pool that the address names; without one, they are chosen from the list."""
    if "fund" not in request.GET:
        return SeeOther(reverse("aid-desk"))
    try:
        pool = service.pool_of(_key(request))
    except DomainError as error:
        raise Http404 from error
    form = AllocateForm(request.POST or None, pool=pool)
    made: list[Allocation] = []
    if request.method == "POST" and tried(
        form, lambda _: made.append(service.allocate(pool, form.plan(), actor=request.user))
    ):
        messages.success(request, phrases.SAVED)
        return SeeOther(reverse("allocation", args=[made[0].pk]))
    facts = [
        *_pool_facts(pool),
        {"label": phrases.ONLY_WAITING, "value": format_toman(shares.waiting_rial(pool))},
        {"label": phrases.RULE, "value": pool.fund.rule_text},
    ]
    context = aid_context(request, "pools", form=form, facts=facts)
    return render(request, "desk/aid/allocation_new.html", context)


def _key(request: HttpRequest) -> PoolKey:
    asked = {
        name: request.GET.get(name) or None for name in ("fund", "province", "county", "edition", "need")
    }
    numbers = {name: asked[name] for name in ("edition", "need")}
    if any(value is not None and not value.isdecimal() for value in numbers.values()):
        raise Http404
    numbers = {name: int(value) if value else None for name, value in numbers.items()}
    return PoolKey(**{**asked, "fund": asked["fund"] or "", **numbers})


def _pool_facts(pool) -> list[dict[str, object]]:
    return [
        {"label": phrases.FUND, "value": pool.fund.name},
        {"label": phrases.PLACE, "value": place_of(pool.province, pool.county)},
        {"label": phrases.CAMPAIGN, "value": pool.edition.title if pool.edition else ""},
        {"label": phrases.NEED, "value": pool.need.title if pool.need else ""},
    ]


@needs(Permission.VIEW_AID)
@require_http_methods(_METHODS)
def allocation(request: HttpRequest, allocation_id: int) -> HttpResponse:
    """One allocation: its facts, its deliveries, and what this person may do with it."""
    row = get_object_or_404(
        Allocation.objects.select_related(
            "pool__fund", "pool__province", "pool__county__province", "pool__edition", "pool__need", "need",
            "province", "county__province", "proposed_by", "decided_by", "cancelled_by", "funding__item",
            "funding__line__batch__kit",
        ),
        pk=allocation_id,
    )  # fmt: skip
    may_approve = request.access.may(Permission.APPROVE_ALLOCATION)
    own = row.proposed_by_id == request.user.pk
    decides = row.state == AllocationState.PROPOSED and may_approve and not own
    cancels = row.state == AllocationState.APPROVED and may_approve
    form_type = DecisionForm if decides else ReasonForm if cancels else None
    form = form_type(request.POST or None) if form_type else None
    if request.method == "POST":
        if not may_approve or form is None:
            raise PermissionDenied
        if tried(form, lambda data: _act(request, row, data)):
            return SeeOther(reverse("allocation", args=[row.pk]))
    context = aid_context(
        request,
        "allocations",
        allocation=row,
        facts=_facts(row),
        form=form,
        decides=decides,
        is_own=own and row.state == AllocationState.PROPOSED,
        deliveries=list(row.deliveries.select_related("county", "province").order_by("pk")),
        may_deliver=row.state == AllocationState.APPROVED
        and row.funding_id is None
        and request.access.may(Permission.DELIVER),
    )
    return render(request, "desk/aid/allocation.html", context)


def _act(request: HttpRequest, row: Allocation, data: dict) -> None:
    if row.state == AllocationState.APPROVED:
        service.cancel(row.pk, actor=request.user, reason=data["reason"])
        messages.success(request, phrases.CANCELLED_SAVED)
        return
    yes = data["decision"] == "approve"
    service.decide(row.pk, actor=request.user, approve=yes, reason=data["reason"])
    messages.success(request, phrases.APPROVED_SAVED if yes else phrases.REFUSED_SAVED)


def _facts(row: Allocation) -> list[dict[str, object]]:
    pool = "، ".join(str(fact["value"]) for fact in _pool_facts(row.pool) if fact["value"])
    return [
        {
            "label": phrases.TARGET,
            "value": row.title,
            "url": reverse("kit-batch", args=[row.funding.line.batch_id]) if row.funding_id else "",
        },
        {"label": phrases.PURPOSE, "value": row.get_purpose_display()},
        {"label": phrases.PLACE, "value": place_of(row.province, row.county)},
        {"label": phrases.POOL, "value": pool},
        {"label": phrases.RULE, "value": row.pool.fund.rule_text},
        {"label": phrases.INTENTION, "value": row.intention},
        {"label": phrases.MOVED, "value": row.moved_because},
        {"label": phrases.GIFTS, "value": row.gift_count and group_digits(row.gift_count)},
        {"label": phrases.DELIVERED, "value": row.delivered_rial and format_toman(row.delivered_rial)},
        {"label": phrases.LEFT, "value": row.left_rial and format_toman(row.left_rial)},
        {"label": phrases.PROPOSED_BY, "value": f"{row.proposed_by}، {format_datetime(row.proposed_at)}"},
        {
            "label": phrases.DECIDED_BY,
            "value": row.decided_by and f"{row.decided_by}، {format_datetime(row.decided_at)}",
        },
        {"label": phrases.REASON, "value": row.decision_reason},
        {
            "label": phrases.CANCELLED_BY,
            "value": row.cancelled_by
            and f"{row.cancelled_by}، {format_datetime(row.cancelled_at)}: {row.cancel_reason}",
        },
    ]
