"""Goods that have arrived and are appraised become a received gift with its receipt; the books are the caller's."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from campaigns.models import Channel
from campaigns.selectors import Designation
from core import sms
from core.codes import show_code
from core.jalali import format_long, tehran_day, to_jalali
from core.text import isolate_ltr, persian_digits
from donations import phrases
from donations.enums import DayPart, DonationStatus, InKindState
from donations.models import Donation, GiftInKind
from donations.services.in_kind import tell_donor
from donations.services.receipts import issue_receipts, receipt_url
from ledger.enums import GiftKind
from provinces.scoping import all_provinces

GOODS_CHANNEL = "counter_goods"


def mark_goods_received(gift: GiftInKind, *, at: datetime) -> Donation:
    """Write a locked gift of goods, whose lines are written, down as a received donation of their value with a receipt
    of its own number, in the caller's transaction; the donor's message is promised. Not repeatable: the state says
    so. The donation has the gift's tracking code and stands in the office's place."""
    target = Designation(
        fund=gift.fund, channel=_channel(), province=gift.office.province, county=gift.office.county
    )
    donation = Donation.objects.create(
        tracking_code=gift.tracking_code,
        kind=GiftKind.IN_KIND,
        amount_rial=sum(line.value_rial for line in gift.given.all()),
        fund=target.fund,
        province=target.province,
        county=target.county,
        need=gift.need,
        channel=target.channel,
        donor=gift.donor,
        donor_name=gift.donor_name,
        is_anonymous=gift.is_anonymous or not gift.donor_name,
        message=gift.message,
        status=DonationStatus.RECEIVED,
        created_at=gift.offered_at,
        received_at=at,
        is_demo=gift.is_demo,
    )
    serial = f"{to_jalali(tehran_day(at)).year}-K{gift.office_id}-{gift.pk:06d}"
    issue_receipts([(donation, "", at)], tell=False, counters={donation.pk: (serial, gift.office)})
    gift.donation, gift.state = donation, InKindState.RECEIVED
    gift.save(update_fields=["donation", "state"])
    tell_donor(gift, "received")
    return donation


@all_provinces("the channel of goods is everybody's")
def _channel() -> Channel:
    return Channel.objects.get(code=GOODS_CHANNEL)


@transaction.atomic
def tell_in_kind(gift_id: int, what: str) -> None:
    """Queue the SMS that says what became of an offer; repeated, it would send again, so the promise that calls it is
    deleted in the same transaction."""
    gift = GiftInKind.objects.select_related("donor", "office", "donation__receipt").get(pk=gift_id)
    text = phrases.IN_KIND_SMS[what].format(
        office=gift.office.name,
        words=gift.reply,
        appointment=_appointment(gift),
        code=isolate_ltr(persian_digits(show_code(gift.tracking_code))),
        url=receipt_url(gift.donation.receipt) if what == "received" else _page(gift),
        trail=_page(gift),
    )
    sms.queue(gift.donor.mobile, text, purpose="in_kind")


def _appointment(gift: GiftInKind) -> str:
    if not gift.appointment_on:
        return phrases.NO_APPOINTMENT
    part = DayPart(gift.appointment_part).label if gift.appointment_part else ""
    return phrases.APPOINTMENT.format(day=format_long(gift.appointment_on), part=part).strip()


def _page(gift: GiftInKind) -> str:
    return settings.PORTAL_BASE_URL + reverse("in-kind-status", args=[gift.tracking_code])
