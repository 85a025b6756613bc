"""Reading payments and refunds for the accountant, within the open scope."""

from __future__ import annotations

from contextlib import suppress

from django.db.models import Q, QuerySet

from core.codes import parse_tracking_code
from core.errors import DomainError
from core.text import ascii_digits, normalise
from donations.models import Donation
from payments.enums import RefundState
from payments.models import Attempt, Refund

WAITING = (RefundState.REQUESTED, RefundState.APPROVED, RefundState.BY_HAND)


def payments_in_scope(*, q: str = "", gateway: str = "", state: str = "") -> QuerySet[Attempt]:
    """Attempts, newest first. `q` is any number a donor or a bank may quote: tracking code, order id, reference,
    RRN; something else finds nothing."""
    attempts = Attempt.objects.select_related("donation__fund", "donation__province").order_by("-pk")
    if gateway:
        attempts = attempts.filter(gateway=gateway)
    if state:
        attempts = attempts.filter(state=state)
    return attempts.filter(_quoted(q)) if q else attempts


def _quoted(q: str) -> Q:
    """By tracking code when it is one of a gift in scope, so that its index alone is asked; else by the others."""
    typed = ascii_digits(normalise(q)).strip()
    with suppress(DomainError):
        named = Donation.objects.filter(tracking_code=parse_tracking_code(typed)).values_list("pk", flat=True)
        if (donation_id := named.first()) is not None:
            return Q(donation=donation_id)
    condition = Q(reference=typed) | Q(rrn=typed)
    if typed.isdecimal() and len(typed) <= 18:
        condition |= Q(order_id=int(typed))
    return condition


def refunds_in_scope(*, state: str = "") -> QuerySet[Refund]:
    """Refunds, oldest waiting first; of one state newest first."""
    refunds = Refund.objects.select_related(
        "attempt__donation__province", "attempt__donation__fund", "requested_by", "decided_by"
    )
    if state:
        return refunds.filter(state=state).order_by("-pk")
    return refunds.filter(state__in=WAITING).order_by("pk")
