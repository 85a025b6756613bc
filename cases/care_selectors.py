"""Reading donors' matters within the open scope: late ones first."""

from __future__ import annotations

from datetime import date

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from cases.enums import CareKind, CareState, Escalation
from cases.models import CareCase, CareCategory
from core.codes import parse_tracking_code
from core.errors import DomainError
from core.listing import between
from core.models import User
from provinces.colleagues import colleagues_who_may
from provinces.permissions import Permission
from provinces.scoping import current_scope

MINE, NOBODYS = "mine", "nobody"


def active_categories() -> QuerySet[CareCategory]:
    """What a donor may write about."""
    return CareCategory.objects.filter(is_active=True)


def care_in_scope(
    *,
    state: str = "",
    kind: str = "",
    category: str = "",
    province: str = "",
    late: bool = False,
    owner: str = "",
    since: date | None = None,
    until: date | None = None,
    q: str = "",
    reader: User | None = None,
) -> QuerySet[CareCase]:
    """Matters of the open scope, opened between these days; those that wait for an answer unless another state is asked
    for. `owner` is MINE (the reader's) or NOBODYS."""
    cases = CareCase.objects.select_related("category", "province", "owner")
    if q:
        try:
            return cases.filter(code=parse_tracking_code(q))
        except DomainError:
            return cases.none()
    cases = between(cases.filter(state=state or CareState.OPEN), "opened_at", since, until)
    if owner:
        cases = cases.filter(owner=reader if owner == MINE else None)
    if kind:
        cases = cases.filter(category__kind=kind)
    if category:
        cases = cases.filter(category=category)
    if province:
        cases = cases.filter(province=province)
    if late:
        cases = cases.filter(due_at__lt=timezone.now())
    return cases.order_by("-closed_at" if state == CareState.CLOSED else "due_at", "pk")


def task_force_cases(
    *, province: str = "", kind: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[CareCase]:
    """What headquarters' task force looks after: every benefactor's open problem, and whatever stayed late below; the
    latest first."""
    cases = (
        CareCase.objects.select_related("category", "province", "owner")
        .exclude(state=CareState.CLOSED)
        .filter(Q(category__kind=CareKind.BENEFACTOR) | Q(escalation=Escalation.HEADQUARTERS))
    )
    if province:
        cases = cases.filter(province=province)
    if kind:
        cases = cases.filter(category__kind=kind)
    return between(cases, "opened_at", since, until).order_by(
        "-state", "due_at", "pk"
    )  # "open" before "answered"


def care_colleagues() -> QuerySet[User]:
    """Who may be handed matters of the open scope: those who answer donors there today."""
    scope = current_scope()
    found = colleagues_who_may(Permission.ANSWER_DONORS, None)
    for province in sorted(scope.provinces):
        found |= colleagues_who_may(Permission.ANSWER_DONORS, province)
    return found.distinct()


def late_care(*, at_headquarters: bool = False) -> QuerySet[CareCase]:
    """Donors of the open scope who wait longer than they should; or only those that reached headquarters."""
    late = CareCase.objects.filter(state=CareState.OPEN, due_at__lt=Now())
    return late.filter(escalation=Escalation.HEADQUARTERS) if at_headquarters else late


def care_counts() -> dict[str, float | int | None]:
    """Of the open scope: waiting, late, at headquarters, closed, and how content donors are on average."""
    return CareCase.objects.aggregate(
        waiting=Count("pk", filter=Q(state=CareState.OPEN)),
        late=Count("pk", filter=Q(state=CareState.OPEN, due_at__lt=timezone.now())),
        at_headquarters=Count("pk", filter=Q(state=CareState.OPEN, escalation=Escalation.HEADQUARTERS)),
        closed=Count("pk", filter=Q(state=CareState.CLOSED)),
        satisfaction=Avg("satisfaction"),
    )
