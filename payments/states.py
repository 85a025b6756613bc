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
from psycopg2.extras import Json, execute_values

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


_MOVE = """
    UPDATE payments_attempt a
       SET state = m.state, reason = m.reason, evidence = coalesce(m.evidence, a.evidence),
           reference = CASE WHEN m.reference = '' THEN a.reference ELSE m.reference END,
           rrn = CASE WHEN m.rrn = '' THEN a.rrn ELSE m.rrn END,
           trace_no = CASE WHEN m.trace_no = '' THEN a.trace_no ELSE m.trace_no END,
           card_masked = CASE WHEN m.card_masked = '' THEN a.card_masked ELSE m.card_masked END,
           decided_at = coalesce(m.decided_at, a.decided_at), next_ask_at = m.next_ask_at, leased_until = NULL
      FROM (VALUES %s) AS m (id, state, reason, evidence, reference, rrn, trace_no, card_masked, decided_at,
                             next_ask_at)
     WHERE a.id = m.id
"""
_TEMPLATE = "(%s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s::timestamptz, %s::timestamptz)"


def transition(moves: Sequence[Move]) -> None:
    """Move attempts that the caller has locked, in one statement. The database raises when a move is not in the
    table. Moving to the state it is in already only renews the times and the evidence."""
    if not moves:
        return
    rows = [
        (
            m.attempt_id,
            str(m.to),
            m.reason[:60],
            Json(dict(m.evidence)) if m.evidence is not None else None,
            m.reference[:64],
            m.rrn[:32],
            m.trace_no[:32],
            m.card_masked[:20],
            m.decided_at,
            m.next_ask_at,
        )
        for m in moves
    ]
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, _MOVE, rows, template=_TEMPLATE, page_size=len(rows))
