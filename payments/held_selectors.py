"""Reading unusual money, within the open scope."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.listing import between
from payments import counter_phrases, phrases, reconciliation_phrases, statement_phrases
from payments.cash_selectors import left_over
from payments.enums import OPEN_CLAIMS, UNREAD_LINES, DiscrepancyKind, HeldState
from payments.models import (
    Attempt,
    Callback,
    CashCount,
    Discrepancy,
    DonorClaim,
    HeldDecision,
    HeldMoney,
    UnreadLine,
)
from provinces.scoping import all_provinces, current_scope

MINE, NOBODYS = "mine", "nobody"
OLDER_THAN_DAYS = (1, 3, 7, 30)


def held_in_scope(
    *,
    kind: str = "",
    state: str = HeldState.OPEN,
    older_than: str = "",
    owner: str = "",
    user_id: int = 0,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[HeldMoney]:
    """Unusual money found between these days, the oldest first. `state` "" shows all; `older_than` is in days; `owner`
    is MINE (of `user_id`) or NOBODYS."""
    rows = HeldMoney.objects.select_related(
        "attempt__donation", "province", "owner", "terminal", "donation"
    ).order_by("opened_at", "pk")
    rows = between(rows, "opened_at", since, until)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if older_than:
        rows = rows.filter(opened_at__lt=timezone.now() - timedelta(days=int(older_than)))
    if owner:
        rows = rows.filter(owner=user_id if owner == MINE else None)
    return rows


def open_held_count() -> int:
    """How much unusual money of the open scope waits."""
    return HeldMoney.objects.filter(state=HeldState.OPEN).count()


def decisions_of(held: HeldMoney) -> list[HeldDecision]:
    """What was proposed and decided about it, newest first."""
    return list(held.decisions.select_related("requested_by", "decided_by", "basis", "fund", "province"))


def stray_callback(callback_id: str) -> Callback | None:
    """A return of no known attempt; such ones belong to no province and are shown to headquarters only."""
    if not current_scope().everything or not callback_id.isdecimal() or len(callback_id) > 18:
        return None
    return Callback.objects.filter(pk=int(callback_id), attempt=None).first()


def where_decided(kind: str, subject: str, facts: dict) -> dict[str, str] | None:
    """The page on which the money that a case speaks of is decided: {url, label}; None where there is none."""
    differs = Discrepancy.objects.filter(kind=kind, subject=subject).values_list("pk", flat=True).first()
    if differs is not None:
        return _link("discrepancy", differs, reconciliation_phrases.SEE_DISCREPANCY)
    room, number = _named_by(subject)
    if room == "held":
        return _link("unusual-one", number, phrases.SEE_HELD)
    if room == "cash_count":
        return _link("counter-count-one", number, counter_phrases.COUNT)
    if room == "claim":
        return _link("claim", number, reconciliation_phrases.CLAIM)
    if room == "import":
        return _link("statement", number, statement_phrases.SEE_STATEMENT)
    if room == "attempt":
        attempt = Attempt.objects.filter(order_id=number).select_related("held").first()
        if attempt is None:
            return None
        held = getattr(attempt, "held", None)
        if held is not None:
            return _link("unusual-one", held.pk, phrases.SEE_HELD)
        return _link("payment-desk", attempt.pk, phrases.SEE_PAYMENT)
    if facts.get("callback") and stray_callback(str(facts["callback"])):
        return {
            "url": f"{reverse('unusual-new')}?callback={facts['callback']}",
            "label": str(phrases.WRITE_FOUND),
        }
    return None


@all_provinces("a matter is open for everybody")
def is_undecided(kind: str, subject: str) -> bool:
    """Whether what a case speaks of still waits: a difference that neither settled by itself nor was decided by two,
    money without a place, cash that is missing, twins or unread lines of a file, a donor's claim."""
    if Discrepancy.objects.filter(kind=kind, subject=subject, settled_at=None).exists():
        return True
    room, number = _named_by(subject)
    if room == "held":
        return HeldMoney.objects.filter(pk=number, state=HeldState.OPEN).exists()
    if room == "attempt":
        return HeldMoney.objects.filter(attempt__order_id=number, state=HeldState.OPEN).exists()
    if room == "cash_count":
        count = CashCount.objects.filter(pk=number).first()
        return count is not None and left_over(count) != 0
    if room == "import" and kind in (DiscrepancyKind.TWIN_OR_REPEAT, UNREAD_LINES):
        return unread_waiting(number, kind).exists()
    if room == "claim":
        return DonorClaim.objects.filter(pk=number, state__in=OPEN_CLAIMS).exists()
    return False


def unread_waiting(import_id: int, kind: str) -> QuerySet[UnreadLine]:
    """What waits in a file: its twins (TWIN_OR_REPEAT) or all else that could not be read (UNREAD_LINES)."""
    twins = Q(reason=DiscrepancyKind.TWIN_OR_REPEAT)
    of_kind = twins if kind == DiscrepancyKind.TWIN_OR_REPEAT else ~twins
    return UnreadLine.objects.filter(of_kind, first_import=import_id, resolved_at=None)


def _named_by(subject: str) -> tuple[str, int]:
    """The kind of row that a subject names and its number ("", 0 where it names none). What a count says beyond is the
    cancellation by which a gift fell out of it."""
    room, _, number = subject.partition(":")
    number, _, _ = number.partition(":")
    return (room, int(number)) if number.isascii() and number.isdecimal() and len(number) < 19 else ("", 0)


def _link(name: str, key: int, label: str) -> dict[str, str]:
    return {"url": reverse(name, args=[key]), "label": str(label)}
