"""Ours ↔ the report ↔ the bank, for each account and Jalali day, kept as a summary that pages read.

Everything here is computed from lines, attempts and payouts and may be computed again at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min

from core.jalali import day_bounds, tehran_today
from ledger.accounts import clearing_code
from payments.enums import LineKind, SourceKind
from payments.models import DayBalance, Payout, StatementLine, StatementSource, Terminal
from payments.services import discrepancies
from payments.services.bank_lines import ARRIVES_WITHIN
from payments.services.matching import match_source

COMPLETE_AFTER = {SourceKind.GATEWAY_SETTLEMENT: timedelta(days=3)}  # a payment may be paid out so much later
DAYS_BACK = 40  # how far back a round looks by itself


@dataclass(frozen=True)
class Account:
    """An account to reconcile and the sources that speak of it; `report` says what should be there."""

    code: str
    office_id: int
    terminal_id: int | None = None
    report: StatementSource | None = None
    settlement: StatementSource | None = None
    is_bank: bool = False

    @property
    def source_ids(self) -> list[int]:
        return [s.pk for s in (self.report, self.settlement) if s is not None]


def accounts(office_ids: Iterable[int] | None = None) -> list[Account]:
    """The accounts of these offices (of all in scope when none is named): terminals, then sources."""
    sources, terminals = StatementSource.objects.filter(is_active=True), Terminal.objects.all()
    if office_ids is not None:
        chosen = list(office_ids)
        sources, terminals = sources.filter(office__in=chosen), terminals.filter(office__in=chosen)
    by_account: dict[str, list[StatementSource]] = {}
    for source in sources.select_related("office").order_by("pk"):
        by_account.setdefault(source.account, []).append(source)
    found = []
    for terminal in terminals.order_by("pk"):
        code = clearing_code(terminal.gateway, terminal.pk)
        own = {s.kind: s for s in reversed(by_account.pop(code, []))}
        settlement = own.get(SourceKind.GATEWAY_SETTLEMENT)
        report = own.get(SourceKind.GATEWAY_TRANSACTIONS) or settlement
        found.append(Account(code, terminal.office_id, terminal.pk, report, settlement))
    for code, (source, *_) in by_account.items():
        is_bank = source.kind == SourceKind.BANK
        found.append(Account(code, source.office_id, None, source, None if is_bank else source, is_bank))
    return found


def reconcile(office_ids: Iterable[int] | None = None, *, days: int = DAYS_BACK) -> list[DayBalance]:
    """Match what is open, look for what is missing, and renew the summary of the last days; the summary's rows,
    oldest first. Repeatable; each source and account in a transaction of its own."""
    today = tehran_today()
    first = today - timedelta(days=days)
    found = accounts(office_ids)
    kinds = {SourceKind.BANK: 1}
    sources = {s.pk: s for a in found for s in (a.report, a.settlement) if s is not None}
    for source in sorted(sources.values(), key=lambda s: (kinds.get(s.kind, 0), s.pk)):
        while match_source(source.pk):
            pass
    for account in found:
        look_for_missing(account, first)
        refresh(account, first, today)
    rows = DayBalance.objects.filter(account__in=[a.code for a in found], day__gte=first)
    return list(rows.order_by("day", "account"))


@transaction.atomic
def look_for_missing(account: Account, first: date) -> None:
    """Open a discrepancy for each booked payment that a complete report lacks and each payout that the bank, whose
    statement has passed its time, has not shown."""
    until = covered_until(account)
    if until and not account.is_bank:
        start = StatementLine.objects.filter(source=account.report).aggregate(Min("day"))["day__min"]
        begins, ends = day_bounds(max(first, start))[0], day_bounds(until)[1]
        look = discrepancies.open_missing_there if account.terminal_id else discrepancies.open_missing_in_file
        look(account.report, begins, ends)
    if account.settlement is None:
        return
    banks = StatementSource.objects.filter(kind=SourceKind.BANK, office=account.office_id)
    seen = StatementLine.objects.filter(source__in=banks).aggregate(Max("day"))["day__max"]
    if seen is None:
        return
    late = Payout.objects.filter(
        source=account.settlement,
        bank_line=None,
        net_rial__gt=0,
        is_named=True,
        day__lt=seen - ARRIVES_WITHIN,
    )
    for payout in late:
        discrepancies.open_payout_missing(payout)


def covered_until(account: Account) -> date | None:
    """The last day of which the report is complete: one before the newest day that it speaks of; some days before
    where only payouts tell of payments."""
    if account.report is None:
        return None
    newest = (
        StatementLine.objects.filter(source=account.report)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    return newest and newest - COMPLETE_AFTER.get(account.report.kind, timedelta(days=1))


_LINES = """
    SELECT l.day, count(*), sum(l.amount_rial), count(*) FILTER (WHERE {booked}),
           coalesce(sum(l.amount_rial) FILTER (WHERE {booked}), 0)
      FROM payments_statementline l
     WHERE l.source_id = %s AND l.kind = %s AND l.state <> 'discarded' AND l.day BETWEEN %s AND %s GROUP BY 1
