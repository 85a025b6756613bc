"""The bank's own book: every payment, its state, and the clock by which unclaimed money goes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from payments.sandbox_bank.journal import Journal, NoJournal

MINUTE = 60


class State(StrEnum):
    """Where the payer's money is."""

    CREATED = "CREATED"  # a token was given
    PAID = "PAID"  # taken from the card, not yet claimed by the merchant
    FAILED = "FAILED"  # card refused, or the token grew too old
    CANCELLED = "CANCELLED"
    VERIFIED = "VERIFIED"  # claimed by the merchant
    SETTLED = "SETTLED"  # Mellat: the merchant asked for settlement too
    AUTO_REVERSED = "AUTO_REVERSED"  # not claimed in time: back on the card
    REVERSED = "REVERSED"  # sent back by the merchant
    REFUNDED = "REFUNDED"  # sent back later


NEXT: dict[State, frozenset[State]] = {
    State.CREATED: frozenset({State.PAID, State.FAILED, State.CANCELLED}),
    State.PAID: frozenset({State.VERIFIED, State.AUTO_REVERSED}),
    State.VERIFIED: frozenset({State.SETTLED, State.REVERSED, State.REFUNDED}),
    State.SETTLED: frozenset({State.REFUNDED}),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
    State.AUTO_REVERSED: frozenset(),
    State.REVERSED: frozenset(),
    State.REFUNDED: frozenset(),
}

# gateway -> minutes in which paid money must be claimed, and in which a token can be paid
VERIFY_MINUTES = {"zarinpal": 30, "sep": 30, "sadad": 15, "mellat": 20, "zibal": 10}
TOKEN_MINUTES = {"zarinpal": 30, "sep": 20, "sadad": 15, "mellat": 20, "zibal": 30}


class Payment:
    """One order at one terminal. Amounts in whole rials, times in seconds of the bank's clock."""

    __slots__ = (
        "amount_rial",
        "callback_url",
        "card",
        "description",
        "extra",
        "gateway",
        "mobile",
        "order_id",
        "reference",
        "rrn",
        "state",
        "terminal",
        "times",
        "token",
        "token_minutes",
        "trace_no",
    )  # fmt: skip

    def __init__(self, facts: dict[str, Any], at: float) -> None:
        self.gateway: str = facts["gateway"]
        self.terminal: str = facts["terminal"]
        self.order_id: str = facts["order_id"]
        self.token: str = facts["token"]
        self.amount_rial: int = facts["amount_rial"]
        self.callback_url: str = facts["callback_url"]
        self.description: str = facts.get("description", "")
        self.mobile: str = facts.get("mobile", "")
        self.extra: dict[str, Any] = facts.get("extra") or {}
        self.token_minutes: float = facts.get("token_minutes") or TOKEN_MINUTES[self.gateway]
        self.state = State.CREATED
        self.reference = self.rrn = self.trace_no = self.card = ""
        self.times: dict[str, float] = {State.CREATED: at}

    @property
    def paid(self) -> bool:
        """Whether the card was ever charged."""
        return State.PAID in self.times

    def row(self) -> dict[str, Any]:
        """For the published book: no card, no mobile."""
        return {
            "gateway": self.gateway,
            "terminal": self.terminal,
            "order_id": self.order_id,
            "token": self.token,
            "amount_rial": self.amount_rial,
            "state": self.state,
            "reference": self.reference,
            "rrn": self.rrn,
            "trace_no": self.trace_no,
            "extra": self.extra,
            "times": {state.lower() + "_at": at for state, at in self.times.items()},
        }


class DuplicateOrder(Exception):
    """An order id may be used once per terminal, for ever."""


