"""How far a gift has come towards the bank, as far as its donor must know.

Attempts and gateways belong to payments, which stands above this room: it registers the one who can tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from donations.models import Donation


class Stage(StrEnum):
    """Where a gift that is not received stands."""

    NOT_SENT = "not_sent"  # nobody was sent to a bank's page, so no money can have moved
    AT_BANK = "at_bank"  # a bank's page is open and nobody has come back from it
    ASKING = "asking"  # the donor is back and the bank is being asked
    SILENT = "silent"  # the bank was asked and gave no clear answer yet
    CANCELLED = "cancelled"  # the donor or the bank broke it off; the bank says: not paid
    EXPIRED = "expired"  # the time for paying is over; the bank says: not paid
    REVERSED = "reversed"  # the bank took the money and gave it back


@dataclass(frozen=True)
class Journey:
    """The stage, and the gateways (code, name) that could be tried now."""

    stage: Stage | None = None
    gateways: tuple[tuple[str, str], ...] = ()


_tellers: list[Callable[[Donation], Journey]] = []


def teller(function: Callable[[Donation], Journey]) -> Callable[[Donation], Journey]:
    """Register the function that knows; the last one counts."""
    _tellers.append(function)
    return function


def journey_of(gift: Donation) -> Journey:
    """Ask it; an empty journey where nobody knows."""
    return _tellers[-1](gift) if _tellers else Journey()


_news_keepers: list[Callable[[Donation], None]] = []


def news_keeper(function: Callable[[Donation], None]) -> Callable[[Donation], None]:
    """Register the function that keeps the wish to be told when a gift moves; the last one counts. It belongs to the
    room of aid."""
    _news_keepers.append(function)
    return function


def wish_news(gift: Donation) -> None:
    """Whoever gave wishes to be told when the gift moves. Repeatable; without a number to tell nothing is kept."""
    if gift.donor_id is not None and _news_keepers:
        _news_keepers[-1](gift)


_whereabouts: list[Callable[[Donation], list[dict]]] = []


def whereabouts_teller(function: Callable[[Donation], list[dict]]) -> Callable[[Donation], list[dict]]:
    """Register the function that knows what became of received money: steps of components/timeline.html; the last
    one counts. It belongs to the room of aid, which stands above this one."""
    _whereabouts.append(function)
    return function


def whereabouts_of(gift: Donation) -> list[dict]:
    """What became of a received gift of money since its receipt."""
    return _whereabouts[-1](gift) if _whereabouts else []
