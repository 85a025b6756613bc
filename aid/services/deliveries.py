"""What reached people: recorded with its evidence, booked out of the allocation, undone when it was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aid.enums import AllocationState, DeliveryForm, FirewallRule, Outcome, Purpose
from aid.models import Allocation, Delivery, DeliveryReference, GoodsDelivery
from aid.services import shares
from aid.services.allocations import lock_pools, locked
from aid.services.evidence import (
    Proof,
    case_columns,
    columns_of,
    mark_reviewed,
    mark_undone,
    write_outcome,
)
from aid.services.receivers import Received, codes_of
from campaigns.need_screening import traits_in
from core import audit
from core.errors import DomainError
from core.jalali import tehran_day, tehran_today
from core.models import User
from core.outbox import after_commit
from core.text import normalise
from ledger.accounts import ALLOCATED, DELIVERED
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, post
from provinces.models import County, Province
from provinces.scoping import all_provinces, check_write


@dataclass(frozen=True, kw_only=True)
class Evidence(Proof):
    """What is known of a delivery of money, in whole rials; food for a gathering may come without `references`."""

    amount_rial: int
    form: str
    what: str
    quantity: int
    unit: str
    province: Province | None = None


@transaction.atomic
def deliver(allocation_id: int, evidence: Evidence, *, actor: User, at: datetime | None = None) -> Delivery:
    """Record that a part of an allocation reached people and book it as spent; donors who wished so are told. Locks the
    pool. Audited.

    DomainError: not_found, nothing_to_deliver, delivered_with_kits, more_than_allocated (with `left_rial`),
    fund_firewall (kaffarah as anything but food; another place), bad_day, points_to_a_person, same_signatory,
    bad_reference, personal_reference, references_do_not_match, delivered_before and delivered_lately (with how many),
    photo_shows_faces, photo_unknown, photo_too_large.
    """
    found = locked(allocation_id)
    province, county = _place(found, evidence)
    check_write(province.pk if province else None, county.pk if county else None)
    if found.state != AllocationState.APPROVED:
        raise DomainError("nothing_to_deliver", status=409)
    if found.funding_id:
        raise DomainError("delivered_with_kits")
    _check(found, evidence, county)
    codes = _references(found, evidence)
    made = Delivery.objects.create(
        allocation=found,
        amount_rial=evidence.amount_rial,
        form=evidence.form,
        what=normalise(evidence.what)[:80],
        quantity=evidence.quantity,
        unit=normalise(evidence.unit)[:20],
        province=province,
        county=county,
        **columns_of(evidence, actor, at),
    )
    DeliveryReference.objects.bulk_create(
        DeliveryReference(delivery=made, allocation=found, **case_columns(code, evidence)) for code in codes
    )
    _book(made, shares.deliver(made, made.amount_rial), f"delivery:{made.pk}", made.recorded_at)
    after_commit("aid.note_news", allocation_id=found.pk)
    _record("delivery.record", made, actor)
    return made


def _place(found: Allocation, evidence: Evidence) -> tuple[Province | None, County | None]:
    """Where it was delivered: within the allocation's own place, which counts where nothing closer is said."""
    county = evidence.county or found.county
    province = evidence.province or (county.province if county else found.province)
    if found.province_id and (province is None or province.pk != found.province_id):
        raise DomainError("fund_firewall", rule=str(FirewallRule.PLACE), **_of(found))
    if found.county_id and (county is None or county.pk != found.county_id):
        raise DomainError("fund_firewall", rule=str(FirewallRule.PLACE), **_of(found))
    return province, county


def _of(found: Allocation) -> dict[str, str]:
    return {"fund": found.pool.fund.name, "text": found.pool.fund.rule_text}


def _check(found: Allocation, evidence: Evidence, county: County | None) -> None:
    if found.purpose == Purpose.FOOD and evidence.form != DeliveryForm.FOOD:
        raise DomainError("fund_firewall", rule=str(FirewallRule.FOOD_ONLY), **_of(found))
    if not 0 < evidence.amount_rial <= found.left_rial:
        raise DomainError("more_than_allocated", field="amount", left_rial=found.left_rial)
    if not tehran_day(found.decided_at) <= evidence.delivered_on <= tehran_today():
        raise DomainError("bad_day", field="delivered_on")
    # Everybody reads what it was; of few, not where.
    few = county is not None and evidence.households < settings.NEED_COUNTY_PERSONS
    if traits_in(f"{evidence.what} {evidence.unit}", hidden_place=county.name if few else ""):
        raise DomainError("points_to_a_person", field="what")
    if evidence.first == evidence.second:
        raise DomainError("same_signatory", field="second")


def _references(found: Allocation, evidence: Evidence) -> list[str]:
    received = Received(
        evidence.references,
        evidence.households,
        found.purpose,
        evidence.delivered_on,
        evidence.again_because,
        is_gathering=evidence.form == DeliveryForm.FOOD,
    )
    return codes_of(received, known=lambda: DeliveryReference.objects.filter(allocation=found))


