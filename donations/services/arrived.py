"""Writing down gifts whose money has already come: by USSD, app, card, statement or over the counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.selectors import Designation
from core.codes import new_tracking_code
from core.crypto import keyed_hash
from core.rows import insert_rows
from core.text import normalise, normalise_lines
from donations.enums import DonationStatus
from donations.models import Donation, Donor
from donations.services.receipts import issue_receipts
from provinces.models import Office
from provinces.scoping import check_write


@dataclass(frozen=True)
class ArrivedGift:
    """A gift that is already paid. Whole rials; `at` is when it was paid; mobile is +989… or empty.

    An office that took it at its counter gives the receipt its own `serial` and stands on it as `office`."""

    amount_rial: int
    target: Designation
    at: datetime
    reference: str
    name: str = ""
    mobile: str = ""
    message: str = ""
    is_anonymous: bool = False
    is_demo: bool = False
    serial: str = ""
    office: Office | None = None


def write_received(gifts: Sequence[ArrivedGift]) -> list[Donation]:
    """Write gifts down as received, each with its receipt, in the caller's transaction and in the given order.

    Not repeatable by itself: the caller claims each gift's source first. Raises DomainError("not_found") for a
    place outside the open scope.
    """
    for place in {(g.target.province, g.target.county) for g in gifts}:
        check_write(*(row.code if row else None for row in place))
    donors = _donors({gift.mobile for gift in gifts if gift.mobile})
    donations = insert_rows([_donation(gift, donors.get(gift.mobile)) for gift in gifts])
    pairs = list(zip(donations, gifts, strict=True))
    issue_receipts(
        [(d, gift.reference, gift.at) for d, gift in pairs],
        counters={d.pk: (gift.serial, gift.office) for d, gift in pairs if gift.office},
    )
    return donations


def _donation(gift: ArrivedGift, donor: Donor | None) -> Donation:
    target = gift.target
    return Donation(
        tracking_code=new_tracking_code(),
        amount_rial=gift.amount_rial,
        fund=target.fund,
        province=target.province,
        county=target.county,
        edition=target.edition,
        branch=target.branch,
        channel=target.channel,
        placement=target.placement,
        need=target.need,
        donor=donor,
        donor_name=normalise(gift.name)[:80],
        is_anonymous=gift.is_anonymous,
        message=normalise_lines(gift.message)[:300],
        status=DonationStatus.RECEIVED,
        created_at=gift.at,
        received_at=gift.at,
        is_demo=gift.is_demo,
    )


def _donors(mobiles: set[str]) -> dict[str, Donor]:
    """The donors of these mobiles, written where missing; two writers at once end with one row each."""
    if not mobiles:
        return {}
    hashes = {keyed_hash(mobile, "mobile"): mobile for mobile in sorted(mobiles)}
    Donor.objects.bulk_create(
        [Donor(mobile=mobile, mobile_hash=mobile_hash) for mobile_hash, mobile in sorted(hashes.items())],
        ignore_conflicts=True,
    )
    found = Donor.objects.filter(mobile_hash__in=hashes)
    return {hashes[donor.mobile_hash]: donor for donor in found}
