"""Deciding about unusual money: one person proposes a way, another approves it, and it is carried out at once.

Sending money back to the card is a refund (`payments.services.refunds`); the two exclude each other under the lock
of the attempt. Lock order: donation and attempt, held money, decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.models import User
from core.outbox import promise_many
from donations.models import Donation
from payments.enums import DecisionState, HeldKind, HeldState, RefundState, Way
from payments.models import Attempt, HeldDecision, HeldMoney
from payments.services.held_ways import CARRY_OUT
from provinces.scoping import check_write

MOST_REASON = 300


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes. ASSIGN names a gift (`basis`) or a fund and, if wished, a province; RETURN names the
    bank's reference of the return."""

    way: Way
    reason: str
    basis: Donation | None = None
    fund: str = ""
    province: str = ""
    bank_reference: str = ""


_WAYS: dict[HeldKind, tuple[Way, ...]] = {
    HeldKind.PAID_TWICE: (Way.FURTHER_GIFT,),
    HeldKind.LATE: (),
    HeldKind.ANSWER_DIFFERS: (Way.DISMISS,),
    HeldKind.REFERENCE_REUSED: (Way.DISMISS,),
    HeldKind.UNKNOWN_REFERENCE: (Way.ASSIGN, Way.RETURN, Way.DISMISS),
}


def ways_of(held: HeldMoney) -> list[Way]:
    """The ways that are open for this money now (a refund stands beside them, see `may_be_refunded`)."""
    if held.state != HeldState.OPEN:
        return []
    if held.kind == HeldKind.AMOUNT_DIFFERS:
        is_received = held.attempt.donation.received_at is not None
        return [Way.FURTHER_GIFT if is_received else Way.ACCEPT_PAID]
    return list(_WAYS[HeldKind(held.kind)])


def may_be_refunded(held: HeldMoney) -> bool:
    """Whether a refund to the card may be asked for: there is an attempt, and money of its own came with it."""
    return (
        held.attempt_id is not None
        and held.kind != HeldKind.REFERENCE_REUSED
        and held.state in (HeldState.OPEN, HeldState.GIFT)
    )


@transaction.atomic
def take(held_id: int, *, actor: User) -> None:
    """Become the owner of open held money and of its case; audited. DomainError: not_found, held_settled."""
    held = _locked(held_id)
    if held.state != HeldState.OPEN:
        raise DomainError("held_settled")
    held.owner = actor
    held.save(update_fields=["owner"])
    _record("held.take", held, actor, "")
    promise_many("cases.give_case", [{"subject": subject_of(held), "actor_id": actor.pk}])


@transaction.atomic
def take_many(held_ids: Sequence[int], *, actor: User) -> int:
    """`take` for many of the open scope, in the order of their keys; gives how many changed hands. What is the actor's
    already, or is settled, stays as it is. DomainError as for `take`, and then none is taken."""
    found = (
        HeldMoney.objects.filter(pk__in=held_ids, state=HeldState.OPEN).exclude(owner=actor).order_by("pk")
    )
    ids = list(found.values_list("pk", flat=True))
    for held_id in ids:
        take(held_id, actor=actor)
    return len(ids)


@transaction.atomic
def propose(held_id: int, proposal: Proposal, *, actor: User) -> HeldDecision:
    """Write down what should become of held money; somebody else decides. Audited.

    DomainError: not_found, reason_required, held_settled, decision_waits, refund_exists, way_not_open,
    aim_required, reference_required.
    """
    held = _locked(held_id)
    if not proposal.reason.strip():
        raise DomainError("reason_required", field="reason")
    if held.state != HeldState.OPEN:
        raise DomainError("held_settled")
    if held.decisions.filter(state=DecisionState.REQUESTED).exists():
        raise DomainError("decision_waits")
    if held.attempt and held.attempt.refunds.exclude(state=RefundState.REFUSED).exists():
        raise DomainError("refund_exists")
    if proposal.way not in ways_of(held):
        raise DomainError("way_not_open", field="way")
    if proposal.way == Way.ASSIGN:
        _check_aim(proposal)
    if proposal.way == Way.RETURN and not proposal.bank_reference.strip():
        raise DomainError("reference_required", field="bank_reference")
    decision = HeldDecision.objects.create(
        held=held,
        way=proposal.way,
        reason=proposal.reason.strip()[:MOST_REASON],
        basis=proposal.basis if proposal.way == Way.ASSIGN else None,
        fund_id=proposal.fund if proposal.way == Way.ASSIGN and proposal.fund else None,
        province_id=proposal.province if proposal.way == Way.ASSIGN and proposal.province else None,
        bank_reference=proposal.bank_reference.strip()[:64] if proposal.way == Way.RETURN else "",
        requested_by=actor,
    )
    _record("held.propose", held, actor, decision.reason, way=str(decision.way))
    return decision


