"""Reading gifts and receipts by the codes people hold, and what the giving form needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum

from campaigns.models import GivingRate, Occasion
from campaigns.rates import Rates, rates_on
from core.codes import parse_tracking_code, parse_verification_code
from core.errors import DomainError
from core.jalali import day_bounds
from core.reference import remembered
from donations.enums import DonationStatus
from donations.models import Donation, Donor, Receipt
from ledger.enums import GiftKind
from provinces.enums import OfficeLevel
from provinces.models import Office

_PLACES = ("fund", "province", "county", "edition__campaign", "channel", "receipt__office")


def find_gift(tracking_code: str) -> Donation:
    """A gift with all that its pages show, by its code however it was typed (one query).

    DomainError("not_found", status 404) otherwise.
    """
    return _gift(tracking_code, *_PLACES)


def find_gift_status(tracking_code: str) -> Donation:
    """A gift with its receipt, for those who ask every second (one query); raises as `find_gift`."""
    return _gift(tracking_code, "receipt")


def _gift(tracking_code: str, *related: str) -> Donation:
    try:
        code = parse_tracking_code(tracking_code)
    except DomainError as error:
        raise DomainError("not_found", status=404) from error
    gift = Donation.objects.select_related(*related).filter(tracking_code=code).first()
    if gift is None:
        raise DomainError("not_found", status=404)
    return gift


def receipt_of(gift: Donation) -> Receipt | None:
    """The gift's receipt, when it has one; no query for a gift from this module."""
    return getattr(gift, "receipt", None)


def receipt_by_token(token: str) -> Receipt:
    """The receipt that this address opens, with its gift (one query); DomainError("not_found") otherwise."""
    return _receipt(token=token)


def receipt_by_code(typed: str) -> Receipt:
    """The receipt that this code confirms, however it was typed (one query).

    DomainError bad_code (this can be no such code) or not_found.
    """
    return _receipt(code=parse_verification_code(typed))


def _receipt(**by: str) -> Receipt:
    places = [f"donation__{name}" for name in _PLACES if not name.startswith("receipt")]
    receipt = Receipt.objects.select_related("office", *places).filter(**by).first()
    if receipt is None:
        raise DomainError("not_found", status=404)
    return receipt


@remembered(GivingRate, Occasion)
def rates_now() -> Rates:
    """The announced rates that hold today (two queries)."""
    return rates_on()


def issuing_office(gift: Donation) -> Office:
    """The office that answers for a gift: the one whose counter took it, else its province's general office, and
    headquarters for a national one."""
    receipt = receipt_of(gift)
    if receipt is not None and receipt.office_id:
        return receipt.office
    place = {"level": OfficeLevel.PROVINCE, "province": gift.province_id}
    return Office.objects.get(**place if gift.province_id else {"level": OfficeLevel.HQ})


def donor_of(mobile_hash: str) -> Donor | None:
    """Who left this number with a gift, if anybody."""
    return Donor.objects.filter(mobile_hash=mobile_hash).first() if mobile_hash else None


def gifts_of(donor: Donor | None) -> QuerySet[Donation]:
    """A donor's gifts with what their pages show, newest first."""
    return (
        Donation.objects.filter(donor=donor, donor__isnull=False)
        .select_related(*_PLACES)
        .order_by("-created_at", "-pk")
    )


@dataclass(frozen=True)
class GivenInPeriod:
    """Cash that was received and has not been returned; `deductible` is what a tax return may name."""

    total_rial: int
    count: int
    deductible_rial: int


def given_by(donor: Donor | None, first: date, last: date) -> GivenInPeriod:
    """What a donor gave on these days of Tehran, both inclusive (one query)."""
    since: datetime = day_bounds(first)[0]
    until: datetime = day_bounds(last)[1]
    sums = Donation.objects.filter(
        donor=donor,
        donor__isnull=False,
        kind=GiftKind.CASH,
        status=DonationStatus.RECEIVED,
        received_at__gte=since,
        received_at__lt=until,
    ).aggregate(
        total=Sum("amount_rial"),
        count=Count("pk"),
        deductible=Sum("amount_rial", filter=Q(fund__is_deductible=True, is_anonymous=False)),
    )
    return GivenInPeriod(sums["total"] or 0, sums["count"], sums["deductible"] or 0)
