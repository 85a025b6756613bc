"""What does not fit: written down once, with a case for a person; settled by itself when what was missing comes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.models import User
from core.outbox import promise_many
from payments.enums import DiscrepancyKind
from payments.models import Discrepancy, StatementLine, StatementSource

_CAME = "came_later"

_OPEN = """
    INSERT INTO payments_discrepancy (kind, subject, source_id, day, line_id, attempt_id, our_rial, their_rial,
                                      donation_id)
    {rows}
    ON CONFLICT (kind, subject) DO UPDATE SET settled_at = NULL
       WHERE payments_discrepancy.settled_at IS NOT NULL AND payments_discrepancy.settled_by_id IS NULL
         AND payments_discrepancy.kind <> 'reversed_later'
    RETURNING id
"""
_FROM_VERDICTS = """
    SELECT v.verdict, 'line:' || v.id, %(source)s, v.day, v.id, v.attempt_id, v.our_rial, v.amount_rial,
           NULL::bigint
      FROM verdict v JOIN payments_statementline l ON l.id = v.id
     WHERE v.verdict <> 'fits' AND l.state <> 'suggested' ORDER BY v.id
"""
_OF_LINES = """
    SELECT %(kind)s, 'line:' || l.id, l.source_id, l.day, l.id, l.attempt_id, %(our)s, l.amount_rial,
           NULL::bigint
      FROM payments_statementline l WHERE l.id = ANY(%(lines)s) ORDER BY l.id
"""
# A day's attempts that the report of that day, which is complete, does not have.
_NOT_THERE = """
    SELECT 'missing_there', 'attempt:' || a.order_id, %(source)s, (a.decided_at AT TIME ZONE 'Asia/Tehran')::date,
           NULL::bigint, a.id, coalesce(h.amount_rial, a.amount_rial), NULL::bigint, NULL::bigint
      FROM payments_attempt a LEFT JOIN payments_heldmoney h ON h.attempt_id = a.id
     WHERE a.terminal_id = %(terminal)s AND a.created_at >= %(first)s - interval '10 days'
       AND a.decided_at >= %(first)s AND a.decided_at < %(until)s - interval '15 minutes'
       AND (a.state = 'succeeded' OR (a.state = 'under_review' AND h.kind = 'amount_differs'))
       AND NOT EXISTS (SELECT 1 FROM payments_statementline l
                        WHERE l.attempt_id = a.id AND l.source_id = %(source)s AND l.kind = 'payment'
                          AND l.day >= (%(first)s AT TIME ZONE 'Asia/Tehran')::date - 15)
       AND NOT EXISTS (SELECT 1 FROM payments_matchsuggestion s JOIN payments_statementline l ON l.id = s.line_id
                        WHERE s.attempt_id = a.id AND l.source_id = %(source)s AND l.state = 'suggested')
"""
# What a partner reported and its own complete file of that day does not have.
_NOT_IN_FILE = """
    SELECT 'missing_there', 'partner:' || t.id, %(source)s, (t.paid_at AT TIME ZONE 'Asia/Tehran')::date,
           NULL::bigint, NULL::bigint, t.amount_rial, NULL::bigint, t.donation_id
      FROM payments_partnertransaction t JOIN payments_partner p ON p.id = t.partner_id
      JOIN donations_donation d ON d.id = t.donation_id AND d.status = 'received'
     WHERE p.source_key = %(key)s AND t.paid_at >= %(first)s AND t.paid_at < %(until)s - interval '15 minutes'
       AND NOT EXISTS (SELECT 1 FROM payments_statementline l
                        WHERE l.donation_id = t.donation_id AND l.source_id = %(source)s AND l.kind = 'payment'
                          AND l.day >= (%(first)s AT TIME ZONE 'Asia/Tehran')::date - 15)
"""
# Each of the two is found by an index of its own, however many lines there are.
_CAME_AS = """EXISTS (SELECT 1 FROM payments_statementline l
                      WHERE {same} AND l.source_id = d.source_id AND l.kind = 'payment' AND l.state = 'matched')
              OR EXISTS (SELECT 1 FROM payments_statementline l
                          WHERE {same} AND l.source_id = d.source_id AND l.kind = 'payment'
                            AND l.state IN ('new', 'suggested', 'suspense', 'differs'))"""
_SETTLE = f"""
    UPDATE payments_discrepancy d SET settled_at = now(), resolution = %(how)s
     WHERE d.settled_at IS NULL AND d.source_id = %(source)s AND (
           EXISTS (SELECT 1 FROM payments_statementline l
                    WHERE l.id = d.line_id AND l.state IN ('matched', 'discarded'))
        OR (d.kind = 'missing_there' AND d.attempt_id IS NOT NULL AND (
              {_CAME_AS.format(same="l.attempt_id = d.attempt_id")}
              OR EXISTS (SELECT 1 FROM payments_attempt a WHERE a.id = d.attempt_id AND a.state = 'refunded')))
        OR (d.kind = 'missing_there' AND d.donation_id IS NOT NULL AND (
              {_CAME_AS.format(same="l.donation_id = d.donation_id AND l.attempt_id IS NULL")}
              OR EXISTS (SELECT 1 FROM donations_donation g WHERE g.id = d.donation_id AND g.status = 'refunded')))
        OR (d.kind = 'payout_missing' AND EXISTS (
              SELECT 1 FROM payments_payout p WHERE p.id = d.payout_id AND p.bank_line_id IS NOT NULL)))
    RETURNING d.kind, d.subject
"""  # noqa: S608 - its own words


@transaction.atomic
def give(discrepancy_id: int, owner: User, *, actor: User) -> Discrepancy:
    """Hand what does not fit, and its case, to somebody (or take it). Locks it; audited.

    DomainError: not_found, discrepancy_settled.
    """
    row = (
        Discrepancy.objects.select_for_update(of=("self",))
        .select_related("source__office")
        .filter(pk=discrepancy_id)
        .first()
    )
    if row is None:
        raise DomainError("not_found", status=404)
    if row.settled_at is not None:
        raise DomainError("discrepancy_settled")
    row.owner = owner
    row.save(update_fields=["owner"])
    province = row.source.office.province_id
    audit.record("discrepancy.give", row, actor=actor, province_code=province, owner=owner.pk)
    promise_many("cases.give_case", [{"subject": row.subject, "actor_id": owner.pk}])
    return row


def note_owner(kind: str, subject: str, owner: User) -> None:
    """The case of what does not fit has an owner from now on, and so has it; for cases of other things nothing."""
    Discrepancy.objects.filter(kind=kind, subject=subject, settled_at=None).update(owner=owner)


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


def open_missing_in_file(source: StatementSource, first, until) -> int:
    """Write down the gifts that a partner reported in a complete stretch of time and its files do not name."""
    return _open(_NOT_IN_FILE, {"source": source.pk, "key": source.key, "first": first, "until": until})


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


def note_settled(kind: DiscrepancyKind, lines: Sequence[tuple[StatementLine, int | None]]) -> None:
    """Keep that something happened which needs nobody any more: (line, attempt id) each."""
    Discrepancy.objects.bulk_create(
        [
            Discrepancy(
                kind=kind, subject=f"line:{line.pk}", source_id=line.source_id, day=line.day, line=line,
                attempt_id=attempt_id, their_rial=line.amount_rial, settled_at=timezone.now(), resolution="booked",
            )
            for line, attempt_id in lines
        ],
        ignore_conflicts=True,
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
