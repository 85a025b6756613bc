"""Setting money of a pool aside: proposed by one person, approved by another, booked and made of gifts in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from aid.enums import AllocationState, Attribution, BatchState
from aid.models import Allocation, KitFunding, Pool
from aid.services import firewall, shares
from aid.services.kits import locked_batch
from campaigns.models import Fund, Need
from campaigns.need_screening import traits_in
from core import audit
from core.codes import parse_tracking_code
from core.errors import DomainError
from core.models import User
from core.outbox import after_commit
from core.text import normalise
from donations.models import Donation
from ledger.accounts import ALLOCATED, DRAWN
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, post
from provinces.models import County, Province
from provinces.scoping import check_write

LEAST_RIAL = 1


@dataclass(frozen=True)
class PoolKey:
    """What the gifts of a pool have in common; None: none of these."""

    fund: str
    province: str | None = None
    county: str | None = None
    edition: int | None = None
    need: int | None = None


@dataclass(frozen=True)
class Plan:
    """What somebody wants to set aside. Whole rials. For a need; for an item of kits, by the payment that plans it; or
    for a programme that the public reads of, whose place is where it delivers. `gifts` are tracking codes, where
    certain gifts are meant (a nazr always means certain gifts, and says their intention)."""

    amount_rial: int
    purpose: str
    need: Need | None = None
    funding: KitFunding | None = None
    programme: str = ""
    province: Province | None = None
    county: County | None = None
    by_share: bool = False
    gifts: Sequence[str] = ()
    intention: str = ""
    moved_because: str = ""
    is_demo: bool = False


def pool_of(key: PoolKey) -> Pool:
    """The pool of a key, made where it is missing; safe to race. DomainError: unknown_fund, not_found (its place is
    outside the open scope)."""
    check_write(key.province, key.county)
    if not Fund.objects.filter(pk=key.fund).exists():
        raise DomainError("unknown_fund", field="fund")
    found, _ = Pool.objects.select_related("fund", "edition", "need").get_or_create(
        fund_id=key.fund,
        province_id=key.province,
        county_id=key.county,
        edition_id=key.edition,
        need_id=key.need,
    )
    return found


@transaction.atomic
def allocate(pool: Pool, plan: Plan, *, actor: User, at: datetime | None = None) -> Allocation:
    """Propose an allocation; nothing is booked until somebody else approves. Audited.

    DomainError: not_found (pool or target outside the open scope), fund_firewall (with `rule`), programme_required,
    points_to_a_person, unknown_gift, pool_short (with `waiting_rial`: what is neither allocated nor proposed),
    kit_needs_less (with `left_rial`: what nobody has set aside for it yet), batch_closed.
    """
    check_write(pool.province_id, pool.county_id)
    province, county = _place(plan)
    check_write(province.pk if province else None, county.pk if county else None)
    has_title = plan.need is not None or plan.funding is not None
    programme = "" if has_title else normalise(plan.programme)[:120]
    if not has_title and not programme:
        raise DomainError("programme_required", field="programme")
    # In a county a programme may reach few: where they are is told with deliveries, when they are enough.
    if traits_in(programme, hidden_place=county.name if county else ""):
        raise DomainError("points_to_a_person", field="programme")
    chosen = _gifts(pool, plan.gifts)
    facts = {
        "purpose": plan.purpose,
        "need": plan.need,
        "funding": plan.funding,
        "province": province,
        "county": county,
        "intention": normalise(plan.intention)[:200],
        "chosen": chosen,
        "moved_because": normalise(plan.moved_because)[:300],
    }
    firewall.check(pool, **facts)
    _check_amount(pool, plan.amount_rial, chosen)
    if plan.funding is not None:
        _check_kit(plan.funding, plan.amount_rial)
    made = Allocation.objects.create(
        pool=pool,
        amount_rial=plan.amount_rial,
        programme=programme,
        attribution=_attribution(plan, pool, chosen),
        proposed_by=actor,
        proposed_at=at or timezone.now(),
        is_demo=plan.is_demo,
        **facts,
    )
    _record("allocation.propose", made, actor, made.moved_because)
    return made


def _place(plan: Plan) -> tuple[Province | None, County | None]:
    """Where the money goes: a need and a warehouse stand where they stand."""
    if plan.need is not None:
        return plan.need.province, plan.need.county
    if plan.funding is not None:
        office = plan.funding.line.batch.warehouse.office
        return office.province, office.county
    return plan.province, plan.county


def _check_kit(funding: KitFunding, rial: int) -> None:
    """No more is set aside for an item of kits than it costs. Holds the batch, so proposals come one after another."""
    locked_batch(funding.line.batch_id, BatchState.PLANNED)
    left = funding.amount_rial - sum(live(funding).values_list("amount_rial", flat=True))
    if rial > left:
        raise DomainError("kit_needs_less", field="amount", left_rial=left)


def live(funding: KitFunding) -> QuerySet[Allocation]:
    """What was proposed or set aside for an item of kits and neither refused nor cancelled."""
    ended = (AllocationState.REFUSED, AllocationState.CANCELLED)
    return Allocation._base_manager.filter(funding=funding).exclude(state__in=ended)


def _gifts(pool: Pool, codes: Sequence[str]) -> list[int]:
    found = []
    for typed in codes:
        try:
            code = parse_tracking_code(typed)
        except DomainError as error:
            raise DomainError("unknown_gift", field="gifts") from error
        gift = (
            Donation.objects.filter(tracking_code=code, fund=pool.fund_id)
            .values_list("pk", flat=True)
            .first()
        )
        if gift is None:
            raise DomainError("unknown_gift", field="gifts")
        found.append(gift)
    return sorted(set(found))


def _attribution(plan: Plan, pool: Pool, chosen: list[int]) -> Attribution:
    """Many donors of one need carry it together; elsewhere the oldest gifts go first."""
    if chosen:
        return Attribution.CHOSEN
    return Attribution.SHARE if plan.by_share or pool.need_id else Attribution.FIFO


def _check_amount(pool: Pool, rial: int, chosen: list[int]) -> None:
    if rial < LEAST_RIAL:
        raise DomainError("pool_short", field="amount", waiting_rial=0)
    proposed = sum(
        Allocation.objects.filter(pool=pool, state=AllocationState.PROPOSED).values_list(
            "amount_rial", flat=True
        )
    )
    left = shares.waiting_rial(pool, chosen=chosen) - (0 if chosen else proposed)
    if rial > left:
        raise DomainError("pool_short", field="amount", waiting_rial=max(left, 0))


@transaction.atomic
def decide(
    allocation_id: int, *, actor: User, approve: bool, reason: str = "", at: datetime | None = None
) -> Allocation:
    """Approve or refuse a proposal as somebody other than its maker. Approval takes the gifts and books the amount;
    donors who wished so are told. Locks the pool. Audited.

    DomainError: not_found, allocation_decided, four_eyes, reason_required (a refusal says why), fund_firewall (the
    rules are asked again), pool_short (others have taken the money meanwhile).
    """
    found = locked(allocation_id)
    check_write(found.pool.province_id, found.pool.county_id)
    if found.state != AllocationState.PROPOSED:
        raise DomainError("allocation_decided", status=409)
    if found.proposed_by_id == actor.pk:
        raise DomainError("four_eyes")
    if not approve and not reason.strip():
        raise DomainError("reason_required", field="reason")
    found.decided_by, found.decided_at, found.decision_reason = (
        actor,
        at or timezone.now(),
        normalise(reason)[:300],
    )
    found.state = AllocationState.APPROVED if approve else AllocationState.REFUSED
    if approve:
        _check_again(found)
    found.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    if approve:
        _hold(found)
    _record("allocation.approve" if approve else "allocation.refuse", found, actor, found.decision_reason)
    return found


def _check_again(found: Allocation) -> None:
    firewall.check(
        found.pool,
        purpose=found.purpose,
        need=found.need,
        funding=found.funding,
        province=found.province,
        county=found.county,
        intention=found.intention,
        chosen=found.chosen,
        moved_because=found.moved_because,
    )


def _hold(found: Allocation) -> None:
    taken = shares.take(found, found.amount_rial)
    if taken != found.amount_rial:
        raise DomainError("pool_short", field="amount", waiting_rial=taken)
    found.held_rial, found.gift_count = taken, found.shares.count()
    found.save(update_fields=["held_rial", "gift_count"])
    found.pool.placed_rial += taken
    found.pool.save(update_fields=["placed_rial"])
    book(found, f"allocation:{found.pk}", taken, found.decided_at)
    after_commit("aid.note_news", allocation_id=found.pk)


@transaction.atomic
def cancel(allocation_id: int, *, actor: User, reason: str) -> Allocation:
    """Return to the pool what an approved allocation has not delivered, with a contra entry; what was delivered stays
    delivered. Audited.

    DomainError: not_found, reason_required, nothing_to_cancel, kit_is_bought (what it pays for is here).
    """
    found = locked(allocation_id)
    check_write(found.pool.province_id, found.pool.county_id)
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    if found.state != AllocationState.APPROVED:
        raise DomainError("nothing_to_cancel", status=409)
    if found.funding_id and found.funding.arrived_at is not None:
        raise DomainError("kit_is_bought", status=409)
    found.state = AllocationState.CANCELLED
    found.cancelled_by, found.cancelled_at, found.cancel_reason = (
        actor,
        timezone.now(),
        normalise(reason)[:300],
    )
    back = shares.give_back(found)
    found.held_rial -= back
    found.save(update_fields=["state", "held_rial", "cancelled_by", "cancelled_at", "cancel_reason"])
    found.pool.placed_rial -= back
    found.pool.save(update_fields=["placed_rial"])
    if back:
        book(found, f"allocation:{found.pk}:cancel", -back, found.cancelled_at, found.cancel_reason)
    after_commit("aid.note_news", allocation_id=found.pk)
    _record("allocation.cancel", found, actor, found.cancel_reason)
    return found


def locked(allocation_id: int) -> Allocation:
    """An allocation of the open scope, its pool locked before it; DomainError("not_found") otherwise."""
    pool_id = Allocation.objects.filter(pk=allocation_id).values_list("pool_id", flat=True).first()
    if pool_id is None:
        raise DomainError("not_found", status=404)
    pool = lock_pools([pool_id])[pool_id]
    found = (
        Allocation.objects.select_for_update(of=("self",))
        .select_related("need", "province", "county", "funding__line__batch__kit", "funding__item")
        .get(pk=allocation_id)
    )
    found.pool = pool
    return found


def lock_pools(pool_ids: Sequence[int]) -> dict[int, Pool]:
    """Hold pools until the transaction ends, in order. Their own scope is not asked: whoever may see an allocation
    may need its pool."""
    rows = (
        Pool._base_manager.select_for_update(of=("self",))
        .select_related("fund", "edition", "need")
        .filter(pk__in=pool_ids)
        .order_by("pk")
    )
    return {pool.pk: pool for pool in rows}


def book(allocation: Allocation, source: str, rial: int, at: datetime, memo: str = "") -> None:
    """Set `rial` aside in the books (negative: give it back to the pool)."""
    facet = allocation.pool.facet(allocation.wanted_id)
    legs = (Leg(ALLOCATED, rial, facet), Leg(DRAWN, -rial, facet))
    post([NewEntry(EntryKind.ALLOCATION, source, at, legs, memo=memo[:200])])


def _record(action: str, allocation: Allocation, actor: User, reason: str) -> None:
    audit.record(
        action,
        allocation,
        actor=actor,
        province_code=allocation.province_id,
        reason=reason,
        amount_rial=allocation.amount_rial,
        purpose=allocation.purpose,
        pool=allocation.pool_id,
    )
