"""Lines, payouts, differences, closings and the counter's money: seen by an administrator, changed by nobody."""

import pytest

from core.jalali import tehran_today
from core.models import User
from ledger.closing import close_day, close_month
from payments.models import Payout, StatementLine
from tests.admin.reading import page
from tests.factories import lines as st
from tests.factories.gifts import receive
from tests.factories.people import TEHRAN

pytestmark = pytest.mark.django_db
LISTS = [
    "statementline", "payout", "discrepancy", "manualdecision", "daybalance", "countergift", "cashcount",
    "cashdeposit", "donorclaim",
]  # fmt: skip


@pytest.fixture
def settlement(country):
    source = st.settlement()
    attempts = [receive(100_000 * n).attempts.get() for n in (1, 2, 3)]
    st.bring(source, *[st.line_of(a, payout_ref="P1") for a in attempts], st.line(5_000, rrn="77"))
    return attempts


@pytest.mark.parametrize("name", LISTS)
def test_lists_open_and_ask_the_same_with_many_rows(name, browser, settlement, django_assert_max_num_queries):
    page(browser, f"/admin/payments/{name}/")
    with django_assert_max_num_queries(14):
        page(browser, f"/admin/payments/{name}/")
    assert browser.get(f"/admin/payments/{name}/add/").status_code == 403


def test_a_line_is_found_by_its_gifts_code_and_changed_by_nobody(browser, settlement):
    line = StatementLine.objects.get(attempt_id=settlement[0].pk)
    code = settlement[0].donation.tracking_code
    address = f"/admin/payments/statementline/{line.pk}/change/"
    assert address in page(browser, "/admin/payments/statementline/", q=code)
    assert "اقدام" not in page(browser, address)
    assert "۱۰۰٬۰۰۰" in page(browser, address)
    assert browser.post(address, {"amount_rial": "1"}).status_code == 403
    payout = Payout.objects.get()
    assert f"/admin/payments/payout/{payout.pk}/change/" in page(browser, "/admin/payments/payout/", q="P1")
    page(browser, f"/admin/payments/payout/{payout.pk}/change/")


def test_closings_are_shown(browser, country):
    who = User.objects.first()
    close_day(TEHRAN, tehran_today(), by=who, reason="آزمون")
    assert "آزمون" in page(browser, "/admin/ledger/closedday/", q=TEHRAN)
    with pytest.raises(Exception, match="month_has_open_days"):
        close_month(TEHRAN, tehran_today(), by=who)
    page(browser, "/admin/ledger/closedmonth/")
