"""Which settled money is unusual, and writing it down where an accountant finds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from donations.enums import DonationStatus
from payments.enums import AttemptState, HeldKind, HeldState
from payments.gateways.base import Answer
from payments.models import Attempt, HeldMoney
from payments.services.judgement import Verdict

# Kinds of cases this room asks for; cases.enums.CaseKind has the same codes.
PAID_TWICE, REFERENCE_REUSED = "paid_twice", "reference_reused"


def unusual(attempt: Attempt, verdict: Verdict, answer: Answer, now: datetime) -> HeldMoney | None:
    """The row of a settled attempt whose money is not a plain gift; None for a plain one. Writes nothing."""
    kind = _kind(attempt, verdict)
    if kind is None:
        return None
    is_ours = verdict.to == AttemptState.SUCCEEDED or verdict.is_held
    said = answer.amount_rial if (answer.amount_rial or 0) > 0 else attempt.amount_rial
    held = HeldMoney(
        kind=kind,
        attempt=attempt,
        terminal_id=attempt.terminal_id,
        province_id=attempt.donation.province_id,
        amount_rial=attempt.amount_rial if verdict.to == AttemptState.SUCCEEDED else said,
        reference=answer.reference[:64] if is_ours else "",
        paid_at=now,
    )
    if kind == HeldKind.LATE:
        held.state, held.settled_at, held.donation_id = HeldState.GIFT, now, attempt.donation_id
    return held


def _kind(attempt: Attempt, verdict: Verdict) -> HeldKind | None:
    if verdict.case == PAID_TWICE:
        return HeldKind.PAID_TWICE
    if verdict.to == AttemptState.SUCCEEDED:
        return HeldKind.LATE if attempt.donation.status == DonationStatus.FAILED else None
    if verdict.to != AttemptState.UNDER_REVIEW:
        return None
    if verdict.case == REFERENCE_REUSED:
        return HeldKind.REFERENCE_REUSED
    return HeldKind.AMOUNT_DIFFERS if verdict.is_held else HeldKind.ANSWER_DIFFERS


def hold(found: Sequence[HeldMoney]) -> None:
    """Write unusual money down, in the transaction that settles it. An attempt has one row for ever."""
    if found:
        HeldMoney.objects.bulk_create(found)
