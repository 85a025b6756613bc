"""After the chaos: until everything is decided, and what had to be done for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from bench.support import books
from bench.support.figures import say
from bench.support.misbehaviour import advance_clock
from bench.support.stack import Stack

# Tokens and claims live for at most 30 minutes at each of these banks. Not much more: SEP's receipts can be read
# for 60 minutes after the token only, and the portal's own last question falls before that.
BEYOND_ALL_WINDOWS = 32 * 60
_PUSH_EVERY = 3.0
_UNDECIDED = """
    SELECT a.gateway, a.order_id::text FROM payments_attempt a
     WHERE a.state IN ('created', 'redirected', 'unknown')
       AND NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.subject = 'attempt:' || a.order_id
                         AND c.kind = 'undecided')
"""
_WAITING = """
    SELECT (SELECT count(*) FROM payments_callback WHERE verdict = 'waiting'),
           (SELECT count(*) FROM core_outboxmessage WHERE queue = 'celery' AND due_at < now() + interval '1 hour'),
           (SELECT count(*) FROM ledger_foldrow)
"""
_PUSH = "UPDATE payments_attempt SET next_ask_at = now(), leased_until = NULL WHERE next_ask_at > now()"
_PUSH_CALLBACKS = "UPDATE payments_callback SET leased_until = NULL WHERE verdict = 'waiting'"
_END_OF_TIME = """
    UPDATE payments_attempt SET ask_until = now(), next_ask_at = now(), leased_until = NULL
     WHERE next_ask_at IS NOT NULL AND ask_until > now()
"""


class Quiet:
    """Waits in three steps, each of which may be too short: as it is; with the portal's clock of asking moved
    forward (`next_ask_at`, leases); with both clocks beyond the banks' deadlines."""

    def __init__(self, stack: Stack, look_after: Callable[[], None]) -> None:
        self._stack, self._look_after = stack, look_after
        self._began = time.monotonic()
        self.figures: dict[str, Any] = {}

    def run(self, natural: float, patience: float) -> None:
        """Until nothing is left to decide, or for `patience` seconds a step."""
        self._wait(natural, self._paid_undecided)
        self.figures["undecided_paid_when_the_clock_was_moved"] = self._paid_undecided()
        self._wait(patience, self._paid_undecided, self._push)
        self.figures["seconds_until_all_paid_were_decided"] = self._seconds()
        advance_clock(self._stack, BEYOND_ALL_WINDOWS)
        self._stack.sql(_END_OF_TIME)
        self._wait(patience, self._undecided, self._push)
        self._wait(patience, self._waiting)
        self.figures["seconds_until_all_were_decided"] = self._seconds()
        self.figures["undecided"] = self._undecided()
        self.figures["still_waiting_in_queues"] = self._waiting()
        self.figures["clock_moved"] = (
            "next_ask_at and leases set to now every 3 s; then the bank's clock and ask_until past all deadlines"
        )

    def _seconds(self) -> float:
        return round(time.monotonic() - self._began, 1)

    def _wait(self, seconds: float, left: Callable[[], int], again: Callable[[], None] | None = None) -> None:
        until, next_time = time.monotonic() + seconds, 0.0
        while left() and time.monotonic() < until:
            if again and time.monotonic() >= next_time:
                again()
                next_time = time.monotonic() + _PUSH_EVERY
            pause = time.monotonic() + 0.5
            while time.monotonic() < pause:
                self._look_after()
                time.sleep(0.05)

    def _push(self) -> None:
        self._stack.sql(_PUSH)
        self._stack.sql(_PUSH_CALLBACKS)
        say(f"undecided: {self._undecided()}")

    def _paid_undecided(self) -> int:
        """Attempts that the bank holds as paid and that are not decided here. Mellat's are decided by the bank's
        window where nobody came back with the reference."""
        open_here = set(self._stack.sql(_UNDECIDED))
        if not open_here:
            return 0
        told = {a.order_id: a.told for a in books.portal_attempts(self._stack) if a.gateway == "mellat"}
        return sum(
            (row["gateway"], row["order_id"]) in open_here
            and row["state"] in ("PAID", "VERIFIED", "SETTLED")
            and (row["gateway"] != "mellat" or row["reference"] in told.get(row["order_id"], ()))
            for row in books.bank_book(self._stack)
        )

    def _undecided(self) -> int:
        return len(self._stack.sql(_UNDECIDED))

    def _waiting(self) -> int:
        return sum(self._stack.sql(_WAITING)[0])
