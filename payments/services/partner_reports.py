"""What partners report is judged line by line and booked once.

Two stores answer alike: the true one books through `arrivals.book_arrivals`, the rehearsal of a sandbox key books
nothing and remembers for some weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from campaigns.selectors import Designation, designate
from core.codes import new_tracking_code
from core.errors import DomainError
from core.locks import Lock
from donations.services.arrived import ArrivedGift
from payments.enums import KeyMode, LineVerdict
from payments.models import Partner, PartnerKey, PartnerRehearsal, PartnerTransaction, StatementSource
from payments.partner_lines import Reported, read_line
from payments.partner_selectors import gifts_known_by_file
from payments.services.arrivals import NewArrival, book_arrivals
from payments.services.partner_keys import account_of

SOURCE_BUSY, COME_BACK_SECONDS = "source_busy", 15
_RETRIED_BY_POSTGRES = ("40P01", "40001")  # deadlock, serialisation


@dataclass(frozen=True)
class Outcome:
    """What became of a line: a verdict, and the gift's tracking code or the code of the refusal."""

    verdict: LineVerdict
    tracking_code: str = ""
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def refused(cls, error: DomainError) -> Outcome:
        said = {name: value for name, value in error.data.items() if name not in ("status", "source")}
        return cls(LineVerdict.REFUSED, code=error.code, data=said)


class Stored(NamedTuple):
    """What is remembered of a transaction."""

    content: bytes
    tracking_code: str


class Fresh(NamedTuple):
    """A line that is not known yet, and where its gift goes."""

    line: Reported
    target: Designation


class Store(Protocol):
    def find(self, txn_ids: Iterable[str]) -> dict[str, Stored]: ...

    def add(self, fresh: Sequence[Fresh]) -> set[str]:
        """Write these, all or none; the ids that became gifts by this very call."""
        ...


def source_of(partner_key: str, txn_id: str) -> str:
    """The source of a reported gift's arrival and entry. Whoever books the same money from a file of this partner under
    this source books nothing twice."""
    return f"partner:{partner_key}:{txn_id}"


def report(key: PartnerKey, lines: Sequence[Any], *, now: datetime | None = None) -> list[Outcome]:
    """Judge and book what a partner reports, a verdict for each line in order.

    Safe to repeat and to race: (partner, partner_txn_id) is one gift for ever. The same content again is `known` with
    the same tracking code, whatever changed since; other content is `conflict` and changes nothing; what cannot be
    booked is `refused` with a code and leaves its neighbours alone. The lines that can be booked are booked in one
    transaction. `lines` are as JSON gave them; money in whole rials. Raises nothing for a line's sake; the whole report
    is put off with DomainError("source_busy", 503, retry_after) while a file of this partner is being booked, since the
    same money may be in it.
    """
    now = now or timezone.now()
    store: Store = _Books(key) if key.mode == KeyMode.LIVE else _Rehearsal(key.partner)
    read = [_read(line) for line in lines]
    known = store.find({line.partner_txn_id for line in read if isinstance(line, Reported)})
    check = _Check(key.partner, now)
    refused: dict[int, Outcome] = {}
    fresh: dict[str, Fresh] = {}
    for number, line in enumerate(read):
        if isinstance(line, DomainError):
            refused[number] = Outcome.refused(line)
        elif line.partner_txn_id not in known and line.partner_txn_id not in fresh:
            try:
                fresh[line.partner_txn_id] = Fresh(line, check(line))
            except DomainError as error:
                refused[number] = Outcome.refused(error)
    added, failed = _add(store, list(fresh.values()))
    stored = known | store.find(fresh)
    return [refused.get(number) or _judge(line, stored, added, failed) for number, line in enumerate(read)]


def _read(line: Any) -> Reported | DomainError:
    try:
        return read_line(line)
    except DomainError as error:
        return error


