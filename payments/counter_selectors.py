"""Reading an office's counter within the open scope: its offices, its day, its cash by age, what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet, Sum

from core.jalali import day_bounds, tehran_day, tehran_today
from core.models import User
from ledger.accounts import receivable_code
from payments.enums import (
    ChequeState,
    CorrectionState,
    CounterState,
    CounterWay,
    CountState,
    DecisionState,
    DepositState,
    DifferenceWay,
    SourceKind,
)
from payments.models import (
    CashCount,
    CashDeposit,
    CashDifference,
    Cheque,
    CounterBook,
    CounterCorrection,
    CounterGift,
    StatementSource,
)
from provinces.models import Office

DEPOSIT_WITHIN_DAYS = 1  # cash that lies longer is marked
_ON_HAND = Q(state=CounterState.BOOKED) & Q(way=CounterWay.CASH)


def own_offices(user: User) -> list[Office]:
    """Where a person works today, and so may take gifts in."""
    today = tehran_today()
    return list(
        Office.objects.filter(
            Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=today),
            memberships__user=user,
            memberships__starts_on__lte=today,
        )
        .distinct()
        .order_by("pk")
    )


def counter_offices(user: User) -> list[Office]:
    """The offices whose counter a person may look at: their own first, then those in scope that have taken gifts."""
    own = own_offices(user)
    busy = Office.objects.filter(pk__in=CounterBook.objects.values("office")) | Office.objects.filter(
        pk__in=CounterGift.objects.values("office")
    )
    others = busy.exclude(pk__in=[office.pk for office in own]).order_by("name", "pk")
    return [*own, *others]


def pos_account_code(office: Office, terminal_code: str) -> str:
    """The account of what an office's card reader has taken: that of its statement source, or one of its own until
    somebody names the source."""
    sources = StatementSource.objects.filter(office=office, kind=SourceKind.POS, is_active=True).order_by(
        "pk"
    )
    codes = list(sources.values_list("account", flat=True)[:2])
    return codes[0] if len(codes) == 1 else receivable_code(f"pos-{terminal_code}")


def gifts_of_day(office: Office, day: date) -> QuerySet[CounterGift]:
    """What the counter did on a day, in order: gifts taken then, and cheques of earlier days that were booked then."""
    starts, ends = day_bounds(day)
    return (
        CounterGift.objects.select_related(
            "number",
            "fund",
            "province",
            "county",
            "edition",
            "cheque",
            "slip",
            "taken_by",
            "donation__receipt",
        )
        .filter(Q(taken_on=day) | Q(booked_at__gte=starts, booked_at__lt=ends), office=office)
        .order_by("pk")
    )


@dataclass(frozen=True)
class DaySums:
    """Rials and number of the gifts of a day by way, without those that were cancelled or given up."""

    cash: tuple[int, int] = (0, 0)
    cheque: tuple[int, int] = (0, 0)
    pos: tuple[int, int] = (0, 0)
    cancelled: tuple[int, int] = (0, 0)

    @property
    def total_rial(self) -> int:
        return self.cash[0] + self.cheque[0] + self.pos[0]


def sums_of(gifts: QuerySet[CounterGift] | list[CounterGift]) -> DaySums:
    """The sums of these gifts; a cheque counts once it is cashed."""
    found: dict[str, list[int]] = {}
    for gift in gifts:
        kind = gift.way if gift.state == CounterState.BOOKED else str(gift.state)
        total = found.setdefault(kind, [0, 0])
        total[0] += gift.amount_rial
        total[1] += 1
    return DaySums(**{way: tuple(found.get(way, (0, 0))) for way in ("cash", "cheque", "pos", "cancelled")})


@dataclass(frozen=True)
class LyingCash:
    """Cash of one office that the bank has not shown: since when, how much, and what has to be done with it."""

    office: Office
    since: date
    amount_rial: int
    gifts: int
    count: CashCount | None = None
    deposit: CashDeposit | None = None

    @property
    def days(self) -> int:
        return (tehran_today() - self.since).days

    @property
    def is_late(self) -> bool:
        return self.days > DEPOSIT_WITHIN_DAYS


def lying_cash(offices: list[Office]) -> list[LyingCash]:
    """Undeposited cash by age, oldest first: what was never counted (taken, or put back where it was missing), then
    each count until the bank shows it."""
    by_id = {office.pk: office for office in offices}
    uncounted = (
        CounterGift.objects.filter(_ON_HAND, office__in=offices, count=None)
        .values("office", "taken_on")
        .annotate(rial=Sum("amount_rial"), gifts=Count("pk"))
        .order_by()
    )
    rows = [LyingCash(by_id[r["office"]], r["taken_on"], r["rial"], r["gifts"]) for r in uncounted]
    put_back = CashDifference.objects.filter(
        count__office__in=offices, way=DifferenceWay.MADE_GOOD, state=DecisionState.DONE, counted_in=None
    ).select_related("count")
    rows += [
        LyingCash(by_id[row.count.office_id], tehran_day(row.decided_at), -row.amount_rial, 0)
        for row in put_back
    ]
    counts = (
        CashCount.objects.filter(office__in=offices, state__in=[CountState.WAITING, CountState.CONFIRMED])
        .filter(Q(deposit=None) | Q(deposit__state=DepositState.AWAITING))
        .select_related("deposit")
        .annotate(since=Min("gifts__taken_on"), taken=Count("gifts"))
    )
    rows += [
        LyingCash(by_id[c.office_id], c.since or c.day, c.counted_rial, c.taken, c, c.deposit) for c in counts
    ]
    return sorted(rows, key=lambda row: (row.since, row.office.pk, row.count is not None))


def uncounted_gifts(office: Office) -> QuerySet[CounterGift]:
    """The cash gifts that the next count will cover."""
    return (
        CounterGift.objects.filter(_ON_HAND, office=office, count=None)
        .select_related("number")
        .order_by("pk")
    )


def counts_to_deposit(office: Office) -> QuerySet[CashCount]:
    """Confirmed counts whose cash has not been carried to the bank."""
    return CashCount.objects.filter(
        office=office, state=CountState.CONFIRMED, deposit=None, counted_rial__gt=0
    ).order_by("day")


def deposits_awaiting(
    *, amount_rial: int | None = None, slip_number: str = "", until: date | None = None
) -> QuerySet[CashDeposit]:
    """Deposits in the open scope that wait for the bank's line, oldest first; for matching, by amount and slip
    number, paid in on or before a day. `payments.services.cash_days.mark_deposited` closes one."""
    found = CashDeposit.objects.filter(state=DepositState.AWAITING).select_related("office", "recorded_by")
    if amount_rial is not None:
        found = found.filter(amount_rial=amount_rial)
    if slip_number:
        found = found.filter(slip_number=slip_number)
    if until is not None:
        found = found.filter(deposited_on__lte=until)
    return found.order_by("deposited_on", "pk")


def cheques_in_hand(offices: list[Office]) -> QuerySet[Cheque]:
    """Cheques that are not decided, the nearest due day first."""
    return (
        Cheque.objects.filter(gift__office__in=offices, state=ChequeState.IN_HAND)
        .select_related("gift__fund", "gift__office")
        .order_by("due_on", "pk")
    )


def waiting_corrections(offices: list[Office]) -> QuerySet[CounterCorrection]:
    """Cancellations that somebody has to decide, oldest first."""
    return (
        CounterCorrection.objects.filter(gift__office__in=offices, state=CorrectionState.REQUESTED)
        .select_related("gift__number", "gift__office", "requested_by")
        .order_by("pk")
    )


def waiting_counts(offices: list[Office]) -> QuerySet[CashCount]:
    """Counts that somebody has to confirm, oldest first."""
    return (
        CashCount.objects.filter(office__in=offices, state=CountState.WAITING)
        .select_related("office", "counted_by")
        .order_by("pk")
    )
