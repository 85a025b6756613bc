"""Ways to give in a real browser: a tap dials, a button copies, and everything is there without a script too."""

import pytest

from campaigns.models import Channel
from core.jalali import from_jalali
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.doors import sign_in
from tests.browser.test_every_page import faults_of
from tests.factories.channels import IBAN, USSD, confirmed, proposed

pytestmark = [pytest.mark.browser, pytest.mark.processes]
PUBLIC = (
    "/channels/",
    "/channels/?province=tehran",
    "/",
    "/provinces/tehran/",
    "/provinces/tehran/channels/",
)


@pytest.fixture(scope="module")
def numbers(portal):
    """A code, a card and an account that are confirmed, one that waits, and one nobody has looked at lately."""
    rows = {
        "ussd": confirmed("ussd", name="کد دستوری نمونه"),
        "bank": confirmed("bank", province="23", name="حساب نمونه"),
        "pos": proposed("pos", province="23", name="کارت‌خوان نمونه"),
        "card": confirmed("card", province="23", name="کارت نمونه"),
    }
    Channel.objects.filter(pk=rows["card"].pk).update(last_checked_on=from_jalali(1404, 1, 1))
    return rows


def test_a_tap_dials_and_a_button_copies_plain_ascii(chromium, portal, numbers):
    context = chromium.new_context(viewport=PHONE, locale="fa-IR", base_url=portal.url)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=portal.url)
    page = context.new_page()
    page.goto("/channels/")
    code = page.locator("article", has_text="کد دستوری نمونه")
    assert code.get_by_role("link", name="شماره‌گیری").get_attribute("href") == "tel:*0000*1%23"
    for name, value in (("کد دستوری نمونه", USSD), ("حساب نمونه", IBAN)):
        card = page.locator("article", has_text=name)
        card.get_by_role("button", name="کپی").click()
        card.get_by_text("کپی شد").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == value
    shown = page.locator("article", has_text="حساب نمونه").locator("bdi")
    assert (shown.get_attribute("dir"), shown.inner_text()) == ("ltr", "IR10 0000 0000 0000 0000 0000 23")
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_donor_asks_about_a_number(chromium, portal, numbers, scripts):
    context = chromium.new_context(viewport=PHONE, base_url=portal.url, java_script_enabled=scripts)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for typed, words in (
        ("۹۹۹۹ ۹۹۰۰ ۰۰۰۰ ۰۰۱۴", "بله"),
        ("6037 9912 3456 7893", "در فهرست ما نیست"),
        ("*733*7*9#", "هنوز نمی‌دانیم"),
    ):
        page.goto("/channels/")
        page.fill("[name=number]", typed)
        page.get_by_role("button", name="بررسی").click()
        page.get_by_role("alert").get_by_text(words).wait_for()
    assert not [url for url in asked if "0014" in url or "7893" in url or "733" in url]
    assert context.cookies() == []
    context.close()


def test_without_scripts_no_dead_button_is_shown(chromium, portal, numbers):
    context = chromium.new_context(viewport=PHONE, base_url=portal.url, java_script_enabled=False)
    page = context.new_page()
    for address in PUBLIC:
        page.goto(address)
        assert USSD in page.inner_text("main"), address
        assert page.locator("[data-copy]:visible, [data-print]:visible").count() == 0
    context.close()


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")], ids=["phone", "desktop"]
)
def test_pages_of_the_public(chromium, portal, numbers, viewport, scheme):
    context = chromium.new_context(
        viewport=viewport, color_scheme=scheme, base_url=portal.url, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    faults = [fault for address in PUBLIC for fault in faults_of(page, address)]
    context.close()
    assert faults == []


@pytest.mark.parametrize(
    ("viewport", "office", "hq"),
    [(PHONE, "tehran.accountant", "hq.manager"), (DESKTOP, "tehran.manager", "hq.analyst")],
    ids=["phone", "desktop"],
)
def test_pages_of_staff(chromium, portal, numbers, viewport, office, hq):
    waits, stale = numbers["pos"].pk, numbers["card"].pk
    rooms = {
        office: (
            "/desk/channels/", "/desk/channels/new/", f"/desk/channels/{waits}/", f"/desk/channels/{waits}/edit/",
        ),
        hq: ("/hq/channels/", f"/hq/channels/{waits}/", f"/hq/channels/{stale}/"),
    }  # fmt: skip
    faults = []
    for user, addresses in rooms.items():
        context = chromium.new_context(
            viewport=viewport, base_url=portal.url, bypass_csp=True, reduced_motion="reduce"
        )
        page = context.new_page()
        sign_in(page, user, addresses[0])
        faults += [fault for address in addresses for fault in faults_of(page, address)]
        context.close()
    assert faults == []


def test_headquarters_checks_with_one_tap_and_confirms_a_proposal(chromium, portal, numbers):
    context = chromium.new_context(viewport=PHONE, base_url=portal.url)
    page = context.new_page()
    sign_in(page, "hq.accountant", "/hq/channels/?standing=stale")
    page.get_by_role("button", name="امروز بررسی شد: کارت نمونه").click()
    page.get_by_text("بررسی امروز ثبت شد").wait_for()
    page.goto(f"/hq/channels/{numbers['pos'].pk}/")
    page.fill("[name=note]", "نامهٔ بانک")
    page.get_by_role("button", name="تأیید می‌کنم").click()
    page.get_by_text("تأیید شد و اکنون به مردم نشان داده می‌شود").wait_for()
    page.goto("/provinces/tehran/")
    page.get_by_role("heading", name="کارت‌خوان نمونه").wait_for()
    context.close()