def _judge(line: Reported, stored: dict[str, Stored], added: set[str], failed: dict[str, Outcome]) -> Outcome:
    txn_id = line.partner_txn_id
    found = stored.get(txn_id)
    if found is None:
        return failed[txn_id]
    if found.content != line.content:
        return Outcome(LineVerdict.CONFLICT, code="content_differs")
    if txn_id in added:
        added.discard(txn_id)  # its first line made the gift; the same line again is known
        return Outcome(LineVerdict.ACCEPTED, found.tracking_code)
    return Outcome(LineVerdict.KNOWN, found.tracking_code)


class _Check:
    """May this line be booked? Equal designations are looked up once."""

    def __init__(self, partner: Partner, now: datetime) -> None:
        self._partner = partner
        self._latest = now + timedelta(seconds=settings.PARTNER_CLOCK_WINDOW_SECONDS)
        self._oldest = now - timedelta(days=settings.PARTNER_OLDEST_DAYS)
        self._targets: dict[tuple[str, ...], Designation | DomainError] = {}

    def __call__(self, line: Reported) -> Designation:
        if line.amount_rial > settings.PARTNER_MOST_RIAL:
            most = settings.PARTNER_MOST_RIAL
            raise DomainError("amount_too_large", field="amount_rial", maximum_rial=most)
        if line.paid_at > self._latest:
            raise DomainError("paid_at_in_future", field="paid_at")
        if line.paid_at < self._oldest:
            raise DomainError("paid_at_too_old", field="paid_at", oldest_days=settings.PARTNER_OLDEST_DAYS)
        target = self._target(line)
        if isinstance(target, DomainError):
            raise target
        return target

    def _target(self, line: Reported) -> Designation | DomainError:
        fund = line.fund or (self._partner.fund_id or "")
        wanted = (fund, line.province, line.county, line.campaign)
        if wanted not in self._targets:
            try:
                if not fund:
                    raise DomainError("fund_required", field="fund")
                self._targets[wanted] = designate(
                    fund=fund,
                    province=line.province,
                    county=line.county,
                    campaign=line.campaign,
                    channel=self._partner.channel,
                )
            except DomainError as error:
                self._targets[wanted] = error
        return self._targets[wanted]


def _add(store: Store, fresh: Sequence[Fresh]) -> tuple[set[str], dict[str, Outcome]]:
    """Write all in one transaction; where the database refuses, halve until the line that it refuses stands alone.

    A rival with the same transactions is no refusal: what it wrote is found afterwards.
    """
    if not fresh:
        return set(), {}
    try:
        with transaction.atomic():
            return store.add(fresh), {}
    except (DomainError, DatabaseError) as error:
        if isinstance(error, DomainError) and error.code == SOURCE_BUSY:
            raise
        if isinstance(error, OperationalError) and _state_of(error) not in _RETRIED_BY_POSTGRES:
            raise
        if len(fresh) == 1:
            return set(), {fresh[0].line.partner_txn_id: _refusal(error)}
    middle = len(fresh) // 2
    (first, first_failed), (second, second_failed) = _add(store, fresh[:middle]), _add(store, fresh[middle:])
    return first | second, first_failed | second_failed


def _state_of(error: DatabaseError) -> str | None:
    return getattr(error.__cause__, "pgcode", None)


def _refusal(error: Exception) -> Outcome:
    if isinstance(error, DomainError) and error.code == "source_reused":
        return Outcome(LineVerdict.CONFLICT, code="content_differs")
    if isinstance(error, DomainError):
        return Outcome.refused(error)
    return Outcome(LineVerdict.REFUSED, code="try_again")


