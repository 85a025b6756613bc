"""Reading the register of promises within the open scope."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum

from core.jalali import tehran_today
from core.models import User
from core.text import search_key
from partnerships.enums import CommitmentState, DeliveryState, Measure
from partnerships.models import Commitment, Instalment, PromiseDelivery
from partnerships.partner_selectors import partners_in_sight
from provinces.colleagues import colleagues_who_may
from provinces.permissions import Permission
from provinces.scoping import all_provinces


def due_soon() -> date:
    """The last day that counts as near."""
    return tehran_today() + timedelta(days=settings.PROMISE_REMIND_BEFORE_DAYS)


def _owed() -> QuerySet[Instalment]:
    """Instalments that have not come, of the promise outside."""
    return Instalment.objects.filter(commitment=OuterRef("pk"), reaches__gt=OuterRef("delivered"))


def promises() -> QuerySet[Commitment]:
    """The register, with when something of each is due next (`next_due`, None when nothing is)."""
    first = _owed().order_by("due_on").values("due_on")[:1]
    rows = Commitment.objects.select_related(
        "partner", "province", "county", "event", "item__agreement", "minded_by"
    )
    return rows.annotate(next_due=Subquery(first))


def find_promises(
    *,
    q: str = "",
    standing: str = "",
    purpose: str = "",
    measure: str = "",
    province: str = "",
    county: str = "",
    partner: int | str = "",
    mine: int | None = None,
) -> QuerySet[Commitment]:
    """Promises by words of who promised (however they were typed) or exact words of what, and by standing: open, late,
    soon, waiting (a delivery waits for a second person), kept, dropped."""
    found = promises()
    if words := search_key(q):
        named = partners_in_sight().filter(search_key__contains=words)
        found = found.filter(
            Q(partner__in=named) | Q(what__icontains=q.strip()) | Q(who__icontains=q.strip())
        )
    if purpose:
        found = found.filter(purpose=purpose)
    if measure:
        found = found.filter(measure=measure)
    if province:
        found = found.filter(province=province)
    if county:
        found = found.filter(county=county)
    if partner:
        found = found.filter(partner=partner)
    if mine:
        found = found.filter(minded_by=mine)
    return _standing(found, standing).order_by(F("next_due").asc(nulls_last=True), "-pk")


def _standing(found: QuerySet[Commitment], standing: str) -> QuerySet[Commitment]:
    if condition := _conditions().get(standing):
        return found.filter(condition)
    return found.filter(state=standing) if standing in CommitmentState else found


def _conditions() -> dict[str, Q]:
    is_open, today = Q(state=CommitmentState.OPEN), tehran_today()
    waits = PromiseDelivery.objects.filter(commitment=OuterRef("pk"), state=DeliveryState.WAITING)
    return {
        "late": is_open & Q(Exists(_owed().filter(due_on__lt=today))),
        "soon": is_open & Q(Exists(_owed().filter(due_on__range=(today, due_soon())))),
        "waiting": Q(Exists(waits)),
    }


def with_standing(standing: str) -> QuerySet[Commitment]:
    """Promises of the open scope that are late, near, or wait for a second person."""
    return Commitment.objects.filter(_conditions()[standing])


def count_standings() -> dict[str, int]:
    """How many promises of the open scope are late, near and wait for a second person; one question."""
    counts = {name: Count("pk", filter=condition) for name, condition in _conditions().items()}
    return Commitment.objects.aggregate(**counts)


def promises_to_ask_about() -> QuerySet[Commitment]:
    """Open promises that are near or late, the latest first."""
    due = _owed().filter(due_on__lte=due_soon())
    return promises().filter(Exists(due), state=CommitmentState.OPEN).order_by("next_due", "pk")


def owed_instalments() -> QuerySet[Instalment]:
    """What open promises still owe, near or late."""
    rows = Instalment.objects.filter(
        commitment__state=CommitmentState.OPEN,
        reaches__gt=F("commitment__delivered"),
        due_on__lte=due_soon(),
    )
    return rows.select_related("commitment__partner", "commitment__minded_by", "commitment__event")


@dataclass(frozen=True)
class PlanLine:
    """An instalment as it stands: how much of it has come, whether its day has passed without it."""

    due_on: date
    quantity: int
    came: int
    is_late: bool

    @property
    def is_met(self) -> bool:
        return self.came >= self.quantity


def plan_of(promise: Commitment) -> list[PlanLine]:
    """The instalments of a promise; what came meets the first ones first."""
    today = tehran_today()
    lines = []
    for row in promise.instalments.order_by("due_on"):
        came = max(0, min(row.quantity, promise.delivered - (row.reaches - row.quantity)))
        late = promise.state == CommitmentState.OPEN and came < row.quantity and row.due_on < today
        lines.append(PlanLine(row.due_on, row.quantity, came, late))
    return lines


def deliveries_of(promise: Commitment) -> list[PromiseDelivery]:
    rows = promise.deliveries.select_related("donation", "goods__gift", "recorded_by", "decided_by")
    return list(rows.order_by("-pk"))


def minders_of(promise: Commitment) -> QuerySet[User]:
    """Who may mind a promise: people in office today who work on promises in its county, its province or the whole
    country."""
    return colleagues_who_may(Permission.RECORD_PROMISES, promise.province_id, promise.county_id)


@dataclass(frozen=True)
class Free:
    """What of a promise of goods has not come and can be counted on, with when the first of it is due."""

    commitment: Commitment
    quantity: int | Decimal
    due_on: date | None


def goods_on_promise(*, province: str, unit: str = "", words: str = "") -> list[Free]:
    """Open promises of goods for a province, the next one due first, for those who plan with them (kits: a promise is
    named by its id as `commitment_id`). `words` finds goods however they were typed."""
    rows = Commitment.objects.filter(
        state=CommitmentState.OPEN, measure=Measure.GOODS, province=province, quantity__gt=F("delivered")
    ).annotate(next_due=Min("instalments__due_on", filter=Q(instalments__reaches__gt=F("delivered"))))
    if unit:
        rows = rows.filter(unit=unit)
    key = search_key(words)
    return [
        Free(row, row.left, row.next_due)
        for row in rows.select_related("partner").order_by("next_due", "pk")
        if not key or key in search_key(row.what)
    ]


@all_provinces("promises that are named where they are counted on")
def broken_promises(ids: Collection[int]) -> list[int]:
    """Which of these promises were given up."""
    rows = Commitment.objects.filter(pk__in=ids, state=CommitmentState.DROPPED)
    return list(rows.values_list("pk", flat=True))


def cash_sum(promises: QuerySet[Commitment]) -> tuple[int, int]:
    """(promised, come) in rial of the promises of money among these; goods are never added to it."""
    sums = promises.filter(measure=Measure.CASH).aggregate(promised=Sum("quantity"), came=Sum("delivered"))
    return sums["promised"] or 0, sums["came"] or 0
