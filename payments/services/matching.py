"""Finding what each line speaks of, strongest key first, in a few statements over all open lines of a source.

Sure keys match by themselves and must agree in amount; time, amount and card only suggest. Lines are looked at
again with every file of their source, so the order in which files come does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from core.locks import Lock
from core.models import Queue
from core.outbox import after_commit
from payments.enums import AttemptState, ImportState, LineKind, LineState, SourceKind
from payments.models import Attempt, StatementImport, StatementLine, StatementSource
from payments.services import bank_lines, discrepancies, operator_lines, posting_lines
from payments.services.line_stage import MATCHED_WHEN_READ, WORK_MEMORY
from payments.states import ASKABLE

OPERATORS = (SourceKind.USSD, SourceKind.APP, SourceKind.POS)
GATEWAYS = (SourceKind.GATEWAY_TRANSACTIONS, SourceKind.GATEWAY_SETTLEMENT)

_COLUMNS = """l.id, l.kind, l.amount_rial, l.occurred_at, l.day, l.terminal_code, ltrim(l.rrn, '0') AS rrn, l.reference,
           ltrim(l.trace_no, '0') AS trace_no, l.order_id, l.card_masked, l.payout_ref, l.fee_rial"""
# Whether a line is open, is not before two people, and speaks of a payment.
_LINES = f"""
    CREATE TEMP TABLE open_line ON COMMIT DROP AS
    SELECT {_COLUMNS}
      FROM payments_statementline l
     WHERE l.source_id = %(source)s AND l.state IN ('new', 'differs', 'suggested')
       AND (l.state = 'new' OR l.day > current_date - 40)  -- what is older waits for a person only
       AND l.kind IN ('payment', 'reversal')
       AND NOT EXISTS (SELECT 1 FROM payments_manualdecision d WHERE d.line_id = l.id AND d.state <> 'refused')
"""  # noqa: S608
_FRESH_LINES = f"""
    INSERT INTO open_line SELECT {_COLUMNS} FROM fresh_line l WHERE l.kind IN ('payment', 'reversal')
"""  # noqa: S608
# The attempts of the terminal around those lines' times. What is in the books carries the amount that is booked.
_ATTEMPTS = """
    CREATE TEMP TABLE near_attempt ON COMMIT DROP AS
    {booked} AND a.created_at BETWEEN (SELECT min(occurred_at) FROM open_line) - interval '10 days'
                              AND (SELECT max(occurred_at) FROM open_line) + interval '1 day'
"""
_FAR_ATTEMPTS = """
    INSERT INTO near_attempt {booked}
       AND a.id IN (SELECT attempt_id FROM found WHERE rule = 'order') AND a.id NOT IN (SELECT id FROM near_attempt)
"""
_BOOKED = """
    SELECT a.id, a.donation_id, a.reference, a.token, a.card_masked, ltrim(a.rrn, '0') AS rrn,
           ltrim(a.trace_no, '0') AS trace_no, b.terminal_key, coalesce(a.decided_at, a.created_at) AS at,
           coalesce(h.amount_rial, a.amount_rial) AS amount_rial,
           a.state IN ('succeeded', 'refunded')
             OR (a.state = 'under_review' AND coalesce(h.kind = 'amount_differs', false)) AS is_booked
      FROM payments_attempt a
      LEFT JOIN payments_heldmoney h ON h.attempt_id = a.id
      LEFT JOIN payments_bankreference b ON b.attempt_id = a.id
     WHERE a.gateway = %(gateway)s AND (%(terminal)s IS NULL OR a.terminal_id = %(terminal)s)
"""
_FOUND = """
    CREATE TEMP TABLE found ON COMMIT DROP AS
    SELECT NULL::bigint AS line_id, NULL::bigint AS attempt_id, NULL::text AS rule, NULL::text AS kind WHERE false
