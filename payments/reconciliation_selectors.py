"""Reading what the desk shows of reconciling, within the open scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from core.listing import between
from ledger.accounts import UNKNOWN_DEPOSITS, transit_code
from ledger.balances import balances
from payments.cash_selectors import differences_by_province
from payments.enums import DayState, DecisionState, LineState, SourceKind
from payments.models import (
    DayBalance,
    Discrepancy,
    DonorClaim,
    ManualDecision,
    Payout,
    StatementLine,
    StatementSource,
)

CLAIM_DAYS = 3  # how far a donor's memory of the day may be off


def unsettled() -> QuerySet[Discrepancy]:
    """What in the open scope does not agree with a bank's word and waits for somebody."""
    return Discrepancy.objects.filter(settled_at=None)


def balances_of(office_ids: Sequence[int], first: date, last: date) -> list[DayBalance]:
    """The summary rows of these offices, newest day first."""
    rows = DayBalance.objects.filter(office__in=office_ids, day__range=(first, last))
    return list(rows.order_by("-day", "account"))


def province_states(first: date, last: date) -> dict[str, dict[str, int]]:
    """By province code ("" for headquarters) how many account days are in each state, and the open rials. A count of
    cash whose difference nobody decided is one that differs."""
    rows = (
        DayBalance.objects.filter(day__range=(first, last))
        .values_list("office__province_id", "state")
        .annotate(Count("pk"), Sum("open_rial"))
    )
    found: dict[str, dict[str, int]] = {}
    for province, state, count, open_rial in rows:
        states = found.setdefault(province or "", {})
        states[state] = states.get(state, 0) + count
        states["open_rial"] = states.get("open_rial", 0) + int(open_rial or 0)
    for code, (number, rial) in differences_by_province(first, last).items():
        states = found.setdefault(code, {})
        states[DayState.DIFFERS] = states.get(DayState.DIFFERS, 0) + number
        states["open_rial"] = states.get("open_rial", 0) + rial
    return found


def open_discrepancies(
    office_ids: Sequence[int], first: date, last: date, *, owner_id: int | None = None
) -> QuerySet[Discrepancy]:
    """What does not fit on these days, the oldest first; of one owner only where one is named."""
    rows = (
        Discrepancy.objects.select_related("source", "line", "attempt", "payout", "owner")
        .filter(source__office__in=office_ids, day__range=(first, last), settled_at=None)
        .order_by("opened_at", "pk")
    )
    return rows if owner_id is None else rows.filter(owner=owner_id)


def suggested_lines(office_ids: Sequence[int], first: date, last: date) -> QuerySet[StatementLine]:
    """Lines that time, amount and card only suggest."""
    return StatementLine.objects.select_related("source").filter(
        source__office__in=office_ids, day__range=(first, last), state=LineState.SUGGESTED
    ).order_by("pk")  # fmt: skip


def waiting_decisions(office_ids: Sequence[int]) -> QuerySet[ManualDecision]:
    """What was proposed and waits for a second person."""
    return (
        ManualDecision.objects.select_related(
            "line__source", "discrepancy__source", "claim", "requested_by", "office"
        )
        .filter(office__in=office_ids, state=DecisionState.REQUESTED)
        .order_by("pk")
    )


def what_is_missing(office_ids: Sequence[int]) -> list[tuple[str, int]]:
    """What the accounts that should return to zero hold now: (account, rials), without those at zero."""
    codes = set(
        StatementSource.objects.filter(office__in=office_ids)
        .exclude(kind=SourceKind.BANK)
        .values_list("account", flat=True)
    )
    codes |= set(
        DayBalance.objects.filter(office__in=office_ids, account__startswith="clearing:")
        .values_list("account", flat=True)
        .distinct()
    )
    for source in StatementSource.objects.filter(office__in=office_ids).exclude(kind=SourceKind.BANK):
        codes.add(transit_account(source))
    return sorted((code, rial) for code, rial in balances(codes).items() if rial)


def transit_account(source: StatementSource) -> str:
    """Where what a source has paid out waits for the bank."""
    if source.gateway and source.terminal_id:
        return transit_code(source.gateway, source.terminal_id)
    return transit_code(source.key)


def suspense_of(office_ids: Sequence[int]) -> tuple[int, int]:
    """(number, rials) of the deposits nobody knows."""
    rows = StatementLine.objects.filter(source__office__in=office_ids, state=LineState.SUSPENSE)
    found = rows.aggregate(Count("pk"), Sum("amount_rial"))
    return found["pk__count"], int(found["amount_rial__sum"] or 0)


def suspense_in_books() -> int:
    """What the account of unknown deposits holds, whole country."""
    return -balances([UNKNOWN_DEPOSITS]).get(UNKNOWN_DEPOSITS, 0)


def open_payouts(office_id: int) -> QuerySet[Payout]:
    """Payouts that the bank has not shown."""
    return Payout.objects.select_related("source").filter(
        source__office=office_id, bank_line=None, net_rial__gt=0
    )


def claims_in_scope(
    state: str = "", *, since: date | None = None, until: date | None = None
) -> QuerySet[DonorClaim]:
    """Claims written between these days, those that wait first; of one state newest first."""
    claims = DonorClaim.objects.select_related("fund", "province", "donation")
    claims = between(claims, "created_at", since, until)
    if state:
        return claims.filter(state=state).order_by("-pk")
    return claims.filter(state__in=["open", "proposed"]).order_by("pk")


def candidates_of(claim: DonorClaim) -> list[StatementLine]:
    """The unknown deposits of the open scope with this amount around this day, the best first."""
    rows = (
        StatementLine.objects.select_related("source")
        .filter(
            Q(day__range=(claim.day - timedelta(days=CLAIM_DAYS), claim.day + timedelta(days=CLAIM_DAYS))),
            state=LineState.SUSPENSE,
            amount_rial=claim.amount_rial,
        )
        .exclude(decisions__state__in=[DecisionState.REQUESTED, DecisionState.DONE])
    )
    return sorted(
        rows[:50],
        key=lambda line: (
            not line.card_masked.endswith(claim.last_digits), abs((line.day - claim.day).days), line.pk,
        ),
    )  # fmt: skip
