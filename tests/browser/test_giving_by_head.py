"""Giving by head in a real browser: the scripts compute what the server computes, and leave the donor free."""

import pytest

from donations.models import Donation
from provinces.scoping import all_provinces
from tests.browser.conftest import PHONE
from tests.browser.serving import served
from tests.browser.steps import press
from tests.donations.conftest import announce, place

pytestmark = pytest.mark.browser


@pytest.fixture
def site(live_db):
    """The portal in this process, with this year's rates; no bank is needed."""
    with all_provinces("test"):
        announce("fitriyeh", 750_000, is_minimum=True, is_default=True)
        announce("fitriyeh", 1_000_000, marja="آیت‌الله سیستانی", staple="آرد")
        announce("kaffarah_deliberate", 12_000_000, is_default=True)
        announce("kaffarah_non_deliberate", 200_000, is_default=True)
        box = place("23", "2301")
    with served() as address:
        yield address, box


@pytest.fixture
def page(site, chromium):
    address, box = site
    context = chromium.new_context(viewport=PHONE, base_url=address, locale="fa-IR")
    page = context.new_page()
    page.route("**/pay/**", lambda route: route.fulfill(status=200, body="at the bank"))
    page.goto(f"/q/{box.code}/")
    yield page
    context.close()


def amount(page) -> str:
    return page.input_value("#id_amount")


def more(page) -> None:
    page.click("button[data-step='1']")


def pay(page) -> Donation:
    page.get_by_role("button", name="پرداخت در درگاه بانک").click()
    page.wait_for_url("**/pay/**")
    with all_provinces("test"):
        return Donation.objects.get()


def test_one_head_is_filled_in_and_more_are_added(page):
    assert (page.input_value("#id_persons"), amount(page)) == ("۱", "۷۵٬۰۰۰")
    more(page)
    more(page)
    assert page.inner_text("[data-persons-line]") == "۳ × ۷۵٬۰۰۰ = ۲۲۵٬۰۰۰ تومان"
    gift = pay(page)
    assert (gift.amount_rial, gift.persons, gift.rate.amount_rial) == (2_250_000, 3, 750_000)


def test_another_rate(page):
    page.click("details[data-rates=fitriyeh] summary")
    page.locator("details[data-rates=fitriyeh] label", has_text="آرد").click()
    assert amount(page) == "۱۰۰٬۰۰۰"
    assert "آیت‌الله سیستانی" in page.inner_text("[data-rate-now]")
    gift = pay(page)
    assert (gift.amount_rial, gift.persons, gift.rate.staple) == (1_000_000, 1, "آرد")


def test_a_smaller_amount_of_ones_own_is_a_free_gift(page):
    page.locator(".chip", has_text="۲۰ هزار").click()
    assert (amount(page), page.input_value("#id_persons")) == ("۲۰٬۰۰۰", "")
    gift = pay(page)
    assert (gift.amount_rial, gift.persons, gift.rate) == (200_000, None, None)


def test_more_than_a_minimum_keeps_the_persons(page):
    page.fill("#id_amount", "100000")
    page.locator("#id_amount").blur()
    assert page.input_value("#id_persons") == "۱"
    gift = pay(page)
    assert (gift.amount_rial, gift.persons) == (1_000_000, 1)


def test_other_funds_have_no_persons(page):
    page.click("details.more summary >> text=نیت‌های دیگر")
    page.locator("label.choice", has_text="صدقه").click()
    assert page.locator("[data-persons]").is_hidden()
    assert page.locator("[data-rates]:visible").count() == 0
    page.locator("label.choice", has_text="فدیه").last.click()
    assert page.locator("[data-no-rate=fidyah]").is_visible()


# --- without scripts ---------------------------------------------------------------------------------------
@pytest.fixture
def plain(site, chromium):
    """A phone whose browser runs no scripts."""
    address, _box = site
    context = chromium.new_context(
        viewport=PHONE, base_url=address, locale="fa-IR", java_script_enabled=False
    )
    page = context.new_page()
    page.route("**/pay/**", lambda route: route.fulfill(status=200, body="at the bank"))
    yield page
    context.close()


@pytest.mark.parametrize(
    ("fund", "persons", "line", "rial"),
    [
        ("fitriyeh_general", "۴", "۴ × ۷۵٬۰۰۰ = ۳۰۰٬۰۰۰ تومان", 3_000_000),
        ("fitriyeh_sadat", "2", "۲ × ۷۵٬۰۰۰ = ۱۵۰٬۰۰۰ تومان", 1_500_000),
        ("kaffarah_deliberate", "1", "۱ × ۱٬۲۰۰٬۰۰۰ = ۱٬۲۰۰٬۰۰۰ تومان", 12_000_000),
        ("kaffarah_non_deliberate", "۳۰", "۳۰ × ۲۰٬۰۰۰ = ۶۰۰٬۰۰۰ تومان", 6_000_000),
    ],
)
def test_the_sum_without_scripts(plain, fund, persons, line, rial):
    plain.goto(f"/give/?fund={fund}")
    plain.fill("#id_persons", persons)
    press(plain, "حساب کن")
    assert plain.inner_text("[data-persons-line]") == line
    gift = pay(plain)
    assert (gift.fund_id, gift.amount_rial, gift.rate.kind) == (fund, rial, gift.fund.rate_kind)


def test_another_rate_without_scripts(plain):
    plain.goto("/give/?fund=fitriyeh_sadat")
    plain.fill("#id_persons", "3")
    plain.click("details[data-rates=fitriyeh] summary")
    plain.locator("details[data-rates=fitriyeh] label", has_text="آرد").click()
    press(plain, "حساب کن")
    assert plain.inner_text("[data-persons-line]") == "۳ × ۱۰۰٬۰۰۰ = ۳۰۰٬۰۰۰ تومان"
    assert (pay(plain).amount_rial, plain.url.count("/pay/")) == (3_000_000, 1)