"""
# The strongest key finds almost all: what it leaves is few, and looked at by itself.
_LEFT = """
    CREATE TEMP TABLE left_line ON COMMIT DROP AS
    SELECT l.* FROM open_line l WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.line_id = l.id);
    ANALYZE left_line
"""
_STILL_OPEN = "NOT EXISTS (SELECT 1 FROM found f WHERE f.line_id = l.id)"
# A terminal's own number tells attempts apart only where a source speaks of many terminals.
_SAME_TERMINAL = """(%(terminal)s IS NOT NULL OR l.terminal_code = '' OR a.terminal_key IS NULL
                     OR a.terminal_key = l.terminal_code)"""
_IN_TIME = "a.at BETWEEN l.occurred_at - interval '10 days' AND l.occurred_at + interval '1 day'"
_BY_KEY = f"""
    INSERT INTO found
    SELECT l.id, min(a.id), %(rule)s, l.kind FROM {{lines}} l JOIN {{attempts}} a ON {{key}}
     WHERE {{present}} AND {_STILL_OPEN}
     GROUP BY l.id, l.kind HAVING min(a.id) = max(a.id)
"""  # noqa: S608
# Number and amount on one day: only when one line and one attempt have them.
_BY_TRACE = f"""
    INSERT INTO found
    SELECT line_id, attempt_id, 'trace', kind FROM (
        SELECT l.id AS line_id, a.id AS attempt_id, l.kind, count(*) OVER (PARTITION BY l.id) AS attempts,
               count(*) OVER (PARTITION BY a.id, l.kind) AS lines
          FROM left_line l JOIN near_attempt a
            ON a.trace_no = l.trace_no AND a.amount_rial = l.amount_rial
           AND (a.at AT TIME ZONE 'Asia/Tehran')::date = l.day AND {_SAME_TERMINAL}
         WHERE l.trace_no <> '' AND {_STILL_OPEN}) pair
     WHERE attempts = 1 AND lines = 1
       AND NOT EXISTS (SELECT 1 FROM found f WHERE f.attempt_id = pair.attempt_id)
"""  # noqa: S608
KEYS = (
    ("rrn", "near_attempt", f"a.rrn = l.rrn AND {_IN_TIME} AND {_SAME_TERMINAL}", "l.rrn <> ''"),
    ("reference", "near_attempt", f"a.reference = l.reference AND {_SAME_TERMINAL}", "l.reference <> ''"),
    ("token", "near_attempt", f"a.token = l.reference AND {_SAME_TERMINAL}", "l.reference <> ''"),
    ("order", "payments_attempt", "a.order_id = CASE WHEN l.order_id ~ '^[0-9]{1,18}$' THEN l.order_id::bigint END"
     " AND a.gateway = %(gateway)s AND (%(terminal)s IS NULL OR a.terminal_id = %(terminal)s)", "l.order_id <> ''"),
)  # fmt: skip
_VERDICT = """
    CREATE TEMP TABLE verdict ON COMMIT DROP AS
    SELECT l.id, l.kind, l.day, l.amount_rial, l.fee_rial, l.payout_ref, coalesce(f.rule, '') AS rule,
           a.id AS attempt_id, a.donation_id, a.amount_rial AS our_rial,
           CASE WHEN a.id IS NULL THEN 'missing_here'
                WHEN l.kind = 'reversal' AND a.amount_rial <> l.amount_rial THEN 'amount_differs'
                WHEN NOT a.is_booked THEN 'missing_here'
                WHEN a.amount_rial <> l.amount_rial THEN 'amount_differs'
                WHEN t.attempt_id IS NOT NULL AND l.id <> t.first_line THEN 'twin_or_repeat'
                ELSE 'fits' END AS verdict
      FROM open_line l
      LEFT JOIN found f ON f.line_id = l.id
      LEFT JOIN near_attempt a ON a.id = f.attempt_id
      LEFT JOIN twin t ON t.attempt_id = f.attempt_id AND t.kind = l.kind
