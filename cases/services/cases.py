"""Opening and closing what a person must decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases import phrases
from cases.enums import CaseKind, CaseState
from cases.models import Case
from core import audit
from core.errors import DomainError
from core.models import User
from payments.held_selectors import is_undecided
from payments.services.discrepancies import note_owner
from provinces.access import access_of
from provinces.permissions import Permission

DUE_AFTER = {
    CaseKind.BOOKS: timedelta(hours=2),
    CaseKind.PAID_TWICE: timedelta(days=2),
    CaseKind.UNDECIDED: timedelta(days=1),
}
# Cases about money whose way is decided on the accountant's list of unusual money.
ABOUT_MONEY = (
    CaseKind.PAID_TWICE, CaseKind.ANSWER_MISFIT, CaseKind.REFERENCE_REUSED, CaseKind.MISSING_HERE,
)  # fmt: skip
_DUE_OTHERWISE = timedelta(days=3)


def open_case(kind: str, subject: str, province: str = "", **facts: object) -> Case:
    """Open a case, or find the one that this subject has already; safe to repeat and to race. One that had settled by
    itself is open again, and so is one whose money waits again."""
    case, _ = Case.objects.get_or_create(
        kind=CaseKind(kind),
        subject=subject[:80],
        defaults={
            "province_id": province or None,
            "facts": facts,
            "due_at": timezone.now() + DUE_AFTER.get(CaseKind(kind), _DUE_OTHERWISE),
        },
    )
    if case.state == CaseState.CLOSED and (case.closed_by_id is None or is_undecided(kind, case.subject)):
        case.state, case.closed_at, case.closed_by, case.resolution = CaseState.OPEN, None, None, ""
        case.save(update_fields=["state", "closed_at", "closed_by", "resolution"])
    return case


@transaction.atomic
def close_case(case_id: int, *, actor: User, resolution: str) -> Case:
    """Close an open case by hand, with a reason; audited.

    DomainError: not_found, case_closed, reason_required, matter_is_open (the difference, the money or the claim that it
    speaks of waits still: that is decided by two people, and closes the case along).
    """
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise DomainError("not_found", status=404)
    if case.state == CaseState.CLOSED:
        raise DomainError("case_closed")
    if not resolution.strip():
        raise DomainError("reason_required", field="resolution")
    if is_undecided(case.kind, case.subject):
        raise DomainError("matter_is_open")
    return _close(case, actor, resolution)


def _close(case: Case, actor: User, resolution: str) -> Case:
    case.state, case.closed_at, case.closed_by, case.resolution = (
        CaseState.CLOSED, timezone.now(), actor, resolution.strip()[:500],
    )  # fmt: skip
    case.save(update_fields=["state", "closed_at", "closed_by", "resolution"])
    audit.record("case.close", case, actor=actor, province_code=case.province_id, reason=case.resolution)
    return case


@transaction.atomic
def hand_cases(case_ids: Sequence[int], owner: User, *, actor: User) -> int:
    """`give_case` for many open cases of the open scope, in the order of their keys. Gives how many changed hands;
    closed ones and those that are the person's stay as they are.

    DomainError: owner_unfit (the person may not decide cases of one of these places).
    """
    access, given = access_of(owner), 0
    rows = Case.objects.filter(pk__in=case_ids, state=CaseState.OPEN).exclude(owner=owner).order_by("pk")
    for pk, province in list(rows.values_list("pk", "province")):
        if (
            access.scope is None
            or not access.scope.holds(province)
            or not access.may(Permission.DECIDE_CASES)
        ):
            raise DomainError("owner_unfit")
        give_case(pk, owner, actor=actor)
        given += 1
    return given


@transaction.atomic
def give_case(case_id: int, owner: User, *, actor: User) -> Case:
    """Hand an open case, and what does not fit behind it, to somebody (or take it); audited.
    DomainError: not_found, case_closed."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise DomainError("not_found", status=404)
    if case.state == CaseState.CLOSED:
        raise DomainError("case_closed")
    case.owner = owner
    case.save(update_fields=["owner"])
    note_owner(case.kind, case.subject, owner)
    audit.record("case.give", case, actor=actor, province_code=case.province_id, owner=owner.pk)
    return case


def give_cases(subject: str, actor_id: int) -> None:
    """Whoever looks after the money owns the open cases about it; safe to repeat."""
    Case.objects.filter(subject=subject, state=CaseState.OPEN).update(owner_id=actor_id)


@transaction.atomic
def close_decided(subject: str, actor_id: int, resolution: str) -> None:
    """Close the open cases about money whose way was decided; audited, safe to repeat."""
    actor = User.objects.get(pk=actor_id)
    waiting = Case.objects.filter(subject=subject, state=CaseState.OPEN, kind__in=ABOUT_MONEY)
    for case in waiting.select_for_update(of=("self",)).order_by("pk"):
        _close(case, actor, resolution)


@transaction.atomic
def close_settled(kind: str, subject: str, resolution: str = "", actor_id: int | None = None) -> None:
    """Close the open case of a kind about a subject: what was missing came, or `actor_id` decided it elsewhere.
    Audited, safe to repeat."""
    case = Case.objects.select_for_update(of=("self",)).filter(kind=kind, subject=subject[:80]).first()
    if case is None or case.state == CaseState.CLOSED:
        return
    if actor_id is not None:
        _close(case, User.objects.get(pk=actor_id), resolution)
        return
    case.state, case.closed_at, case.resolution = (
        CaseState.CLOSED,
        timezone.now(),
        str(phrases.SETTLED_BY_ITSELF),
    )
    case.save(update_fields=["state", "closed_at", "resolution"])
    audit.record("case.settle", case, job="cases.close_settled", province_code=case.province_id)
