"""Goods in and out of a warehouse. A move is a row; the database adds it to its lot and lets none fall below zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from aid import stock_phrases as phrases
from aid.enums import FirewallRule, MoveKind
from aid.models import Lot, StockItem, StockMove, Warehouse
from aid.services.stock_books import GIVEN, book_move, facet_of, open_accounts
from campaigns.enums import NeedState
from campaigns.models import Fund, NeedItem
from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.text import normalise
from donations.models import Donation
from provinces.models import Office
from provinces.scoping import check_write

OPEN_NEEDS = (NeedState.VERIFIED, NeedState.PUBLISHED, NeedState.FUNDED)


@dataclass(frozen=True)
class Portion:
    """What was taken of one lot, and its value in whole rials."""

    lot: Lot
    quantity: Decimal
    value_rial: int


@dataclass(frozen=True)
class Cause:
    """Why goods move: what kind of move, what refers to it (unique for ever, e.g. "transfer:12"), and who does it."""

    kind: MoveKind
    reference: str
    actor: User | None = None
    job: str = ""
    note: str = ""
    loss: str = ""
    at: datetime | None = None


@transaction.atomic
def create_warehouse(
    office: Office, name: str, *, address: str = "", actor: User | None, job: str = ""
) -> Warehouse:
    """A warehouse of an office, with its accounts; audited, safe to repeat.

    DomainError: not_found, warehouse_name_required.
    """
    check_write(office.province_id, office.county_id)
    name = normalise(name)[:120]
    if not name:
        raise DomainError("warehouse_name_required", field="name")
    warehouse, is_new = Warehouse.objects.get_or_create(
        office=office, name=name, defaults={"address": normalise(address)[:300]}
    )
    if is_new:
        open_accounts(warehouse)
        audit.record("warehouse.add", warehouse, actor=actor, job=job, province_code=office.province_id)
    return warehouse


def first_warehouse(office: Office, *, actor: User | None, job: str = "") -> Warehouse:
    """The office's first warehouse in use; made where it has none."""
    found = (
        Warehouse.objects.filter(office=office, is_active=True)
        .select_related("office")
        .order_by("pk")
        .first()
    )
    return found or create_warehouse(office, phrases.FIRST_WAREHOUSE, actor=actor, job=job)


def open_lot(
    warehouse: Warehouse,
    item: StockItem,
    fund: Fund,
    *,
    condition: str,
    at: datetime,
    expires_on: date | None = None,
    donation: Donation | None = None,
    need_item: NeedItem | None = None,
    parent: Lot | None = None,
) -> Lot:
    """An empty lot, to be filled by `move`; in the caller's transaction."""
    return Lot.objects.create(
        warehouse=warehouse,
        item=item,
        fund=fund,
        condition=condition,
        came_at=at,
        expires_on=expires_on,
        donation=donation,
        need_item=need_item,
        parent=parent,
    )


def move(portions: Sequence[Portion], cause: Cause, *, out: bool) -> None:
    """Write the moves of these portions, in the caller's transaction; the database refuses what would leave a lot below
    zero. The books are the caller's."""
    sign = -1 if out else 1
    at = cause.at or timezone.now()
    StockMove.objects.bulk_create(
        [
            StockMove(
                lot=portion.lot,
                kind=cause.kind,
                cause=cause.loss,
                quantity=sign * portion.quantity,
                value_rial=sign * portion.value_rial,
                reference=cause.reference,
                note=normalise(cause.note)[:300],
                actor=cause.actor,
                job=cause.job,
                at=at,
            )
            for portion in portions
        ]
    )


def lots_at_hand(warehouse: Warehouse, item: StockItem) -> QuerySet[Lot]:
    """Lots one may give from, the first to expire first: not expired, in working order."""
    lots = Lot.objects.filter(Q(expires_on=None) | Q(expires_on__gte=tehran_today()))
    return lots.filter(warehouse=warehouse, item=item, quantity__gt=0).exclude(condition="repair")


def _of_purpose(purpose: str) -> Q:
    return Q(fund__spendable_on__contains=[purpose])


def _for_need(need_id: int | None) -> Q:
    """Not brought for another need that is still open; a closed one's surplus goes on."""
    own = Q(donation__need=need_id) if need_id else Q(donation__need=None)
    return own | Q(donation__need=None) | ~Q(donation__need__state__in=OPEN_NEEDS)