class Book:
    """All payments. Every change is in the journal before the method returns."""

    def __init__(self, journal: Journal | NoJournal) -> None:
        self._journal = journal
        self._by_token: dict[tuple[str, str], Payment] = {}
        self._by_order: dict[tuple[str, str, str], Payment] = {}
        self._by_reference: dict[tuple[str, str], Payment] = {}
        self._unclaimed: dict[tuple[str, str], Payment] = {}  # paid and not verified, oldest first
        self._terminals: dict[tuple[str, str], None] = {}  # (gateway, terminal) that ever had an order
        self._advance = 0.0
        self.other_events: list[dict[str, Any]] = []  # what the journal holds for others (terminals)
        for event in journal.replay():
            self._apply(event)

    def now(self) -> float:
        """The bank's clock: the wall's, moved forward by `advance`."""
        return time.time() + self._advance

    def advance(self, seconds: float) -> float:
        """Move the clock forward; it is remembered. Returns the new time."""
        self._record({"advance": seconds})
        return self.now()

    def note(self, event: dict[str, Any]) -> None:
        """Remember something that is no payment."""
        self._record(event)

    def open(self, **facts: Any) -> Payment:
        """A new payment; DuplicateOrder when the terminal used the order id before."""
        if (facts["gateway"], facts["terminal"], facts["order_id"]) in self._by_order:
            raise DuplicateOrder(facts["order_id"])
        self._record({"open": facts, "at": self.now()})
        return self._by_token[facts["gateway"], facts["token"]]

    def move(self, payment: Payment, state: State, **facts: str) -> None:
        """Change the state; ValueError for a step that no bank makes."""
        if state not in NEXT[payment.state]:
            raise ValueError(f"{payment.state} never becomes {state}")
        event = {"move": [payment.gateway, payment.token, state], "at": self.now()}
        self._record(event | {"facts": facts} if facts else event)

    def by_token(self, gateway: str, token: Any) -> Payment | None:
        """The payment of a token, as it stands now."""
        return self._aged(self._by_token.get((gateway, str(token))))

    def by_order(self, gateway: str, terminal: str, order_id: Any) -> Payment | None:
        """The payment of a terminal's order."""
        return self._aged(self._by_order.get((gateway, terminal, str(order_id))))

    def by_reference(self, gateway: str, reference: Any) -> Payment | None:
        """The payment of a reference number."""
        return self._aged(self._by_reference.get((gateway, str(reference))))

    def find(self, token: str = "", order_id: str = "", gateway: str = "") -> list[Payment]:
        """All payments with that token or order id, for the control room."""
        if token and gateway:
            found = self.by_token(gateway, token)
            return [found] if found else []
        names = [gateway] if gateway else list(VERIFY_MINUTES)
        if token:
            return [payment for name in names if (payment := self.by_token(name, token))]
        found_by_order = (
            self.by_order(name, terminal, order_id) for name, terminal in self._terminals if name in names
        )
        return [payment for payment in found_by_order if payment]

    def all(self) -> Iterator[Payment]:
        """Every payment, in the order they were opened, as they stand now."""
        for payment in list(self._by_token.values()):
            yield self._aged(payment) or payment

    def unclaimed(self, gateway: str, terminal: str) -> list[Payment]:
        """A terminal's paid payments that wait to be verified, oldest first."""
        return [
            payment
            for payment in list(self._unclaimed.values())
            if (payment.gateway, payment.terminal) == (gateway, terminal)
            and (self._aged(payment) or payment).state is State.PAID
        ]

    def __len__(self) -> int:
        return len(self._by_token)

    def _aged(self, payment: Payment | None) -> Payment | None:
        """Let the clock do what it does: old tokens die, unclaimed money goes back."""
        if payment is None:
            return None
        if payment.state is State.CREATED:
            end = payment.times[State.CREATED] + payment.token_minutes * MINUTE
            if self.now() >= end:
                self._record({"move": [payment.gateway, payment.token, State.FAILED], "at": end})
        elif payment.state is State.PAID:
            end = payment.times[State.PAID] + VERIFY_MINUTES[payment.gateway] * MINUTE
            if self.now() >= end:
                self._record({"move": [payment.gateway, payment.token, State.AUTO_REVERSED], "at": end})
        return payment

    def _record(self, event: dict[str, Any]) -> None:
        self._journal.write(event)
        self._apply(event)

    def _apply(self, event: dict[str, Any]) -> None:
        if "open" in event:
            payment = Payment(event["open"], event["at"])
            self._by_token[payment.gateway, payment.token] = payment
            self._by_order[payment.gateway, payment.terminal, payment.order_id] = payment
            self._terminals[payment.gateway, payment.terminal] = None
        elif "move" in event:
            gateway, token, state = event["move"]
            payment = self._by_token[gateway, token]
            payment.state = State(state)
            payment.times[payment.state] = event["at"]
            if payment.state is State.PAID:
                self._unclaimed[gateway, token] = payment
            else:
                self._unclaimed.pop((gateway, token), None)
            for name, value in (event.get("facts") or {}).items():
                setattr(payment, name, value)
            if payment.reference:
                self._by_reference[gateway, payment.reference] = payment
        elif "advance" in event:
            self._advance += event["advance"]
        else:
            self.other_events.append(event)
