"""What a refund does to the gift: its status, its receipt, and the donor's message."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils import timezone

from core import sms
from core.codes import show_code
from core.money import format_toman
from core.text import isolate_ltr, persian_digits
from donations import phrases
from donations.enums import DonationStatus
from donations.models import Donation, Receipt
from donations.services.donations import mark_unpaid

_before: list[Callable[[Sequence[Donation]], None]] = []


def before_taking_back(
    function: Callable[[Sequence[Donation]], None],
) -> Callable[[Sequence[Donation]], None]:
    """Register what rooms above must do with locked gifts before they count as refunded."""
    _before.append(function)
    return function


def take_back(donation: Donation, *, was_the_gift: bool) -> None:
    """Mark a locked donation as refunded and revoke its receipt, where the money that went back was the gift.

    Money that came a second time, or was never booked, leaves a received gift as it is; a gift that was under
    review because of it has failed.
    """
    if was_the_gift:
        take_back_gifts([donation])
    elif donation.received_at is None:
        mark_unpaid([donation.pk], DonationStatus.FAILED)


def take_back_gifts(donations: Sequence[Donation]) -> None:
    """Mark locked received gifts, whose money went back, as refunded and revoke their receipts."""
    for function in _before:
        function(donations)
    ids = [donation.pk for donation in donations]
    Donation.objects.filter(pk__in=ids, status=DonationStatus.RECEIVED).update(status=DonationStatus.REFUNDED)
    Receipt.objects.filter(donation__in=ids, revoked_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def tell_refund(donation_id: int, *, amount_rial: int | None = None, gift_stays: bool = False) -> None:
    """Queue the SMS that money (by default all of the gift) is on its way back to the card. `gift_stays`: it was
    money beside the gift, whose receipt stays in force."""
    donation = Donation.objects.select_related("donor").get(pk=donation_id)
    if donation.donor is None:  # who gave has asked to be forgotten meanwhile
        return
    sentence = phrases.REFUND_BESIDE_SMS if gift_stays else phrases.REFUND_SMS
    text = sentence.format(
        amount=format_toman(amount_rial or donation.amount_rial),
        code=isolate_ltr(persian_digits(show_code(donation.tracking_code))),
    )
    sms.queue(donation.donor.mobile, text, purpose="refund")
