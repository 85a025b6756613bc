"""Where a gift stands: each state says what happened, whether money left the card, and what to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from donations.models import Donation
from payments.enums import AttemptState
from payments.gateways.base import Answer, CallbackHint, Outcome
from payments.models import Attempt, Callback
from payments.services.settlement import Finding, settle
from payments.states import Move, transition
from tests.factories.gifts import attempt_for, finding, give, paid, question, receive

pytestmark = pytest.mark.usefixtures("db", "country")


def page_of(browser, gift: Donation):
    return browser.get(f"/give/{gift.tracking_code}/")


def text_of(answer) -> str:
    return answer.content.decode()


REFRESH = '<noscript><meta http-equiv="refresh" content="4"></noscript>'


def test_written_and_not_sent(browser):
    gift = give(province="23")
    page = page_of(browser, gift)
    assert (page.status_code, page.context["stage"]) == (200, "not_sent")
    assert "پولی از کارت شما کم نشده است." in text_of(page)
    assert f'href="/pay/{gift.tracking_code}/"' in text_of(page)
    assert REFRESH not in text_of(page)


def test_at_the_bank_it_waits_and_reloads_without_scripts(browser):
    gift = give()
    attempt_for(gift)
    page = page_of(browser, gift)
    assert page.context["stage"] == "at_bank"
    assert REFRESH in text_of(page)
    assert f'data-status-url="/api/v1/donations/{gift.tracking_code}/"' in text_of(page)
    assert "بازگشت به صفحهٔ بانک" in text_of(page)


def test_back_from_the_bank_it_says_not_to_pay_again(browser):
    gift = give()
    attempt = attempt_for(gift)
    Callback.objects.create(gateway="zarinpal", attempt=attempt, payload={})
    page = page_of(browser, gift)
    assert page.context["stage"] == "asking"
    assert "لازم نیست دوباره بپردازید" in text_of(page)
    assert f'href="/pay/{gift.tracking_code}/"' not in text_of(page)
    assert REFRESH in text_of(page)


def test_silent_bank(browser):
    gift = give()
    attempt = attempt_for(gift)
    transition([Move(attempt.pk, AttemptState.UNKNOWN, "unknown:timeout")])
    page = page_of(browser, gift)
    assert page.context["stage"] == "silent"
    assert "دوباره نپردازید" in text_of(page)
    assert "۷۲ ساعت" in text_of(page)
    assert REFRESH in text_of(page)


def cancelled(gift: Donation) -> Attempt:
    attempt = attempt_for(gift)
    hint = CallbackHint(token=attempt.token, claims_paid=False)
    settle({attempt.pk: Finding(question(attempt, hint), Answer(Outcome.NOT_PAID, "-51"), "terminal-1")})
    return attempt


def test_cancelled_offers_to_try_again_also_elsewhere(browser):
    gift = give()
    cancelled(gift)
    page = page_of(browser, gift)
    assert (page.context["gift"]["status"], page.context["stage"]) == ("failed", "cancelled")
    assert "بانک می‌گوید پولی از کارت شما نگرفته است" in text_of(page)
    assert f'href="/pay/{gift.tracking_code}/"' in text_of(page)
    assert [row["url"] for row in page.context["gateways"]][:2] == [
        f"/pay/{gift.tracking_code}/?gateway=zarinpal",
        f"/pay/{gift.tracking_code}/?gateway=sep",
    ]
    assert REFRESH not in text_of(page)


def test_not_paid_by_the_deadline(browser):
    gift = give()
    attempt = attempt_for(gift, at=timezone.now() - timedelta(days=1))
    settle({attempt.pk: finding(attempt, Answer(Outcome.NOT_PAID))})
    page = page_of(browser, gift)
    assert (page.context["gift"]["status"], page.context["stage"]) == ("failed", "expired")
    assert "تا پایان مهلت بانک پرداختی انجام نشد" in text_of(page)


def test_reversed_by_the_bank(browser):
    gift = give()
    attempt = attempt_for(gift)
    settle({attempt.pk: finding(attempt, Answer(Outcome.REVERSED))})
    assert page_of(browser, gift).context["stage"] == "reversed"


def test_a_new_try_after_a_failure_is_what_counts(browser):
    gift = give()
    cancelled(gift)
    attempt_for(gift, gateway="sep")
    assert page_of(browser, gift).context["stage"] == "at_bank"


def test_an_old_try_that_runs_out_does_not_hide_the_one_under_way(browser):
    gift = give()
    old, new = attempt_for(gift, at=timezone.now() - timedelta(days=1)), attempt_for(gift, gateway="sep")
    settle({old.pk: finding(old, Answer(Outcome.NOT_PAID))})
    assert Donation.objects.get(pk=gift.pk).status == "pending"
    page = page_of(browser, gift)
    assert (page.context["shown"], page.context["stage"]) == ("pending", "at_bank")
    assert "پرداخت انجام نشد" not in text_of(page)
    assert f'data-status="pending" data-status-url="/api/v1/donations/{gift.tracking_code}/"' in text_of(page)
    assert REFRESH in text_of(page)
    settle({new.pk: finding(new, paid(new))})
    assert page_of(browser, gift).context["shown"] == "received"


def test_after_a_failure_a_try_that_found_no_bank_can_be_paid(browser):
    gift = give()
    cancelled(gift)
    Donation.objects.filter(pk=gift.pk).update(status="pending")
    page = page_of(browser, gift)
    assert (page.context["stage"], page.context["is_waiting"]) == ("not_sent", False)
    assert f'href="/pay/{gift.tracking_code}/"' in text_of(page)


def test_received_leads_to_the_receipt_and_the_trail(browser):
    gift = receive(province="23", county="2301", campaign="ziafat-mehrabani")
    page = page_of(browser, gift)
    assert f'href="/receipts/{gift.receipt.token}/"' in text_of(page)
    assert f'href="/trail/{gift.tracking_code}/"' in text_of(page)
    assert "هنوز تخصیص نیافته" in text_of(page)
    assert "data-status-url" not in text_of(page)
    assert REFRESH not in text_of(page)


def test_under_review_says_not_to_pay_again(browser):
    gift = give()
    attempt = attempt_for(gift)
    settle({attempt.pk: finding(attempt, paid(attempt, amount_rial=1))})
    page = page_of(browser, gift)
    assert page.context["gift"]["status"] == "under_review"
    assert "دوباره نپردازید" in text_of(page)
    assert f'href="/pay/{gift.tracking_code}/"' not in text_of(page)


def test_refunded(browser):
    gift = receive()
    Donation.objects.filter(pk=gift.pk).update(status="refunded")
    assert "به کارت پرداخت‌کننده برگردانده شد" in text_of(page_of(browser, gift))


def test_the_page_shows_nobody(browser):
    gift = receive(name="مریم رضایی", mobile="+989121234567", message="نذر مادرم")
    for path in (f"/give/{gift.tracking_code}/", f"/trail/{gift.tracking_code}/"):
        for secret in ("مریم", "912", "نذر مادرم"):
            assert secret not in text_of(browser.get(path))


@pytest.mark.parametrize("room", ["give", "trail"])
def test_codes_are_typed_by_people(browser, room):
    gift = give()
    code = gift.tracking_code
    typed = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()
    answer = browser.get(f"/{room}/{typed}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/{room}/{code}/")


@pytest.mark.parametrize("room", ["give", "trail"])
@pytest.mark.parametrize("code", ["AAAAAAAAAAAA", "nothing", "%00", "۱۲۳", "a" * 300, "A7KM29RTX4HC"])
def test_an_unknown_code_is_a_persian_page(browser, room, code):
    answer = browser.get(f"/{room}/{code}/")
    assert answer.status_code == 404
    assert '<html lang="fa" dir="rtl">' in text_of(answer)
    assert "کمکی با این کد رهگیری پیدا نشد." in text_of(answer)


def test_trail_of_a_received_gift_is_true(browser):
    gift = receive(fund="fitriyeh_general", province="23")
    page = browser.get(f"/trail/{gift.tracking_code}/")
    assert [step["title"] for step in page.context["steps"]] == [
        "کمک ثبت شد", "بانک پرداخت را تأیید کرد", "رسید صادر شد", "هنوز تخصیص نیافته",
    ]  # fmt: skip
    assert "جدا از فطریهٔ سادات نگه داشته می‌شود" in text_of(page)


def test_trail_before_the_money_came(browser):
    page = browser.get(f"/trail/{give().tracking_code}/")
    assert "هنوز به دست ما نرسیده" in text_of(page)
    assert page.context["steps"] == []


def test_pages_of_a_code_stay_private(browser):
    gift = receive()
    for path in (f"/give/{gift.tracking_code}/", f"/trail/{gift.tracking_code}/", "/give/nothing/"):
        answer = browser.get(path)
        assert (answer["X-Robots-Tag"], answer["Referrer-Policy"], answer["Cache-Control"]) == (
            "noindex, nofollow", "no-referrer", "private, no-cache",
        )  # fmt: skip


def test_queries(browser, django_assert_num_queries):
    received, pending, failed = receive(province="23"), give(), give()
    attempt_for(pending)
    cancelled(failed)
    with django_assert_num_queries(2):  # the gift, and what allocations hold of it
        page_of(browser, received)
    with django_assert_num_queries(2):
        page_of(browser, pending)
    with django_assert_num_queries(8):  # and the gateways' switches and terminals, one by one
        page_of(browser, failed)
