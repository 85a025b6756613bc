"""Goods that people offer: written down, answered with kind words and an appointment, and what really came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Fund, Need
from core import audit
from core.codes import new_tracking_code
from core.crypto import keyed_hash
from core.errors import DomainError
from core.limits import count_or_refuse
from core.models import User
from core.outbox import after_commit
from core.text import normalise, normalise_lines
from donations.enums import AppraisalWay, Condition, GoodsUnit, HandOver, InKindState
from donations.models import Donor, GiftInKind, GivenGoods, OfferedGoods
from provinces.models import Office
from provinces.scoping import check_write

MOST_LINES = 40
MOST_AN_ADDRESS, MOST_A_MOBILE, WINDOW_SECONDS = 60, 12, 24 * 3_600
_OPEN = (InKindState.OFFERED, InKindState.AGREED)


@dataclass(frozen=True)
class Goods:
    """One line of an offer, in the donor's words."""

    description: str
    quantity: Decimal
    unit: str = GoodsUnit.PIECE
    condition: str = Condition.NEW
    photo: UploadedFile | None = None


@dataclass(frozen=True)
class Offer:
    """What somebody wishes to give and how it may reach the office, perhaps for a need of its province. `mobile` is
    +989… (empty only for a walk-in)."""

    office: Office
    fund: Fund
    goods: tuple[Goods, ...] = ()
    name: str = ""
    mobile: str = ""
    is_anonymous: bool = False
    message: str = ""
    way: str = HandOver.BRING
    pickup_address: str = ""
    wished_on: date | None = None
    wished_part: str = ""
    need: Need | None = None
    is_demo: bool = False


@dataclass(frozen=True)
class AppraisedGoods:
    """One line of what came: goods of the list, and their value in whole rials with who found it and how."""

    item_code: str
    name: str
    quantity: Decimal
    unit: str
    condition: str
    value_rial: int
    appraised_by: str
    appraised_how: str = AppraisalWay.MARKET
    details: str = ""
    expires_on: date | None = None
    photo: UploadedFile | None = None


def offer_goods(offer: Offer, *, key: UUID, address: str, at: datetime | None = None) -> GiftInKind:
    """Write an offer down; the office answers it. The same `key` again gives the same offer.

    `address` is the sender's network address, counted against floods. DomainError: goods_required, too_many_goods,
    mobile_required, pickup_needs_address, need_elsewhere, fund_not_for_need, too_many_offers (429), try_again.
    """
    if known := GiftInKind.objects.filter(key=key).first():
        return known
    if not offer.mobile:
        raise DomainError("mobile_required", field="mobile")
    if not offer.goods:
        raise DomainError("goods_required")
    if len(offer.goods) > MOST_LINES:
        raise DomainError("too_many_goods", most=MOST_LINES)
    if offer.way == HandOver.PICKUP and not offer.pickup_address.strip():
        raise DomainError("pickup_needs_address", field="pickup_address")
    check_need(offer.need, offer.office, offer.fund)
    for source, most in ((address, MOST_AN_ADDRESS), (offer.mobile, MOST_A_MOBILE)):
        count_or_refuse("offer", source, most=most, seconds=WINDOW_SECONDS, code="too_many_offers")
    return _write(offer, key, at or timezone.now())


def open_walk_in(
    offer: Offer, *, key: UUID, actor: User | None, job: str = "", at: datetime | None = None
) -> GiftInKind:
    """A gift of goods that somebody brings unannounced; what it is the intake says. Audited; the same `key` again
    gives the same gift. DomainError: not_found (an office outside the open scope), need_elsewhere, fund_not_for_need,
    try_again."""
    check_write(offer.office.province_id, offer.office.county_id)
    check_need(offer.need, offer.office, offer.fund)
    if known := GiftInKind.objects.filter(key=key).first():
        return known
    at = at or timezone.now()
    with transaction.atomic():
        gift = _write(
            offer, key, at, state=InKindState.AGREED, is_walk_in=True, decided_by=actor, decided_at=at
        )
        _record("in_kind.walk_in", gift, actor, job=job)
    return gift


def check_need(need: Need | None, office: Office, fund: Fund) -> None:
    """DomainError need_elsewhere or fund_not_for_need where goods given to this office with this intention cannot be
    for the need."""
    if need is None:
        return
    if need.province_id != office.province_id:
        raise DomainError("need_elsewhere", field="need")
    if need.kind not in fund.spendable_on:
        raise DomainError("fund_not_for_need", field="fund")