# --- the stores ------------------------------------------------------------------------------------------
class _Books:
    """Gifts, entries and receipts."""

    def __init__(self, key: PartnerKey) -> None:
        self._key, self._partner = key, key.partner

    def find(self, txn_ids: Iterable[str]) -> dict[str, Stored]:
        rows = PartnerTransaction.objects.filter(partner=self._partner, partner_txn_id__in=list(txn_ids))
        wanted = rows.values_list("partner_txn_id", "content", "donation__tracking_code")
        return {txn_id: Stored(bytes(content), code) for txn_id, content, code in wanted}

    def add(self, fresh: Sequence[Fresh]) -> set[str]:
        """`book_arrivals` waits for a rival with the same source, so that what the rival wrote is seen afterwards."""
        self._keep_file_away()
        by_file = gifts_known_by_file(self._partner, [line for line, _ in fresh])
        news = [item for item in fresh if item.line.partner_txn_id not in by_file]
        booked = book_arrivals([self._arrival(*item) for item in news])
        donations = by_file | {n.line.partner_txn_id: booked[self._source(n.line)] for n in news}
        rivals = self.find(donations)
        mine = [line for line, _ in fresh if line.partner_txn_id not in rivals]
        PartnerTransaction.objects.bulk_create(
            [
                PartnerTransaction(
                    partner=self._partner,
                    partner_txn_id=line.partner_txn_id,
                    content=line.content,
                    donation_id=donations[line.partner_txn_id],
                    amount_rial=line.amount_rial,
                    paid_at=line.paid_at,
                    rrn=line.rrn,
                    trace_no=line.trace_no,
                    terminal=line.terminal,
                    key=self._key,
                )
                for line in sorted(mine, key=lambda line: line.partner_txn_id)
            ]
        )
        return {line.partner_txn_id for line in mine} - set(by_file)

    def _keep_file_away(self) -> None:
        """Beside other reports, never beside the booking of a file (`matching.hold_source`), until the commit."""
        source = (
            StatementSource.objects.filter(key=self._partner.source_key).values_list("pk", flat=True).first()
        )
        if source is None:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s, %s)", [Lock.STATEMENT_SOURCE, source])
            if not cursor.fetchone()[0]:
                raise DomainError(SOURCE_BUSY, status=503, retry_after=COME_BACK_SECONDS)

    def _arrival(self, line: Reported, target: Designation) -> NewArrival:
        gift = ArrivedGift(
            amount_rial=line.amount_rial,
            target=target,
            at=line.paid_at,
            reference=line.rrn or line.trace_no or line.partner_txn_id,
            name=line.name,
            mobile=line.mobile,
            message=line.message,
            is_anonymous=line.is_anonymous,
            is_demo=self._partner.is_demo,
        )
        evidence = {
            "partner": self._partner.key,
            "partner_txn_id": line.partner_txn_id,
            "key_id": self._key.key_id,
            "rrn": line.rrn,
            "trace_no": line.trace_no,
            "terminal": line.terminal,
            "card_masked": line.card_masked,
        }
        return NewArrival(self._source(line), account_of(self._partner), gift, evidence)

    def _source(self, line: Reported) -> str:
        return source_of(self._partner.key, line.partner_txn_id)


class _Rehearsal:
    """Nothing but a memory."""

    def __init__(self, partner: Partner) -> None:
        self._partner = partner

    def find(self, txn_ids: Iterable[str]) -> dict[str, Stored]:
        rows = PartnerRehearsal.objects.filter(partner=self._partner, partner_txn_id__in=list(txn_ids))
        wanted = rows.values_list("partner_txn_id", "content", "tracking_code")
        return {txn_id: Stored(bytes(content), code) for txn_id, content, code in wanted}

    def add(self, fresh: Sequence[Fresh]) -> set[str]:
        codes = {line.partner_txn_id: new_tracking_code() for line, _ in fresh}
        PartnerRehearsal.objects.bulk_create(
            [
                PartnerRehearsal(
                    partner=self._partner,
                    partner_txn_id=line.partner_txn_id,
                    content=line.content,
                    tracking_code=codes[line.partner_txn_id],
                    amount_rial=line.amount_rial,
                    paid_at=line.paid_at,
                )
                for line, _ in sorted(fresh, key=lambda item: item.line.partner_txn_id)
            ],
            ignore_conflicts=True,
        )
        stored = self.find(codes)
        return {txn_id for txn_id, code in codes.items() if stored[txn_id].tracking_code == code}
