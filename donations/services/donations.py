"""Writing gifts down, and what becomes of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection
from django.utils import timezone

from campaigns.models import Edition, GivingRate
from campaigns.selectors import Designation, designate
from core.codes import new_tracking_code
from core.crypto import keyed_hash
from core.errors import DomainError
from core.text import normalise, normalise_lines
from core.transactions import savepoint_if_inside
from donations.enums import DonationStatus
from donations.models import Donation, Donor, IdempotencyKey
from provinces.scoping import check_write

TRIES_AT_A_FREE_CODE = 3
KEEP_KEYS = timedelta(days=30)


@dataclass(frozen=True)
class Wish:
    """What somebody wishes to give. Codes as in addresses, money in whole rials; mobile is +989… or empty."""

    amount_rial: int
    fund: str
    province: str = ""
    county: str = ""
    campaign: str = ""
    need: str = ""
    placement: str = ""
    name: str = ""
    mobile: str = ""
    message: str = ""
    is_anonymous: bool = False
    persons: int | None = None
    rate_id: int | None = None
    gateway: str = ""


def create_donation(
    wish: Wish,
    *,
    idempotency_key: str = "",
    at: datetime | None = None,
    recorded_edition: Edition | None = None,
    is_demo: bool = False,
    refuse: Callable[[Designation], None] | None = None,
) -> Donation:
    """Write a gift down as pending; no bank is called.

    With `idempotency_key` it may be repeated: the same key and wish give the same donation, whatever changed since,
    and the same key with another wish raises DomainError("idempotency_conflict", status 409). A new gift may be refused
    by `refuse`, which is given its designation and raises a DomainError. `at` and `recorded_edition` are for histories
    that are written down afterwards. Other errors: those of `designate`,
    amount_too_small, amount_too_large (with the limits in rials), try_again.
    """
    key = _Key.of(wish, idempotency_key)
    try:
        target = _checked_target(wish, recorded_edition)
        if refuse is not None:
            refuse(target)
        for _ in range(TRIES_AT_A_FREE_CODE):
            # A conflict is a repeated key or, once in a long while, the same random code.
            with suppress(IntegrityError), savepoint_if_inside():
                return _write(wish, target, at or timezone.now(), is_demo, key)
            if made := key.made():
                return made
    except DomainError:
        if made := key.made():
            return made
        raise
    raise DomainError("try_again", status=503)


def _checked_target(wish: Wish, recorded_edition: Edition | None) -> Designation:
    target = designate(
        fund=wish.fund,
        province=wish.province,
        county=wish.county,
        campaign=wish.campaign,
        placement=wish.placement,
        need=wish.need,
        recorded_edition=recorded_edition,
    )
    _check_amount(wish.amount_rial, target)
    check_write(
        target.province.code if target.province else None, target.county.code if target.county else None
    )
    return target


@dataclass(frozen=True)
class _Key:
    """A client's key, hashed, and what it stood for. Without a key nothing was made before."""

    key_hash: str
    body_hash: str

    @classmethod
    def of(cls, wish: Wish, key: str) -> _Key:
        if not key:
            return cls("", "")
        return cls(_hash(key), _hash(json.dumps(vars(wish), sort_keys=True, ensure_ascii=False)))

    def made(self) -> Donation | None:
        """The gift this key led to before; DomainError("idempotency_conflict") when it stood for another wish."""
        if not self.key_hash:
            return None
        known = IdempotencyKey.objects.filter(key_hash=self.key_hash).first()
        if known is None:
            return None
        if known.body_hash != self.body_hash:
            raise DomainError("idempotency_conflict", status=409)
        return Donation.objects.get(pk=known.donation_id)


_COLUMNS = [field for field in Donation._meta.concrete_fields if not field.primary_key]


def _write(wish: Wish, target: Designation, at: datetime, is_demo: bool, key: _Key) -> Donation:
    donation = Donation(
        tracking_code=new_tracking_code(),
        amount_rial=wish.amount_rial,
        fund=target.fund,
        province=target.province,
        county=target.county,
        edition=target.edition,
        branch=target.branch,
        channel=target.channel,
        placement=target.placement,
        need=target.need,
        rate=GivingRate.objects.filter(pk=wish.rate_id).first() if wish.rate_id else None,
        persons=wish.persons,
        donor=_donor(wish.mobile) if wish.mobile else None,
        donor_name=normalise(wish.name)[:80],
        is_anonymous=wish.is_anonymous,
        message=normalise_lines(wish.message)[:300],
        preferred_gateway=wish.gateway,
        created_at=at,
        is_demo=is_demo,
    )
    row = {field.column: getattr(donation, field.attname) for field in _COLUMNS}
    with connection.cursor() as cursor:  # gift and key are one statement: both or none
        given = [json.dumps(row, ensure_ascii=False, default=str), key.key_hash, key.body_hash]
        cursor.execute("SELECT donations_write_gift(%s, %s, %s) AS id", given)
        donation.pk = cursor.fetchone()[0]
    donation._state.adding = False
    return donation


def _donor(mobile: str) -> Donor:
    found, _ = Donor.objects.get_or_create(
        mobile_hash=keyed_hash(mobile, "mobile"), defaults={"mobile": mobile}
    )
    return found


def _check_amount(amount_rial: int, target: Designation) -> None:
    least, most = target.channel.least_rial or 1, target.channel.most_rial
    if amount_rial < least:
        raise DomainError("amount_too_small", field="amount", minimum_rial=least)
    if most is not None and amount_rial > most:
        raise DomainError("amount_too_large", field="amount", maximum_rial=most)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def mark_received(received: Iterable[tuple[int, datetime]]) -> None:
    """Mark locked donations as received at a time; the database freezes them from then on."""
    rows = list(received)
    if not rows:
        return
    with connection.cursor() as cursor:
        given = [list(column) for column in zip(*rows, strict=True)]
        cursor.execute("SELECT donations_mark_received(%s, %s::timestamptz[])", given)


def mark_unpaid(donation_ids: Iterable[int], status: DonationStatus) -> None:
    """Set locked donations that are not received to pending, failed or under_review; received ones stay as they are."""
    Donation.objects.filter(pk__in=list(donation_ids)).exclude(
        status__in=[status, DonationStatus.RECEIVED, DonationStatus.REFUNDED]
    ).update(status=status)


def forget_keys() -> int:
    """Drop idempotency keys older than KEEP_KEYS: no client repeats a request that late."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEEP_KEYS).delete()
    return deleted
