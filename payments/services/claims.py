"""Donors who say that an unknown deposit was theirs. They are told what became of their own words and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Fund
from core import audit, sms
from core.codes import new_tracking_code, show_code
from core.crypto import keyed_hash
from core.errors import DomainError
from core.limits import count_or_refuse
from core.models import User
from core.outbox import after_commit
from core.text import isolate_ltr, normalise, persian_digits
from payments import reconciliation_phrases as phrases
from payments.enums import OPEN_CLAIMS, ClaimState, LineWay
from payments.models import DonorClaim, ManualDecision
from payments.reconciliation_selectors import candidates_of
from payments.services.line_decisions import propose_for_line
from provinces.models import Province

MOST_AN_ADDRESS, MOST_A_MOBILE = 30, 10
WINDOW_SECONDS = 24 * 3_600


@dataclass(frozen=True)
class Told:
    """What a donor tells of a deposit. Whole rials; mobile is +989…; `last_digits` are four."""

    amount_rial: int
    day: date
    last_digits: str
    mobile: str
    fund: Fund
    province: Province | None = None
    name: str = ""


@transaction.atomic
def write_claim(told: Told, *, address: str) -> DonorClaim:
    """Write a claim down, with a case for a person. The same words again give the same claim while it is open; once it
    was answered they are another one: what was not found may have come, and one may give the same twice a day.

    DomainError: too_many_claims (429). Says nothing about whether there is such a deposit.
    """
    mobile_hash = keyed_hash(told.mobile, "mobile")
    said = {
        "mobile_hash": mobile_hash,
        "amount_rial": told.amount_rial,
        "day": told.day,
        "last_digits": told.last_digits,
    }
    same = DonorClaim.objects.filter(**said, state__in=OPEN_CLAIMS)
    if found := same.first():
        return found
    for what, whose, most in (("address", address, MOST_AN_ADDRESS), ("mobile", told.mobile, MOST_A_MOBILE)):
        count_or_refuse(f"claim-{what}", whose, most=most, seconds=WINDOW_SECONDS, code="too_many_claims")
    try:
        with transaction.atomic():
            claim = DonorClaim.objects.create(
                code=new_tracking_code(), mobile=told.mobile, fund=told.fund, province=told.province,
                name=normalise(told.name)[:80], **said,
            )  # fmt: skip
    except IntegrityError:  # the same words arrived twice at once
        return same.get()
    after_commit(
        "cases.open_case",
        kind="donor_claim",
        subject=f"claim:{claim.pk}",
        province=claim.province_id or "",
        amount_rial=claim.amount_rial,
    )
    return claim


@transaction.atomic
def propose_match(claim_id: int, line_id: int, *, actor: User, reason: str) -> ManualDecision:
    """Propose that an unknown deposit is this donor's; another person confirms it (`line_decisions.decide`).

    DomainError: not_found, claim_answered, not_a_candidate, decision_waits, reason_required.
    """
    claim = _locked(claim_id)
    if claim.state != ClaimState.OPEN:
        raise DomainError("claim_answered")
    if line_id not in {line.pk for line in candidates_of(claim)}:
        raise DomainError("not_a_candidate")
    decision = propose_for_line(line_id, LineWay.CLAIM, actor=actor, reason=reason, claim=claim)
    DonorClaim.objects.filter(pk=claim.pk).update(state=ClaimState.PROPOSED)
    return decision


@transaction.atomic
def refuse_claim(claim_id: int, *, actor: User, reason: str) -> None:
    """No such deposit was found; the donor is told so by SMS. Audited. DomainError: not_found, claim_answered,
    reason_required."""
    claim = _locked(claim_id)
    if claim.state != ClaimState.OPEN:
        raise DomainError("claim_answered")
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    claim.state, claim.answered_at = ClaimState.REFUSED, timezone.now()
    claim.save(update_fields=["state", "answered_at"])
    audit.record(
        "claim.refuse", claim, actor=actor, province_code=claim.province_id, reason=reason.strip()[:300]
    )
    code = isolate_ltr(persian_digits(show_code(claim.code)))
    sms.queue(claim.mobile, phrases.CLAIM_REFUSED_SMS.format(code=code), purpose="claim")
    after_commit(
        "cases.close_settled",
        kind="donor_claim",
        subject=f"claim:{claim.pk}",
        actor_id=actor.pk,
        resolution=reason.strip()[:300],
    )


def _locked(claim_id: int) -> DonorClaim:
    claim = DonorClaim.objects.select_for_update(of=("self",)).filter(pk=claim_id).first()
    if claim is None:
        raise DomainError("not_found", status=404)
    return claim
