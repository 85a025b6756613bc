"""Joining and the own page on a phone, without JavaScript, and nothing for axe to find on any step."""

import pytest

from provinces.models import County
from tests.browser.conftest import PHONE
from tests.browser.keyboard import choose, press, send, tick, write
from tests.browser.steps import follow
from tests.browser.test_every_page import faults_of
from tests.factories.doors import newest_code
from tests.factories.volunteers import national_id
from volunteers.models import Volunteer

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(400)]
ROOM = "/volunteers/join/"
FURTHER = "نگه‌دار و گام بعد"


def enter(page, address: str, mobile: str) -> None:
    page.goto(address)
    page.get_by_label("شمارهٔ همراه").fill(mobile)
    page.get_by_role("button", name="کد ورود را بفرستید").click()
    page.get_by_label("کد پیامک‌شده").fill(newest_code())
    page.get_by_role("button", name="ورود", exact=True).click()


def faults_here(chromium, portal, context, addresses) -> list[str]:
    """Axe needs scripts: the same visit in a browser that runs them."""
    looking = chromium.new_context(
        viewport=PHONE, base_url=portal.url, bypass_csp=True, storage_state=context.storage_state()
    )
    page = looking.new_page()
    found = [fault for address in addresses for fault in faults_of(page, address)]
    looking.close()
    return found


def test_joining_by_keyboard_alone(chromium, portal):
    """Every step from the door to the thanks at phone size: Tab, typing, arrows, Space and Enter."""
    context = chromium.new_context(viewport=PHONE, base_url=portal.url)
    page = context.new_page()
    page.goto(ROOM)
    write(page, "شمارهٔ همراه", "09123456788")
    press(page, "کد ورود را بفرستید")
    page.wait_for_url("**/code/")
    write(page, "کد پیامک‌شده", newest_code())
    press(page, "ورود")
    page.wait_for_url("**/identity/")

    def further(to: str) -> None:
        press(page, FURTHER)
        page.wait_for_url(f"**/{to}/")

    write(page, "نام و نام خانوادگی", "زهرا نمونه")
    write(page, "کد ملی", national_id("334567891"))
    write(page, "روز تولد", "۱۳۷۰/۰۱/۳۱")
    further("province")
    choose(page, "استان", "07")
    further("county")
    choose(page, "شهرستان", County.objects.filter(province="07").first().code)
    further("work")
    tick(page, "سلامت")
    choose(page, "نقش", "facilitator")
    further("skills")
    write(page, "جست‌وجوی مهارت", "پرستار")
    send(page)
    tick(page, "پرستاری")
    further("time")
    tick(page, "زبان اشارهٔ ایرانی")
    tick(page, "پنجشنبه و جمعه")
    further("access")
    further("consents")
    tick(page, "می‌پذیرم که بهزیستی")
    tick(page, "راز مددجویان")
    follow(page.get_by_role("button", name="می‌پیوندم"))
    page.get_by_role("heading", name="خوش آمدید.").wait_for()
    made = Volunteer.objects.get(name="زهرا نمونه")
    assert (made.skills, made.languages, made.role) == (["nursing"], ["psc"], "facilitator")
    context.close()


def test_joining_without_javascript(chromium, portal):
    context = chromium.new_context(viewport=PHONE, base_url=portal.url, java_script_enabled=False)
    page = context.new_page()
    enter(page, ROOM, "09123456789")
    further = page.get_by_role("button", name=FURTHER)

    page.get_by_label("نام و نام خانوادگی").fill("مریم نمونه")
    page.get_by_label("کد ملی").fill(national_id("234567891"))
    page.get_by_label("روز تولد").fill("۱۳۷۰/۰۱/۳۱")
    further.click()
    page.get_by_label("استان").select_option("07")
    further.click()
    page.get_by_label("شهرستان").select_option(County.objects.filter(province="07").first().code)
    further.click()
    page.get_by_label("سلامت").check()
    page.get_by_label("نقش").select_option("facilitator")
    further.click()
    page.get_by_label("جست‌وجوی مهارت").fill("پرستار")
    page.get_by_role("button", name="بیاب").click()
    page.get_by_label("پرستاری").check()
    further.click()
    page.get_by_label("زبان اشارهٔ ایرانی").check()
    page.get_by_label("پنجشنبه و جمعه").check()
    further.click()
    further.click()  # nothing is needed to take part
    page.get_by_label("می‌پذیرم که بهزیستی").check()
    page.get_by_label("راز مددجویان").check()
    steps = ("identity", "province", "county", "work", "skills", "time", "access", "consents")
    assert faults_here(chromium, portal, context, [f"{ROOM}step/{step}/" for step in steps]) == []
    follow(page.get_by_role("button", name="می‌پیوندم"))

    assert page.get_by_role("heading", name="خوش آمدید.").is_visible()
    assert Volunteer.objects.get(name="مریم نمونه").skills == ["nursing"]
    enter(page, "/me/", "09123456789")
    assert page.get_by_text("مریم نمونه").is_visible()
    assert faults_here(chromium, portal, context, ["/me/", "/me/erase/", "/me/messages/", "/me/code/"]) == []
    context.close()
