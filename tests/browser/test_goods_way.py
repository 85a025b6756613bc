"""Goods on their way, on phones: offered for a need, taken in, packed into a kit, handed over, and followed by whoever
gave them; nothing for axe."""

from decimal import Decimal

import pytest

from aid.enums import KitSource
from aid.models import KitBatch
from aid.services.kits import Payer, fund_item, mark_arrived
from campaigns.services.needs import Item
from core.jalali import format_short
from donations.models import GiftInKind
from tests.browser.doors import sign_in
from tests.browser.test_every_page import faults_of
from tests.browser.test_needs_and_care import phone
from tests.factories.goods import in_days
from tests.factories.needs import need
from tests.factories.people import person

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(400)]


def test_goods_from_a_donors_phone_to_a_family_and_back_to_the_phone(chromium, portal):
    wanted = need(
        "livelihood", goal_rial=None, items=(Item("بستهٔ معیشتی", 1, "بسته"), Item("برنج", 10, "کیلوگرم"))
    )
    context = phone(chromium, portal)
    donor = context.new_page()
    assert faults_of(donor, f"/needs/{wanted.code}/") == []
    donor.get_by_role("link", name="کالا می‌دهم").click()
    donor.get_by_role("heading", name=f"برای نیاز «{wanted.title}»").wait_for()
    assert faults_of(donor, donor.url) == []
    donor.fill("[name=goods-0-description]", "برنج")
    donor.fill("[name=goods-0-quantity]", "۱۰")
    donor.select_option("[name=goods-0-unit]", "kilogram")
    donor.fill("[name=mobile]", "۰۹۹۹۰۰۰۰۱۲۳")
    donor.get_by_role("button", name="پیشنهاد را بفرست").click()
    donor.get_by_role("heading", name="پیشنهاد شما ثبت شد").wait_for()
    follows = donor.url
    assert context.cookies() == []
    gift = GiftInKind.objects.get(need=wanted)

    staff = phone(chromium, portal)
    desk = staff.new_page()
    sign_in(desk, "tehran.expert", "/desk/in-kind/")
    desk.goto(f"/desk/in-kind/{gift.pk}/")
    desk.get_by_role("button", name="پذیرفتن", exact=True).click()
    desk.get_by_text("پذیرفته شد").first.wait_for()
    assert faults_of(desk, f"/desk/in-kind/{gift.pk}/take/") == []
    desk.fill("[name=appraised_by]", "کارشناس")
    desk.fill("[name=goods-0-item]", "برنج")
    desk.fill("[name=goods-0-quantity]", "۱۰")
    desk.fill("[name=goods-0-value]", "۱٬۳۰۰٬۰۰۰")
    desk.fill("[name=goods-0-expires_on]", format_short(in_days(200)))
    desk.get_by_role("button", name="ثبت", exact=True).click()
    desk.get_by_text("کالا در انبار ثبت و رسید صادر شد").first.wait_for()

    assert faults_of(desk, "/desk/stock/kits/") == []
    desk.locator("summary", has_text="نوبت تازه").click()
    desk.select_option("[name=kit]", "livelihood")
    desk.fill("[name=count]", "۱")
    item = wanted.wanted_items.get(item="بستهٔ معیشتی")
    desk.select_option("[name=need]", f"{wanted.pk}:{item.pk}")
    desk.get_by_role("button", name="نوبت تازه").click()
    desk.get_by_text("نوبت ساخته شد").first.wait_for()
    batch = KitBatch.objects.get(need_item=item)
    desk.locator("summary", has_text="تأمین یک کالا").click()
    desk.select_option("[name=line]", label="برنج")
    desk.fill("[name=quantity]", "۱۰")
    desk.select_option("[name=source]", KitSource.STOCK)
    desk.get_by_role("button", name="ثبت", exact=True).click()
    desk.locator("table", has_text="کالای اهدایی در انبار").first.wait_for()
    for line in batch.lines.exclude(item="rice"):
        budget = Payer(KitSource.PUBLIC, note="ردیف نمونه")
        mark_arrived(fund_item(line.pk, Decimal(line.quantity), budget, actor=person()).pk, actor=person())
    assert faults_of(desk, f"/desk/stock/kits/{batch.pk}/") == []
    desk.get_by_role("button", name="بسته‌بندی و برداشت از انبار").click()
    desk.get_by_text("بسته‌ها آماده شد").first.wait_for()

    assert faults_of(desk, f"/desk/stock/kits/{batch.pk}/deliver/") == []
    desk.fill("[name=count]", "۱")
    desk.fill("[name=households]", "۱")
    desk.fill("[name=references]", "BZ-1405-77")
    desk.get_by_role("button", name="تحویل بسته‌ها").click()
    desk.get_by_text("BZ-1405-77").first.wait_for()
    assert faults_of(desk, desk.url) == []
    staff.close()

    assert faults_of(donor, follows) == []
    assert donor.get_by_text(wanted.title).is_visible()
    assert donor.get_by_text("۱۰ کیلوگرم").count() >= 2, "what came, and all of it was given"
    assert faults_of(donor, f"/needs/{wanted.code}/") == []
    assert donor.get_by_role("row", name="بستهٔ معیشتی").get_by_role("cell", name="۱", exact=True).count() == 1
    context.close()
