"""Goods that arrive: taken in with their value, confirmed by a second person above a threshold, then booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aid.enums import FirewallRule, GoodsCategory, IntakeState, MoveKind, Purpose
from aid.models import Intake, StockItem, Warehouse
from aid.needs import answered
from aid.services.stock import Cause, Portion, move, open_lot
from campaigns.models import Fund, Need
from core import audit
from core.errors import DomainError
from core.jalali import tehran_day
from core.models import User
from core.text import normalise
from donations.enums import InKindState
from donations.models import GiftInKind, GivenGoods
from donations.services.in_kind import AppraisedGoods, check_need, locked_gift, set_state, write_goods
from donations.services.in_kind_received import mark_goods_received
from ledger.accounts import INCOME
from ledger.enums import EntryKind, GiftKind
from ledger.posting import Leg, NewEntry, post


def needs_second(lines: Sequence[AppraisedGoods]) -> bool:
    """Does the value of a line or of all of them need a second person?"""
    return sum(line.value_rial for line in lines) > settings.IN_KIND_SECOND_APPRAISAL_RIAL


@transaction.atomic
def take_in(
    gift_id: int,
    lines: Sequence[AppraisedGoods],
    *,
    warehouse: Warehouse,
    need: Need | None = None,
    actor: User | None,
    job: str = "",
    at: datetime | None = None,
) -> Intake:
    """Take goods in at a warehouse of the office. Below the threshold they are in stock, in the books and receipted at
    once; above it that waits for a second person. `need` says what they are for where the giver has not. Locks the
    gift; audited.

    DomainError: not_found, offer_answered (it was taken in already), other_office, goods_required, unknown_item,
    expiry_required (with the item), expired_goods, need_elsewhere, fund_not_for_need, fund_firewall (kaffarah as
    anything but food).
    """
    at = at or timezone.now()
    gift = locked_gift(gift_id, InKindState.AGREED)
    if warehouse.office_id != gift.office_id:
        raise DomainError("other_office", field="warehouse")
    _check(lines, gift.fund, at)
    if gift.need_id is None and need is not None:
        check_need(need, gift.office, gift.fund)
        gift.need = need
        gift.save(update_fields=["need"])
    write_goods(gift, lines)
    waits = needs_second(lines)
    intake, _ = Intake.objects.update_or_create(
        gift=gift,
        defaults={
            "warehouse": warehouse,
            "state": IntakeState.WAITING,
            "value_rial": sum(line.value_rial for line in lines),
            "needs_second": waits,
            "taken_by": actor,
            "job": job,
            "taken_at": at,
            "reason": "",
            "confirmed_by": None,
            "confirmed_at": None,
        },
    )
    audit.record(
        "in_kind.take_in",
        gift,
        actor=actor,
        job=job,
        province_code=gift.office.province_id,
        value_rial=intake.value_rial,
        needs_second=waits,
    )
    if waits:
        set_state(gift, InKindState.APPRAISING)
    else:
        _book(intake, gift, at)
    return intake


@transaction.atomic
def confirm_value(intake_id: int, *, actor: User, approve: bool, reason: str = "") -> Intake:
    """Confirm the value of an intake, or send it back to be appraised anew, as somebody other than who took it in (the
    database sees to it). Locks intake and gift; audited. DomainError: not_found, intake_decided, four_eyes,
    reason_required."""
    intake = (
        Intake.objects.select_for_update(of=("self",))
        .select_related("warehouse__office")
        .filter(pk=intake_id)
        .first()
    )
    if intake is None:
        raise DomainError("not_found", status=404)
    if intake.state != IntakeState.WAITING:
        raise DomainError("intake_decided", status=409)
    if intake.taken_by_id == actor.pk:
        raise DomainError("four_eyes")
    gift = locked_gift(intake.gift_id, InKindState.APPRAISING)
    intake.confirmed_by, intake.confirmed_at = actor, timezone.now()
    if approve:
        _book(intake, gift, intake.confirmed_at)
    else:
        if not reason.strip():
            raise DomainError("reason_required", field="reason")
        intake.state, intake.reason = IntakeState.RETURNED, normalise(reason)[:300]
        intake.save()
        set_state(gift, InKindState.AGREED)
    audit.record(
        "in_kind.confirm_value" if approve else "in_kind.return_value",
        gift,
        actor=actor,
        province_code=gift.office.province_id,
        reason=normalise(reason)[:300],
    )
    return intake


def _check(lines: Sequence[AppraisedGoods], fund: Fund, at: datetime) -> None:
    today = tehran_day(at)
    items = _items(lines)
    for line in lines:
        item = items.get(line.item_code)
        if item is None:
            raise DomainError("unknown_item", field="item")
        if list(fund.spendable_on) == [Purpose.FOOD] and item.category != GoodsCategory.FOOD:
            raise DomainError(
                "fund_firewall", rule=str(FirewallRule.FOOD_ONLY), fund=fund.name, text=fund.rule_text
            )
        if item.has_expiry and line.expires_on is None:
            raise DomainError("expiry_required", field="expires_on", item=item.name)
        if line.expires_on is not None and line.expires_on < today:
            raise DomainError("expired_goods", field="expires_on", item=item.name)


def _items(lines: Sequence[AppraisedGoods | GivenGoods]) -> dict[str, StockItem]:
    return StockItem.objects.in_bulk([line.item_code for line in lines])


def _book(intake: Intake, gift: GiftInKind, at: datetime) -> None:
    """Goods become a lot a line, the gift a donation with a receipt, the value an entry: debit the warehouse, credit
    income in kind."""
    donation = mark_goods_received(gift, at=at)
    given = list(gift.given.all())
    items = _items(given)
    wanted = list(gift.need.wanted_items.all()) if gift.need else []
    portions = [
        Portion(
            open_lot(
                intake.warehouse,
                items[line.item_code],
                gift.fund,
                condition=line.condition,
                expires_on=line.expires_on,
                donation=donation,
                need_item=answered(items[line.item_code], wanted),
                at=at,
            ),
            line.quantity,
            line.value_rial,
        )
        for line in given
    ]
    source = f"in_kind:{gift.pk}"
    move(portions, Cause(MoveKind.INTAKE, source, intake.taken_by, intake.job, at=at), out=False)
    facet = donation.facet
    post(
        [
            NewEntry(
                EntryKind.GIFT,
                source,
                at,
                (
                    Leg(intake.warehouse.account, donation.amount_rial, facet),
                    Leg(INCOME[GiftKind.IN_KIND], -donation.amount_rial, facet),
                ),
            )
        ]
    )
    intake.state = IntakeState.BOOKED
    intake.save()
