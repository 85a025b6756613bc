"""What donations does in the background."""

from core.outbox import consumer
from donations.services import receipts
from provinces.scoping import all_provinces


@consumer("donations.send_receipt")
@all_provinces("sending a receipt")
def send_receipt(donation_id: int) -> None:
    receipts.send_receipt(donation_id)
