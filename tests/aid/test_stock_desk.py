"""Warehouses and kits at the desk: what one sees and does there, and who may not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from aid.enums import KitSource
from aid.models import Kit, KitBatch, Lot, StockCount, Transfer, Warehouse
from aid.services.kits import begin_batch
from aid.services.transfers import send_goods
from aid.stock_selectors import find_items
from provinces.enums import Role
from tests.aid.test_in_kind_pages import text_of
from tests.factories.goods import in_days, office, stocked, warehouse
from tests.factories.people import KHUZESTAN, browser_of, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]


def clerk(province: str = "23"):
    return browser_of(person(Role.PROVINCIAL_EXPERT, province))


@pytest.mark.parametrize(
    "typed", ["لحاف", "پتو", "پتو دو نفره", "پتودونفره", "يخچال", "چرخ‌ خیاطی", "كيف مدرسه"]
)
def test_goods_are_found_however_they_are_written(typed):
    assert find_items(typed).count() >= 1


def test_a_warehouse_is_made_and_shows_what_lies_in_it():
    browser = clerk()
    made = browser.post(reverse("stock"), {"office": office().pk, "name": "سردخانه"})
    assert made.status_code == 303
    place = Warehouse.objects.get(name="سردخانه")
    stocked(place, quantity=12, value_rial=7_000_000)
    shown = text_of(browser.get(reverse("stock-warehouse", args=[place.pk])))
    assert "برنج ۱۲ کیلوگرم ۷۰۰٬۰۰۰ تومان" in shown
    assert (
        "برنج"
        not in text_of(browser.get(reverse("stock-warehouse", args=[place.pk]), {"q": "یخچال"})).split(
            "موجودی"
        )[-1]
    )


def test_what_expires_soon_is_on_the_first_page(settings):
    settings.STOCK_EXPIRY_WARNING_DAYS = 10
    place = warehouse()
    stocked(place, "rice", expires_on=in_days(11))
    stocked(place, "tea", expires_on=in_days(10))
    page = browser_of(person(Role.PROVINCIAL_MANAGER)).get(reverse("stock"))
    assert [lot.item_id for lot in page.context["expiring"]] == ["tea"]
    desk = text_of(browser_of(person(Role.PROVINCIAL_MANAGER)).get("/desk/"))
    assert "کالای انبار که تاریخ آن نزدیک یا گذشته است" in desk


def test_goods_are_sent_and_received_at_the_far_end():
    here, there = warehouse(), warehouse(office(KHUZESTAN))
    lot = stocked(here, quantity=10, value_rial=1_000)
    sent = clerk().post(reverse("stock-send", args=[here.pk]), {"target": there.pk, f"row{lot.pk}": "۴"})
    transfer = Transfer.objects.get()
    address = reverse("stock-transfer", args=[transfer.pk])
    assert sent["Location"] == address
    line = transfer.lines.get()
    whole = {"act": "receive", f"row{line.pk}": "4"}
    assert clerk().post(address, whole).status_code == 403  # of the near end
    far = clerk(KHUZESTAN)
    assert "در راه به این‌جا" in text_of(far.get(reverse("stock")))
    short = far.post(address, {"act": "receive", f"row{line.pk}": "3"})
    assert "اختلاف هست" in text_of(short)
    assert far.post(address, whole).status_code == 303
    assert there.lots.get().quantity == 4


def test_a_refused_transfer_is_back():
    here, there = warehouse(), warehouse(office(KHUZESTAN))
    lot = stocked(here, quantity=10)
    transfer = send_goods(here, there, {lot.pk: Decimal(10)}, actor=person())
    address = reverse("stock-transfer", args=[transfer.pk])
    assert clerk(KHUZESTAN).post(address, {"act": "refuse", "no-note": "جا نداریم"}).status_code == 303
    assert Lot.objects.get().quantity == 10


def test_a_count_hides_what_should_be_and_wants_a_second_person():
    place = warehouse()
    lot = stocked(place, quantity=987)
    first, second = clerk(), clerk()
    page = reverse("stock-count", args=[place.pk])
    assert "۹۸۷" not in text_of(first.get(page))
    made = first.post(page, {f"row{lot.pk}": "980", "note": "هفت کیلو کم"})
    address = made["Location"]
    assert first.post(address, {"decision": "yes"}).status_code == 403
    assert second.post(address, {"decision": "yes"}).status_code == 303
    assert StockCount.objects.get().state == "confirmed"
    assert "هفت کیلو کم" in text_of(second.get(reverse("stock-lot", args=[lot.pk])))


def test_spoilt_goods_are_written_off_by_two():
    lot = stocked(warehouse(), quantity=5)
    address = reverse("stock-lot", args=[lot.pk])
    browser, manager = clerk(), browser_of(person(Role.PROVINCIAL_MANAGER))
    said = {"quantity": "5", "cause": "damaged", "note": "ریخت"}
    assert "در انبار نیست" in text_of(browser.post(address, said | {"quantity": "6"}))
    assert manager.post(address, said).status_code == 403
    assert browser.post(address, said).status_code == 303
    assert "خودتان گزارش کرده‌اید" in text_of(browser.get(address))
    assert "در انتظار تأیید است" in text_of(browser.post(address, said, follow=True))
    assert browser.post(address, {"decision": "yes"}).status_code == 303
    assert Lot.objects.get().quantity == 5
    assert "کسر از انبار در انتظار تأیید" in text_of(manager.get("/desk/"))
    assert "کسر از موجودی: برنج" in text_of(manager.get(reverse("stock")))
    assert "دلیل" in text_of(manager.post(address, {"decision": "no"}))
    assert manager.post(address, {"decision": "yes"}).status_code == 303
    assert Lot.objects.get().quantity == 0
    assert "از موجودی کسر شد" in text_of(browser.get(address))


def test_a_batch_of_kits_from_the_plan_to_the_packed_kit():
    browser, place = clerk(), warehouse()
    stocked(place, "school_bag", 3, 900_000, fund="education")
    made = browser.post(reverse("kits"), {"kit": "school", "warehouse": place.pk, "count": "3"})
    batch = KitBatch.objects.get()
    page = reverse("kit-batch", args=[batch.pk])
    assert made["Location"] == page
    for line in batch.lines.all():
        source = KitSource.STOCK if line.item_id == "school_bag" else KitSource.PUBLIC
        said = {
            "act": "fund",
            "line": line.pk,
            "quantity": str(line.quantity),
            "source": source,
            "note": "ردیف نمونه",
        }
        assert browser.post(page, said).status_code == 303
    for line in batch.lines.exclude(item="school_bag"):
        browser.post(page, {"act": "arrived", "funding": line.fundings.get().pk})
    assert browser.post(page, {"act": "assemble"}).status_code == 303
    batch.refresh_from_db()
    assert (batch.state, batch.value_rial) == ("assembled", 900_000)
    shown = text_of(browser.get(page))
    assert "سهم نیکوکاران ۹۰٬۰۰۰ تومان" in shown
    assert "بودجهٔ عمومی درآمد مردمی نیست" in shown


def test_a_fund_that_may_not_pay_is_not_offered():
    batch = begin_batch(Kit.objects.get(code="dowry"), warehouse(), 1, actor=person())
    page = reverse("kit-batch", args=[batch.pk])
    offered = dict(clerk().get(page).context["form"].fields["fund"].choices)
    assert "dowry" in offered
    assert "livelihood" not in offered
    line = batch.lines.first()
    said = {"act": "fund", "line": line.pk, "quantity": "1", "source": "cash", "fund": "livelihood"}
    assert clerk().post(page, said).status_code == 200
    assert not line.fundings.exists()


def test_a_payment_of_another_batch_is_not_touched():
    place = warehouse()
    mine, other = (begin_batch(Kit.objects.get(code="dowry"), place, 1, actor=person()) for _ in range(2))
    browser, line = clerk(), other.lines.first()
    said = {"act": "fund", "line": line.pk, "quantity": "1", "source": "public", "note": "ردیف نمونه"}
    browser.post(reverse("kit-batch", args=[other.pk]), said)
    browser.post(reverse("kit-batch", args=[mine.pk]), {"act": "arrived", "funding": line.fundings.get().pk})
    assert line.fundings.get().arrived_at is None
