"""The bank's own book against the portal's database, payment by payment. Shares no code with the portal."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.support.stack import Stack

GIFT, SUSPENSE = "gift", "unexpected"  # kinds of entries: the gift itself, money a person must place
_ATTEMPTS = """
    SELECT a.order_id::text, a.gateway, a.state, a.amount_rial, d.tracking_code, d.status,
           coalesce((SELECT array_agg(e.kind::text || ':' || coalesce(p.rial, 0)) FROM ledger_entry e
                       LEFT JOIN LATERAL (SELECT sum(amount_rial) AS rial FROM ledger_posting
                                           WHERE entry_id = e.id AND amount_rial > 0) p ON true
                      WHERE e.source = 'attempt:' || a.order_id), '{}'),
           coalesce((SELECT array_agg(c.payload ->> 'SaleReferenceId') FROM payments_callback c
                      WHERE c.attempt_id = a.id), '{}')
      FROM payments_attempt a JOIN donations_donation d ON d.id = a.donation_id
"""


@dataclass(frozen=True)
class Attempt:
    """What the portal knows of one order. `entries` are (kind, rial) of its entries in the ledger; `told` are
    the references that Mellat's callbacks brought."""

    order_id: str
    gateway: str
    state: str
    amount_rial: int
    tracking_code: str
    donation_status: str
    entries: tuple[tuple[str, int], ...] = ()
    told: tuple[str, ...] = ()


@dataclass
class Comparison:
    """`figures` are counts of payments; `problems` name every payment on which the two books disagree."""

    figures: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def bank_book(stack: Stack) -> list[dict[str, Any]]:
    """Every payment as the bank has it."""
    with urllib.request.urlopen(f"{stack.bank_url}/control/book", timeout=60) as answer:
        return json.load(answer)


def portal_attempts(stack: Stack) -> list[Attempt]:
    """Every attempt with its entries."""
    return [Attempt(*row[:6], tuple(map(_entry, row[6])), tuple(row[7])) for row in stack.sql(_ATTEMPTS)]


def _entry(text: str) -> tuple[str, int]:
    kind, _, rial = text.partition(":")
    return kind, int(rial)


def compare(book: Iterable[Mapping[str, Any]], attempts: Iterable[Attempt]) -> Comparison:
    """Whether what was paid there is booked here, once, and nothing else.

    A payment that the bank sent back (AUTO_REVERSED) must not be booked. It is nobody's loss only where the
    portal could not know of it: at Mellat, when the payer never came back.
    """
    ours = {(attempt.gateway, attempt.order_id): attempt for attempt in attempts}
    found = _Found()
    for row in book:
        found.take(row, ours.pop((row["gateway"], row["order_id"]), None))
    for attempt in ours.values():
        if attempt.entries:
            found.add("received_and_not_paid", attempt, "the bank has no such payment")
    found.gifts(ours_of(found.seen.values()))
    return found.result()


def ours_of(attempts: Iterable[Attempt]) -> dict[str, list[Attempt]]:
    """Attempts by gift."""
    gifts: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        gifts.setdefault(attempt.tracking_code, []).append(attempt)
    return gifts


MUST_BE_ZERO = (
    "paid_and_missing",
    "received_and_not_paid",
    "booked_twice",
    "not_finished_at_bank",
    "amount_differs",
    "reversed_though_it_could_be_known",
)


class _Found:
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.reversed: Counter[str] = Counter()
        self.problems: list[str] = []
        self.seen: dict[tuple[str, str], Attempt] = {}
        self.claimed: set[str] = set()

    def add(self, name: str, attempt: Attempt | None, why: str) -> None:
        self.counts[name] += 1
        what = f"{attempt.gateway} {attempt.order_id} ({attempt.tracking_code})" if attempt else ""
        self.problems.append(f"{name}: {what} {why}")

    def take(self, row: Mapping[str, Any], attempt: Attempt | None) -> None:
        state, gateway = row["state"], row["gateway"]
        is_paid, was_paid = state in ("PAID", "VERIFIED", "SETTLED"), "paid_at" in row["times"]
        self.counts["paid_at_bank"] += was_paid
        if attempt is None:
            if was_paid:
                self.add("paid_and_missing", None, f"{gateway} {row['order_id']} is unknown here")
            return
        self.seen[gateway, attempt.order_id] = attempt
        if is_paid:
            self._paid(row, attempt)
        elif attempt.entries:
            self.add("received_and_not_paid", attempt, f"the bank says {state}")
        elif was_paid:
            self.reversed[gateway] += 1
            if gateway != "mellat" or row["reference"] in attempt.told:
                self.add("reversed_though_it_could_be_known", attempt, f"here {attempt.state}")

    def _paid(self, row: Mapping[str, Any], attempt: Attempt) -> None:
        self.claimed.add(attempt.tracking_code)
        wanted = "SETTLED" if attempt.gateway == "mellat" else "VERIFIED"
        if row["state"] != wanted:
            self.add("not_finished_at_bank", attempt, f"there {row['state']}")
        if not attempt.entries or attempt.state != "succeeded":
            self.add("paid_and_missing", attempt, f"here {attempt.state}, gift {attempt.donation_status}")
        elif len(attempt.entries) > 1:
            self.add("booked_twice", attempt, f"entries {attempt.entries}")
        else:
            kind, rial = attempt.entries[0]
            self.counts["received_here" if kind == GIFT else "in_suspense"] += 1
            if not rial == attempt.amount_rial == row["amount_rial"]:
                self.add("amount_differs", attempt, f"there {row['amount_rial']}, booked {rial}")

    def gifts(self, by_gift: Mapping[str, list[Attempt]]) -> None:
        """A gift is booked as such once, and says so."""
        for code, attempts in by_gift.items():
            booked = [kind for attempt in attempts for kind, _ in attempt.entries if kind == GIFT]
            if len(booked) > 1:
                self.add("booked_twice", attempts[0], "two entries of one gift")
            if bool(booked) != (attempts[0].donation_status == "received"):
                self.add("status_differs", attempts[0], f"gift {code} says {attempts[0].donation_status}")

    def result(self) -> Comparison:
        names = ("paid_at_bank", "received_here", "in_suspense", *MUST_BE_ZERO, "status_differs")
        figures: dict[str, Any] = {name: self.counts[name] for name in names}
        figures["gifts_paid"] = len(self.claimed)
        figures["reversed_by_bank_nothing_booked"] = dict(self.reversed)
        return Comparison(figures, self.problems)
