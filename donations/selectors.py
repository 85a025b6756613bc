"""Reading gifts and receipts by the codes people hold, and what the giving form needs to know."""

from __future__ import annotations

from campaigns.models import GivingRate, Occasion
from campaigns.rates import Rates, rates_on
from core.codes import parse_tracking_code, parse_verification_code
from core.errors import DomainError
from core.reference import remembered
from donations.models import Donation, Receipt
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
