"""What a bank statement shows: payouts that arrived, deposits of offices, gifts by deposit id, and the unknown.

A credit that nobody knows is booked to suspense at once; when its payout becomes known later it moves on from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from campaigns.models import Fund
from campaigns.selectors import Designation
from core.jalali import tehran_today
from donations.services.arrived import ArrivedGift
from ledger.accounts import UNKNOWN_DEPOSITS
from ledger.balances import legs_on
from ledger.dimensions import Facet
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, entry_of, post, reverse
from payments.enums import (
    CancelMoney,
    CorrectionState,
    DepositState,
    DiscrepancyKind,
    LineKind,
    LineState,
)
from payments.models import (
    CashDeposit,
    CounterCorrection,
    DepositIdentifier,
    Payout,
    StatementLine,
    StatementSource,
)
from payments.reconciliation_selectors import transit_account
from payments.services import discrepancies
from payments.services.arrivals import NewArrival, book_arrivals
from payments.services.cash_days import mark_deposited
from payments.services.payout_entries import fallback_facet, post_parts
from payments.services.posting_lines import line_source, net_of_open_lines
from provinces.enums import OfficeLevel
from provinces.models import Office

BATCH = 5_000
ARRIVES_WITHIN = timedelta(days=5)  # a payout reaches the bank by then, holidays included
SENT_BACK_WITHIN = timedelta(days=60)  # between a transfer to a donor and the statement that shows it
_OPEN = (LineState.NEW, LineState.SUSPENSE, LineState.DIFFERS)


@dataclass(frozen=True)
class _Owed:
    """The parts of a payout that the bank has not shown, and what they add up to with their undecided lines."""

    source: StatementSource
    ref: str
    is_named: bool
    day: date
    net_rial: int
    parts: tuple[Payout, ...]


def match(bank: StatementSource) -> None:
    """Match and book the open lines of a bank account. Safe to repeat; the caller holds the source."""
    _arrived_payouts(bank)
    _deposits_of_offices(bank)
    _gifts_by_deposit_id(bank)
    _to_suspense(bank)
    _money_sent_back(bank)
    _unknown_debits(bank)


# --- payouts ---------------------------------------------------------------------------------------------
def _arrived_payouts(bank: StatementSource) -> None:
    owed = _owed_to(bank)
    if not owed:
        return
    refs = {one.ref: one for one in owed if one.is_named}
    credits = _credits_for(bank, owed)
    taken: set[tuple[int, str]] = set()
    for line in credits:
        one = next((refs[key] for key in _names(line) if key in refs), None)
        if one is None or (one.source.pk, one.ref) in taken:
            continue
        if one.net_rial == line.amount_rial:
            taken.add((one.source.pk, one.ref))
            receive(bank, line, one.source, one.parts, rule="payout_ref")
        elif line.state == LineState.NEW:
            _differs(line, one.net_rial)
    _by_amount(bank, [one for one in owed if (one.source.pk, one.ref) not in taken], credits)


def _by_amount(bank: StatementSource, owed: Sequence[_Owed], credits: Sequence[StatementLine]) -> None:
    """Amount and day, only where one credit and one payout have them."""
    fitting = [
        (line, one)
        for line in credits
        if line.state in (LineState.NEW, LineState.SUSPENSE) and not line.card_masked and not line.deposit_id
        for one in owed
        if one.net_rial == line.amount_rial and timedelta(0) <= line.day - one.day <= ARRIVES_WITHIN
    ]
    lines, payouts = defaultdict(int), defaultdict(int)
    for line, one in fitting:
        lines[line.pk] += 1
        payouts[one.source.pk, one.ref] += 1
    for line, one in fitting:
        if lines[line.pk] == 1 and payouts[one.source.pk, one.ref] == 1:
            receive(bank, line, one.source, one.parts, rule="payout_amount")


def _owed_to(bank: StatementSource) -> list[_Owed]:
    """What the sources of this account's office have paid out and the bank has not shown."""
    parts: dict[tuple[int, str], list[Payout]] = defaultdict(list)
    rows = (
        Payout.objects.select_for_update(of=("self",))
        .select_related("source__office")
        .filter(bank_line=None, source__office=bank.office_id)
        .order_by("pk")
    )
    for payout in rows:
        parts[payout.source_id, payout.ref].append(payout)
    waiting = net_of_open_lines({source for source, _ in parts})
    _join_paid_parts(parts, waiting)
    owed = [
        _Owed(
            group[0].source, ref, group[0].is_named, max(p.day for p in group),
            sum(p.net_rial for p in group) + waiting.get((source, ref), 0), tuple(group),
        )
        for (source, ref), group in parts.items()
    ]  # fmt: skip
    return [one for one in owed if one.net_rial > 0]


