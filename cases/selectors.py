"""Reading what waits for a person, within the open scope."""

from __future__ import annotations

from django.db.models import QuerySet

from cases.enums import CaseState
from cases.models import Case

MINE, NOBODYS = "mine", "nobody"


def cases_in_scope(*, state: str = "", kind: str = "", owner: str = "", user_id: int = 0) -> QuerySet[Case]:
    """Cases of the open scope, most urgent first; closed ones newest first. `owner`: "mine" (`user_id`), "nobody"."""
    cases = Case.objects.select_related("province", "owner", "closed_by").filter(
        state=state or CaseState.OPEN
    )
    if kind:
        cases = cases.filter(kind=kind)
    if owner in (MINE, NOBODYS):
        cases = cases.filter(owner=user_id if owner == MINE else None)
    return cases.order_by("-closed_at" if state == CaseState.CLOSED else "due_at", "pk")


def open_case_count() -> int:
    """How many cases of the open scope wait."""
    return Case.objects.filter(state=CaseState.OPEN).count()
