"""The accountant's desk: payments found by any number, refunds with four eyes, other provinces unseen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.jalali import iso_jalali, tehran_day
from donations.models import Donation
from payments.gateways.base import Answer, Outcome
from payments.models import Refund
from payments.services import refunds
from provinces.enums import Role
from tests.factories.gifts import attempt_for, give, receive
from tests.factories.people import ILAM, TEHRAN, browser_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def gift(country):
    return receive(400_000, province=TEHRAN)


@pytest.fixture
def attempt(gift):
    return gift.attempts.get()


def accountant(province: str = TEHRAN):
    return browser_of(person(Role.PROVINCIAL_ACCOUNTANT, province))


def manager(province: str = TEHRAN):
    return browser_of(person(Role.PROVINCIAL_MANAGER, province))


@pytest.mark.parametrize("number", ["tracking_code", "order_id", "reference", "persian"])
def test_a_payment_is_found_by_any_number(gift, attempt, number):
    quoted = {
        "tracking_code": gift.tracking_code.lower(),
        "order_id": str(attempt.order_id),
        "reference": attempt.reference,
        "persian": str(attempt.order_id).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
    }[number]
    page = accountant().get("/desk/payments/", {"q": quoted}, follow=True)
    assert f"/desk/payments/{attempt.pk}/" in page.content.decode()
    assert (
        f"/desk/payments/{attempt.pk}/"
        not in accountant(ILAM).get("/desk/payments/", {"q": quoted}, follow=True).content.decode()
    )


def test_payments_of_some_days_are_those_of_the_gifts_begun_then(country):
    begun, tried = timezone.now() - timedelta(days=2), timezone.now()
    attempt = attempt_for(give(400_000, at=begun, province=TEHRAN), at=tried)
    for moment, is_shown in ((begun, True), (tried, False)):
        day = iso_jalali(tehran_day(moment))
        page = accountant().get("/desk/payments/", {"since": day, "until": day})
        assert (f"/desk/payments/{attempt.pk}/" in page.content.decode()) is is_shown


def test_another_provinces_payment_and_refund_are_not_there(gift, attempt):
    refund = refunds.request_refund(attempt.pk, actor=person(), reason="خطا")
    for address in (f"/desk/payments/{attempt.pk}/", f"/desk/refunds/{refund.pk}/"):
        assert accountant().get(address).status_code == 200
        assert accountant(ILAM).get(address).status_code == 404
        assert accountant(ILAM).post(address, {"decision": "approve"}).status_code == 404


def test_from_request_to_return(gift, attempt, monkeypatch):
    asking = accountant()
    answer = asking.post(f"/desk/payments/{attempt.pk}/", {"reason": "پرداخت به اشتباه"})
    assert answer.status_code == 302
    refund = Refund.objects.get()
    assert asking.post(f"/desk/refunds/{refund.pk}/", {"decision": "approve"}).status_code == 403

    deciding = manager()
    assert deciding.post(f"/desk/refunds/{refund.pk}/", {"decision": "refuse"}).status_code == 200
    assert deciding.post(f"/desk/refunds/{refund.pk}/", {"decision": "approve"}).status_code == 302
    monkeypatch.setattr(refunds, "_ask", lambda attempt: Answer(Outcome.REJECTED, "-63"))
    refunds.send_due()
    assert asking.post(f"/desk/refunds/{refund.pk}/", {"bank_reference": "پایا ۷۷"}).status_code == 302
    assert Donation.objects.get().status == "refunded"


def test_a_manager_cannot_ask_for_a_refund(attempt):
    assert manager().post(f"/desk/payments/{attempt.pk}/", {"reason": "خطا"}).status_code == 403


def test_lists_ask_the_same_number_of_queries_for_one_and_for_many(country, django_assert_num_queries):
    browser = accountant()
    for count in (1, 6):
        for _ in range(count):
            refunds.request_refund(
                receive(10_000, province=TEHRAN).attempts.get().pk, actor=person(), reason="خطا"
            )
        with django_assert_num_queries(7):
            browser.get("/desk/payments/")
        with django_assert_num_queries(7):
            browser.get("/desk/refunds/")
