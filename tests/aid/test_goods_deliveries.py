"""Kits and goods that reach families: with evidence, out of the books to the rial, undone by a second person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from aid.enums import KitSource
from aid.models import Allocation, Delivery, GoodsDelivery, Kit, Warehouse
from aid.services.allocations import Plan, PoolKey, allocate, cancel, decide, pool_of
from aid.services.deliveries import deliver, undo_delivery
from aid.services.goods_deliveries import record_goods_outcome, review_goods_photo, undo_goods_delivery
from aid.services.kit_packing import assemble
from aid.services.kits import (
    Payer,
    begin_batch,
    cancel_batch,
    fund_item,
    mark_arrived,
    withdraw_funding,
)
from aid.services.stock_books import GIVEN
from aid.stock_selectors import goods_progress
from campaigns.models import Fund
from campaigns.need_progress import progress_of
from campaigns.services.needs import Item
from core.errors import DomainError
from core.jalali import format_short, tehran_today
from core.models import AuditEntry
from ledger.balances import balances
from provinces.enums import Role
from provinces.models import County
from provinces.scoping import Scope, open_scope
from tests.aid.test_in_kind_pages import text_of
from tests.aid.test_intake import holds, refusal
from tests.factories.aid import evidence
from tests.factories.gifts import receive
from tests.factories.goods import (
    given,
    handed,
    office,
    ready_batch,
    set_aside,
    stocked,
    warehouse,
)
from tests.factories.needs import need
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]
BUDGET = Payer(KitSource.PUBLIC, note="ردیف نمونه")


def cash(fund: str = "livelihood") -> Payer:
    return Payer(KitSource.CASH, Fund.objects.get(code=fund))


def planned(place: Warehouse | None = None, count: int = 3, **more):
    """Kits of food whose rice is to be bought of gifts and all else of public budget."""
    batch = begin_batch(
        Kit.objects.get(code="livelihood"), place or warehouse(), count, actor=person(), **more
    )
    for line in batch.lines.exclude(item="rice"):
        mark_arrived(fund_item(line.pk, line.quantity, BUDGET, actor=person()).pk, actor=person())
    line = batch.lines.get(item="rice")
    return batch, fund_item(line.pk, line.quantity, cash(), actor=person())


def ready(count: int = 3):
    batch, funding = planned(count=count)
    found = set_aside(funding)
    mark_arrived(funding.pk, actor=person())
    assemble(batch.pk, actor=person())
    batch.refresh_from_db()
    return batch, Allocation.objects.get(pk=found.pk)


# --- money for kits --------------------------------------------------------------------------------------
def test_money_is_set_aside_for_an_item_of_kits_and_no_more_than_it_costs():
    batch, funding = planned()
    gift = receive(funding.amount_rial * 2, fund="livelihood", province=TEHRAN)
    first = set_aside(funding, funding.amount_rial - 1_000, gift=gift)
    assert (first.purpose, first.province_id, first.title) == ("livelihood", TEHRAN, "برنج، بستهٔ معیشتی")
    assert refusal(lambda: set_aside(funding, 2_000, gift=gift)) == "kit_needs_less"
    assert refusal(lambda: mark_arrived(funding.pk, actor=person())) == "not_set_aside"
    assert refusal(lambda: withdraw_funding(funding.pk, actor=person(), reason="نه")) == "kit_has_money"
    assert refusal(lambda: cancel_batch(batch.pk, actor=person(), reason="نه")) == "kit_has_money"
    set_aside(funding, 1_000, gift=gift)
    mark_arrived(funding.pk, actor=person())
    assert refusal(lambda: cancel(first.pk, actor=person(), reason="نه")) == "kit_is_bought"
    holds()


def test_the_firewall_knows_kits_in_words_and_in_the_database():
    _, funding = planned()
    gift = receive(10_000_000, fund="dowry", province=TEHRAN)
    pool = pool_of(PoolKey("dowry", TEHRAN))
    with pytest.raises(DomainError) as error:
        allocate(pool, Plan(1_000_000, "livelihood", funding=funding), actor=person())
    assert (error.value.code, error.value.data["rule"]) == ("fund_firewall", "kit")
    elsewhere = pool_of(PoolKey("livelihood", KHUZESTAN))
    receive(1_000_000, fund="livelihood", province=KHUZESTAN)
    with pytest.raises(DomainError) as error:
        allocate(elsewhere, Plan(1_000_000, "livelihood", funding=funding), actor=person())
    assert error.value.data["rule"] == "place"
    facts = {"purpose": "dowry", "province_id": TEHRAN, "proposed_by": person(), "amount_rial": 1_000_000}
    with pytest.raises(DatabaseError, match="fund_firewall kit"), transaction.atomic():
        Allocation.objects.create(pool=pool, funding=funding, **facts)
    with pytest.raises(DatabaseError, match="fund_firewall place"), transaction.atomic():
        Allocation.objects.create(
            pool=elsewhere, funding=funding, **facts | {"purpose": "livelihood", "province_id": KHUZESTAN}
        )
    assert gift.is_allocated is False


def test_money_of_kits_is_delivered_with_kits_alone():
    _, found = ready()
    proof = evidence(1_000, form="goods")
    assert refusal(lambda: deliver(found.pk, proof, actor=person())) == "delivered_with_kits"
    with pytest.raises(DatabaseError, match="delivered with kits"), transaction.atomic():
        Delivery.objects.create(
            allocation=found, amount_rial=1_000, form="goods", what="a", quantity=1, unit="a", households=1,
            province_id=TEHRAN, delivered_on=tehran_today(), first_signatory="officer", second_signatory="recipient",
        )  # fmt: skip


def test_kits_take_their_money_along_and_the_last_takes_what_is_left():
    batch, found = ready(count=3)
    rial = found.held_rial
    first = handed(batch, 1)
    assert [row.amount_rial for row in first.paid_by.all()] == [rial // 3]
    handed(batch, 2)
    found.refresh_from_db()
    assert (found.delivered_rial, found.state) == (rial, "delivered")
    holds()


def test_kits_that_were_recorded_wrongly_are_here_again_with_their_money():
    batch, found = ready(count=3)
    clerk = person()
    made = handed(batch, 2, actor=clerk)
    money = made.paid_by.get()
    assert refusal(lambda: undo_delivery(money.pk, actor=person(), reason="اشتباه")) == "undone_with_kits"
    assert refusal(lambda: undo_goods_delivery(made.pk, actor=clerk, reason="اشتباه")) == "four_eyes"
    assert refusal(lambda: undo_goods_delivery(made.pk, actor=person(), reason=" ")) == "reason_required"
    undo_goods_delivery(made.pk, actor=person(), reason="اشتباه")
    assert refusal(lambda: undo_goods_delivery(made.pk, actor=person(), reason="اشتباه")) == "already_undone"
    batch.refresh_from_db()
    found.refresh_from_db()
    assert (batch.left, found.delivered_rial, found.state) == (3, 0, "approved")
    holds()
    again = handed(batch, 3, references=[ref.reference for ref in made.references.all()] + ["KIT-3-NEW"])
    assert again.paid_by.get().amount_rial == found.held_rial
    holds()


def test_a_case_receives_kits_of_a_batch_once_and_says_why_it_receives_again_soon():
    batch = ready_batch_of_rice(3)
    handed(batch, references=["BZ-1405-7"])
    assert refusal(lambda: handed(batch, references=["BZ-1405-7"])) == "delivered_before"
    place = batch.warehouse
    assert refusal(lambda: given(place, households=1, references=["bz-1405-7"])) == "delivered_lately"
    given(place, households=1, references=["BZ-1405-7"], again_because="خانوادهٔ پرجمعیت")
    assert refusal(lambda: handed(batch, references=["09121234567"])) == "personal_reference"
    assert refusal(lambda: handed(batch, 2, references=["BZ-1405-8"])) == "references_do_not_match"


def ready_batch_of_rice(count: int):
    place = warehouse()
    stocked(place, quantity=100, value_rial=9_000_000)
    return ready_batch(place, count)


def test_evidence_is_asked_for():
    batch = ready_batch_of_rice(2)
    assert refusal(lambda: handed(batch, second="social_worker")) == "same_signatory"
    tomorrow = tehran_today() + timedelta(days=1)
    assert refusal(lambda: handed(batch, delivered_on=tomorrow)) == "bad_day"
    yesterday = tehran_today() - timedelta(days=1)
    assert refusal(lambda: handed(batch, delivered_on=yesterday)) == "bad_day"
    ahvaz = County.objects.filter(province=KHUZESTAN).first()
    assert refusal(lambda: handed(batch, county=ahvaz)) == "not_found"
    with open_scope(Scope(provinces=frozenset({KHUZESTAN}))):
        assert refusal(lambda: handed(batch)) == "not_found"
    assert not GoodsDelivery.objects.exists()


def test_what_was_written_down_stays():
    made = handed(ready_batch_of_rice(2))
    for change in ("quantity = 7", "households = 9", "value_rial = 1", "first_signatory = 'centre'"):
        with (
            pytest.raises(DatabaseError, match="cannot be edited"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(f"UPDATE aid_goodsdelivery SET {change} WHERE id = {made.pk}")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM aid_goodsdelivery")
    with pytest.raises(IntegrityError, match="undone_goods_four_eyes"), transaction.atomic():
        GoodsDelivery.objects.filter(pk=made.pk).update(
            undone_by=made.recorded_by, undone_at=made.recorded_at, undo_reason="a"
        )


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n1234")


def test_a_photo_without_faces_is_looked_at_by_a_second_person(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    batch, clerk = ready_batch_of_rice(2), person(Role.PROVINCIAL_EXPERT)
    assert refusal(lambda: handed(batch, photo=photo())) == "photo_shows_faces"
    made = handed(batch, photo=photo(), photo_is_faceless=True, actor=clerk)
    assert refusal(lambda: review_goods_photo(made.pk, actor=clerk)) == "four_eyes"
    address = reverse("goods-delivery", args=[made.pk])
    assert "چهره‌ای در عکس نیست" not in text_of(browser_of(clerk).get(address))
    manager = browser_of(person(Role.PROVINCIAL_MANAGER))
    assert manager.get(reverse("goods-photo", args=[made.pk])).content == photo().read()
    assert manager.post(address, {"act": "review"}).status_code == 303
    made.refresh_from_db()
    assert made.photo_reviewed_at is not None
    with pytest.raises(DatabaseError, match="cannot be edited"), transaction.atomic():
        GoodsDelivery.objects.filter(pk=made.pk).update(photo_path="", photo_digest="")
    plain = handed(batch)
    assert refusal(lambda: review_goods_photo(plain.pk, actor=person())) == "no_photo"
    assert manager.get(reverse("goods-photo", args=[plain.pk])).status_code == 404


# --- goods as they are -----------------------------------------------------------------------------------
def test_goods_are_given_of_what_was_given_for_it_and_come_back_when_it_was_wrong():
    place = warehouse()
    lot = stocked(place, quantity=20, value_rial=1_000, fund="livelihood")
    stocked(place, quantity=50, value_rial=5_000, fund="kaffarah_deliberate")
    assert refusal(lambda: given(place, quantity=21)) == "fund_firewall"  # kaffarah is given as food alone
    made = given(place, quantity=5)
    assert (made.value_rial, made.what, made.unit) == (250, "برنج", "kilogram")
    assert balances([GIVEN]) == {GIVEN: 250}
    progress = goods_progress(lot.donation.in_kind)
    assert [(row.came, row.given) for row in progress] == [(20, 5)]
    holds()
    undo_goods_delivery(made.pk, actor=person(), reason="اشتباه")
    lot.refresh_from_db()
    assert (lot.quantity, lot.value_rial, balances([GIVEN])[GIVEN]) == (20, 1_000, 0)
    assert [row.given for row in goods_progress(lot.donation.in_kind)] == [0]
    holds()


def test_goods_meet_an_item_of_a_need():
    wanted = need("livelihood", items=(Item("برنج", 40, "کیلوگرم", 1_000_000),))
    line = wanted.wanted_items.get()
    place = warehouse()
    stocked(place, quantity=30, value_rial=9_000_000, fund="livelihood")
    made = given(place, quantity=12, need_item=line)
    shown = progress_of([wanted])[wanted.pk]
    assert (shown.items[0].met, shown.goods_rial, shown.received_rial) == (12, 12_000_000, 0)
    undo_goods_delivery(made.pk, actor=person(), reason="اشتباه")
    assert progress_of([wanted])[wanted.pk].items[0].met == 0
    assert refusal(lambda: given(place, quantity=1, need_item=line, purpose="food")) == "need_not_for_goods"


def test_money_for_kits_of_a_need_counts_for_the_need():
    wanted = need("livelihood")
    assert refusal(lambda: planned(warehouse(office(KHUZESTAN)), need=wanted)) == "need_not_for_kit"
    _, funding = planned(need=wanted)
    set_aside(funding)
    assert progress_of([wanted])[wanted.pk].received_rial == funding.amount_rial
    own = receive(5_000_000, fund="livelihood", need=wanted.code)
    plan = Plan(5_000_000, "livelihood", funding=planned(count=1, need=wanted)[1])
    pool = pool_of(PoolKey("livelihood", own.province_id, own.county_id, None, wanted.pk))
    decide(allocate(pool, plan, actor=person()).pk, actor=person(), approve=True)
    holds()


def test_a_batch_is_given_up_with_its_payments():
    batch = begin_batch(Kit.objects.get(code="livelihood"), warehouse(), 1, actor=person())
    line = batch.lines.get(item="oil")
    fund_item(line.pk, line.quantity, BUDGET, actor=person())
    cancel_batch(batch.pk, actor=person(), reason="برنامه عوض شد")
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    assert refusal(lambda: fund_item(line.pk, Decimal(1), BUDGET, actor=person())) == "batch_closed"
    assert AuditEntry.objects.filter(action="kit.cancel", province_code=TEHRAN).count() == 1


# --- at the desk -----------------------------------------------------------------------------------------
def typed(**said) -> dict[str, str]:
    filled = {
        "households": "۲", "delivered_on": "", "first": "social_worker", "second": "recipient",
        "references": "BZ-1405-101\nBZ-1405-102", "minutes_number": "12",
    }  # fmt: skip
    return filled | said


def today() -> str:
    return format_short(tehran_today())


def test_kits_leave_by_the_page_of_their_batch():
    batch = ready_batch_of_rice(3)
    officer = browser_of(person(Role.PROVINCIAL_EXPERT))
    page = officer.get(reverse("kit-batch", args=[batch.pk])).content.decode()
    assert reverse("kit-deliver", args=[batch.pk]) in page
    answer = officer.post(reverse("kit-deliver", args=[batch.pk]), typed(count="۲", delivered_on=today()))
    made = GoodsDelivery.objects.get()
    assert (answer.status_code, answer.url) == (303, reverse("goods-delivery", args=[made.pk]))
    assert "BZ-1405-101" in officer.get(answer.url).content.decode()
    answer = officer.post(reverse("kit-deliver", args=[batch.pk]), typed(count="5", delivered_on=today()))
    assert "این شمار بستهٔ آماده نیست" in text_of(answer)
    officer.post(reverse("goods-delivery", args=[made.pk]), {"act": "outcome", "outcome": "empowerment"})
    assert set(made.references.values_list("outcome", flat=True)) == {"empowerment"}
    manager = browser_of(person(Role.PROVINCIAL_MANAGER))
    shown = manager.get(reverse("goods-delivery", args=[made.pk])).content.decode()
    assert "BZ-1405-101" not in shown
    assert (
        manager.post(reverse("goods-delivery", args=[made.pk]), {"act": "undo", "reason": ""}).status_code
        == 200
    )
    manager.post(reverse("goods-delivery", args=[made.pk]), {"act": "undo", "reason": "اشتباه"})
    made.refresh_from_db()
    assert made.undone_at is not None


def test_goods_are_given_by_the_page_of_their_warehouse():
    place = warehouse()
    stocked(place, quantity=20, fund="livelihood")
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    said = typed(item="rice", quantity="۲٫۵", purpose="livelihood", delivered_on=today())
    answer = browser.post(reverse("stock-give", args=[place.pk]), said)
    made = GoodsDelivery.objects.get()
    assert (answer.status_code, made.quantity, made.households) == (303, Decimal("2.5"), 2)
    assert "داده شد: ۲٫۵ کیلوگرم برنج" in text_of(browser.get(reverse("stock-warehouse", args=[place.pk])))


def test_an_expert_sets_money_aside_for_kits_at_the_desk():
    batch, funding = planned()
    receive(funding.amount_rial, fund="livelihood", province=TEHRAN)
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    address = f"/desk/aid/allocate/?fund=livelihood&province={TEHRAN}"
    said = {"amount": str(funding.amount_rial // 10), "purpose": "livelihood", "place": f"{TEHRAN}:", "programme": "",
            "funding": funding.pk}  # fmt: skip
    assert browser.post(address, said).status_code == 303
    found = Allocation.objects.get()
    assert (found.funding, found.amount_rial, found.programme) == (funding, funding.amount_rial, "")
    decide(found.pk, actor=person(), approve=True)
    page = text_of(browser.get(reverse("kit-batch", args=[batch.pk])))
    assert "تخصیص‌یافته:" in page
    assert "ثبت تحویل" not in text_of(browser.get(f"/desk/aid/allocations/{found.pk}/"))


def test_outcomes_are_of_known_cases():
    made = handed(ready_batch_of_rice(1), references=["BZ-1405-1"])
    refused = refusal(
        lambda: record_goods_outcome(made.pk, actor=person(), outcome="relief", references=["BZ-1405-2"])
    )
    assert refused == "unknown_reference"
    assert record_goods_outcome(made.pk, actor=person(), outcome="relief", references=["bz-1405-1"]) == 1
