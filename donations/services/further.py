"""Gifts made of money that a person had to place: a further gift, one for a purpose, one of another amount."""

from __future__ import annotations

from datetime import datetime

from campaigns.selectors import designate
from core.codes import new_tracking_code
from donations.enums import DonationStatus
from donations.models import Donation
from provinces.scoping import check_write


def write_further_gift(basis: Donation, amount_rial: int, at: datetime) -> Donation:
    """A received gift of the same donor for the same purpose as `basis`, with a tracking code of its own.

    In the caller's transaction, which books it and issues its receipt. Amount in rial. Not repeatable by itself.
    DomainError("not_found") for a place outside the open scope.
    """
    check_write(basis.province_id, basis.county_id)
    return Donation.objects.create(
        tracking_code=new_tracking_code(),
        kind=basis.kind,
        amount_rial=amount_rial,
        fund=basis.fund,
        province_id=basis.province_id,
        county_id=basis.county_id,
        edition_id=basis.edition_id,
        branch_id=basis.branch_id,
        channel_id=basis.channel_id,
        placement_id=basis.placement_id,
        need_id=basis.need_id,
        donor_id=basis.donor_id,
        donor_name=basis.donor_name,
        is_anonymous=basis.is_anonymous,
        status=DonationStatus.RECEIVED,
        created_at=at,
        received_at=at,
        is_demo=basis.is_demo,
    )


def write_gift_for(fund: str, province: str, amount_rial: int, at: datetime) -> Donation:
    """A received gift of nobody we know for a fund and a province (empty: the whole country). As above.

    DomainError: unknown_fund, unknown_province, not_found.
    """
    target = designate(fund=fund, province=province)
    check_write(target.province.code if target.province else None)
    return Donation.objects.create(
        tracking_code=new_tracking_code(),
        amount_rial=amount_rial,
        fund=target.fund,
        province=target.province,
        channel=target.channel,
        is_anonymous=True,
        status=DonationStatus.RECEIVED,
        created_at=at,
        received_at=at,
    )


def receive_at(donation: Donation, amount_rial: int, at: datetime) -> None:
    """Mark a locked gift that was not received as received at the amount that was paid; the database lets an amount
    change in this one move only, and freezes it from then on."""
    donation.amount_rial, donation.status, donation.received_at = amount_rial, DonationStatus.RECEIVED, at
    donation.save(update_fields=["amount_rial", "status", "received_at"])
