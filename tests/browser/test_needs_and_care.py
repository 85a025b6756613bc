"""A need from an officer's phone to a donor's, and a donor's question to its answer; at 360 px, nothing for axe."""

import pytest

from campaigns.models import Need
from cases.models import CareCase
from core.identifiers import show_mobile
from tests.browser.conftest import PHONE
from tests.browser.doors import sign_in
from tests.browser.test_every_page import faults_of
from tests.factories.care import some_mobile
from tests.factories.needs import need

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(400)]


def phone(chromium, portal, **more):
    return chromium.new_context(viewport=PHONE, locale="fa-IR", base_url=portal.url, **more)


def test_a_need_is_found_on_a_phone_and_given_to_on_another(chromium, portal):
    context = phone(chromium, portal)
    page = context.new_page()
    sign_in(page, "tehran.officer", "/desk/needs/")
    assert faults_of(page, "/desk/needs/new/") == []
    page.fill("[name=title]", "بستهٔ معیشتی برای سی خانوار")
    page.fill("[name=persons]", "۱۲۰")
    page.fill("[name=goal]", "۲۴ میلیون")
    page.fill("[name=wanted_items]", "برنج، ۴۰، کیسه، ۵۰۰٬۰۰۰")
    page.select_option("[name=fund]", "livelihood")
    page.select_option("[name=kind]", "livelihood")
    page.get_by_role("button", name="ثبت", exact=True).click()
    page.get_by_text("در انتظار بررسی همکار دیگری است").wait_for()
    context.close()
    found = Need.objects.get(title="بستهٔ معیشتی برای سی خانوار")

    context = phone(chromium, portal)
    page = context.new_page()
    sign_in(page, "tehran.expert", "/desk/needs/")
    assert faults_of(page, "/desk/needs/?state=found") == []
    assert faults_of(page, f"/desk/needs/{found.pk}/") == []
    page.get_by_role("button", name="تأیید می‌کنم", exact=True).click()
    page.get_by_role("button", name="منتشر شود").click()
    page.get_by_text("از این دم کمک می‌پذیرد").wait_for()
    context.close()

    for scripts in (True, False):
        context = phone(chromium, portal, java_script_enabled=scripts)
        page = context.new_page()
        if scripts:
            assert faults_of(page, "/needs/") == []
            assert faults_of(page, f"/needs/{found.code}/") == []
            assert faults_of(page, f"/give/?need={found.code}") == []
        page.goto("/needs/")
        page.get_by_role("link", name=found.title).first.click()
        page.get_by_role("link", name="کمک به این نیاز").click()
        page.get_by_text("اگر بیش از نیاز رسید").wait_for()
        page.fill("[name=amount]", "20000")
        page.get_by_role("button", name="پرداخت در درگاه بانک").click()
        page.wait_for_url(lambda url: "/give/" not in url)
        assert context.cookies(portal.url) == []
        context.close()


def test_a_donor_asks_without_scripts_and_is_answered(chromium, portal):
    need()
    context = phone(chromium, portal, java_script_enabled=False)
    donor = context.new_page()
    donor.goto("/care/")
    donor.select_option("[name=category]", "conduct_complaint")
    donor.fill("[name=text]", "کسی پاسخ نداد")
    donor.fill("[name=mobile]", show_mobile(some_mobile()))
    donor.select_option("[name=province]", "23")
    donor.get_by_role("button", name="فرستادن").click()
    donor.get_by_text("در دست رسیدگی است").wait_for()
    case = CareCase.objects.latest("pk")

    staff = phone(chromium, portal)
    page = staff.new_page()
    sign_in(page, "tehran.manager", "/desk/care/")
    for address in (
        "/desk/care/",
        "/desk/care/new/",
        f"/desk/care/{case.pk}/",
        "/care/",
        f"/care/{case.code}/",
    ):
        assert faults_of(page, address) == []
    page.goto(f"/desk/care/{case.pk}/")
    page.fill("[name=close-text]", "پیگیری شد")
    page.get_by_role("button", name="بستن پرونده").click()
    page.get_by_text("از نیکوکار نظر خواسته شد").wait_for()
    staff.close()

    donor.goto(f"/care/{case.code}/")
    donor.get_by_text("پیگیری شد").wait_for()
    donor.get_by_label("۵، بسیار خرسند").check()
    donor.get_by_role("button", name="ثبت نظر").click()
    donor.get_by_text("نظر شما ثبت شد").wait_for()
    assert context.cookies() == []
    context.close()

    hq = phone(chromium, portal)
    page = hq.new_page()
    sign_in(page, "hq.manager", "/hq/")
    assert faults_of(page, "/hq/care/") == []
    hq.close()
