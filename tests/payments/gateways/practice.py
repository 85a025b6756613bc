"""Asking a gateway the way the portal does, against the practice bank."""

import itertools
import time
from dataclasses import dataclass, field

from payments.gateways.base import (
    Answer,
    CallbackHint,
    Gateway,
    Order,
    Question,
    TerminalAccess,
    proves_payment,
)
from payments.sandbox_bank.terminals import DEMO_CREDENTIALS
from tests.payments.sandbox_bank.process import BankProcess

CALLBACK = "http://127.0.0.1:9/pay/callback/"
AMOUNT = 250_000
_order_ids = itertools.count(time.time_ns() // 1000)


def new_order_id() -> str:
    """Never used before, by this test run or an earlier one."""
    return str(next(_order_ids))


@dataclass
class Attempt:
    """One try at paying, with what was stored of it."""

    order_id: str
    token: str
    amount_rial: int
    hint: CallbackHint | None = None
    seen: dict | None = None


@dataclass
class Practice:
    """One adapter at one bank."""

    adapter: Gateway
    bank: BankProcess
    base_url: str = ""
    credentials: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)

    @property
    def access(self) -> TerminalAccess:
        """As the portal would build it; short times, because the bank is next door."""
        return TerminalAccess(
            self.adapter.name,
            self.base_url or f"{self.bank.url}/{self.adapter.name}",
            self.credentials or DEMO_CREDENTIALS[self.adapter.name],
            {"connect_timeout": 1.0, "read_timeout": 5.0} | self.options,
        )

    def order(self, amount_rial: int = AMOUNT, **extra: str) -> Order:
        return Order(new_order_id(), amount_rial, CALLBACK, "هدیه", "09120000000", extra)

    def open(self, amount_rial: int = AMOUNT) -> Attempt:
        """Ask for a token."""
        order = self.order(amount_rial)
        return Attempt(order.order_id, self.adapter.request(self.access, order).token, amount_rial)

    def pay(self, attempt: Attempt, action: str = "pay") -> CallbackHint:
        """The payer decides; the hint of the callback, stored with the attempt."""
        attempt.hint = self.adapter.parse_callback(self.callback(attempt, action)["fields"])
        return attempt.hint

    def callback(self, attempt: Attempt, action: str) -> dict:
        """The payer decides; the callback as the bank makes it."""
        row = {"gateway": self.adapter.name, "token": attempt.token, "action": action}
        return self.bank.control("POST", "pay", **row)["callback"]

    def question(self, attempt: Attempt) -> Question:
        return Question(
            attempt.order_id, attempt.amount_rial, attempt.token, hint=attempt.hint, seen=attempt.seen
        )

    def claim(self, attempt: Attempt) -> Answer:
        """Look and store where the gateway wants it, then verify."""
        if self.adapter.looks_first and not (attempt.seen or {}).get("reference"):
            attempt.seen = self.adapter.look(self.access, self.question(attempt)).seen()
        return self.adapter.verify(self.access, self.question(attempt))

    def proven(self, answer: Answer, attempt: Attempt) -> bool:
        terminal = self.access.credentials[self.adapter.terminal_key]
        return proves_payment(self.adapter, answer, self.question(attempt), terminal)

    def in_book(self, attempt: Attempt) -> dict:
        """The bank's own row."""
        return self.bank.payment(self.adapter.name, attempt.token)

    def claim_in_silence(self, attempt: Attempt) -> Answer:
        """Claim with little patience, where a bank is told not to answer."""
        self.options["read_timeout"] = 0.25
        try:
            return self.claim(attempt)
        finally:
            del self.options["read_timeout"]

    def fault(self, call: str, fault: str, **more: object) -> None:
        self.bank.fault(self.adapter.name, call, fault, **more)