def take(
    warehouse: Warehouse,
    item: StockItem,
    quantity: Decimal,
    cause: Cause,
    *,
    purpose: str,
    need_id: int | None = None,
) -> list[Portion]:
    """Take goods out, the first to expire first, in the caller's transaction; locks the lots. Only goods given for the
    purpose, and for no other open need, are taken: the database refuses others. The books are the caller's.

    DomainError: not_found, bad_quantity, not_enough_stock (with item, wanted, there), fund_firewall (enough lies there,
    but it was given for something else; with the rule, the fund and its own text).
    """
    check_write(warehouse.office.province_id, warehouse.office.county_id)
    if quantity <= 0:
        raise DomainError("bad_quantity", field="quantity")
    rows = lots_at_hand(warehouse, item).filter(_of_purpose(purpose), _for_need(need_id))
    lots = rows.select_related("donation", "warehouse__office")
    portions, left = [], Decimal(quantity)
    for lot in lots.select_for_update(of=("self",)):
        if left <= 0:
            break
        portions.append(portion_of(lot, min(lot.quantity, left)))
        left -= portions[-1].quantity
    if left > 0:
        _check_given_for(lots_at_hand(warehouse, item), purpose, need_id, quantity)
        raise DomainError(
            "not_enough_stock", field="quantity", item=item.name, wanted=quantity, there=quantity - left
        )
    move(portions, cause, out=True)
    return portions


def _check_given_for(lots: QuerySet[Lot], purpose: str, need_id: int | None, quantity: Decimal) -> None:
    """DomainError("fund_firewall") where there would be enough were it not given for something else."""
    there = lots.aggregate(sum=Sum("quantity"))["sum"] or 0
    rules = ((FirewallRule.PURPOSE, _of_purpose(purpose)), (FirewallRule.NEED_POOL, _for_need(need_id)))
    for rule, condition in rules:
        refused = lots.exclude(pk__in=lots.filter(condition).values("pk")).select_related("fund").first()
        if there >= quantity and refused is not None:
            fund = refused.fund
            raise DomainError("fund_firewall", rule=str(rule), fund=fund.name, text=fund.rule_text)


def portion_of(lot: Lot, quantity: Decimal) -> Portion:
    """A part of a locked lot with its share of the value, cut to whole rials; all of it takes all of the value."""
    if quantity >= lot.quantity:
        return Portion(lot, lot.quantity, lot.value_rial)
    return Portion(lot, quantity, int(lot.value_rial * quantity // lot.quantity))


@transaction.atomic
def issue(
    warehouse: Warehouse,
    item: StockItem,
    quantity: Decimal,
    *,
    purpose: str,
    need_id: int | None = None,
    reference: str,
    actor: User | None,
    job: str = "",
    note: str = "",
    at: datetime | None = None,
) -> list[Portion]:
    """Hand goods over to people: taken from the warehouse, booked as given in kind. `reference` names the delivery,
    which is there (the database asks it what the goods are for), and is used once for an item of a warehouse. Audited.
    Errors as `take`."""
    cause = Cause(MoveKind.ISSUED, reference, actor, job, note, at=at)
    portions = take(warehouse, item, quantity, cause, purpose=purpose, need_id=need_id)
    book_move(
        f"stock:issued:{reference}:{warehouse.pk}:{item.pk}",
        debit=GIVEN,
        credit=warehouse.account,
        sums=[(facet_of(p.lot), p.value_rial) for p in portions],
        at=at or timezone.now(),
        memo=item.name,
    )
    _record("stock.issue", portions[0].lot, actor, job, note, quantity=str(quantity), reference=reference)
    return portions


def locked_lot(lot_id: int) -> Lot:
    """A lot of the open scope, locked; DomainError("not_found") otherwise."""
    lot = (
        Lot.objects.select_for_update(of=("self",))
        .select_related("item", "fund", "donation", "warehouse__office")
        .filter(pk=lot_id)
        .first()
    )
    if lot is None:
        raise DomainError("not_found", status=404)
    return lot


def _record(action: str, lot: Lot, actor: User | None, job: str, reason: str = "", **data) -> None:
    audit.record(
        action,
        lot,
        actor=actor,
        job=job,
        province_code=lot.warehouse.office.province_id,
        reason=normalise(reason)[:300],
        **data,
    )
