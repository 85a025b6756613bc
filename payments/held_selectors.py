"""Reading unusual money, within the open scope."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.listing import between
from payments import counter_phrases, phrases
from payments.enums import HeldState
from payments.models import Attempt, Callback, HeldDecision, HeldMoney
from provinces.scoping import current_scope

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


def where_decided(subject: str, facts: dict) -> dict[str, str] | None:
    """The page on which the money that a case speaks of is decided: {url, label}; None where there is none."""
    room, _, number = subject.partition(":")
    if room == "held" and number.isdecimal():
        return _link("unusual-one", int(number), phrases.SEE_HELD)
    count, _, _ = number.partition(":")  # and the cancellation by which a gift fell out of it
    if room == "cash_count" and count.isdecimal():
        return _link("counter-count-one", int(count), counter_phrases.COUNT)
    if room == "attempt" and number.isdecimal():
        attempt = Attempt.objects.filter(order_id=int(number)).select_related("held").first()
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


def _link(name: str, key: int, label: str) -> dict[str, str]:
    return {"url": reverse(name, args=[key]), "label": str(label)}
