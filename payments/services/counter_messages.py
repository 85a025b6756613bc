"""What a donor of the counter is told beside the receipt: a cheque taken, bounced or handed back, a cancellation."""

from __future__ import annotations

from django.db import transaction

from core import sms
from core.money import format_toman
from core.text import isolate_ltr
from payments import counter_phrases
from payments.models import CounterGift


@transaction.atomic
def tell_counter_donor(gift_id: int, what: str) -> None:
    """Queue the SMS named by `what` (a key of counter_phrases.SMS); repeated, it would send again, so the promise
    that calls it is deleted in the same transaction."""
    gift = CounterGift.objects.select_related("fund", "office", "number").get(pk=gift_id)
    number = getattr(gift, "number", None)
    text = counter_phrases.SMS[what].format(
        amount=format_toman(gift.amount_rial),
        fund=gift.fund.name,
        office=gift.office.name,
        serial=isolate_ltr(number.serial) if number else "",
    )
    sms.queue(gift.mobile, text, purpose="counter")