def _book(delivery: Delivery, rial: int, source: str, at: datetime, memo: str = "") -> None:
    """Move `rial` from allocated to delivered (negative: back), in the books and on the allocation."""
    found = delivery.allocation
    found.delivered_rial += rial
    found.state = AllocationState.DELIVERED if found.left_rial == 0 else AllocationState.APPROVED
    found.save(update_fields=["delivered_rial", "state"])
    if rial:
        facet = found.pool.facet(found.wanted_id)
        legs = (Leg(DELIVERED, rial, facet), Leg(ALLOCATED, -rial, facet))
        post([NewEntry(EntryKind.DELIVERY, source, at, legs, memo=memo[:200])])


def deliver_with_kits(found: Allocation, goods: GoodsDelivery, rial: int) -> Delivery:
    """Record that `rial` of a locked allocation to kits reached people with kits that left, and book it; in the
    transaction of `goods`, where the evidence stands. Donors who wished so are told."""
    made = Delivery.objects.create(
        allocation=found,
        goods=goods,
        amount_rial=rial,
        form=DeliveryForm.FOOD if found.purpose == Purpose.FOOD else DeliveryForm.GOODS,
        what=goods.what,
        quantity=int(goods.quantity),
        unit=goods.get_unit_display(),
        households=goods.households,
        province_id=goods.warehouse.office.province_id,
        county=goods.county,
        delivered_on=goods.delivered_on,
        first_signatory=goods.first_signatory,
        second_signatory=goods.second_signatory,
        minutes_number=goods.minutes_number,
        recorded_by=goods.recorded_by,
        recorded_at=goods.recorded_at,
        is_demo=goods.is_demo,
    )
    _book(made, shares.deliver(made, rial), f"delivery:{made.pk}", made.recorded_at)
    after_commit("aid.note_news", allocation_id=found.pk)
    return made


@transaction.atomic
def undo_delivery(delivery_id: int, *, actor: User, reason: str) -> Delivery:
    """Take back a delivery that was recorded wrongly: contra entry, the money is allocated again. Not by whoever
    recorded it. Audited.

    DomainError: not_found, four_eyes, reason_required, already_undone, undone_with_kits, allocation_cancelled,
    partly_borne (the organisation has paid a part of it meanwhile).
    """
    made = _locked(delivery_id)
    if made.goods_id:
        raise DomainError("undone_with_kits", status=409)
    _undo(made, actor, reason, timezone.now())
    _record("delivery.undo", made, actor, made.undo_reason)
    return made


def undo_with_kits(goods: GoodsDelivery) -> None:
    """Take back the money that was delivered with kits, in the transaction that undoes their delivery. Locks the
    pools. DomainError: allocation_cancelled, partly_borne."""
    paid = goods.paid_by.order_by("pk")
    lock_pools(sorted(set(paid.values_list("allocation__pool_id", flat=True))))
    for pk in paid.values_list("pk", flat=True):
        _undo(_locked(pk), goods.undone_by, goods.undo_reason, goods.undone_at)


def _undo(made: Delivery, actor: User, reason: str, at: datetime) -> None:
    mark_undone(made, actor=actor, reason=reason, at=at)
    if made.allocation.state == AllocationState.CANCELLED:
        raise DomainError("allocation_cancelled", status=409)
    if made.borne_rial:
        raise DomainError("partly_borne", status=409)
    _book(made, -shares.undo(made), f"delivery:{made.pk}:undo", made.undone_at, made.undo_reason)
    after_commit("aid.note_news", allocation_id=made.allocation_id)


@transaction.atomic
def review_photo(delivery_id: int, *, actor: User) -> Delivery:
    """Say, as somebody other than who recorded it, that a photo shows no face. Audited.

    DomainError: not_found, no_photo, four_eyes. Repeating it changes nothing.
    """
    made = _locked(delivery_id)
    if mark_reviewed(made, actor=actor):
        _record("delivery.review_photo", made, actor)
    return made


@transaction.atomic
def record_outcome(
    delivery_id: int, *, actor: User, outcome: Outcome, references: Sequence[str] = (), on: date | None = None
) -> int:
    """Write down what a delivery led to, for all of its cases or the named ones; returns for how many. Audited.

    DomainError: not_found, bad_reference, personal_reference, unknown_reference.
    """
    made = _locked(delivery_id)
    count = write_outcome(made, outcome=outcome, references=references, on=on)
    _record("delivery.outcome", made, actor, outcome=str(outcome), count=count)
    return count


def _locked(delivery_id: int) -> Delivery:
    allocation_id = Delivery.objects.filter(pk=delivery_id).values_list("allocation_id", flat=True).first()
    if allocation_id is None:
        raise DomainError("not_found", status=404)
    with all_provinces("the delivery was in scope; its allocation may be a national one"):
        allocation = locked(allocation_id)
        made = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    check_write(made.province_id, made.county_id)
    made.allocation = allocation
    return made


def _record(action: str, delivery: Delivery, actor: User, reason: str = "", **more: object) -> None:
    audit.record(
        action,
        delivery,
        actor=actor,
        province_code=delivery.province_id,
        reason=reason,
        amount_rial=delivery.amount_rial,
        allocation=delivery.allocation_id,
        **more,
    )