"""
# Attempts that more than one line claims. The first line, or the one that has it already, keeps it. Ids rise with
# time, so that the range leaves the lines of past years unread.
_TWINS = """
    CREATE TEMP TABLE twin ON COMMIT DROP AS
    SELECT attempt_id, kind, min(line_id) AS first_line FROM found GROUP BY 1, 2 HAVING count(*) > 1
    UNION ALL
    SELECT m.attempt_id, m.kind, 0 FROM payments_statementline m
     WHERE m.source_id = %(source)s AND m.state = 'matched' AND m.attempt_id IN (SELECT attempt_id FROM found)
       AND m.attempt_id BETWEEN (SELECT min(attempt_id) FROM found) AND (SELECT max(attempt_id) FROM found)
"""
# Booked attempts that no line has claimed, in slots of 31 minutes: what is at most 30 apart is in the same or the next.
_SLOT = "floor(extract(epoch FROM {at}) / 1860)::bigint"
_FREE = f"""
    CREATE TEMP TABLE free_attempt ON COMMIT DROP AS
    SELECT a.id, a.amount_rial, a.at, a.card_masked, a.terminal_key, {_SLOT.format(at="a.at")} AS slot
      FROM near_attempt a
     WHERE a.is_booked AND NOT EXISTS (SELECT 1 FROM found f WHERE f.attempt_id = a.id)
       AND a.amount_rial IN (SELECT amount_rial FROM left_line);
    ANALYZE free_attempt
"""  # noqa: S608
_SUGGEST = f"""
    INSERT INTO payments_matchsuggestion (line_id, attempt_id, minutes_apart)
    SELECT l.id, a.id, near.minutes FROM left_line l
     CROSS JOIN (VALUES (-1), (0), (1)) AS side (step)
      JOIN free_attempt a ON a.amount_rial = l.amount_rial AND {_SAME_TERMINAL}
       AND a.slot = {_SLOT.format(at="l.occurred_at")} + side.step
     CROSS JOIN LATERAL (SELECT (abs(extract(epoch FROM a.at - l.occurred_at)) / 60)::int AS minutes) near
     WHERE {_STILL_OPEN} AND near.minutes <= 30
       AND (l.card_masked = '' OR a.card_masked = '' OR right(l.card_masked, 4) = right(a.card_masked, 4))
       AND NOT EXISTS (SELECT 1 FROM payments_statementline m WHERE m.attempt_id = a.id
                          AND m.source_id = %(source)s AND m.kind = l.kind AND m.state = 'matched'
                          AND m.attempt_id BETWEEN (SELECT min(id) FROM free_attempt)
                                               AND (SELECT max(id) FROM free_attempt))
    ON CONFLICT DO NOTHING
"""  # noqa: S608


def match_import(import_id: int) -> None:
    """Match and post what a file brought. Repeatable and restartable: all of it is one transaction, and every
    posting has a source of its own."""
    statement = StatementImport.objects.select_related("source").get(pk=import_id)
    left = match_source(statement.source_id, was_matched=statement.counts.get(MATCHED_WHEN_READ, False))
    if left:
        after_commit("payments.match_import", queue=Queue.LONG, import_id=import_id)
        return
    StatementImport.objects.filter(pk=import_id).exclude(state=ImportState.REFUSED).update(
        state=ImportState.POSTED, progress=100, finished_at=timezone.now()
    )


@transaction.atomic
def match_source(source_id: int, *, was_matched: bool = False) -> int:
    """Match and post the open lines of a source; returns how many gifts are left for another round.

    One at a time for a source. Safe to repeat: a line that fits is looked at once. `was_matched`: they were matched
    when they were read, and need another look only where lines have come since.
    """
    hold_source(source_id)
    source = StatementSource.objects.select_related("office", "profile", "terminal", "channel", "fund").get(
        pk=source_id
    )
    posting_lines.ensure_accounts(source)
    left = 0
    if source.kind in GATEWAYS and not (was_matched and not _has_new_lines(source)):
        match_gateway(source)
    elif source.kind in OPERATORS:
        left = operator_lines.book(source)
    if source.kind == SourceKind.BANK:
        bank_lines.match(source)
    elif source.kind != SourceKind.GATEWAY_TRANSACTIONS:
        posting_lines.post_payouts(source)
        banks = StatementSource.objects.filter(kind=SourceKind.BANK, office=source.office_id)
        for bank in banks.select_related("office", "channel").order_by("pk"):
            hold_source(bank.pk)
            posting_lines.ensure_accounts(bank)
            bank_lines.match(bank)
            discrepancies.settle_by_themselves(bank)
    discrepancies.settle_by_themselves(source)
    return left


def _has_new_lines(source: StatementSource) -> bool:
    return StatementLine.objects.filter(
        source=source, state=LineState.NEW, kind__in=[LineKind.PAYMENT, LineKind.REVERSAL]
    ).exists()


def hold_source(source_id: int) -> None:
    """Keep all other matching and deciding of a source's lines away until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.STATEMENT_SOURCE, source_id])


