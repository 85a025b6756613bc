"""What banks took back by themselves, many at once: contra entries, states, receipts, messages in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.errors import DomainError
from core.outbox import promise_many
from donations.services.refunding import take_back_gifts
from ledger.posting import reverse_many
from payments.enums import AttemptState, RefundKind, RefundState
from payments.models import Attempt, HeldMoney, Refund
from payments.services.refunds import note_reversal_by_bank
from payments.states import Move, transition

AT_ONCE = 1_000


@dataclass(frozen=True)
class TakenBack:
    """An attempt whose money a bank took back, as a file says it; `source` names where it was read."""

    attempt_id: int
    evidence: dict
    source: str
    at: datetime


@transaction.atomic
def note_reversals_by_bank(found: Sequence[TakenBack]) -> None:
    """`refunds.note_reversal_by_bank` for many, each attempt once. Repeating it changes nothing.

    A plain gift goes with its neighbours; what has a history (asked to be refunded, unusual, never booked) goes by
    itself. Locks gifts and attempts in order. DomainError: not_found, not_refundable.
    """
    for at in range(0, len(found), AT_ONCE):
        block = {one.attempt_id: one for one in found[at : at + AT_ONCE]}
        plain = _take_back_plain(block)
        for attempt_id, one in sorted(block.items()):
            if attempt_id not in plain:
                note_reversal_by_bank(attempt_id, evidence=one.evidence, source=one.source, at=one.at)


def _take_back_plain(block: dict[int, TakenBack]) -> set[int]:
    """Take back the plain gifts of these attempts; their ids."""
    attempts = _locked_plain(list(block))
    refunds = Refund.objects.bulk_create(
        [
            Refund(
                attempt=attempt,
                kind=RefundKind.BY_BANK,
                amount_rial=attempt.amount_rial,
                reason=block[attempt.pk].source[:300],
                state=RefundState.DONE,
                done_at=block[attempt.pk].at,
                bank_answer=block[attempt.pk].evidence,
            )
            for attempt in attempts
        ]
    )
    wanted = {f"attempt:{r.attempt.order_id}": (f"refund:{r.pk}", r.reason[:200]) for r in refunds}
    if reverse_many(wanted) != set(wanted):
        raise DomainError("not_refundable")
    transition([Move(r.attempt_id, AttemptState.REFUNDED, f"refund:{r.pk}") for r in refunds])
    gifts = [attempt.donation for attempt in attempts]
    take_back_gifts(gifts)
    promise_many(
        "donations.tell_refund",
        [
            {"donation_id": gift.pk, "amount_rial": attempt.amount_rial, "gift_stays": False}
            for attempt, gift in zip(attempts, gifts, strict=True)
            if gift.donor_id
        ],
    )
    return {attempt.pk for attempt in attempts}


def _locked_plain(ids: Sequence[int]) -> list[Attempt]:
    """The paid attempts that are the gift of their donation and have no other history, locked with it."""
    rows = (
        Attempt.objects.select_for_update(of=("self", "donation"))
        .select_related("donation__receipt")
        .filter(pk__in=ids, state=AttemptState.SUCCEEDED)
        .order_by("pk")
    )
    told = set(Refund.objects.filter(attempt__in=ids).values_list("attempt_id", flat=True))
    told |= set(HeldMoney.objects.filter(attempt__in=ids).values_list("attempt_id", flat=True))
    return [row for row in rows if row.pk not in told and _is_the_gift(row)]


def _is_the_gift(attempt: Attempt) -> bool:
    receipt = getattr(attempt.donation, "receipt", None)
    return receipt is not None and receipt.bank_reference == attempt.reference
