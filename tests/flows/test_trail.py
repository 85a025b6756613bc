"""A gift followed from its receipt to the people it reached, told truthfully at every step."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from aid.models import TrailWish
from aid.services.allocations import cancel
from aid.services.deliveries import review_photo, undo_delivery
from aid.services.telling import tell_due, wish
from aid.trail import whereabouts
from core import outbox
from core.invariants import run_checks
from core.jalali import tehran_today
from core.models import OutgoingSms
from dashboards import figures
from dashboards.rollups import fold_all
from donations.models import Donation
from payments.models import Attempt
from payments.services.refunds import decide_refund, finish, request_refund
from provinces.models import County
from tests.factories.aid import allocated, delivered
from tests.factories.gifts import give, receive
from tests.factories.needs import need
from tests.factories.people import person

pytestmark = pytest.mark.usefixtures("db", "country")
HUNDRED_THOUSAND_TOMAN = 1_000_000


def trail_of(gift: Donation) -> str:
    page = Client().get(f"/trail/{gift.tracking_code}/")
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def adds_up(gift: Donation) -> bool:
    found = whereabouts(Donation.objects.get(pk=gift.pk))
    parts = (found.waiting_rial, found.allocated_rial, found.delivered_rial, found.refunded_rial)
    return sum(parts) == gift.amount_rial and min(parts) >= 0


def test_a_gift_of_100_000_toman_for_livelihood_is_followed_to_a_delivered_parcel():
    gift = receive(HUNDRED_THOUSAND_TOMAN, fund="livelihood", province="23", mobile="+989121234567")
    receive(HUNDRED_THOUSAND_TOMAN, fund="livelihood", province="23")
    assert "هنوز تخصیص نیافته" in trail_of(gift)

    wanted = need(county_id="2301", title="بستهٔ معیشتی برای چهل نفر")
    found = allocated(gift, 2 * HUNDRED_THOUSAND_TOMAN, need=wanted)
    page = trail_of(gift)
    assert "تخصیص یافت: بستهٔ معیشتی برای چهل نفر" in page
    assert "همهٔ این کمک، ۱۰۰٬۰۰۰ تومان، برای معیشت در شهرستان" in page
    assert "با ۱ کمک دیگر ۲۰۰٬۰۰۰ تومان شد" in page
    assert "در راه رسیدن به نیازمندان" in page
    assert "هنوز تخصیص نیافته" not in page

    made = delivered(found, households=40, quantity=40)
    page = trail_of(gift)
    county = County.objects.get(pk="2301").name
    assert f"تحویل شد: بستهٔ خوراک در شهرستان {county}" in page
    assert "۴۰ بسته بستهٔ خوراک" in page
    assert "سهم این کمک: ۱۰۰٬۰۰۰ تومان." in page
    assert "مددکار و گیرنده امضا کرده‌اند" in page
    assert "در راه رسیدن" not in page
    fold_all()
    assert figures.total(flow="out", need=wanted.pk).total_rial == 2 * HUNDRED_THOUSAND_TOMAN
    assert "BZ-" not in page
    assert made.references.count() == 40
    assert adds_up(gift)
    assert [check.findings for check in run_checks() if not check.holds] == []


def test_kaffarah_stays_open_until_food_is_delivered():
    gift = receive(HUNDRED_THOUSAND_TOMAN, fund="kaffarah_deliberate", province="23")
    found = allocated(gift)
    assert "تا رسیدن خوراک به نیازمند باز است و ادا نشده است" in trail_of(gift)
    delivered(found, 400_000)
    page = trail_of(gift)
    assert "۶۰٬۰۰۰ تومان کنار گذاشته شده است؛ «کفارهٔ عمد» تا رسیدن خوراک" in page
    assert "«کفارهٔ عمد» ادا شد" not in page
    delivered(found)
    page = trail_of(gift)
    assert "«کفارهٔ عمد» ادا شد" in page
    assert "ادا نشده است" not in page


def test_a_part_that_waits_is_said_beside_the_part_that_went():
    gift = receive(HUNDRED_THOUSAND_TOMAN, fund="livelihood")
    allocated(gift, 300_000)
    page = trail_of(gift)
    assert "۳۰٬۰۰۰ تومان از این کمک برای معیشت" in page
    assert "۷۰٬۰۰۰ تومان از این کمک هنوز در «بستهٔ معیشتی» نگه داشته می‌شود" in page
    assert adds_up(gift)


def test_few_who_received_are_not_pointed_at():
    gift = receive(HUNDRED_THOUSAND_TOMAN, fund="livelihood", province="23", county="2301")
    delivered(allocated(gift), households=1, quantity=1)
    page = trail_of(gift)
    told = page[page.index("تحویل شد") :]
    assert "استان تهران" in told
    assert f"شهرستان {County.objects.get(pk='2301').name}" not in told
    assert "خانوار" not in told


def test_what_was_undone_or_cancelled_is_said():
    gift = receive(HUNDRED_THOUSAND_TOMAN, fund="livelihood")
    found = allocated(gift)
    made = delivered(found)
    undo_delivery(made.pk, actor=person(), reason="اشتباه")
    assert "تحویلی که ثبت شده بود بازگردانده شد" in trail_of(gift)
    cancel(found.pk, actor=person(), reason="برنامه اجرا نشد")
    page = trail_of(gift)
    assert "تخصیص لغو شد" in page
    assert "برنامه اجرا نشد" not in page
    assert "هنوز تخصیص نیافته" in page
    assert adds_up(gift)


def test_a_refunded_gift_says_so_and_nothing_else():
    gift = receive(HUNDRED_THOUSAND_TOMAN, fund="livelihood")
    receive(HUNDRED_THOUSAND_TOMAN, fund="livelihood")
    allocated(gift)
    asked = request_refund(Attempt.objects.get(donation=gift).pk, actor=person(), reason="خواست نیکوکار")
    decide_refund(asked.pk, actor=person(), approve=True)
    finish(asked.pk)
    page = trail_of(gift)
    assert "به کارت پرداخت‌کننده برگردانده شد" in page
    assert "هنوز تخصیص نیافته" not in page
    assert adds_up(gift)


def test_a_gift_that_was_not_paid_has_no_way():
    assert "هنوز به دست ما نرسیده است" in trail_of(give(fund="livelihood"))


def test_the_status_page_tells_the_same():
    gift = receive(fund="livelihood")
    allocated(gift)
    page = Client().get(f"/give/{gift.tracking_code}/").content.decode()
    assert "تخصیص یافت: بسته‌های معیشتی آذر" in page
    assert "هنوز تخصیص نیافته" not in page


def test_a_reviewed_photo_is_spoken_of_and_never_shown(settings, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    gift = receive(fund="livelihood")
    photo = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n1234")
    made = delivered(allocated(gift), photo=photo, photo_is_faceless=True)
    assert "عکس تحویل" not in trail_of(gift)
    review_photo(made.pk, actor=person())
    assert "عکس تحویل، بی چهرهٔ کسی" in trail_of(gift)
    assert made.photo_path not in Client().get(f"/trail/{gift.tracking_code}/").content.decode()


# --- messages --------------------------------------------------------------------------------------------
def messages(purpose: str) -> list[str]:
    outbox.drain()
    return [sms.text for sms in OutgoingSms.objects.filter(purpose=purpose).order_by("pk")]


def test_the_receipts_message_leads_to_the_trail():
    gift = receive(fund="livelihood", mobile="+989121234567")
    (text,) = messages("receipt")
    assert f"{settings.PORTAL_BASE_URL}/trail/{gift.tracking_code}/" in text


def test_whoever_wishes_is_told_once_a_day():
    gift = receive(HUNDRED_THOUSAND_TOMAN, fund="livelihood", mobile="+989121234567")
    other = receive(HUNDRED_THOUSAND_TOMAN, fund="livelihood", mobile="+989121234568")
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(f"/trail/{gift.tracking_code}/", {"wish": "on"})
    assert (answer.status_code, answer.url) == (303, f"/trail/{gift.tracking_code}/#wish")
    found = allocated(gift, 2 * HUNDRED_THOUSAND_TOMAN)
    (text,) = messages("trail")
    assert f"/trail/{gift.tracking_code}/" in text
    assert other.tracking_code not in text
    delivered(found)
    assert len(messages("trail")) == 1
    TrailWish.objects.update(told_on=tehran_today() - timedelta(days=1))
    assert tell_due() == 1
    assert (tell_due(), len(messages("trail"))) == (0, 2)


def test_two_gifts_of_one_donor_are_one_message_a_day():
    gifts = [receive(fund="livelihood", mobile="+989121234567") for _ in range(2)]
    for gift in gifts:
        wish(gift, is_on=True)
    allocated(gifts[0], 1_000_000)
    assert len(messages("trail")) == 1
    assert TrailWish.objects.filter(has_news=True).count() == 1


def test_whoever_does_not_wish_hears_nothing():
    gift, silent = (receive(fund="livelihood", mobile=f"+98912123456{n}") for n in (7, 8))
    wish(gift, is_on=True)
    Client().post(f"/trail/{gift.tracking_code}/", {"wish": "off"})
    allocated(silent, 1_000_000)
    assert messages("trail") == []


def test_without_a_number_there_is_nothing_to_wish():
    gift = receive(fund="livelihood")
    assert "خبرم کن" not in trail_of(gift)
    assert Client().post(f"/trail/{gift.tracking_code}/", {"wish": "on"}).status_code == 303
    assert not TrailWish.objects.exists()
