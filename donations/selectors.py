"""Reading gifts and receipts by the codes people hold, and what the giving form needs to know."""

from __future__ import annotations

from contextlib import suppress

from django.db.models import Q, QuerySet

from campaigns.models import GivingRate, Occasion
from campaigns.rates import Rates, rates_on
from core.codes import parse_tracking_code, parse_verification_code
from core.errors import DomainError
from core.reference import remembered
from core.text import normalise
from donations.models import Donation, GiftInKind, GivenGoods, Receipt
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


def find_gift_in_kind(tracking_code: str) -> GiftInKind:
    """A gift of goods with its office, by its code however it was typed; DomainError("not_found") otherwise."""
    try:
        code = parse_tracking_code(tracking_code)
    except DomainError as error:
        raise DomainError("not_found", status=404) from error
    related = ("office__province", "office__county", "fund", "donation__receipt")
    gift = GiftInKind.objects.select_related(*related).filter(tracking_code=code).first()
    if gift is None:
        raise DomainError("not_found", status=404)
    return gift


def offers_in_scope(state: str = "", q: str = "") -> QuerySet[GiftInKind]:
    """Gifts of goods of the open scope, the newest first; `q` is a tracking code or a part of the donor's name."""
    gifts = GiftInKind.objects.select_related("office", "fund").prefetch_related("offered", "given")
    if state:
        gifts = gifts.filter(state=state)
    if q:
        about = Q(donor_name__icontains=normalise(q))
        with suppress(DomainError):
            about |= Q(tracking_code=parse_tracking_code(q))
        gifts = gifts.filter(about)
    return gifts


def goods_of(gift: Donation) -> list[GivenGoods]:
    """What was given, line by line, of a received gift in kind; nothing of a gift of money (no query)."""
    return list(gift.in_kind.given.all()) if gift.kind == GiftKind.IN_KIND else []
