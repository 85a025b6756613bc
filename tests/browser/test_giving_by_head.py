"""Giving by head in a real browser: the scripts compute what the server computes, and leave the donor free."""

import threading
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connections

from donations.models import Donation
from provinces.scoping import all_provinces
from tests.browser.conftest import PHONE
from tests.donations.conftest import announce, place

pytestmark = pytest.mark.browser


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def site(live_db):
    """The portal in this process, with this year's rates; no bank is needed."""
    with all_provinces("test"):
        announce("fitriyeh", 750_000, is_minimum=True, is_default=True)
        announce("fitriyeh", 1_000_000, marja="آیت‌الله سیستانی", staple="آرد")
        box = place("23", "2301")

    application = get_wsgi_application()

    def closing(environ, start_response):
        try:
            return application(environ, start_response)
        finally:
            connections.close_all()

    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(closing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", box
    server.shutdown()
    thread.join()
    server.server_close()


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
    assert page.locator("[data-rates]").is_hidden()
    page.locator("label.choice", has_text="فدیه").last.click()
    assert page.locator("[data-no-rate=fidyah]").is_visible()
