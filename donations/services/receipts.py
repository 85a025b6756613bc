"""Receipts: issued once for a received gift, opened by a token, confirmed by a code, revoked but never edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core import sms
from core.codes import new_url_token, new_verification_code, show_code
from core.jalali import tehran_day, to_jalali
from core.money import format_toman
from core.outbox import promise_many
from core.rows import insert_rows
from core.text import isolate_ltr, persian_digits
from donations import phrases
from donations.models import Donation, Receipt
from provinces.models import Office


def issue_receipts(
    gifts: Sequence[tuple[Donation, str, datetime]],
    *,
    tell: bool = True,
    counters: Mapping[int, tuple[str, Office]] = MappingProxyType({}),
) -> None:
    """Issue a receipt for each (received donation, bank reference, time) and promise the donor's message, in the
    caller's transaction. A second receipt for a donation is refused by the database. Without `tell`
    the caller promises words of its own. `counters` holds, by donation id, the number and the office of a counter
    that issues the receipt; the others are numbered here."""
    insert_rows(
        [
            Receipt(
                donation=donation,
                serial=counters[donation.pk][0] if donation.pk in counters else _serial(donation, at),
                office=counters[donation.pk][1] if donation.pk in counters else None,
                token=new_url_token(),
                code=new_verification_code(),
                bank_reference=reference[:64],
                issued_at=at,
            )
            for donation, reference, at in gifts
        ]
    )
    if tell:
        promise_many(
            "donations.send_receipt",
            [{"donation_id": d.pk} for d, _, _ in gifts if d.donor_id and not d.is_demo],
        )


def _serial(donation: Donation, at: datetime) -> str:
    """Year, province (99: national) and the donation's number; unique because the number is."""
    return f"{to_jalali(tehran_day(at)).year}-{donation.province_id or '99'}-{donation.pk:08d}"


def receipt_url(receipt: Receipt) -> str:
    """The receipt's full address."""
    return settings.PORTAL_BASE_URL + reverse("receipt", args=[receipt.token])


@transaction.atomic
def send_receipt(donation_id: int) -> None:
    """Queue the SMS with the receipt's address to the donor; repeated, it would send again, so the promise that
    calls it is deleted in the same transaction."""
    _tell(donation_id, phrases.RECEIPT_SMS)


@transaction.atomic
def tell_further_gift(donation_id: int) -> None:
    """Queue the SMS that money paid twice was written down as a further gift, with its receipt."""
    _tell(donation_id, phrases.FURTHER_GIFT_SMS)


@transaction.atomic
def tell_accepted_amount(donation_id: int) -> None:
    """Queue the SMS that the gift was received at the amount that was paid, with its receipt."""
    _tell(donation_id, phrases.ACCEPTED_AMOUNT_SMS)


def _tell(donation_id: int, sentence: str) -> None:
    receipt = Receipt.objects.select_related("donation__donor", "donation__fund").get(donation_id=donation_id)
    donation = receipt.donation
    if donation.donor is None:  # who gave has asked to be forgotten meanwhile
        return
    text = sentence.format(
        amount=format_toman(donation.amount_rial),
        fund=donation.fund.name,
        code=isolate_ltr(persian_digits(show_code(donation.tracking_code))),
        url=receipt_url(receipt),
        trail=settings.PORTAL_BASE_URL + reverse("trail", args=[donation.tracking_code]),
    )
    sms.queue(donation.donor.mobile, text, purpose="receipt")