def _join_paid_parts(parts: dict, waiting: dict) -> None:
    """A part whose payout the bank has already shown in full belongs to that credit."""
    for (source, ref), group in list(parts.items()):
        paid = Payout.objects.filter(source=source, ref=ref, bank_line__isnull=False)
        line = StatementLine.objects.filter(payouts__in=paid).first()
        if line is None:
            continue
        whole = sum(p.net_rial for p in [*paid, *group]) + waiting.get((source, ref), 0)
        if whole == line.amount_rial:
            Payout.objects.filter(pk__in=[p.pk for p in group]).update(bank_line=line)
            del parts[source, ref]


def _credits_for(bank: StatementSource, owed: Sequence[_Owed]) -> list[StatementLine]:
    """Open credits that may be one of these payouts."""
    refs = [one.ref for one in owed if one.is_named]
    return list(
        _undecided(bank)
        .filter(
            Q(amount_rial__in=[one.net_rial for one in owed])
            | Q(payout_ref__in=refs)
            | Q(reference__in=refs)
            | Q(trace_no__in=refs)
            | Q(rrn__in=refs),
            kind=LineKind.CREDIT,
        )
        .order_by("day", "pk")
    )


def _undecided(bank: StatementSource):
    return StatementLine.objects.filter(source=bank, state__in=_OPEN).exclude(
        decisions__state__in=["requested", "done"]
    )


def _names(line: StatementLine) -> tuple[str, ...]:
    return (line.payout_ref, line.reference, line.trace_no, line.rrn)


def _differs(line: StatementLine, our_rial: int) -> None:
    line.state = LineState.DIFFERS
    line.save(update_fields=["state"])
    discrepancies.open_for_line(DiscrepancyKind.AMOUNT_DIFFERS, line, our_rial=our_rial)


def receive(
    bank: StatementSource, line: StatementLine, payer: StatementSource, parts: Sequence[Payout], *, rule: str
) -> None:
    """Book that a payout has arrived by this line: transit → bank, for each purpose. The caller holds the bank's
    source and the payout's rows."""
    post_parts(payer, [p for p in parts if p.posted_at is None])
    transit = transit_account(payer)
    amounts = defaultdict(int, legs_on(transit, [p.entry_source for p in parts]))
    amounts[fallback_facet(payer)] += line.amount_rial - sum(amounts.values())
    was_suspense = line.state == LineState.SUSPENSE
    source = f"identified:line:{line.pk}" if was_suspense else line_source(bank, line.fingerprint)
    at_bank = defaultdict(int, amounts)
    legs = [Leg(transit, -amount, facet) for facet, amount in sorted(amounts.items(), key=str) if amount]
    if was_suspense:  # which stood at the bank as money of no known purpose
        legs.append(Leg(UNKNOWN_DEPOSITS, line.amount_rial, fallback_facet(bank)))
        at_bank[fallback_facet(bank)] -= line.amount_rial
    legs += [Leg(bank.account, amount, facet) for facet, amount in sorted(at_bank.items(), key=str) if amount]
    kind = EntryKind.IDENTIFIED if was_suspense else EntryKind.DEPOSIT
    post([NewEntry(kind, source, line.occurred_at, tuple(legs), memo=parts[0].ref)])
    line.state, line.rule, line.entry_source = LineState.MATCHED, rule, line.entry_source or source
    line.save(update_fields=["state", "rule", "entry_source"])
    Payout.objects.filter(pk__in=[p.pk for p in parts]).update(bank_line=line)


