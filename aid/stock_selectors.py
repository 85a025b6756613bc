"""Reading goods within the open scope: what lies where, what expires, what happened to it, where a gift's goods are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from aid.enums import BatchState, KitSource, MoveKind, TransferState
from aid.models import (
    Allocation,
    BatchLine,
    KitBatch,
    KitFunding,
    Lot,
    StockCount,
    StockItem,
    StockLoss,
    StockMove,
    Transfer,
    Warehouse,
)
from core.jalali import tehran_today
from core.models import User
from core.text import search_key
from donations.models import Donation, GiftInKind
from partnerships.promise_selectors import Free, broken_promises, goods_on_promise
from provinces.models import Office
from provinces.scoping import all_provinces, current_scope


def own_offices(user: User) -> list[Office]:
    """Where a person works today."""
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


def find_items(q: str) -> QuerySet[StockItem]:
    """Kinds of goods in use whose name, or another name of theirs, holds these words however they are written."""
    items = StockItem.objects.filter(is_active=True)
    return items.filter(search_key__contains=search_key(q)) if q.strip() else items


@dataclass(frozen=True)
class WarehouseSum:
    """A warehouse, what lies in it at value, of how many kinds, and when the first of it expires."""

    warehouse: Warehouse
    value_rial: int
    kinds: int
    first_expiry: object


def warehouses() -> list[WarehouseSum]:
    """The warehouses of the open scope."""
    rows = (
        Warehouse.objects.select_related("office")
        .annotate(
            worth=Sum("lots__value_rial"),
            kinds=Count("lots__item", filter=Q(lots__quantity__gt=0), distinct=True),
            first=Min("lots__expires_on", filter=Q(lots__quantity__gt=0)),
        )
        .order_by("office__level", "office__name", "name")
    )
    return [WarehouseSum(row, row.worth or 0, row.kinds, row.first) for row in rows]


def all_targets(source: Warehouse) -> list[Warehouse]:
    """Where goods of a warehouse may be sent: every other one in use, whatever its province."""
    with all_provinces("goods may go to any warehouse"):
        rows = Warehouse.objects.filter(is_active=True).exclude(pk=source.pk)
        return list(rows.select_related("office__province").order_by("office__name", "name"))


_BY_KIND = ("item__category", "item__sort_key", "expires_on", "pk")


def lots_in(warehouse: Warehouse, q: str = "") -> QuerySet[Lot]:
    """What lies in a warehouse, by kind, the first to expire first."""
    lots = Lot.objects.filter(warehouse=warehouse, quantity__gt=0)
    if q.strip():
        lots = lots.filter(item__search_key__contains=search_key(q))
    return lots.select_related("item", "fund", "warehouse__office").order_by(*_BY_KIND)


def lots_at_hand() -> QuerySet[Lot]:
    """What lies in the warehouses of the open scope, warehouse by warehouse."""
    lots = Lot.objects.filter(quantity__gt=0).select_related("item", "fund", "warehouse__office")
    return lots.order_by("warehouse__office__name", "warehouse__name", "warehouse_id", *_BY_KIND)


def expiring_lots() -> QuerySet[Lot]:
    """Goods of the open scope that expire soon, or have expired and still lie there."""
    until = tehran_today() + timedelta(days=settings.STOCK_EXPIRY_WARNING_DAYS)
    lots = Lot.objects.filter(quantity__gt=0, expires_on__lte=until)
    return lots.select_related("item", "warehouse__office").order_by("expires_on", "pk")


def history_of(lot: Lot) -> QuerySet[StockMove]:
    return lot.moves.select_related("actor").order_by("-pk")


def arriving() -> list[Transfer]:
    """Goods on their way to a warehouse of the open scope, wherever they come from."""
    scope = current_scope()
    with all_provinces("a transfer has two ends"):
        rows = Transfer.objects.filter(state=TransferState.SENT).select_related(
            "source__office", "target__office", "sent_by"
        )
        return [t for t in rows if scope.holds(t.target.office.province_id, t.target.office.county_id)]


def find_transfer(transfer_id: int) -> Transfer | None:
    """A transfer of which one end lies in the open scope, with its lines."""
    scope = current_scope()
    with all_provinces("a transfer has two ends"):
        found = (
            Transfer.objects.filter(pk=transfer_id)
            .select_related("source__office", "target__office", "sent_by", "decided_by")
            .first()
        )
        if found is None or not any(
            scope.holds(end.office.province_id, end.office.county_id) for end in (found.source, found.target)
        ):
            return None
        found.shown_lines = list(found.lines.select_related("lot__item"))
        return found


def waiting_counts() -> QuerySet[StockCount]:
    return StockCount.objects.filter(state="waiting").select_related("warehouse__office", "counted_by")


def waiting_losses() -> QuerySet[StockLoss]:
    """Losses of the open scope that somebody has to confirm, the oldest first."""
    rows = StockLoss.objects.filter(state="waiting").order_by("pk")
    return rows.select_related("lot__item", "lot__warehouse__office", "reported_by")


def losses_of(lot: Lot) -> QuerySet[StockLoss]:
    """What was said to be lost of a lot, the newest first."""
    return StockLoss.objects.filter(lot=lot).select_related("reported_by", "decided_by")


# --- where a gift's goods are ----------------------------------------------------------------------------
@dataclass(frozen=True)
class GoodsProgress:
    """Of one kind of goods of a gift: how much came, and how much of it has reached people."""

    name: str
    unit: str
    came: Decimal
    given: Decimal


@all_provinces("where the goods of a gift are, wherever they were taken")
def goods_progress(gift: GiftInKind) -> list[GoodsProgress]:
    """How far the goods of a received gift have come. Of goods in kits, the share of the kits that left counts."""
    if gift.donation_id is None:
        return []
    given = _given_of(gift.donation)
    lines: dict[str, list] = {}
    for line in gift.given.all():
        row = lines.setdefault(line.item_code, [line.name, line.get_unit_display(), Decimal(0)])
        row[2] += line.quantity
    return [GoodsProgress(*row, given.get(code, Decimal(0))) for code, row in lines.items()]


def _given_of(donation: Donation) -> dict[str, Decimal]:
    left = Q(kind__in=[MoveKind.ISSUED, MoveKind.TO_KIT])
    came_back = Q(kind=MoveKind.RETURNED, reference__startswith="goods_delivery:")
    moves = StockMove.objects.filter(left | came_back, lot__donation=donation).values_list(
        "lot__item_id", "kind", "reference", "quantity"
    )
    shares = _handed_shares({reference for _, kind, reference, _ in moves if kind == MoveKind.TO_KIT})
    given: dict[str, Decimal] = {}
    for code, kind, reference, quantity in moves:
        share = shares.get(reference, Fraction(0)) if kind == MoveKind.TO_KIT else Fraction(1)
        part = Fraction(-quantity) * share
        rounded = Decimal(part.numerator) / Decimal(part.denominator)
        given[code] = given.get(code, Decimal(0)) + rounded.quantize(Decimal("0.001"))
    return given


def _handed_shares(references: Iterable[str]) -> dict[str, Fraction]:
    ids = [int(reference.removeprefix("kit_batch:")) for reference in references]
    return {
        f"kit_batch:{batch.pk}": Fraction(batch.handed_over, batch.count)
        for batch in KitBatch.objects.filter(pk__in=ids)
    }


# --- kits ------------------------------------------------------------------------------------------------
def promises_for_kits(province: str) -> list[Free]:
    """Open promises of goods for a province, the next one due first, each with what is still free: it has not come, and
    no kits count on it. What came counts as that of kits for which it was said to be here."""
    found = goods_on_promise(province=province)
    with all_provinces("kits of any county may count on a promise"):
        used = {
            pk: (waiting or Decimal(0), arrived or Decimal(0))
            for pk, waiting, arrived in KitFunding.objects.filter(
                commitment_id__in=[free.commitment.pk for free in found], is_active=True
            )
            .values_list("commitment_id")
            .annotate(
                waiting=Sum("quantity", filter=Q(arrived_at=None)),
                arrived=Sum("quantity", filter=Q(arrived_at__isnull=False)),
            )
            .order_by()
        }
    rows = []
    for free in found:
        promise, (waiting, arrived) = free.commitment, used.get(free.commitment.pk, (Decimal(0), Decimal(0)))
        left = promise.quantity - max(Decimal(promise.delivered), arrived) - waiting
        if left > 0:
            rows.append(replace(free, quantity=left))
    return rows


@dataclass(frozen=True)
class Shares:
    """Who pays for some kits, in whole rials; `missing` is what the plan says and nobody pays for yet."""

    by_source: dict[str, int]
    missing: int = 0

    @property
    def total(self) -> int:
        return sum(self.by_source.values())

    @property
    def donors(self) -> int:
        """Gifts of money and of goods. Promises of partners and public budget are not theirs."""
        return self.by_source.get(KitSource.CASH, 0) + self.by_source.get(KitSource.STOCK, 0)

    @property
    def donors_share(self) -> Fraction:
        """The exact part of what is paid for that donors pay for; zero while nobody pays."""
        return Fraction(self.donors, self.total) if self.total else Fraction(0)


def shares_of(batches: Iterable[KitBatch]) -> Shares:
    """Who pays for these batches together."""
    ids = [batch.pk for batch in batches]
    active = KitFunding.objects.filter(line__batch__in=ids, is_active=True)
    by_source = dict(active.values_list("source").annotate(Sum("amount_rial")).order_by())
    return Shares({source: by_source.get(source, 0) for source in KitSource.values}, _missing(ids))


def _missing(ids: list[int]) -> int:
    rows = BatchLine.objects.filter(batch__in=ids, batch__state=BatchState.PLANNED).annotate(
        paid=Coalesce(Sum("fundings__quantity", filter=Q(fundings__is_active=True)), Decimal(0))
    )
    return sum(int((line.quantity - line.paid) * line.price_rial) for line in rows)


def lines_of(batch: KitBatch) -> list:
    """The items of a batch with what is paid for of each (`paid`; in cash with what is set aside for it; of promises
    whether they were given up), what is left and what that costs by the plan."""
    lines = list(
        batch.lines.select_related("item").prefetch_related("fundings__fund", "fundings__item", "substitutes")
    )
    set_aside = dict(
        Allocation.objects.filter(funding__line__batch=batch, state__in=["approved", "delivered"])
        .values_list("funding")
        .annotate(Sum("amount_rial"))
        .order_by()
    )
    named = {
        f.commitment_id for line in lines for f in line.fundings.all() if f.is_active and f.commitment_id
    }
    broken = set(broken_promises(named))
    for line in lines:
        line.active = [f for f in line.fundings.all() if f.is_active]
        for funding in line.active:
            funding.set_aside_rial = set_aside.get(funding.pk, 0)
            funding.is_broken = funding.arrived_at is None and funding.commitment_id in broken
        line.paid = sum((f.quantity for f in line.active), Decimal(0))
        line.left = line.quantity - line.paid
        line.left_rial = int(line.left * line.price_rial)
    return lines
