"""Reading payments and refunds for the accountant, within the open scope."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from django.db.models import Q, QuerySet

from core.codes import parse_tracking_code
from core.errors import DomainError
from core.listing import between
from core.text import ascii_digits, normalise
from payments.enums import RARE_STATES, RefundState
from payments.models import Attempt, Refund

MOST_QUOTED = 200
# Each the order of an index: of gifts of a place, of attempts of a rare state.
_BY_TIME, _BY_KEY = ("-donation__created_at", "-donation_id", "-pk"), ("-donation_id", "-pk")
WAITING = (RefundState.REQUESTED, RefundState.APPROVED, RefundState.BY_HAND)


def payments_in_scope(
    *,
    q: str = "",
    gateway: str = "",
    state: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Attempt]:
    """Attempts of gifts begun between these days, those of the newest gifts first. `q` is any number a donor or a bank
    may quote: tracking code, order id, reference, RRN; something else finds nothing."""
    attempts = Attempt.objects.select_related("donation__fund", "donation__province")
    attempts = between(attempts, "donation__created_at", since, until)
    attempts = attempts.order_by(*(_BY_KEY if state in RARE_STATES else _BY_TIME))
    if gateway:
        attempts = attempts.filter(gateway=gateway)
    if state:
        attempts = attempts.filter(state=state)
    return attempts.filter(pk__in=_quoted(q)) if q else attempts


def quoted_attempts(q: str) -> QuerySet[Attempt]:
    """Attempts of the open scope that this number names, newest first."""
    return Attempt.objects.filter(pk__in=_quoted(q)).order_by("-pk")


def _quoted(q: str) -> list[int]:
    """The attempts that a number names, each way by an index of its own: one condition over all of them would read
    the whole table."""
    typed = ascii_digits(normalise(q)).strip()
    if not typed:
        return []
    ways = [Q(reference=typed), Q(rrn=typed)]
    if typed.isdecimal() and len(typed) <= 18:
        ways.append(Q(order_id=int(typed)))
    with suppress(DomainError):  # not a tracking code: one of the others, or nothing
        ways.append(Q(donation__tracking_code=parse_tracking_code(typed)))
    first, *others = (Attempt.objects.filter(way).order_by().values_list("pk", flat=True) for way in ways)
    return list(first.union(*others)[:MOST_QUOTED])


def refunds_in_scope(
    *, state: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Refund]:
    """Refunds asked for between these days, oldest waiting first; of one state newest first."""
    refunds = Refund.objects.select_related(
        "attempt__donation__province", "attempt__donation__fund", "requested_by", "decided_by"
    )
    refunds = between(refunds, "requested_at", since, until)
    if state:
        return refunds.filter(state=state).order_by("-pk")
    return refunds.filter(state__in=WAITING).order_by("pk")
