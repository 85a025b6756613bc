"""Reading what counts of cash found missing or too much, in the open scope: what is left of it, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce

from payments.enums import CountState, DecisionState, SourceKind
from payments.models import CashCount, CashDifference, CounterCorrection, CounterGift, StatementSource
from provinces.models import Office

_DONE = Q(state=DecisionState.DONE)


@dataclass(frozen=True)
class OpenDifference:
    """What is left of a count's difference: missing (negative) or too much; `waiting` is what was proposed for it."""

    count: CashCount
    rial: int
    waiting: CashDifference | None

    @property
    def abs_rial(self) -> int:
        """How much, without its sign."""
        return abs(self.rial)


def with_left_over(counts: QuerySet[CashCount]) -> QuerySet[CashCount]:
    """Counts with `left_rial`: what lay there beyond the gifts and the money made good that they cover, without what
    was decided about it."""
    return counts.annotate(
        left_rial=F("counted_rial")
        - _sum(CounterGift.objects.filter(count=OuterRef("pk")), "count")
        + _sum(CashDifference.objects.filter(_DONE, counted_in=OuterRef("pk")), "counted_in")
        - _sum(CashDifference.objects.filter(_DONE, count=OuterRef("pk")), "count")
    )


def left_over(count: CashCount) -> int:
    """What is left to decide of a confirmed count's difference, in rials; 0 for another."""
    found = with_left_over(CashCount.objects.filter(pk=count.pk, state=CountState.CONFIRMED))
    return found.values_list("left_rial", flat=True).first() or 0


def open_differences(
    offices: Sequence[Office | int], first: date | None = None, last: date | None = None
) -> list[OpenDifference]:
    """What counts of these offices found and nobody has decided, the oldest day first."""
    found = CashCount.objects.filter(_may_differ(), office__in=offices, state=CountState.CONFIRMED)
    if first and last:
        found = found.filter(day__range=(first, last))
    rows = with_left_over(found).exclude(left_rial=0).select_related("office").order_by("day", "pk")
    counts = list(rows)
    waiting = {
        row.count_id: row
        for row in CashDifference.objects.filter(
            count__in=[count.pk for count in counts], state=DecisionState.REQUESTED
        ).select_related("requested_by")
    }
    return [OpenDifference(count, count.left_rial, waiting.get(count.pk)) for count in counts]


def differences_by_province(first: date, last: date) -> dict[str, tuple[int, int]]:
    """By province code ("" for headquarters): how many counts differ and by how many rials, missing or too much."""
    found = CashCount.objects.filter(
        _may_differ(), day__range=(first, last), state=CountState.CONFIRMED
    ).select_related("office")
    sums: dict[str, tuple[int, int]] = {}
    for count in with_left_over(found).exclude(left_rial=0):
        number, rial = sums.get(count.office.province_id or "", (0, 0))
        sums[count.office.province_id or ""] = (number + 1, rial + abs(count.left_rial))
    return sums


def decisions_of(count: CashCount) -> QuerySet[CashDifference]:
    """What was proposed and decided about a count's difference, the newest first."""
    return count.differences.select_related("requested_by", "decided_by", "fund", "counted_in").order_by(
        "-pk"
    )


def waiting_differences(offices: Sequence[Office]) -> QuerySet[CashDifference]:
    """Proposals about missing or too much cash that somebody has to decide, oldest first."""
    return (
        CashDifference.objects.filter(count__office__in=offices, state=DecisionState.REQUESTED)
        .select_related("count__office", "requested_by")
        .order_by("pk")
    )


def made_good_uncounted(office: Office) -> QuerySet[CashDifference]:
    """Missing cash that was put back and lies there uncounted; the next count covers it."""
    return CashDifference.objects.filter(_DONE, count__office=office, way="made_good", counted_in=None)


def bank_sources() -> QuerySet[StatementSource]:
    """Our bank accounts in the open scope, from which money may go back to a donor."""
    return StatementSource.objects.filter(kind=SourceKind.BANK, is_active=True).order_by("name", "pk")


def _may_differ() -> Q:
    """Counts whose difference is not zero from the first: the others are never looked at further."""
    fallen_out = CounterCorrection.objects.filter(count__isnull=False).values("count")
    return ~Q(counted_rial=F("expected_rial")) | Q(pk__in=fallen_out)


def _sum(rows: QuerySet, by: str) -> Coalesce:
    added = rows.order_by().values(by).annotate(rial=Sum("amount_rial")).values("rial")
    return Coalesce(Cast(Subquery(added), BigIntegerField()), Value(0, output_field=BigIntegerField()))
