"""Reading what waits for a person, within the open scope."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from cases.enums import CaseKind, CaseState
from cases.models import Case
from core.jalali import day_bounds
from core.models import User
from provinces.colleagues import colleagues_who_may
from provinces.permissions import Permission
from provinces.scoping import current_scope

MINE, NOBODYS = "mine", "nobody"
MOST_QUOTED = 200
_MOST_DIGITS = 18
_SUBJECTS = ("attempt", "callback", "line")


def cases_in_scope(
    *,
    state: str = "",
    kind: str = "",
    owner: str = "",
    since: date | None = None,
    until: date | None = None,
    reader: User | None = None,
) -> QuerySet[Case]:
    """Cases of the open scope, most urgent first; closed ones newest first. `owner` is MINE (the reader's) or NOBODYS;
    `since` and `until` are the days on which they were opened, both inclusive."""
    cases = Case.objects.select_related("province", "owner", "closed_by").filter(
        state=state or CaseState.OPEN
    )
    if kind:
        cases = cases.filter(kind=kind)
    if owner:
        cases = cases.filter(owner=reader if owner == MINE else None)
    if since:
        cases = cases.filter(opened_at__gte=day_bounds(since)[0])
    if until:
        cases = cases.filter(opened_at__lt=day_bounds(until)[1])
    return cases.order_by("-closed_at" if state == CaseState.CLOSED else "due_at", "pk")


def quoted_cases(*, tracking: str = "", digits: str = "") -> QuerySet[Case] | None:
    """Cases of the open scope that are about this gift (its canonical tracking code), or that this number names: their
    own, that of an order, a callback or a line. None where neither is given. Each way goes by an index of its own."""
    ways = []
    if tracking:
        ways.append(Q(facts__tracking_code=tracking))
    if digits.isdecimal() and len(digits) <= _MOST_DIGITS:
        ways.append(Q(kind__in=CaseKind.values, subject__in=[f"{of}:{digits}" for of in _SUBJECTS]))
        ways.append(Q(pk=int(digits)))
    if not ways:
        return None
    first, *others = (Case.objects.filter(way).order_by().values_list("pk", flat=True) for way in ways)
    return Case.objects.filter(pk__in=list(first.union(*others)[:MOST_QUOTED])).order_by("state", "due_at")


def case_colleagues() -> QuerySet[User]:
    """Who may be handed cases of the open scope: its own people who decide cases, and headquarters'."""
    scope = current_scope()
    found = colleagues_who_may(Permission.DECIDE_CASES, None)
    for province in sorted(scope.provinces):
        found |= colleagues_who_may(Permission.DECIDE_CASES, province)
    return found.distinct()


def open_case_count() -> int:
    """How many cases of the open scope wait."""
    return Case.objects.filter(state=CaseState.OPEN).count()
