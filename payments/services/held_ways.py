"""What becomes of held money, one function a way. Called with everything locked, in the approver's transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import DomainError
from core.outbox import promise_many
from donations.enums import DonationStatus
from donations.models import Donation
from donations.services.donations import mark_received, mark_unpaid
from donations.services.further import receive_at, write_further_gift, write_gift_for
from donations.services.receipts import issue_receipts
from ledger.accounts import INCOME, SUSPENSE, clearing_code
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, post
from payments.enums import AttemptState, HeldState, Way
from payments.gateways import GATEWAYS
from payments.models import Attempt, BankReference, HeldDecision, HeldMoney, Terminal
from payments.services.terminals import access_to
from payments.states import UNDECIDED, Move, transition
from provinces.scoping import check_write


def settle_held(held: HeldMoney, state: HeldState, donation: Donation | None = None) -> None:
    """Set the outcome; the database refuses a second one. DomainError("held_settled")."""
    held.state, held.settled_at = state, timezone.now()
    held.donation = donation or held.donation
    done = HeldMoney.objects.filter(pk=held.pk, state=HeldState.OPEN).update(
        state=state, settled_at=held.settled_at, donation=held.donation, attempt=held.attempt
    )
    if not done:
        raise DomainError("held_settled")


def _further_gift(held: HeldMoney, decision: HeldDecision) -> None:
    now = timezone.now()
    gift = write_further_gift(held.attempt.donation, held.amount_rial, now)
    _release(held, gift, now)
    if held.attempt.state == AttemptState.UNDER_REVIEW:
        _succeed(held, "further_gift", now)
    issue_receipts([(gift, held.reference, now)], tell=False)
    promise_many("donations.tell_further_gift", _to_donor(gift))
    settle_held(held, HeldState.GIFT, gift)


def _accept_paid(held: HeldMoney, decision: HeldDecision) -> None:
    now, gift = timezone.now(), held.attempt.donation
    receive_at(gift, held.amount_rial, now)
    _release(held, gift, now)
    _succeed(held, "accepted_at_amount_paid", now)
    issue_receipts([(gift, held.reference, now)], tell=False)
    promise_many("donations.tell_accepted_amount", _to_donor(gift))
    settle_held(held, HeldState.GIFT, gift)


def _assign(held: HeldMoney, decision: HeldDecision) -> None:
    """A gift of money that nobody had asked for: an attempt of its own carries the reference and the evidence."""
    now = timezone.now()
    gift = _aim(held, decision, now)
    attempt = _written_by_hand(held, decision, gift, now)
    held.attempt = attempt
    amount = held.amount_rial
    legs = (
        Leg(clearing_code(attempt.gateway, attempt.terminal_id), amount, gift.facet),
        Leg(INCOME[gift.kind], -amount, gift.facet),
    )
    post([NewEntry(EntryKind.GIFT, f"attempt:{attempt.order_id}", now, legs, gift.placement_id)])
    issue_receipts([(gift, held.reference, now)])
    settle_held(held, HeldState.GIFT, gift)


def _aim(held: HeldMoney, decision: HeldDecision, now: datetime) -> Donation:
    """The named gift itself where it waits for exactly this amount, else a further one; or one for the fund."""
    if decision.basis_id is None:
        return write_gift_for(decision.fund_id, decision.province_id or "", held.amount_rial, now)
    basis = Donation.objects.select_for_update(of=("self",)).select_related("fund").get(pk=decision.basis_id)
    if basis.received_at is not None or basis.amount_rial != held.amount_rial:
        return write_further_gift(basis, held.amount_rial, now)
    check_write(basis.province_id, basis.county_id)
    mark_received([(basis.pk, now)])
    return basis


def _written_by_hand(held: HeldMoney, decision: HeldDecision, gift: Donation, now: datetime) -> Attempt:
    terminal = held.terminal
    attempt = Attempt.objects.create(
        donation=gift,
        terminal=terminal,
        credentials_version=terminal.credentials_version,
        gateway=terminal.gateway,
        amount_rial=held.amount_rial,
    )
    attempt.refresh_from_db()
    transition([Move(attempt.pk, AttemptState.REDIRECTED, "found_by_hand")])
    claim_reference(held, attempt)
    evidence = {"outcome": "found_by_hand", "held": held.pk, "decision": decision.pk, "note": held.note}
    transition(
        [
            Move(attempt.pk, AttemptState.SUCCEEDED, "assigned_by_hand", evidence=evidence,
                 reference=held.reference, decided_at=now)
        ]
    )  # fmt: skip
    return attempt


def claim_reference(held: HeldMoney, attempt: Attempt) -> None:
    """Claim the bank's reference for this attempt. DomainError("reference_known") when it is booked already."""
    try:
        with transaction.atomic():
            BankReference.objects.create(
                gateway=held.terminal.gateway,
                terminal_key=terminal_key_of(attempt.terminal, attempt.credentials_version),
                reference=held.reference,
                attempt=attempt,
            )
    except IntegrityError:
        raise DomainError("reference_known", field="reference") from None


def terminal_key_of(terminal: Terminal, version: int | None = None) -> str:
    """What the bank calls the terminal; with the `version` of an attempt, what it was called when that began."""
    credentials = access_to(terminal, version).credentials
    return str(credentials.get(GATEWAYS[terminal.gateway].terminal_key, ""))


def _return(held: HeldMoney, decision: HeldDecision) -> None:
    """It came and went back at the bank; nothing of it was ever booked."""
    settle_held(held, HeldState.RETURNED)


def _dismiss(held: HeldMoney, decision: HeldDecision) -> None:
    """No money of ours is in it: the attempt has failed, and the gift too unless another attempt is open."""
    settle_held(held, HeldState.DISMISSED)
    attempt = held.attempt
    if attempt is None or attempt.state != AttemptState.UNDER_REVIEW:
        return
    transition([Move(attempt.pk, AttemptState.FAILED, "dismissed", decided_at=timezone.now())])
    still_open = UNDECIDED | {AttemptState.UNDER_REVIEW}
    if not Attempt.objects.filter(donation=attempt.donation_id, state__in=still_open).exists():
        mark_unpaid([attempt.donation_id], DonationStatus.FAILED)


def _release(held: HeldMoney, gift: Donation, now: datetime) -> None:
    """Book the money from suspense to income; `held.source` books once."""
    legs = (
        Leg(SUSPENSE, held.amount_rial, held.attempt.donation.facet),
        Leg(INCOME[gift.kind], -held.amount_rial, gift.facet),
    )
    post([NewEntry(EntryKind.GIFT, held.source, now, legs, gift.placement_id)])


def _to_donor(gift: Donation) -> list[dict]:
    return [{"donation_id": gift.pk}] if gift.donor_id and not gift.is_demo else []


def _succeed(held: HeldMoney, reason: str, now: datetime) -> None:
    transition(
        [Move(held.attempt_id, AttemptState.SUCCEEDED, reason, reference=held.reference, decided_at=now)]
    )


CARRY_OUT: dict[Way, Callable[[HeldMoney, HeldDecision], None]] = {
    Way.FURTHER_GIFT: _further_gift,
    Way.ACCEPT_PAID: _accept_paid,
    Way.ASSIGN: _assign,
    Way.RETURN: _return,
    Way.DISMISS: _dismiss,
}