# --- cash and cheques of an office -----------------------------------------------------------------------
def _deposits_of_offices(bank: StatementSource) -> None:
    """A deposit whose slip the credit names with its amount; cash:<office> → bank."""
    waiting = defaultdict(list)
    for deposit in CashDeposit.objects.filter(_pays_in_here(bank.office), state=DepositState.AWAITING):
        waiting[deposit.slip_number.lstrip("0"), deposit.amount_rial].append(deposit)
    if not waiting:
        return
    amounts = {amount for _, amount in waiting}
    lines = (
        _undecided(bank)
        .filter(kind=LineKind.CREDIT, amount_rial__in=amounts)
        .exclude(state=LineState.DIFFERS)
    )
    for line in lines.order_by("day", "pk"):
        named = {name.lstrip("0") for name in (*_names(line), line.deposit_id) if name.lstrip("0")}
        fitting = [
            d
            for name in named
            for d in waiting.get((name, line.amount_rial), ())
            if d.deposited_on <= line.day
        ]
        if len(fitting) != 1:
            continue
        deposit = fitting[0]
        waiting[deposit.slip_number.lstrip("0"), deposit.amount_rial].remove(deposit)
        receive_deposit(bank, line, deposit)


def _pays_in_here(office: Office) -> Q:
    """Whose deposits may stand on an account of an office: its own, and of a province its counties' as well."""
    own = Q(office=office.pk)
    if office.level != OfficeLevel.PROVINCE:
        return own
    return own | Q(office__level=OfficeLevel.COUNTY, office__province=office.province_id)


def receive_deposit(bank: StatementSource, line: StatementLine, deposit: CashDeposit) -> None:
    """Book that the bank shows an office's deposit by this line. What was in suspense until now leaves it."""
    mark_deposited(deposit.pk, bank_account=bank.account, at=line.occurred_at, line_id=line.pk)
    if line.state == LineState.SUSPENSE:
        reverse(entry_of(line.entry_source), source=f"identified:line:{line.pk}", memo=deposit.source)
    line.state, line.rule, line.entry_source = LineState.MATCHED, "deposit", deposit.source
    line.save(update_fields=["state", "rule", "entry_source"])


# --- gifts by a deposit id -------------------------------------------------------------------------------
def _gifts_by_deposit_id(bank: StatementSource) -> None:
    """A credit whose deposit id stands for one office and one purpose is a gift by itself."""
    if bank.channel is None:
        return
    lines = list(
        _undecided(bank)
        .filter(kind=LineKind.CREDIT, state=LineState.NEW, amount_rial__gt=0)
        .exclude(deposit_id="")
    )
    aims = _aims({line.deposit_id for line in lines})
    known = [line for line in lines if line.deposit_id in aims]
    for at in range(0, len(known), BATCH):
        book_gifts(
            bank, [(line, *aims[line.deposit_id]) for line in known[at : at + BATCH]], rule="deposit_id"
        )


def _aims(values: Iterable[str]) -> dict[str, tuple[Office, Fund]]:
    aims: dict[str, set[tuple[Office, Fund]]] = defaultdict(set)
    rows = DepositIdentifier.objects.filter(value__in=list(values)).select_related(
        "terminal__office__province", "fund"
    )
    for row in rows:
        aims[row.value].add((row.terminal.office, row.fund))
    return {value: next(iter(found)) for value, found in aims.items() if len(found) == 1}