"""
_NOT_IN_REPORT = """
    SELECT (a.decided_at AT TIME ZONE 'Asia/Tehran')::date, count(*), sum(coalesce(h.amount_rial, a.amount_rial))
      FROM payments_attempt a LEFT JOIN payments_heldmoney h ON h.attempt_id = a.id
     WHERE a.terminal_id = %s AND a.created_at >= %s - interval '10 days' AND a.decided_at >= %s AND a.decided_at < %s
       AND (a.state IN ('succeeded', 'refunded') OR (a.state = 'under_review' AND h.kind = 'amount_differs'))
       AND NOT EXISTS (SELECT 1 FROM payments_statementline l WHERE l.attempt_id = a.id AND l.source_id = %s
                          AND l.kind = 'payment' AND l.state = 'matched')
     GROUP BY 1
"""
_NOT_IN_FILE = """
    SELECT (t.paid_at AT TIME ZONE 'Asia/Tehran')::date, count(*), sum(t.amount_rial)
      FROM payments_partnertransaction t JOIN payments_partner p ON p.id = t.partner_id
      JOIN payments_statementsource s ON s.key = p.source_key
     WHERE s.id = %s AND t.paid_at >= %s AND t.paid_at < %s
       AND NOT EXISTS (SELECT 1 FROM payments_statementline l WHERE l.donation_id = t.donation_id
                          AND l.attempt_id IS NULL AND l.source_id = s.id AND l.state = 'matched')
     GROUP BY 1
"""
_AT_BANK = """
    SELECT l.day, count(*), sum(l.amount_rial - l.fee_rial) FROM payments_statementline l
      JOIN payments_payout p ON p.id = l.payout_id AND p.bank_line_id IS NOT NULL
     WHERE l.source_id = %s AND l.kind = 'payment' AND l.state = 'matched' AND l.day BETWEEN %s AND %s GROUP BY 1
"""
_OPEN = """
    SELECT day, count(*), coalesce(sum(coalesce(their_rial, our_rial)), 0) FROM payments_discrepancy
     WHERE source_id = ANY(%s) AND settled_at IS NULL AND kind <> 'unknown_deposit' AND day BETWEEN %s AND %s GROUP BY 1
    UNION ALL
    SELECT day, count(*), sum(amount_rial) FROM payments_statementline
     WHERE source_id = ANY(%s) AND state IN ('suggested', 'new') AND day BETWEEN %s AND %s GROUP BY 1
"""
_KEEP = """
    INSERT INTO payments_daybalance AS b (office_id, account, day, our_count, our_rial, report_count, report_rial,
                                          bank_count, bank_rial, open_count, open_rial, state, as_of)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
            CASE WHEN %s THEN 'differs' WHEN %s THEN 'waiting' WHEN %s THEN 'on_the_way' ELSE 'clean' END, now())
    ON CONFLICT (account, day) DO UPDATE SET office_id = EXCLUDED.office_id, our_count = EXCLUDED.our_count,
       our_rial = EXCLUDED.our_rial, report_count = EXCLUDED.report_count, report_rial = EXCLUDED.report_rial,
       bank_count = EXCLUDED.bank_count, bank_rial = EXCLUDED.bank_rial, open_count = EXCLUDED.open_count,
       open_rial = EXCLUDED.open_rial, state = EXCLUDED.state, as_of = now()
"""


@dataclass
class _Day:
    our_count: int = 0
    our_rial: int = 0
    report_count: int = 0
    report_rial: int = 0
    bank_count: int = 0
    bank_rial: int = 0
    open_count: int = 0
    open_rial: int = 0


@transaction.atomic
def refresh(account: Account, first: date, last: date) -> None:
    """Renew the summary of an account for these days, both inclusive. A day on which nothing was has no row."""
    days: dict[date, _Day] = {}

    def add(rows, *names: str) -> None:
        for day, *numbers in rows:
            row = days.setdefault(day, _Day())
            for name, number in zip(names, numbers, strict=True):
                setattr(row, name, getattr(row, name) + int(number or 0))

    kind = LineKind.CREDIT if account.is_bank else LineKind.PAYMENT
    booked = "l.state IN ('matched', 'suspense')" if account.is_bank else "l.state = 'matched'"
    begins, ends = day_bounds(first)[0], day_bounds(last)[1]
    report_id = account.report.pk if account.report else 0
    add(
        _read(_LINES.format(booked=booked), [report_id, str(kind), first, last]),
        "report_count", "report_rial", "our_count", "our_rial",
    )  # fmt: skip
    if account.terminal_id:
        add(
            _read(_NOT_IN_REPORT, [account.terminal_id, begins, begins, ends, report_id]),
            "our_count",
            "our_rial",
        )
    elif not account.is_bank:
        add(_read(_NOT_IN_FILE, [report_id, begins, ends]), "our_count", "our_rial")
    if account.settlement is not None:
        add(_read(_AT_BANK, [account.settlement.pk, first, last]), "bank_count", "bank_rial")
    ids = account.source_ids
    add(_read(_OPEN, [ids, first, last, ids, first, last]), "open_count", "open_rial")
    covered = covered_until(account)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM payments_daybalance WHERE account = %s AND day BETWEEN %s AND %s AND day <> ALL(%s)",
            [account.code, first, last, list(days)],
        )
        for day, row in sorted(days.items()):
            if account.is_bank:
                row.bank_count, row.bank_rial = row.report_count, row.report_rial
            is_short = (row.our_count, row.our_rial) != (row.report_count, row.report_rial)
            is_waiting = is_short and (covered is None or day > covered)
            cursor.execute(
                _KEEP,
                [
                    account.office_id, account.code, day, *vars(row).values(),
                    bool(row.open_count) or (is_short and not is_waiting), is_waiting,
                    row.bank_count < row.report_count,
                ],
            )  # fmt: skip


def _read(sql: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
