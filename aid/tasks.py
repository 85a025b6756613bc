"""What this room does in the background."""

from celery import shared_task

from aid.services import kits, telling
from core.outbox import consumer
from provinces.scoping import all_provinces


@consumer("aid.note_news")
@all_provinces("gifts of an allocation may come from anywhere")
def note_news(allocation_id: int) -> None:
    if telling.note_news(allocation_id):
        telling.tell_due()


@consumer("aid.note_goods_news")
@all_provinces("goods of a delivery may have been given anywhere")
def note_goods_news(delivery_id: int) -> None:
    if telling.note_goods_news(delivery_id):
        telling.tell_due()


@consumer("aid.promise_arrived")
@all_provinces("a promise may pay for kits of any province")
def promise_arrived(commitment_id: int) -> None:
    """What a partner promised has come; said by the room of promises, which stands below this one."""
    kits.promise_arrived(commitment_id, actor=None, job="promise_arrived")


@shared_task(name="aid.tell_donors")
@all_provinces("telling donors of their gifts")
def tell_donors() -> int:
    return telling.tell_due()
