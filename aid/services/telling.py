"""Telling donors, who wished it, that their gift has moved: at most one message a day, each leading to the trail."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from aid import allocation_phrases as phrases
from aid.models import TrailWish
from core import sms
from core.codes import show_code
from core.errors import DomainError
from core.jalali import tehran_today
from core.text import isolate_ltr, persian_digits
from donations.journey import news_keeper
from donations.models import Donation

MOST_AT_ONCE = 500


def wish(gift: Donation, *, is_on: bool) -> None:
    """Turn messages about a gift on or off; repeatable. DomainError("no_mobile") where nobody left a number."""
    if gift.donor_id is None:
        raise DomainError("no_mobile")
    TrailWish.objects.update_or_create(donation=gift, defaults={"is_on": is_on, "has_news": False})


@news_keeper
def wish_at_giving(gift: Donation) -> None:
    """The wish as it is said with the gift itself."""
    wish(gift, is_on=True)


def is_wished(gift: Donation) -> bool:
    return TrailWish.objects.filter(donation=gift, is_on=True).exists()


@transaction.atomic
def note_news(allocation_id: int) -> int:
    """Something happened to an allocation: mark the wishes of its gifts; returns how many. Repeatable."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE aid_trailwish w SET has_news = true
                WHERE w.is_on AND NOT w.has_news AND w.donation_id IN (
                    SELECT donation_id FROM aid_allocationshare WHERE allocation_id = %s)""",
            [allocation_id],
        )
        return cursor.rowcount


@transaction.atomic
def note_goods_news(delivery_id: int) -> int:
    """Goods left for families or came back: mark the wishes of those who gave them; returns how many. Repeatable."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE aid_trailwish w SET has_news = true
                WHERE w.is_on AND NOT w.has_news AND w.donation_id IN (
                    SELECT l.donation_id FROM aid_goodsdelivery g
                      JOIN aid_stockmove m ON m.reference = CASE WHEN g.batch_id IS NULL THEN 'goods_delivery:' || g.id
                                                                 ELSE 'kit_batch:' || g.batch_id END
                      JOIN aid_lot l ON l.id = m.lot_id WHERE g.id = %s)""",
            [delivery_id],
        )
        return cursor.rowcount


@transaction.atomic
def tell_due(limit: int = MOST_AT_ONCE) -> int:
    """Queue a message for every donor whose gift has news and who was told nothing today; returns how many.

    A donor of several gifts with news is told of one today and of the next tomorrow. Safe in many workers at once.
    """
    today = tehran_today()
    told_today = TrailWish.objects.filter(told_on=today).values("donation__donor_id")
    due = (
        TrailWish.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("donation__donor")
        .filter(is_on=True, has_news=True, donation__donor__isnull=False)
        .exclude(donation__donor_id__in=told_today)
        .order_by("changed_at", "pk")[:limit]
    )
    told: set[int] = set()
    for row in due:
        gift = row.donation
        if gift.donor_id in told:
            continue
        told.add(gift.donor_id)
        row.has_news, row.told_on = False, today
        row.save(update_fields=["has_news", "told_on"])
        if not gift.is_demo:
            _send(gift)
    return len(told)


def trail_url(gift: Donation) -> str:
    """The full address of a gift's trail."""
    return settings.PORTAL_BASE_URL + reverse("trail", args=[gift.tracking_code])


def _send(gift: Donation) -> None:
    text = phrases.NEWS_SMS.format(
        code=isolate_ltr(persian_digits(show_code(gift.tracking_code))), url=trail_url(gift)
    )
    sms.queue(gift.donor.mobile, text, purpose="trail")