def write_matched(source: StatementSource) -> None:
    """Write the lines of the work table `fresh_line` with what they speak of. The caller holds the gateway's source."""
    posting_lines.ensure_accounts(source)
    match_gateway(source, with_fresh=True)


def match_gateway(source: StatementSource, *, with_fresh: bool = False) -> None:
    """Tie a gateway's lines to attempts; what does not fit becomes a discrepancy."""
    values = {"source": source.pk, "gateway": source.gateway, "terminal": source.terminal_id}
    with _work_tables() as cursor:
        cursor.execute(_LINES, values)
        lines = cursor.rowcount
        if with_fresh:
            cursor.execute(_FRESH_LINES)
        elif not lines:
            return
        cursor.execute(_ATTEMPTS.format(booked=_BOOKED), values)
        cursor.execute(_FOUND)
        cursor.execute("ANALYZE open_line; ANALYZE near_attempt")
        lines = "open_line"
        for rule, attempts, key, present in KEYS:
            statement = _BY_KEY.format(lines=lines, attempts=attempts, key=key, present=present)
            cursor.execute(statement, values | {"rule": rule})
            if lines == "open_line":
                cursor.execute("ANALYZE found")
                cursor.execute(_LEFT)
                lines = "left_line"
        cursor.execute(_FAR_ATTEMPTS.format(booked=_BOOKED), values)
        cursor.execute(_BY_TRACE, values)
        cursor.execute(_TWINS, values)
        cursor.execute(_VERDICT, values)
        cursor.execute("ANALYZE verdict")
        cursor.execute(_FREE)
        cursor.execute(_SUGGEST, values)
        posting_lines.keep_verdicts(source, with_fresh=with_fresh)
        discrepancies.open_from_verdicts(source)
        _ask_again(cursor)
        cursor.execute("SELECT id, attempt_id FROM verdict WHERE verdict = 'fits' AND kind = 'reversal'")
        posting_lines.note_reversals(source, cursor.fetchall())


def _ask_again(cursor) -> None:
    """A payment the bank reports and we do not have: the sweeper asks the bank at once."""
    cursor.execute(
        "SELECT attempt_id FROM verdict WHERE verdict = 'missing_here' AND kind = 'payment' AND attempt_id IS NOT NULL"
    )
    ids = [row[0] for row in cursor.fetchall()]
    Attempt.objects.filter(pk__in=ids, state__in=[AttemptState(s) for s in ASKABLE]).update(
        next_ask_at=timezone.now()
    )


@contextmanager
def _work_tables() -> Iterator:
    """A cursor, and no work tables of an earlier round of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEMORY])
        cursor.execute(
            "DROP TABLE IF EXISTS open_line, left_line, near_attempt, free_attempt, found, twin, verdict"
        )
        yield cursor