def _write(offer: Offer, key: UUID, at: datetime, **more) -> GiftInKind:
    try:
        with transaction.atomic():
            gift = GiftInKind.objects.create(
                key=key,
                tracking_code=new_tracking_code(),
                office=offer.office,
                fund=offer.fund,
                need=offer.need,
                way=offer.way,
                pickup_address=normalise_lines(offer.pickup_address)[:300]
                if offer.way == HandOver.PICKUP
                else "",
                wished_on=offer.wished_on,
                wished_part=offer.wished_part,
                donor=_donor(offer.mobile),
                donor_name=normalise(offer.name)[:80],
                is_anonymous=offer.is_anonymous,
                message=normalise_lines(offer.message)[:300],
                offered_at=at,
                is_demo=offer.is_demo,
                **more,
            )
            OfferedGoods.objects.bulk_create(
                [
                    OfferedGoods(
                        gift=gift,
                        description=normalise(line.description)[:120],
                        quantity=line.quantity,
                        unit=line.unit,
                        condition=line.condition,
                        photo=line.photo or "",
                    )
                    for line in offer.goods
                ]
            )
            return gift
    except IntegrityError as error:  # the same form sent twice at once, or the same random code
        if known := GiftInKind.objects.filter(key=key).first():
            return known
        raise DomainError("try_again", status=503) from error


def _donor(mobile: str) -> Donor | None:
    if not mobile:
        return None
    found, _ = Donor.objects.get_or_create(
        mobile_hash=keyed_hash(mobile, "mobile"), defaults={"mobile": mobile}
    )
    return found


@transaction.atomic
def agree_to_offer(
    gift_id: int, *, actor: User, words: str = "", on: date | None = None, part: str = ""
) -> GiftInKind:
    """Accept an offer, with an appointment if one is made; the donor is told. May be said again with another
    appointment until the goods are here. Locks the gift; audited. DomainError: not_found, offer_answered."""
    gift = locked_gift(gift_id, *_OPEN)
    gift.state, gift.reply = InKindState.AGREED, normalise_lines(words)[:400]
    gift.appointment_on, gift.appointment_part = on, part
    return _answered(gift, "in_kind.agree", actor, "agreed")


@transaction.atomic
def decline_offer(gift_id: int, *, actor: User, words: str) -> GiftInKind:
    """Turn an offer down with words for the donor. Locks the gift; audited.

    DomainError: not_found, offer_answered, words_required.
    """
    return _end(gift_id, InKindState.DECLINED, "in_kind.decline", actor, words)


@transaction.atomic
def lapse_offer(gift_id: int, *, actor: User, words: str) -> GiftInKind:
    """Close an offer whose goods never came; the words stay with it and the donor reads them. Locks the gift; audited.
    DomainError: as `decline_offer`."""
    return _end(gift_id, InKindState.LAPSED, "in_kind.lapse", actor, words)


def _end(gift_id: int, state: InKindState, action: str, actor: User, words: str) -> GiftInKind:
    gift = locked_gift(gift_id, *_OPEN)
    if not words.strip():
        raise DomainError("words_required", field="words")
    gift.state, gift.reply = state, normalise_lines(words)[:400]
    return _answered(gift, action, actor, state)


def _answered(gift: GiftInKind, action: str, actor: User, what: str) -> GiftInKind:
    gift.decided_by, gift.decided_at = actor, timezone.now()
    gift.save()
    _record(action, gift, actor, reason=gift.reply[:300])
    tell_donor(gift, what)
    return gift


def locked_gift(gift_id: int, *states: InKindState) -> GiftInKind:
    """A gift of the open scope in one of these states, locked; DomainError not_found or offer_answered."""
    gift = (
        GiftInKind.objects.select_for_update(of=("self",))
        .select_related("office", "fund", "donor", "need")
        .filter(pk=gift_id)
        .first()
    )
    if gift is None:
        raise DomainError("not_found", status=404)
    if gift.state not in states:
        raise DomainError("offer_answered", status=409, state=gift.state)
    return gift


def write_goods(gift: GiftInKind, lines: Sequence[AppraisedGoods]) -> list[GivenGoods]:
    """Write down what came with a locked gift, in place of what was written before; in the caller's transaction.
    DomainError: goods_required, too_many_goods."""
    if not lines:
        raise DomainError("goods_required")
    if len(lines) > MOST_LINES:
        raise DomainError("too_many_goods", most=MOST_LINES)
    gift.given.all().delete()
    return GivenGoods.objects.bulk_create(
        [
            GivenGoods(
                gift=gift,
                item_code=line.item_code,
                name=line.name,
                details=normalise(line.details)[:160],
                quantity=line.quantity,
                unit=line.unit,
                condition=line.condition,
                expires_on=line.expires_on,
                value_rial=line.value_rial,
                appraised_by=normalise(line.appraised_by)[:80],
                appraised_how=line.appraised_how,
                photo=line.photo or "",
            )
            for line in lines
        ]
    )


def set_state(gift: GiftInKind, state: InKindState) -> None:
    """Move a locked gift between agreed and appraising, in the caller's transaction."""
    gift.state = state
    gift.save(update_fields=["state"])


def tell_donor(gift: GiftInKind, what: str) -> None:
    """Promise the donor's message, in the caller's transaction: agreed, declined, lapsed or received."""
    if gift.donor_id and not gift.is_demo:
        after_commit("donations.tell_in_kind", gift_id=gift.pk, what=str(what))


def _record(action: str, gift: GiftInKind, actor: User | None, *, job: str = "", reason: str = "") -> None:
    audit.record(
        action,
        gift,
        actor=actor,
        job=job,
        province_code=gift.office.province_id,
        reason=reason,
        state=gift.state,
    )
