"""Judging who is fit: a person decides and says why; a licence is looked up by hand."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core import audit, sms
from core.errors import DomainError
from core.models import User
from core.text import normalise
from volunteers import phrases
from volunteers.enums import (
    AssignmentState,
    ConsentKind,
    Decision,
    GuardianState,
    JoinSource,
    LicenceState,
    Vetting,
)
from volunteers.models import Assignment, Consent, VettingDecision, Volunteer
from volunteers.selectors import is_minor
from volunteers.services.access import locked_volunteer

LEAST_REASON = 3
_BECOMES = {
    Decision.APPROVE: Vetting.APPROVED,
    Decision.REFUSE: Vetting.REFUSED,
    Decision.ASK: Vetting.ASKED,
}


@transaction.atomic
def decide(volunteer_id: int, *, decision: Decision, reason: str, actor: User) -> Volunteer:
    """Approve, refuse or ask for more, with a reason; tell the volunteer by SMS. Audited. Locks the volunteer; whoever
    is no longer approved is taken off all work with clients that is still to come.

    DomainError: not_found, reason_too_short, consents_missing (approving somebody who agreed to nothing),
    guardian_missing (under age, and the guardian has not agreed from their own number), licence_not_checked (a licence
    is named that nobody looked up).
    """
    volunteer = locked_volunteer(volunteer_id)
    why = _reason(reason)
    if decision == Decision.APPROVE:
        _check_fit(volunteer)
    VettingDecision.objects.create(volunteer=volunteer, decision=decision, reason=why, decided_by=actor)
    if decision != Decision.APPROVE:
        take_off_clients(volunteer)
    volunteer.vetting = _BECOMES[Decision(decision)]
    volunteer.save(update_fields=["vetting", "guardian_state"])
    audit.record(
        "volunteer.vet",
        volunteer,
        actor=actor,
        province_code=volunteer.province_id,
        reason=why,
        decision=decision,
    )
    text = phrases.DECISION_SMS[Decision(decision)].format(reason=why)
    sms.queue(volunteer.mobile, text, purpose="volunteer_vetting")
    return volunteer


@transaction.atomic
def check_licence(volunteer_id: int, *, is_valid: bool, reason: str, actor: User) -> Volunteer:
    """Write down what looking up the licence by hand gave; audited. An approved volunteer whose licence proves wrong
    goes back into the queue. DomainError: not_found, reason_too_short, no_licence."""
    volunteer = locked_volunteer(volunteer_id)
    why = _reason(reason)
    if not volunteer.licence_no:
        raise DomainError("no_licence")
    volunteer.licence_state = LicenceState.VALID if is_valid else LicenceState.INVALID
    volunteer.licence_checked_by, volunteer.licence_checked_at = actor, timezone.now()
    changed = ["licence_state", "licence_checked_by", "licence_checked_at"]
    if not is_valid and volunteer.vetting == Vetting.APPROVED:
        take_off_clients(volunteer)
        volunteer.vetting = Vetting.WAITING
        changed.append("vetting")
    volunteer.save(update_fields=changed)
    audit.record(
        "volunteer.check_licence",
        volunteer,
        actor=actor,
        province_code=volunteer.province_id,
        reason=why,
        is_valid=is_valid,
    )
    return volunteer


def take_off_clients(volunteer: Volunteer) -> int:
    """Cancel what a locked volunteer was still to do with clients; gives how many places became free. In the caller's
    transaction."""
    return _take_off(volunteer, shift__opportunity__meets_clients=True)


def take_off_all(volunteer: Volunteer) -> int:
    """Cancel all that a locked volunteer was still to do; gives how many places became free. In the caller's
    transaction."""
    return _take_off(volunteer)


def _take_off(volunteer: Volunteer, **which: bool) -> int:
    coming = Assignment.objects.filter(
        volunteer=volunteer, state__in=(AssignmentState.INVITED, AssignmentState.SIGNED_UP), **which
    )
    ids = list(coming.order_by("shift_id").values_list("pk", flat=True))
    return Assignment.objects.filter(pk__in=ids).update(
        state=AssignmentState.CANCELLED, answered_at=timezone.now()
    )


def _check_fit(volunteer: Volunteer) -> None:
    agreed = set(
        Consent.objects.filter(volunteer=volunteer, withdrawn_at=None).values_list("kind", flat=True)
    )
    if not {ConsentKind.DATA, ConsentKind.CONDUCT} <= agreed:
        raise DomainError("consents_missing")
    if not is_minor(volunteer.born_on):
        volunteer.guardian_state = GuardianState.NONE
    elif volunteer.guardian_state != GuardianState.AGREED or ConsentKind.GUARDIAN not in agreed:
        raise DomainError("guardian_missing")
    if volunteer.source == JoinSource.IMPORT and volunteer.born_on is None:
        raise DomainError("age_unknown")
    if volunteer.licence_state == LicenceState.UNCHECKED:
        raise DomainError("licence_not_checked")


def _reason(typed: str) -> str:
    reason = normalise(typed)[:500]
    if len(reason) < LEAST_REASON:
        raise DomainError("reason_too_short", field="reason")
    return reason