def book_gifts(
    source: StatementSource, lines: Sequence[tuple[StatementLine, Office, Fund]], *, rule: str
) -> None:
    """Book lines as gifts on their source's account, and say so on the lines. Safe to repeat."""
    arrivals = [
        NewArrival(
            source=line_source(source, line.fingerprint),
            account=source.account,
            gift=ArrivedGift(
                amount_rial=line.amount_rial,
                target=Designation(
                    fund=fund, channel=source.channel, province=office.province, county=office.county
                ),
                at=line.occurred_at,
                reference=line.rrn or line.reference or line.trace_no or bytes(line.fingerprint).hex()[:16],
            ),
            evidence={"line": line.pk},
        )
        for line, office, fund in lines
    ]
    donations = book_arrivals(arrivals)
    names = [line_source(source, line.fingerprint) for line, _, _ in lines]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE payments_statementline l
                  SET state = 'matched', rule = %s, donation_id = b.donation_id, entry_source = b.source,
                      payout_id = b.payout_id
                 FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[])
                      AS b (id, donation_id, source, payout_id)
                WHERE l.id = b.id""",
            [
                rule,
                [x[0].pk for x in lines],
                [donations[n] for n in names],
                names,
                [x[0].payout_id for x in lines],
            ],
        )


# --- what nobody knows -----------------------------------------------------------------------------------
def _to_suspense(bank: StatementSource) -> None:
    """Book the other credits as what they are: at our bank, from nobody we know."""
    facet = fallback_facet(bank)
    while True:
        lines = list(
            _undecided(bank)
            .filter(state=LineState.NEW, kind=LineKind.CREDIT, amount_rial__gt=0)
            .order_by("pk")[:BATCH]
        )
        if not lines:
            return
        post([_suspense_entry(bank, line, facet) for line in lines])
        with connection.cursor() as cursor:
            cursor.execute(
                """UPDATE payments_statementline SET state = 'suspense', rule = 'suspense',
                          entry_source = 'line:' || %s || ':' || encode(fingerprint, 'hex') WHERE id = ANY(%s)""",
                [bank.key, [line.pk for line in lines]],
            )
        discrepancies.open_for_lines(DiscrepancyKind.UNKNOWN_DEPOSIT, [line.pk for line in lines])


def _suspense_entry(bank: StatementSource, line: StatementLine, facet: Facet) -> NewEntry:
    return NewEntry(
        EntryKind.UNEXPECTED,
        line_source(bank, line.fingerprint),
        line.occurred_at,
        (Leg(bank.account, line.amount_rial, facet), Leg(UNKNOWN_DEPOSITS, -line.amount_rial, facet)),
    )


def _money_sent_back(bank: StatementSource) -> None:
    """A debit with number and amount of a counter's gift whose money went back to its donor is booked already."""
    debits = _undecided(bank).filter(kind=LineKind.DEBIT, day__gte=tehran_today() - SENT_BACK_WITHIN)
    by_names = {
        line: {name.lstrip("0") for name in _names(line)} - {""} for line in debits.order_by("day", "pk")
    }
    if not by_names:
        return
    done = CounterCorrection.objects.filter(
        state=CorrectionState.DONE,
        money=CancelMoney.BANK,
        bank_account=bank.account,
        decided_at__gte=timezone.now() - 2 * SENT_BACK_WITHIN,
    ).select_related("gift__number")
    waiting = {
        (row.bank_reference.lstrip("0"), row.gift.amount_rial): f"{row.gift.number.source}:cancel"
        for row in done
    }
    for line, names in by_names.items():
        entries = {waiting[name, line.amount_rial] for name in names if (name, line.amount_rial) in waiting}
        if len(entries) == 1 and not _is_shown(bank, *entries):
            line.state, line.rule, line.entry_source = LineState.MATCHED, "money_back", entries.pop()
            line.save(update_fields=["state", "rule", "entry_source"])


def _is_shown(bank: StatementSource, entry: str) -> bool:
    """Whether another line of the account is this entry already."""
    since = tehran_today() - 2 * SENT_BACK_WITHIN
    return StatementLine.objects.filter(source=bank, day__gte=since, entry_source=entry).exists()


def _unknown_debits(bank: StatementSource) -> None:
    """What left the account, or is no plain credit, goes to a person."""
    ids = list(_undecided(bank).filter(state=LineState.NEW).values_list("pk", flat=True))
    StatementLine.objects.filter(pk__in=ids).update(state=LineState.DIFFERS)
    discrepancies.open_for_lines(DiscrepancyKind.MISSING_HERE, ids)
