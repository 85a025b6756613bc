"""The main way, by a real browser: a QR on a box, the bank, the receipt, and every figure within seconds."""

import time

import pytest

from core.text import persian_digits
from tests.browser.conftest import DESKTOP
from tests.browser.doors import sign_in
from tests.browser.steps import follow, press
from tests.flows.portal import Donor, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]
AMOUNT = persian_digits("200٬000")  # toman


def give_at_bank(page, choice: str = "pay") -> None:
    """From the filled form over the bank's page and back."""
    page.get_by_role("button", name="پرداخت در درگاه بانک").click()
    page.locator(f"button[value={choice}]").click()


def receipt_link(page):
    return page.locator("main a[href*='/receipts/']").first


def shows(page, address: str, text: str):
    def look() -> bool:
        page.goto(address)
        return text in page.inner_text("body")

    return look


def test_from_a_printed_code_to_the_national_dashboard(page, portal, chromium):
    page.goto(f"/q/{portal.box.placement.code}/")
    assert page.locator("[name=fund]:checked").get_attribute("value") == "fitriyeh_general"
    assert page.locator("[name=province]").input_value() == "23"
    page.locator("label", has=page.locator("[name=quick][value='200000']")).click()
    give_at_bank(page)
    receipt_link(page).wait_for(timeout=15_000)
    received = time.monotonic()

    public = [
        "/",
        "/campaigns/ziafat-mehrabani/",
        "/campaigns/ziafat-mehrabani/tehran/",
        "/provinces/tehran/",
    ]
    for address in public:
        wait_until(shows(page, address, AMOUNT), f"the gift shows on {address}", seconds=8)
    assert time.monotonic() - received < 12

    page.go_back()
    staff = chromium.new_context(viewport=DESKTOP, locale="fa-IR", base_url=portal.url).new_page()
    sign_in(staff, "tehran.manager", "/desk/")
    text = staff.inner_text("main")
    assert AMOUNT in text
    assert portal.box.placement.code[:3] in text
    sign_in(staff.context.browser.new_context(base_url=portal.url).new_page(), "hq.manager", "/hq/")
    assert page.complaints == []


def test_receipt_page_pdf_and_public_confirmation(page, portal):
    page.goto("/give/?fund=dowry&province=ilam&amount=150000")
    give_at_bank(page)
    receipt_link(page).click()
    page.wait_for_url("**/receipts/*/")
    assert persian_digits("150٬000") in page.inner_text("main")
    pdf = page.request.get(page.url.rstrip("/") + ".pdf")
    assert pdf.status == 200
    assert pdf.body().startswith(b"%PDF")
    assert page.complaints == []


def test_cancel_at_the_bank_says_that_no_money_moved_and_offers_another_try(page, portal):
    page.goto("/give/?fund=sadaqah&amount=10000")
    give_at_bank(page, "cancel")
    page.get_by_text("انجام نشد").first.wait_for(timeout=15_000)
    page.get_by_role("link", name="دوباره").or_(page.get_by_role("button", name="دوباره")).first.click()
    page.locator("button[value=pay]").click()
    receipt_link(page).wait_for(timeout=15_000)


def test_without_javascript(chromium, portal):
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, base_url=portal.url
    )
    page = context.new_page()
    page.goto("/give/?fund=livelihood&amount=20000")
    press(page, "پرداخت در درگاه بانک")
    for _ in range(3):  # a hand-over page may wait for a tap
        if page.locator("button[value=pay]").count():
            break
        follow(page.locator("form button").first)
    follow(page.locator("button[value=pay]"))
    if page.locator("form button").count() and "/callback/" in page.locator("form").first.get_attribute(
        "action"
    ):
        follow(page.locator("form button").first)
    wait_until(lambda: page.reload() and receipt_link(page).count(), "the receipt is there")
    context.close()


@pytest.mark.parametrize("gateway", ["zarinpal", "sep", "sadad", "mellat", "zibal"])
def test_every_gateways_hand_over_works_under_the_content_policy(page, portal, gateway):
    gift = Donor(portal).create(amount_rial=120_000, fund="general", gateway=gateway)
    page.goto(gift["pay_url"])
    page.locator("button[value=pay]").click()
    receipt_link(page).wait_for(timeout=15_000)
    assert page.complaints == []
