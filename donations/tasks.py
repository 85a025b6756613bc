"""What donations does in the background."""

from celery import shared_task

from core.outbox import consumer
from donations.services import donations, in_kind_received, receipts, refunding
from provinces.scoping import all_provinces


@consumer("donations.send_receipt")
@all_provinces("sending a receipt")
def send_receipt(donation_id: int) -> None:
    receipts.send_receipt(donation_id)


@consumer("donations.tell_further_gift")
@all_provinces("telling of a further gift")
def tell_further_gift(donation_id: int) -> None:
    receipts.tell_further_gift(donation_id)


@consumer("donations.tell_accepted_amount")
@all_provinces("telling of an accepted amount")
def tell_accepted_amount(donation_id: int) -> None:
    receipts.tell_accepted_amount(donation_id)


@consumer("donations.tell_refund")
@all_provinces("telling of a refund")
def tell_refund(donation_id: int, amount_rial: int | None = None, gift_stays: bool = False) -> None:
    refunding.tell_refund(donation_id, amount_rial=amount_rial, gift_stays=gift_stays)


@consumer("donations.tell_in_kind")
@all_provinces("telling what became of an offer")
def tell_in_kind(gift_id: int, what: str) -> None:
    in_kind_received.tell_in_kind(gift_id, what)


@shared_task(name="donations.forget_keys")
@all_provinces("forgetting old keys")
def forget_keys() -> int:
    return donations.forget_keys()
