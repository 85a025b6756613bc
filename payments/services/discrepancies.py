"""What does not fit: written down once, with a case for a person; settled by itself when what was missing comes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from core.outbox import promise_many
from payments.enums import DiscrepancyKind
from payments.models import Discrepancy, StatementLine, StatementSource

_CAME = "came_later"

_OPEN = """
    INSERT INTO payments_discrepancy (kind, subject, source_id, day, line_id, attempt_id, our_rial, their_rial)
    {rows}
    ON CONFLICT (kind, subject) DO UPDATE SET settled_at = NULL
       WHERE payments_discrepancy.settled_at IS NOT NULL AND payments_discrepancy.settled_by_id IS NULL
         AND payments_discrepancy.kind <> 'reversed_later'
    RETURNING id
"""
_FROM_VERDICTS = """
    SELECT v.verdict, 'line:' || v.id, %(source)s, v.day, v.id, v.attempt_id, v.our_rial, v.amount_rial
      FROM verdict v JOIN payments_statementline l ON l.id = v.id
     WHERE v.verdict <> 'fits' AND l.state <> 'suggested' ORDER BY v.id
"""
_OF_LINES = """
    SELECT %(kind)s, 'line:' || l.id, l.source_id, l.day, l.id, l.attempt_id, %(our)s, l.amount_rial
      FROM payments_statementline l WHERE l.id = ANY(%(lines)s) ORDER BY l.id
"""
# A day's attempts that the report of that day, which is complete, does not have.
_NOT_THERE = """
    SELECT 'missing_there', 'attempt:' || a.order_id, %(source)s, (a.decided_at AT TIME ZONE 'Asia/Tehran')::date,
           NULL::bigint, a.id, coalesce(h.amount_rial, a.amount_rial), NULL::bigint
      FROM payments_attempt a LEFT JOIN payments_heldmoney h ON h.attempt_id = a.id
     WHERE a.terminal_id = %(terminal)s AND a.created_at >= %(first)s - interval '10 days'
       AND a.decided_at >= %(first)s AND a.decided_at < %(until)s - interval '15 minutes'
       AND (a.state = 'succeeded' OR (a.state = 'under_review' AND h.kind = 'amount_differs'))
       AND NOT EXISTS (SELECT 1 FROM payments_statementline l
                        WHERE l.attempt_id = a.id AND l.source_id = %(source)s AND l.kind = 'payment')
       AND NOT EXISTS (SELECT 1 FROM payments_matchsuggestion s JOIN payments_statementline l ON l.id = s.line_id
                        WHERE s.attempt_id = a.id AND l.source_id = %(source)s AND l.state = 'suggested')
"""
_SETTLE = """
    UPDATE payments_discrepancy d SET settled_at = now(), resolution = %(how)s
     WHERE d.settled_at IS NULL AND d.source_id = %(source)s AND (
           EXISTS (SELECT 1 FROM payments_statementline l
                    WHERE l.id = d.line_id AND l.state IN ('matched', 'discarded'))
        OR (d.kind = 'missing_there' AND EXISTS (
              SELECT 1 FROM payments_statementline l WHERE l.attempt_id = d.attempt_id AND l.source_id = d.source_id
                 AND l.kind = 'payment'))
        OR (d.kind = 'missing_there' AND EXISTS (
              SELECT 1 FROM payments_attempt a WHERE a.id = d.attempt_id AND a.state = 'refunded'))
        OR (d.kind = 'payout_missing' AND EXISTS (
              SELECT 1 FROM payments_payout p WHERE p.id = d.payout_id AND p.bank_line_id IS NOT NULL)))
    RETURNING d.kind, d.subject
"""


def open_from_verdicts(source: StatementSource) -> int:
    """Write down what matching could not fit (the work table `verdict`); returns how many are new."""
    return _open(_FROM_VERDICTS, {"source": source.pk})


def open_for_line(kind: DiscrepancyKind, line: StatementLine, *, our_rial: int | None = None) -> int:
    """Write down that a line does not fit."""
    return open_for_lines(kind, [line.pk], our_rial=our_rial)


def open_for_lines(kind: DiscrepancyKind, line_ids: Sequence[int], *, our_rial: int | None = None) -> int:
    """Write down that these lines do not fit."""
    return _open(_OF_LINES, {"kind": str(kind), "lines": list(line_ids), "our": our_rial}) if line_ids else 0


def open_missing_there(source: StatementSource, first, until) -> int:
    """Write down the booked attempts of a complete stretch of time that the source does not name."""
    values = {"source": source.pk, "terminal": source.terminal_id, "first": first, "until": until}
    return _open(_NOT_THERE, values)


def open_payout_missing(payout) -> int:
    """Write down that the bank has not shown a payout."""
    found, created = Discrepancy.objects.get_or_create(
        kind=DiscrepancyKind.PAYOUT_MISSING,
        subject=f"payout:{payout.pk}",
        defaults={
            "source_id": payout.source_id, "day": payout.day, "payout": payout, "our_rial": payout.net_rial,
        },
    )  # fmt: skip
    if created:
        _promise_cases([found.pk])
    return int(created)


def note_settled(kind: DiscrepancyKind, line: StatementLine, attempt_id: int | None = None) -> None:
    """Keep that something happened which needs nobody any more."""
    Discrepancy.objects.get_or_create(
        kind=kind,
        subject=f"line:{line.pk}",
        defaults={
            "source_id": line.source_id, "day": line.day, "line": line, "attempt_id": attempt_id,
            "their_rial": line.amount_rial, "settled_at": timezone.now(), "resolution": "booked",
        },
    )  # fmt: skip


def settle_by_themselves(source: StatementSource) -> None:
    """Settle what has come meanwhile, and close its cases."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, {"source": source.pk, "how": _CAME})
        settled = cursor.fetchall()
    promise_many("cases.close_settled", [{"kind": kind, "subject": subject} for kind, subject in settled])


def _open(rows: str, values: dict) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(rows=rows), values)
        ids = [row[0] for row in cursor.fetchall()]
    _promise_cases(ids)
    return len(ids)


def _promise_cases(discrepancy_ids: Sequence[int]) -> None:
    rows = Discrepancy.objects.filter(pk__in=discrepancy_ids).values_list(
        "kind", "subject", "source__office__province_id", "source__key", "our_rial", "their_rial", "pk"
    )
    promise_many(
        "cases.open_case",
        [
            {
                "kind": kind, "subject": subject, "province": province or "", "statement_source": key,
                "amount_rial": ours, "bank_amount_rial": theirs, "discrepancy": pk,
            }
            for kind, subject, province, key, ours, theirs, pk in rows
        ],
    )  # fmt: skip