def _check_aim(proposal: Proposal) -> None:
    if bool(proposal.basis) == bool(proposal.fund):
        raise DomainError("aim_required", field="fund")
    if proposal.basis:
        check_write(proposal.basis.province_id, proposal.basis.county_id)
    else:
        check_write(proposal.province or None)


@transaction.atomic
def decide(decision_id: int, *, actor: User, approve: bool, reason: str = "") -> HeldDecision:
    """Approve a proposal, which is carried out in this transaction, or refuse it; by somebody else. Audited.

    However many race, one decision is carried out. DomainError: not_found, decision_made, four_eyes,
    reason_required (a refusal says why), held_settled, way_not_open, reference_known, and those of the ways.
    """
    held_id = HeldDecision.objects.filter(pk=decision_id).values_list("held_id", flat=True).first()
    held = _locked(held_id)
    decision = (
        HeldDecision.objects.select_for_update(of=("self",)).select_related("basis").get(pk=decision_id)
    )
    if decision.state != DecisionState.REQUESTED:
        raise DomainError("decision_made")
    if decision.requested_by_id == actor.pk:
        raise DomainError("four_eyes")
    if not approve and not reason.strip():
        raise DomainError("reason_required", field="reason")
    if approve and held.state != HeldState.OPEN:
        raise DomainError("held_settled")
    if approve and decision.way not in ways_of(held):
        raise DomainError("way_not_open")
    decision.state = DecisionState.DONE if approve else DecisionState.REFUSED
    decision.decided_by, decision.decided_at = actor, timezone.now()
    decision.decision_reason = reason.strip()[:MOST_REASON]
    decision.save()
    _record("held.approve" if approve else "held.refuse", held, actor, decision.decision_reason,
            way=str(decision.way))  # fmt: skip
    if approve:
        CARRY_OUT[Way(decision.way)](held, decision)
        close_its_case(held, actor, f"{decision.get_way_display()}: {decision.reason}")
    return decision


def subject_of(held: HeldMoney) -> str:
    """The subject of the case about this money."""
    return f"attempt:{held.attempt.order_id}" if held.found_by_id is None else held.source


def close_its_case(held: HeldMoney, actor: User, resolution: str) -> None:
    """Promise that the cases about this money are closed with what was decided."""
    promise_many(
        "cases.close_decided",
        [{"subject": subject_of(held), "actor_id": actor.pk, "resolution": resolution[:500]}],
    )


def _locked(held_id: int | None) -> HeldMoney:
    """The held money with its attempt and gift, all locked, the gift first as everywhere."""
    attempt_id = HeldMoney.objects.filter(pk=held_id).values_list("attempt_id", flat=True).first()
    attempt = None
    if attempt_id is not None:
        attempt = (
            Attempt.objects.select_for_update(of=("self", "donation"))
            .select_related("donation__fund", "terminal")
            .get(pk=attempt_id)
        )
    held = (
        HeldMoney.objects.select_for_update(of=("self",))
        .select_related("terminal")
        .filter(pk=held_id)
        .first()
    )
    if held is None:
        raise DomainError("not_found", status=404)
    if attempt is not None:
        held.attempt = attempt
    return held


def _record(action: str, held: HeldMoney, actor: User, reason: str, **data: str) -> None:
    audit.record(
        action, held, actor=actor, province_code=held.province_id, reason=reason,
        amount_rial=held.amount_rial, kind=str(held.kind), **data,
    )  # fmt: skip
