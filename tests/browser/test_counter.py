"""A clerk's day at the counter by a real browser: three gifts typed without a mouse, the drawer counted, confirmed by
a colleague and carried to the bank; on a desk and on a phone, with nothing for axe to find."""

import pytest

from core.jalali import format_short, tehran_today
from core.text import persian_digits
from payments.models import CashCount, CashDeposit, CounterGift, CounterNumber, Denomination
from provinces.models import Office
from tests.browser.doors import sign_in
from tests.browser.test_every_page import AXE

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(400)]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


class Clerk:
    """A page in which somebody is signed in; `look` says what is wrong with what it shows."""

    def __init__(self, chromium, portal, user: str, to: str, viewport) -> None:
        self.context = chromium.new_context(
            viewport=viewport, base_url=portal.url, bypass_csp=True, reduced_motion="reduce", locale="fa-IR"
        )
        self.page, self.faults = self.context.new_page(), []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        sign_in(self.page, user, to)

    def look(self) -> None:
        page = self.page
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.faults.append(f"{page.url} scrolls sideways")
        page.evaluate(AXE)
        for violation in page.evaluate("() => axe.run()")["violations"]:
            self.faults.append(f"{page.url} {violation['id']}: {violation['nodes'][0]['html'][:120]}")

    def type(self, *steps: str) -> None:
        """Text is typed where the focus is; "Tab", "Enter" and arrows are keys."""
        for step in steps:
            if step in {"Tab", "Enter", "ArrowLeft"}:
                self.page.keyboard.press(step)
            else:
                self.page.keyboard.type(step)

    def confirmed(self) -> None:
        """Enter sends the form, and Enter on the focused button writes the gift down."""
        self.type("Enter")
        self.page.locator("button[name=confirm]:focus").wait_for()
        self.look()
        self.type("Enter")
        self.page.wait_for_url("**/desk/counter/gifts/*/")
        self.look()


@pytest.fixture(params=[DESK, PHONE], ids=["1280", "360"])
def viewport(request):
    return request.param


def test_a_clerks_day(chromium, portal, viewport):
    office = Office.objects.get(level="county", county="2301") if viewport is DESK else None
    user = "tehran.officer" if office else "khuzestan.accountant"
    office = office or Office.objects.get(level="province", province="06")
    clerk = Clerk(chromium, portal, user, "/desk/counter/", viewport)
    page = clerk.page
    clerk.look()

    page.goto("/desk/counter/new/")
    clerk.look()
    assert page.locator("#id_amount:focus").count() == 1
    clerk.type(persian_digits("150000"))
    assert page.input_value("#id_amount") == persian_digits("150٬000")
    assert "صد و پنجاه هزار تومان" in page.inner_text("#id_amount_words")
    clerk.type("Tab", "رهگذر", "Tab", persian_digits("09121234567"))
    clerk.confirmed()
    assert page.locator("a:focus", has_text="چاپ رسید").count() == 1

    clerk.type("Tab", "Enter")  # the next gift of the queue
    page.locator("#id_amount:focus").wait_for()
    clerk.type("50 هزار")
    clerk.confirmed()

    page.goto("/desk/counter/new/")
    assert page.locator("#id_rrn").is_hidden()
    page.locator("[name=way]:checked").focus()
    clerk.type("ArrowLeft", "ArrowLeft", "Tab")
    assert page.locator("#id_rrn").is_visible()
    clerk.type("300000", "Tab", "12345678", "Tab", f"00000000{office.pk:04d}", "Tab", f"{office.pk:06d}")
    clerk.look()
    clerk.confirmed()
    numbers = CounterNumber.objects.filter(office=office).order_by("number")
    assert list(numbers.values_list("number", flat=True)) == [1, 2, 3]
    assert (
        page.request.get(page.locator("a", has_text="چاپ رسید").get_attribute("href"))
        .body()
        .startswith(b"%PDF")
    )

    page.goto("/desk/counter/count/")
    clerk.look()
    pieces = {500_000: 4, 1_000_000: 0}
    for value in Denomination.objects.filter(is_active=True).values_list("value_rial", flat=True):
        clerk.type(*([persian_digits(str(pieces[value]))] if pieces.get(value) else []), "Enter")
    assert persian_digits("200٬000") in page.inner_text("[data-count-sum]")
    clerk.type("Enter")
    page.wait_for_url("**/desk/counter/counts/*/")
    clerk.look()
    count = CashCount.objects.get(office=office)
    assert (count.counted_rial, count.difference_rial) == (2_000_000, 0)

    manager = "tehran.manager" if viewport is DESK else "khuzestan.manager"
    second = Clerk(chromium, portal, manager, "/desk/counter/", viewport)
    second.page.get_by_role("link", name="شمارش صندوق").click()
    second.page.get_by_label("تأیید می‌کنم").check()
    second.look()
    second.page.get_by_role("button", name="ثبت", exact=True).click()
    second.page.get_by_text("شمارش تأیید شد.").wait_for()
    second.look()

    page.goto("/desk/counter/deposits/")
    clerk.look()
    page.get_by_label("بانک و شعبه").fill("بانک ملی، شعبهٔ مرکزی")
    page.get_by_label("شمارهٔ فیش").fill(persian_digits(f"77{office.pk}"))
    page.get_by_role("button", name="ثبت فیش واریز").click()
    page.get_by_text("فیش واریز ثبت شد").wait_for()
    clerk.look()
    deposit = CashDeposit.objects.get(office=office)
    assert (deposit.amount_rial, deposit.state) == (2_000_000, "awaiting")
    for address in (
        f"/desk/counter/deposits/{deposit.pk}/",
        "/desk/counter/journal/",
        "/desk/counter/cheques/",
    ):
        page.goto(address)
        clerk.look()
    assert CounterGift.objects.filter(office=office, state="booked").count() == 3
    clerk.context.close()
    second.context.close()
    assert clerk.faults == second.faults == []


