"""What brings a need's items: kits and what is in them, goods that were brought for it, promises; each counted once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from aid.enums import KitSource, MoveKind
from aid.models import GoodsDelivery, Kit, KitBatch, Lot, StockMove
from aid.services.goods_deliveries import undo_goods_delivery
from aid.services.intake import take_in
from aid.services.kit_packing import assemble
from aid.services.kits import Payer, begin_batch, fund_item, mark_arrived
from aid.services.transfers import receive_goods, send_goods
from campaigns.models import Fund, Need
from campaigns.need_progress import Progress, progress_of
from campaigns.services.needs import Item, close_need, edit_need, mark_funded, send_back_need
from core.errors import DomainError
from core.jalali import format_short
from dashboards.gaps import read_gaps
from donations.models import GiftInKind
from provinces.enums import Role
from tests.aid.test_in_kind_pages import TYPED, offer_form
from tests.aid.test_intake import holds, refusal
from tests.factories.goods import (
    given,
    goods,
    handed,
    in_days,
    lost,
    ready_batch,
    set_aside,
    stocked,
    walk_in,
    warehouse,
)
from tests.factories.needs import facts, need
from tests.factories.people import KHUZESTAN, browser_of, person
from tests.factories.promises import kept, promised

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]
KEPT = r"of another need|cannot be edited|as it was planned"
KITS, RICE = Item("بستهٔ معیشتی", 3, "بسته"), Item("برنج", 40, "کیلوگرم", 1_000_000)


def wanting(*items: Item, **more) -> Need:
    return need("livelihood", items=items, **{"goal_rial": None} | more)


def shown(wanted: Need) -> Progress:
    return progress_of([Need.objects.get(pk=wanted.pk)])[wanted.pk]


def met(wanted: Need) -> list[int]:
    return [line.met for line in shown(wanted).items]


def rule_of(work) -> str:
    with pytest.raises(DomainError) as refused:
        work()
    assert refused.value.code == "fund_firewall"
    return refused.value.data["rule"]


# --- kits ------------------------------------------------------------------------------------------------
def test_a_need_for_kits_is_fulfilled_by_kits_that_reached_people():
    wanted, place = wanting(KITS), warehouse()
    stocked(place, quantity=100, value_rial=9_000_000)
    batch = ready_batch(place, 3, need=wanted, need_item=wanted.wanted_items.get())
    assert met(wanted) == [0], "ready is not yet given"
    handed(batch, 2)
    assert (met(wanted), shown(wanted).percent) == ([2], 66)
    last = handed(batch, 1)
    assert last.need_item == wanted.wanted_items.get()
    assert mark_funded() == 1
    undo_goods_delivery(last.pk, actor=person(), reason="اشتباه")
    assert met(wanted) == [2]
    assert mark_funded() == 1, "and back"
    holds()


def test_what_is_in_kits_counts_as_the_items_that_bear_its_name_in_its_unit():
    wanted, place = wanting(RICE, Item("روغن", 40, "حلب"), Item("چای خوش‌عطر", 4, "بسته")), warehouse()
    stocked(place, quantity=100, value_rial=9_000_000)
    batch = ready_batch(place, 3, need=wanted)
    one = batch.lines.get(item="rice").quantity / 3
    handed(batch, 1)
    assert met(wanted) == [int(one), 0, 0], "litres of oil are no tins of oil"
    handed(batch, 2)
    assert met(wanted) == [int(one * 3), 0, 0]


def test_money_that_bought_kits_is_not_counted_again_as_goods():
    wanted, place = wanting(RICE, goal_rial=90_000_000), warehouse()
    batch = begin_batch(Kit.objects.get(code="livelihood"), place, 2, need=wanted, actor=person())
    for line in batch.lines.all():
        payer = Payer(KitSource.PUBLIC, note="ردیف نمونه")
        if line.item_id == "rice":
            payer = Payer(KitSource.CASH, Fund.objects.get(code="livelihood"))
        funding = fund_item(line.pk, line.quantity, payer, actor=person())
        if line.item_id == "rice":
            set_aside(funding)
            bought = funding
        mark_arrived(funding.pk, actor=person())
    assemble(batch.pk, actor=person())
    before = shown(wanted)
    assert (before.received_rial, before.goods_rial) == (bought.amount_rial, 0)
    batch.refresh_from_db()
    handed(batch, 2)
    after = shown(wanted)
    assert met(wanted) == [int(bought.quantity)]
    worth = int(bought.quantity) * 1_000_000
    assert after.received_rial == bought.amount_rial
    assert after.goods_rial == max(0, worth - bought.amount_rial)


def test_what_a_partner_gave_on_the_spot_for_kits_is_counted_once():
    wanted, place = wanting(RICE), warehouse()
    line_of_need = wanted.wanted_items.get()
    batch = begin_batch(Kit.objects.get(code="livelihood"), place, 2, need=wanted, actor=person())
    rice = batch.lines.get(item="rice")
    made = promised(int(rice.quantity), what="برنج", unit="کیلوگرم", need=wanted, need_item=line_of_need)
    for line in batch.lines.all():
        payer = Payer(KitSource.PUBLIC, note="ردیف نمونه")
        if line == rice:
            payer = Payer(KitSource.PROMISE, commitment_id=made.pk)
        mark_arrived(fund_item(line.pk, line.quantity, payer, actor=person()).pk, actor=person())
    assemble(batch.pk, actor=person())
    kept(made, int(rice.quantity))
    assert met(wanted) == [int(rice.quantity)]
    batch.refresh_from_db()
    handed(batch, 2)
    assert met(wanted) == [int(rice.quantity)]


def test_kits_are_planned_for_an_item_of_their_own_need_at_the_desk():
    wanted, place = wanting(KITS), warehouse()
    other, over = wanting(KITS, title="نیاز دیگر"), wanting(KITS, title="پس‌گرفته", state="withdrawn")
    kit, browser = Kit.objects.get(code="livelihood"), browser_of(person(Role.PROVINCIAL_EXPERT))
    theirs = other.wanted_items.get()
    work = lambda **more: lambda: begin_batch(kit, place, 1, actor=person(), **more)  # noqa: E731
    assert refusal(work(need=wanted, need_item=theirs)) == "need_item_of_other"
    assert refusal(work(need_item=theirs)) == "need_item_of_other"
    assert refusal(work(need=over)) == "need_not_for_kit"
    said = {"kit": kit.pk, "warehouse": place.pk, "count": "3", "need": f"{wanted.pk}:{theirs.pk}"}
    assert browser.post(reverse("kits"), said).status_code == 200, "an item of another need is no choice"
    said["need"] = f"{wanted.pk}:{wanted.wanted_items.get().pk}"
    answer = browser.post(reverse("kits"), said)
    assert answer.status_code == 303
    assert "نفر: بستهٔ معیشتی" in browser.get(answer.url).content.decode()
    assert KitBatch.objects.get().need_item == wanted.wanted_items.get()


# --- goods -----------------------------------------------------------------------------------------------
def test_goods_brought_for_a_need_count_while_they_lie_here_and_when_they_reach_it():
    wanted, place = wanting(RICE), warehouse()
    lot = stocked(place, quantity=12, need=wanted)
    stocked(place, quantity=50)
    assert (lot.donation.need, lot.need_item) == (wanted, wanted.wanted_items.get())
    assert (met(wanted), shown(wanted).goods_rial) == ([12], 12_000_000)
    [gap] = [
        row for kind, rows in read_gaps().lines.items() if kind.name for row in rows.values() if row.need
    ]
    assert (gap.need, gap.came, gap.stock) == (40, 12, 50), "nothing twice"
    lost(lot, 2)
    assert met(wanted) == [10]
    made = given(place, quantity=4, need=wanted)
    assert (made.need_item, met(wanted)) == (wanted.wanted_items.get(), [10])
    undo_goods_delivery(made.pk, actor=person(), reason="اشتباه")
    assert met(wanted) == [10]
    there = warehouse()
    sent = send_goods(place, there, {lot.pk: Decimal(3)}, actor=person())
    assert met(wanted) == [10], "on its way"
    receive_goods(sent.pk, {sent.lines.get().pk: Decimal(3)}, actor=person())
    assert met(wanted) == [10], "it came along to the other warehouse"
    holds()


def test_goods_of_a_need_that_are_packed_for_it_stay_counted():
    wanted, place = wanting(RICE), warehouse()
    stocked(place, quantity=30, need=wanted)
    batch = ready_batch(place, 2, need=wanted)
    assert met(wanted) == [30]
    handed(batch, 1)
    assert met(wanted) == [30]
    handed(batch, 1)
    assert met(wanted) == [30]
    holds()


def test_goods_of_a_need_go_nowhere_else_while_it_is_open():
    wanted, other, place = wanting(RICE), wanting(RICE, title="نیاز دیگر"), warehouse()
    stocked(place, quantity=12, need=wanted)
    assert rule_of(lambda: given(place, quantity=5)) == "need_pool"
    assert rule_of(lambda: given(place, quantity=5, need=other)) == "need_pool"
    assert rule_of(lambda: ready_batch(place, 1)) == "need_pool"
    assert refusal(lambda: given(place, quantity=13, need=wanted)) == "not_enough_stock"
    close_need(wanted.pk, report="رسید", evidence="صورت‌جلسهٔ ۷", actor=person())
    given(place, quantity=5)
    holds()


def test_the_firewall_of_goods_holds_in_the_database():
    """As somebody would who writes past the services."""
    wanted, place = wanting(RICE), warehouse()
    own, kaffarah = stocked(place, quantity=9, need=wanted), stocked(place, fund="kaffarah_deliberate")
    free = stocked(place, quantity=9)
    to_nobody, to_need = given(place, quantity=1), given(place, quantity=1, need=wanted)
    batch = begin_batch(Kit.objects.get(code="livelihood"), place, 1, actor=person())
    for lot, kind, reference, rule in (
        (own, MoveKind.ISSUED, to_nobody.reference, "need_pool"),
        (own, MoveKind.TO_KIT, f"kit_batch:{batch.pk}", "need_pool"),
        (kaffarah, MoveKind.ISSUED, to_need.reference, "purpose"),
        (kaffarah, MoveKind.TO_KIT, f"kit_batch:{batch.pk}", "purpose"),
        (free, MoveKind.ISSUED, "delivery:1", "purpose"),
        (free, MoveKind.ISSUED, f"kit_batch:{batch.pk}", "purpose"),
        (free, MoveKind.ISSUED, "goods_delivery:999999999", "purpose"),
    ):
        facts_of = {"quantity": -1, "value_rial": -1, "reference": reference, "at": lot.came_at}
        with pytest.raises(DatabaseError, match=f"fund_firewall {rule}"), transaction.atomic():
            StockMove.objects.create(lot=lot, kind=kind, job="test", **facts_of)
    with pytest.raises(DatabaseError, match="not brought for that need"), transaction.atomic():
        Lot.objects.create(
            warehouse=place, item=free.item, fund=free.fund, donation=free.donation, came_at=free.came_at,
            need_item=wanted.wanted_items.get(),
        )  # fmt: skip
    holds()


def test_an_item_counts_for_its_own_need_alone():
    wanted, other, place = wanting(KITS), wanting(KITS, title="نیاز دیگر"), warehouse()
    theirs = other.wanted_items.get()
    stocked(place)
    batch = begin_batch(Kit.objects.get(code="livelihood"), place, 1, need=wanted, actor=person())
    made = given(place)
    for rows, change in (
        (KitBatch.objects.filter(pk=batch.pk), {"need_item": theirs}),
        (KitBatch.objects.filter(pk=batch.pk), {"need": other}),
        (KitBatch.objects.filter(pk=batch.pk), {"need": other, "need_item": theirs}),
        (KitBatch.objects.filter(pk=batch.pk), {"count": 2}),
        (batch.lines.filter(item="rice"), {"need_item": theirs}),
        (batch.lines.filter(item="rice"), {"quantity": 1}),
        (GoodsDelivery.objects.filter(pk=made.pk), {"need": wanted, "need_item": theirs}),
    ):
        with pytest.raises(DatabaseError, match=KEPT), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError, match=KEPT), transaction.atomic():
        KitBatch.objects.create(kit=batch.kit, warehouse=place, count=1, need=wanted, need_item=theirs)
    with pytest.raises(DatabaseError), transaction.atomic():
        KitBatch.objects.filter(pk=batch.pk)._raw_delete("default")


def test_the_same_goods_reach_a_case_once_a_day():
    """A form that is sent twice, from two tabs."""
    place = warehouse()
    stocked(place, quantity=30)
    again = {"households": 1, "references": ["BZ-1405-9"], "again_because": "خانوادهٔ پرجمعیت"}
    given(place, **again)
    assert refusal(lambda: given(place, **again)) == "delivered_before"
    given(place, **again, delivered_on=in_days(-1))


def test_kaffarah_is_taken_in_as_food_alone():
    gift = walk_in(warehouse().office, fund="kaffarah_deliberate")
    place = gift.office.warehouses.first()
    assert (
        rule_of(lambda: take_in(gift.pk, [goods("blanket", 3)], warehouse=place, actor=person()))
        == "food_only"
    )


def test_bags_are_no_kilograms():
    wanted, place = wanting(Item("برنج", 40, "کیسه")), warehouse()
    lot = stocked(place, quantity=12, need=wanted)
    assert (lot.need_item, met(wanted)) == (None, [0])
    assert refusal(lambda: given(place, need_item=wanted.wanted_items.get())) == "need_item_unit"
    assert given(place, need=wanted).need_item is None


def test_a_need_of_another_place_or_purpose_takes_no_goods():
    far, dowry = wanting(RICE, province=KHUZESTAN), need("dowry", items=(Item("پتو", 4, "عدد"),))
    where = warehouse().office
    assert refusal(lambda: walk_in(where, need=far)) == "need_elsewhere"
    assert refusal(lambda: walk_in(where, fund="kaffarah_deliberate", need=dowry)) == "fund_not_for_need"
    gift = walk_in(where)
    place = where.warehouses.first()
    work = lambda: take_in(gift.pk, [goods()], warehouse=place, need=far, actor=person())  # noqa: E731
    assert refusal(work) == "need_elsewhere"
    with pytest.raises(DatabaseError), transaction.atomic():
        GiftInKind.objects.filter(pk=stocked(place).donation.in_kind.pk).update(need=far)


def test_an_item_that_something_was_written_for_keeps_its_name():
    wanted = need("livelihood", items=(RICE, Item("پتو", 4, "عدد")), state="verified")
    kept_item = wanted.wanted_items.get(item="برنج")
    promised(4, what="برنج", unit="کیلوگرم", need=wanted, need_item=kept_item)
    send_back_need(wanted.pk, reason="شمار", actor=person())
    less = facts("livelihood", items=(Item("برنج", 50, "کیلوگرم"), Item("کفش", 4, "جفت")))
    edit_need(wanted.pk, less, actor=person())
    kept_item.refresh_from_db()
    assert (kept_item.quantity, kept_item.unit_price_rial) == (50, None)
    assert list(wanted.wanted_items.values_list("item", flat=True)) == ["برنج", "کفش"]
    none = facts("livelihood", items=(Item("کفش", 4, "جفت"),))
    assert refusal(lambda: edit_need(wanted.pk, none, actor=person())) == "need_item_used"


# --- pages -----------------------------------------------------------------------------------------------
def test_a_donor_offers_goods_for_a_need_and_the_desk_takes_them_in_for_it():
    wanted, place = wanting(RICE), warehouse()
    page = Client().get(reverse("need", args=[wanted.code])).content.decode()
    address = f"{reverse('give-in-kind')}?need={wanted.code}"
    assert address in page
    form = Client().get(address).content.decode()
    assert wanted.title in form
    assert wanted.surplus_rule in form
    assert "برنج (۴۰ کیلوگرم)" in form
    elsewhere = Client().get(f"{address}&province={KHUZESTAN}").content.decode()
    assert wanted.title not in elsewhere
    assert "از استان دیگری است" in elsewhere
    said = offer_form() | TYPED | {"need": wanted.code, "fund": "livelihood"}
    answer = Client().post("/give/in-kind/", said)
    gift = GiftInKind.objects.get()
    assert (gift.need, answer.status_code) == (wanted, 303)
    assert wanted.title in Client().get(answer["Location"]).content.decode()
    expert = browser_of(person(Role.PROVINCIAL_EXPERT))
    expert.post(reverse("in-kind-gift", args=[gift.pk]), {"act": "agree"})
    take = reverse("in-kind-take", args=[gift.pk])
    assert b'name="need"' not in expert.get(take).content, "whoever gave has said it"
    brought = {
        "goods-TOTAL_FORMS": "1", "goods-INITIAL_FORMS": "0", "warehouse": place.pk, "appraised_by": "کارشناس",
        "goods-0-item": "برنج", "goods-0-quantity": "۱۰", "goods-0-value": "900000", "goods-0-condition": "new",
        "goods-0-appraised_how": "market", "goods-0-expires_on": format_short(in_days(200)),
    }  # fmt: skip
    assert expert.post(take, brought).status_code == 303
    assert met(wanted) == [10]
    assert "۱۰" in Client().get(reverse("need", args=[wanted.code])).content.decode()


def test_a_need_that_ended_meanwhile_is_said_before_anything_is_sent():
    wanted = wanting(RICE)
    said = offer_form() | TYPED | {"need": wanted.code, "fund": "livelihood"}
    close_need(wanted.pk, report="رسید", evidence="صورت‌جلسهٔ ۷", actor=person())
    answer = Client().post("/give/in-kind/", said)
    assert (answer.status_code, GiftInKind.objects.count()) == (422, 0)
    assert "دیگر کمک نمی‌پذیرد" in answer.content.decode()
    assert 'value="پتو"' in answer.content.decode(), "what was typed stays"


def test_the_desk_says_what_goods_are_for_where_the_giver_has_not():
    wanted, gift = wanting(RICE), walk_in(warehouse().office, fund="livelihood")
    far = wanting(RICE, province=KHUZESTAN, title="دور")
    expert, take = browser_of(person(Role.PROVINCIAL_EXPERT)), reverse("in-kind-take", args=[gift.pk])
    brought = {
        "goods-TOTAL_FORMS": "1", "goods-INITIAL_FORMS": "0", "warehouse": gift.office.warehouses.first().pk,
        "appraised_by": "کارشناس", "goods-0-item": "برنج", "goods-0-quantity": "۱۰", "goods-0-value": "900000",
        "goods-0-condition": "new", "goods-0-appraised_how": "market",
        "goods-0-expires_on": format_short(in_days(200)), "need": far.pk,
    }  # fmt: skip
    assert expert.post(take, brought).status_code == 200
    assert expert.post(take, brought | {"need": wanted.pk}).status_code == 303
    assert met(wanted) == [10]
    give = {
        "item": "rice", "quantity": "۴", "purpose": "livelihood", "need": "", "households": "۱",
        "delivered_on": format_short(in_days(0)), "first": "social_worker", "second": "recipient",
        "references": "BZ-1405-1",
    }  # fmt: skip
    address = reverse("stock-give", args=[Lot.objects.get().warehouse_id])
    assert "برای نیاز دیگری داده شده" in expert.post(address, give).content.decode()
    assert not GoodsDelivery.objects.exists()
    item = wanted.wanted_items.get()
    assert expert.post(address, give | {"need": f"{wanted.pk}:{item.pk}"}).status_code == 303
    assert GoodsDelivery.objects.get().need_item == item
    assert met(wanted) == [10]


def test_progress_asks_one_question_of_this_room(django_assert_num_queries):
    ids = [wanting(RICE, title=f"نیاز {number}").pk for number in range(3)]
    for count in (1, 3):
        rows = list(Need.objects.filter(pk__in=ids[:count]).prefetch_related("wanted_items"))
        with django_assert_num_queries(3):
            progress_of(rows)
