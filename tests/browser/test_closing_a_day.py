"""A provincial accountant closes a clean day: three clicks from the list of days, on any screen, without a script."""

import pytest

from core.jalali import format_long, iso_jalali, tehran_today
from core.text import persian_digits
from ledger import closing as books
from payments.models import Attempt, StatementLine
from payments.services.attempts import record_attempt
from payments.services.reconciliation import reconcile
from payments.services.settlement import settle
from payments.services.terminals import open_terminal
from provinces.enums import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.doors import sign_in
from tests.browser.test_every_page import faults_of
from tests.factories import lines as st
from tests.factories.gifts import finding, give, paid
from tests.factories.people import TEHRAN, office_for

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def day(portal):
    """A clean day of Tehran, and after it one with a suggestion and an unknown deposit."""
    office = office_for(Role.PROVINCIAL_ACCOUNTANT, TEHRAN)
    terminal = open_terminal(office, "sep", label="پایانهٔ تهران", valid_from=tehran_today())
    settlement, bank = st.settlement(terminal=terminal), st.bank(office=office)
    at = st.days_ago(3)
    st.bring(settlement, st.line_of(pay(terminal, 700_000, at), payout_ref="P1"))
    st.bring(bank, st.line(700_000, "credit", payout_ref="P1", at=st.days_ago(2)))
    guess = {"rrn": "", "reference": "", "order_id": "", "payout_ref": "P2"}
    st.bring(settlement, st.line_of(pay(terminal, 90_000, st.days_ago(2)), **guess))
    st.bring(settlement, st.line_of(pay(terminal, 80_000, st.days_ago(1)), payout_ref="P3"))
    st.bring(bank, st.line(500_000, "credit", at=st.days_ago(2)), st.line(7_000, "debit", at=st.days_ago(2)))
    reconcile()
    return st.day_of(at)


@pytest.fixture(scope="module")
def signed_in(chromium, portal) -> dict:
    """The accountant's cookies: a code of the second factor is good for one sign-in."""
    context = chromium.new_context(base_url=portal.url)
    page = context.new_page()
    sign_in(page, "tehran.accountant", "/desk/reconciliation/")
    assert "/login/" not in page.url
    state = context.storage_state()
    context.close()
    return state


def pay(terminal, amount_rial: int, at) -> Attempt:
    attempt = record_attempt(give(amount_rial, province=TEHRAN, at=at), terminal, f"token-{amount_rial}", at)
    attempt = Attempt.objects.select_related("donation").get(pk=attempt.pk)
    settle({attempt.pk: finding(attempt, paid(attempt))}, now=at)
    return Attempt.objects.get(pk=attempt.pk)


def test_the_pages_hold_on_a_phone_and_a_desk(chromium, portal, day, signed_in):
    line = StatementLine.objects.get(state="suggested")
    first = f"/desk/reconciliation/?month={iso_jalali(day)[:7]}"
    for viewport in (PHONE, DESKTOP):
        context = chromium.new_context(
            viewport=viewport, base_url=portal.url, bypass_csp=True, storage_state=signed_in
        )
        page = context.new_page()
        faults = [
            fault
            for address in (
                first,
                f"/desk/reconciliation/{TEHRAN}/{iso_jalali(day)}/",
                f"/desk/reconciliation/{TEHRAN}/{iso_jalali(day)}/?ask=close",
                f"/desk/reconciliation/{TEHRAN}/{iso_jalali(st.day_of(st.days_ago(2)))}/",
                f"/desk/reconciliation/lines/{line.pk}/",
                "/desk/claims/",
                "/channels/claim/",
            )
            for fault in faults_of(page, address)
        ]
        context.close()
        assert faults == []


def test_three_clicks_without_a_script(chromium, portal, day, signed_in):
    context = chromium.new_context(
        viewport=PHONE,
        base_url=portal.url,
        locale="fa-IR",
        java_script_enabled=False,
        storage_state=signed_in,
    )
    page = context.new_page()
    first = f"/desk/reconciliation/?month={iso_jalali(day)[:7]}"
    page.goto(first)
    page.get_by_role("link", name=format_long(day)).click()
    page.get_by_role("link", name="بستن این روز").click()
    page.get_by_role("button", name="بله، بسته شود").click()
    page.get_by_text("بسته شد به دست").wait_for()
    assert list(books.closed_days(TEHRAN, day, day)) == [day]
    page.goto(first)
    row = page.locator("tr", has=page.get_by_role("link", name=format_long(day)))
    assert "بسته" in row.inner_text()
    context.close()


def test_a_donor_tells_of_a_deposit_on_a_phone(page, portal, day):
    page.goto("/channels/claim/")
    page.fill("[name=amount]", persian_digits("50000"))
    page.fill("[name=day]", persian_digits(iso_jalali(st.day_of(st.days_ago(2))).replace("-", "/")))
    page.fill("[name=last_digits]", "4321")
    page.fill("[name=mobile]", "09121234567")
    page.get_by_role("button", name="پیگیری شود").click()
    page.get_by_text("در دست بررسی").first.wait_for()
    assert page.complaints == []
