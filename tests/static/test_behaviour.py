"""What the scripts add to the pages, in a real browser under the strict content policy; axe's judgement."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.static.specimens import ROOT, pages, render

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
COUNTIES = {"07": [{"code": "0701", "name": "شیراز"}], "16": [{"code": "1601", "name": "ایلام"}]}


class Site(BaseHTTPRequestHandler):
    """The sample pages at /<page>, static files, and the two addresses that scripts ask."""

    protocol_version = "HTTP/1.1"
    posts: ClassVar[list[dict[str, list[str]]]] = []
    status = "pending"

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/static/"):
            file = ROOT / path.lstrip("/")
            return self.answer(file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"))
        if path.startswith("/api/v1/provinces/"):
            return self.answer(json.dumps(COUNTIES[path.split("/")[4]]).encode(), "application/json")
        if path == "/status":
            return self.answer(json.dumps({"status": Site.status}).encode(), "application/json")
        template, address, context = PAGES.get(path.strip("/"), PAGES["error-404"])
        return self.answer(render(template, context, address).encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        Site.posts.append(parse_qs(body))
        self.answer(
            "<!doctype html><title>رسید</title><p id=done>رسید</p>".encode(), "text/html; charset=utf-8"
        )

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        pass


PAGES = pages()


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def open_page(chromium, site):
    """open_page(name, **context options) -> a page; complaints of the console fail the test."""
    contexts, complaints = [], []

    def opened(name: str, **options: Any):
        context = chromium.new_context(**({"viewport": {"width": 360, "height": 740}} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site}/{name}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def test_amount_is_grouped_and_said_in_words_while_it_is_typed(open_page):
    page = open_page("styleguide")
    amount = page.locator("[data-amount-input]")
    amount.fill("")
    amount.type("2500000")
    assert amount.input_value() == "۲٬۵۰۰٬۰۰۰"
    assert page.locator("[data-amount-words]").inner_text() == "دو میلیون و پانصد هزار تومان"
    assert page.locator("[data-amount-chip]:checked").count() == 0
    page.locator("[data-amount-chip][value='100000']").check()
    assert amount.input_value() == "۱۰۰٬۰۰۰"
    assert page.locator("[data-amount-words]").inner_text() == "صد هزار تومان"


@pytest.mark.parametrize("typed", ["۵۰ هزار", "50.5", "09121234567"])
def test_what_is_no_plain_number_is_left_for_the_server(open_page, typed):
    page = open_page("styleguide")
    amount = page.locator("[data-amount-input]")
    amount.fill(typed)
    assert amount.input_value() == typed
    assert page.locator("[data-amount-words]").inner_text() == ""


def test_the_caret_stays_where_the_digit_went(open_page):
    page = open_page("styleguide")
    amount = page.locator("[data-amount-input]")
    amount.fill("123456")
    amount.evaluate("input => input.setSelectionRange(1, 1)")
    amount.press("9")
    assert amount.input_value() == "۱٬۹۲۳٬۴۵۶"
    assert amount.evaluate("input => input.selectionStart") == 3


def test_words_are_the_same_as_the_server_says(open_page):
    from core.money import toman_words

    page = open_page("styleguide")
    amount = page.locator("[data-amount-input]")
    for toman in (1000, 12500, 1_001_001, 999_999_999, 5_000_000_000_000, 20_019):
        amount.fill(str(toman))
        assert page.locator("[data-amount-words]").inner_text() == toman_words(toman * 10)


def test_number_of_persons_times_the_announced_rate(open_page):
    page = open_page("styleguide")
    assert page.locator("[data-persons]").is_hidden()
    page.locator("[data-fund][value='fitriyeh']").check()
    assert page.locator("[data-persons]").is_visible()
    page.locator("[data-step='1']").click()
    assert page.locator("[data-persons] input").input_value() == "۲"
    assert page.locator("[data-amount-input]").input_value() == "۱۵۰٬۰۰۰"


def test_counties_follow_the_province(open_page):
    page = open_page("styleguide")
    county = page.locator("#id_county")
    assert county.input_value() == "0701"  # what came from the server is kept
    page.locator("#id_province").select_option("16")
    expect(county.locator("option")).to_have_count(2)
    assert county.locator("option").last.inner_text() == "ایلام"
    page.locator("#id_province").select_option("")
    assert county.is_hidden()


def test_a_form_is_sent_once_with_the_pressed_buttons_value(open_page):
    page = open_page("styleguide")
    Site.posts.clear()
    page.locator("main form button[type=submit]").first.evaluate(
        "button => { button.name = 'pressed'; button.value = 'yes'; button.click(); button.click(); }"
    )
    page.wait_for_selector("#done")
    assert len(Site.posts) == 1
    assert Site.posts[0]["pressed"] == ["yes"]
    page.go_back()
    assert page.locator("main form button[type=submit]").first.is_enabled()


def test_copies_plain_letters_and_digits(open_page):
    page = open_page("styleguide", permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-copy]").first.click()
    expect(page.locator("[data-copy-label]").first).to_have_text("کپی شد")
    assert page.evaluate("() => navigator.clipboard.readText()") == "K7M4Q2RT9X"


def test_the_status_page_reloads_when_the_gift_is_decided(open_page):
    Site.status = "pending"
    page = open_page("styleguide")
    Site.status = "received"
    with page.expect_navigation(timeout=8000):
        pass
    Site.status = "pending"


def test_the_hand_over_leads_to_the_bank_by_itself(open_page):
    Site.posts.clear()
    page = open_page("handover")
    page.wait_for_selector("#done")
    assert Site.posts == [{"RefId": ["1"]}]


def test_without_scripts_the_pages_still_serve(open_page):
    page = open_page("styleguide", java_script_enabled=False)
    assert page.locator("[data-persons]").is_visible()
    assert page.locator("[data-theme-switch]").is_hidden()
    page.locator("summary", has_text="فهرست بخش‌ها").click()
    assert page.locator(".menu nav a", has_text="شفافیت").is_visible()


def test_the_chosen_scheme_is_kept_and_painted_at_once(open_page):
    page = open_page("styleguide", color_scheme="light")
    light = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    page.locator("[data-theme-switch]").click()
    dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.reload()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == dark


def test_the_menu_closes_by_escape_and_gives_the_focus_back(open_page):
    page = open_page("styleguide")
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".menu nav").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".menu nav").is_hidden()
    assert page.evaluate("() => document.activeElement.tagName") == "SUMMARY"


def test_arrows_go_from_row_to_row_of_a_list(open_page):
    page = open_page("desk-list")
    row_of = "() => [...document.querySelectorAll('tbody a')].indexOf(document.activeElement)"
    page.locator("tbody a").first.focus()
    visited = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Home", "End"):
        page.keyboard.press(key)
        visited.append(page.evaluate(row_of))
    assert visited == [1, 2, 2, 1, 0, 2]


def test_one_box_chooses_all_rows_and_knows_when_some_are_left(open_page):
    page = open_page("desk-choice")
    whole, rows = page.locator("thead input"), page.locator("tbody input")
    assert whole.get_attribute("aria-label") == "انتخاب همهٔ این صفحه"
    whole.check()
    assert [rows.nth(at).is_checked() for at in range(2)] == [True, True]
    rows.first.uncheck()
    assert page.evaluate("() => document.querySelector('thead input').indeterminate")
    assert not whole.is_checked()


def test_the_first_stop_of_the_keyboard_skips_to_the_page(open_page):
    page = open_page("simple")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


@pytest.mark.parametrize("name", ["styleguide", "desk-list", "error-404"])
@pytest.mark.parametrize("width", [320, 1440])
def test_no_page_is_wider_than_the_screen(open_page, name, width):
    page = open_page(name, viewport={"width": width, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["styleguide", "desk-list", "simple"])
def test_axe_finds_nothing(open_page, name, scheme):
    width = 360 if scheme == "light" else 1440
    page = open_page(name, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run()")["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
