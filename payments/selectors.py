"""Reading attempts: how far a gift has come towards the bank."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from donations.journey import Stage
from donations.models import Donation
from payments.enums import AttemptState
from payments.models import Attempt, Callback

_STAGES_OF_FAILURE = {
    "cancelled_by_payer": Stage.CANCELLED,
    "not_paid_by_deadline": Stage.EXPIRED,
    "reversed_by_bank": Stage.REVERSED,
}


def stage_of(gift: Donation) -> Stage | None:
    """The stage of a pending or failed gift, from its newest attempt that reached a bank (one query)."""
    newest = (
        Attempt.objects.filter(donation=gift, redirected_at__isnull=False)
        .annotate(is_back=Exists(Callback.objects.filter(attempt=OuterRef("pk"))))
        .order_by("-pk")
        .values("state", "reason", "is_back")
        .first()
    )
    if newest is None:
        return Stage.NOT_SENT
    if newest["state"] == AttemptState.FAILED:
        return _STAGES_OF_FAILURE.get(newest["reason"], Stage.CANCELLED)
    if newest["state"] == AttemptState.UNKNOWN:
        return Stage.SILENT
    if newest["state"] == AttemptState.REDIRECTED:
        return Stage.ASKING if newest["is_back"] else Stage.AT_BANK
    return None
