"""What a donor asks about their own data, having proved their number."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from donations.enums import DonationStatus, InKindState
from donations.models import Donation, Donor, GiftInKind

JOB = "own_page"
_UNDECIDED_FOR = timedelta(days=2)  # no bank decides later than this
_OVER = (InKindState.RECEIVED, InKindState.DECLINED, InKindState.LAPSED)
_ON_RECEIPT = (DonationStatus.RECEIVED, DonationStatus.REFUNDED)


def wish_reminders(mobile_hash: str, *, wanted: bool) -> None:
    """Keep whether this donor wishes to be reminded; nothing for a number that never gave. Repeatable."""
    with transaction.atomic():
        donor = Donor.objects.select_for_update().filter(mobile_hash=mobile_hash).first()
        if donor is None or donor.wants_reminders == wanted:
            return
        donor.wants_reminders = wanted
        donor.save(update_fields=["wants_reminders"])
        audit.record("donor.reminders", donor, job=JOB, wanted=wanted)


def forget_donor(mobile_hash: str) -> int:
    """Take the number away from its gifts and drop it; gives how many gifts it had. Repeatable (0 then).

    Gifts and receipts stay: they are the books, and the law keeps them. A name stays only on a gift that has a
    receipt, which is made out to it; messages go everywhere. DomainError gift_undecided while the bank or a person
    still decides about a gift, and while an offer of goods is open. Locks the donor.
    """
    with transaction.atomic():
        donor = Donor.objects.select_for_update().filter(mobile_hash=mobile_hash).first()
        if donor is None:
            return 0
        gifts = Donation.objects.filter(donor=donor)
        recent = timezone.now() - _UNDECIDED_FOR
        if (
            gifts.filter(status=DonationStatus.UNDER_REVIEW).exists()
            or gifts.filter(status=DonationStatus.PENDING, created_at__gt=recent).exists()
        ):
            raise DomainError("gift_undecided", status=409)
        goods = GiftInKind.objects.filter(donor=donor)
        if goods.exclude(state__in=_OVER).exists():
            raise DomainError("gift_undecided", status=409)
        goods.exclude(state=InKindState.RECEIVED).update(donor_name="")
        goods.update(donor=None, message="", pickup_address="")
        gifts.exclude(status__in=_ON_RECEIPT).update(donor_name="")
        count = gifts.update(donor=None, message="")
        audit.record("donor.forget", donor, job=JOB, gifts=count)
        donor.delete()
        return count