def test_a_cheque_and_a_cancellation(chromium, portal, viewport):
    clerk = Clerk(chromium, portal, "hq.accountant", "/desk/counter/", viewport)
    page = clerk.page
    page.goto("/desk/counter/new/")
    page.locator("label", has_text="چک").first.click()
    page.locator("#id_amount").fill("700000")
    page.locator("#id_cheque_number").fill(f"12345678901234{viewport['width'] % 90 + 10}")
    page.locator("#id_cheque_bank").fill("بانک سپه")
    page.locator("#id_cheque_due_on").fill(format_short(tehran_today()))
    clerk.look()
    page.get_by_role("button", name="وارسی").click()
    page.get_by_role("button", name="ثبت چک").click()
    page.get_by_text("چک ثبت شد.").wait_for()
    clerk.look()
    page.locator("#id_cash-bank").fill("بانک مرکزی")
    page.locator("#id_cash-slip_number").fill(str(viewport["width"]))
    page.get_by_role("button", name="وصول شد و رسید صادر شود").click()
    page.get_by_text("چک وصول شد").wait_for()
    clerk.look()

    page.goto("/desk/counter/new/")
    page.locator("#id_amount").fill("90000")
    page.keyboard.press("Enter")
    page.locator("button[name=confirm]").click()
    page.wait_for_url("**/desk/counter/gifts/*/")
    address = page.url
    page.locator("summary", has_text="درخواست ابطال").click()
    page.locator("#id_cancel-reason").fill("مبلغ نادرست")
    clerk.look()
    page.locator("form button", has_text="درخواست ابطال").click()
    page.get_by_text("در انتظار تأیید همکار دیگری").wait_for()
    clerk.look()
    second = Clerk(chromium, portal, "hq.manager", "/desk/counter/", viewport)
    second.look()
    second.page.goto(address)
    second.page.get_by_label("تأیید می‌کنم").check()
    second.look()
    second.page.get_by_role("button", name="ثبت", exact=True).click()
    second.page.get_by_text("کمک باطل شد").wait_for()
    second.look()
    clerk.context.close()
    second.context.close()
    assert clerk.faults == second.faults == []
