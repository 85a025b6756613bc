"""The states of an attempt, which moves are allowed, and the one function that makes a move.

The same table stands in the database (migration 0003), which refuses every other move and writes an AttemptEvent
for each. That somebody is asking the bank right now is a lease on the row, not a state. Nothing turns a success
into a failure; a late success may follow failed or unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg2.extras import Json

from payments.enums import AttemptState as S

MOVES: dict[S, set[S]] = {
    S.CREATED: {S.REDIRECTED, S.FAILED},
    S.REDIRECTED: {S.UNKNOWN, S.UNDER_REVIEW, S.SUCCEEDED, S.FAILED},
    S.UNKNOWN: {S.UNDER_REVIEW, S.SUCCEEDED, S.FAILED},
    S.UNDER_REVIEW: {S.SUCCEEDED, S.FAILED, S.REFUNDED},
    S.FAILED: {S.UNDER_REVIEW, S.SUCCEEDED},
    S.SUCCEEDED: {S.REFUNDED},
    S.REFUNDED: set(),
}
UNDECIDED = {S.CREATED, S.REDIRECTED, S.UNKNOWN}
ASKABLE = {S.REDIRECTED, S.UNKNOWN, S.FAILED}


@dataclass(frozen=True)
class Move:
    """An attempt's next state and what is known with it. Times are UTC; None leaves a time as it is."""

    attempt_id: int
    to: S
    reason: str
    evidence: Mapping[str, Any] | None = None
    reference: str = ""
    rrn: str = ""
    trace_no: str = ""
    card_masked: str = ""
    decided_at: datetime | None = None
    next_ask_at: datetime | None = field(default=None)


def transition(moves: Sequence[Move]) -> None:
    """Move attempts that the caller has locked, in one statement. The database raises when a move is not in the
    table. Moving to the state it is in already only renews the times and the evidence."""
    if not moves:
        return
    rows = [
        {
            "id": m.attempt_id,
            "state": str(m.to),
            "reason": m.reason[:60],
            "evidence": None if m.evidence is None else dict(m.evidence),
            "reference": m.reference[:64],
            "rrn": m.rrn[:32],
            "trace_no": m.trace_no[:32],
            "card_masked": m.card_masked[:20],
            "decided_at": m.decided_at and m.decided_at.isoformat(),
            "next_ask_at": m.next_ask_at and m.next_ask_at.isoformat(),
        }
        for m in moves
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_move_attempts(%s)", [Json(rows)])
