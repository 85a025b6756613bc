"""Goods in a warehouse: the first to expire leaves first, nothing falls below zero, two people stand behind each count
and each move between warehouses, and the books follow to the rial."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from aid.enums import LossCause, MoveKind
from aid.models import Lot, StockLoss, StockMove, Transfer
from aid.services.counts import count_stock, decide_count
from aid.services.losses import decide_loss, report_loss
from aid.services.stock import Cause, Portion, move
from aid.services.stock_books import GIVEN, LOSSES, STOCK_TRANSIT
from aid.services.transfers import receive_goods, refuse_goods, send_goods
from core.errors import DomainError
from core.invariants import run_checks
from ledger.balances import balances
from provinces.scoping import Scope, open_scope
from tests.aid.test_intake import holds, refusal
from tests.factories.goods import given, in_days, lost, office, stocked, warehouse
from tests.factories.people import KHUZESTAN, TEHRAN, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]


def hand_out(place, quantity, item="rice", purpose="livelihood"):
    """What left the warehouse for families: a portion a lot."""
    made = given(place, item, quantity, purpose=purpose)
    moves = StockMove.objects.filter(reference=made.reference).select_related("lot").order_by("pk")
    return [Portion(row.lot, -row.quantity, -row.value_rial) for row in moves]


def test_the_first_to_expire_leaves_first_and_value_goes_along():
    place = warehouse()
    late = stocked(place, quantity=10, value_rial=1_000, expires_on=in_days(90))
    soon = stocked(place, quantity=3, value_rial=100, expires_on=in_days(9))
    portions = hand_out(place, 5)
    assert [(p.lot.pk, p.quantity, p.value_rial) for p in portions] == [
        (soon.pk, Decimal(3), 100),
        (late.pk, Decimal(2), 200),
    ]
    assert balances([place.account, GIVEN]) == {place.account: 800, GIVEN: 300}
    holds()


def test_a_value_that_does_not_divide_leaves_nothing_behind():
    place = warehouse()
    lot = stocked(place, quantity=3, value_rial=100)
    taken = [hand_out(place, 1)[0].value_rial for _ in range(3)]
    lot.refresh_from_db()
    assert (taken, lot.quantity, lot.value_rial) == ([33, 33, 34], 0, 0)
    holds()


def test_what_is_not_there_cannot_be_given():
    place = warehouse()
    stocked(place, quantity=3)
    with pytest.raises(DomainError) as error:
        hand_out(place, 4)
    assert (error.value.code, error.value.data["there"]) == ("not_enough_stock", Decimal(3))


def test_goods_serve_the_purpose_they_were_given_for():
    place = warehouse()
    stocked(place, quantity=3, fund="dowry")
    with pytest.raises(DomainError) as refused:
        hand_out(place, 1)
    assert (refused.value.code, refused.value.data["rule"]) == ("fund_firewall", "purpose")
    hand_out(place, 1, purpose="dowry")


def test_broken_goods_are_not_given_on():
    place = warehouse()
    stocked(place, "stove", 3, condition="repair")
    assert refusal(lambda: hand_out(place, 1, item="stove")) == "not_enough_stock"


def test_the_database_refuses_what_the_service_would():
    lot = stocked(warehouse(), quantity=3, value_rial=300)
    cause = Cause(MoveKind.ISSUED, "x", person())
    for change in (
        lambda: move([Portion(lot, Decimal(4), 300)], cause, out=True),
        lambda: move([Portion(lot, Decimal(1), 301)], cause, out=True),
        lambda: Lot.objects.filter(pk=lot.pk).update(quantity=5),
        lambda: Lot.objects.filter(pk=lot.pk).update(value_rial=5),
        lambda: lot.delete(),
        lambda: StockMove.objects.update(quantity=1),
        lambda: StockMove.objects.all()._raw_delete("default"),
        lambda: Lot.objects.create(
            warehouse=lot.warehouse, item=lot.item, fund=lot.fund, came_at=lot.came_at, quantity=1
        ),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    holds()


def test_check_books_names_a_lot_that_somebody_changed():
    lot = stocked(warehouse(), quantity=3, value_rial=300)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE aid_lot DISABLE TRIGGER kept")
        cursor.execute("UPDATE aid_lot SET quantity = 2, value_rial = 299 WHERE id = %s", [lot.pk])
        cursor.execute("ALTER TABLE aid_lot ENABLE TRIGGER kept")
    found = {r.name: r.findings for r in run_checks() if not r.holds}
    assert set(found) == {
        "aid: every lot holds the sum of its moves and none is below zero",
        "aid: the account of each warehouse is worth what lies in it",
    }
    assert any(f"lot {lot.pk} " in line for lines in found.values() for line in lines)


def test_goods_that_are_spoilt_leave_the_books_by_the_word_of_two():
    lot = stocked(warehouse(), quantity=4, value_rial=1_000)
    first, second = person(), person()
    said = {"cause": LossCause.DAMAGED, "note": "کیسه پاره شد", "actor": first}
    assert refusal(lambda: report_loss(lot.pk, Decimal(1), **said | {"note": " "})) == "reason_required"
    assert refusal(lambda: report_loss(lot.pk, Decimal(5), **said)) == "not_enough_stock"
    loss = report_loss(lot.pk, Decimal(1), **said)
    assert balances([LOSSES]) == {}
    assert refusal(lambda: report_loss(lot.pk, Decimal(1), **said)) == "loss_waits"
    assert refusal(lambda: decide_loss(loss.pk, actor=first, approve=True)) == "four_eyes"
    decide_loss(loss.pk, actor=second, approve=True)
    assert refusal(lambda: decide_loss(loss.pk, actor=second, approve=True)) == "loss_decided"
    lost(lot, 3, "expired", "تاریخ گذشت")
    assert balances([lot.warehouse.account, LOSSES]) == {lot.warehouse.account: 0, LOSSES: 1_000}
    holds()


def test_a_refused_loss_leaves_everything_and_says_why():
    lot = stocked(warehouse(), quantity=4, value_rial=1_000)
    loss = report_loss(lot.pk, Decimal(4), cause=LossCause.MISSING, note="نیست", actor=person())
    assert refusal(lambda: decide_loss(loss.pk, actor=person(), approve=False)) == "reason_required"
    decide_loss(loss.pk, actor=person(), approve=False, reason="در انبار دیگری است")
    assert (balances([LOSSES]), StockMove.objects.filter(kind="lost").count()) == ({}, 0)
    lost(lot, 1)


def test_goods_that_left_meanwhile_are_not_lost_too():
    place = warehouse()
    lot = stocked(place, quantity=4, value_rial=1_000)
    loss = report_loss(lot.pk, Decimal(3), cause=LossCause.MISSING, note="نیست", actor=person())
    hand_out(place, 2)
    assert refusal(lambda: decide_loss(loss.pk, actor=person(), approve=True)) == "not_enough_stock"
    loss.refresh_from_db()
    assert loss.state == "waiting"


def test_the_database_lets_nothing_be_lost_by_one_person():
    lot = stocked(warehouse(), quantity=4, value_rial=1_000)
    who = person()
    loss = report_loss(lot.pk, Decimal(1), cause=LossCause.DAMAGED, note="پاره", actor=who)
    waiting = StockLoss.objects.filter(pk=loss.pk)
    said = {"state": "booked", "decided_at": loss.reported_at}
    portion = [Portion(lot, Decimal(1), 250)]
    for change in (
        lambda: waiting.update(decided_by=who, **said),
        lambda: waiting.update(quantity=2),
        lambda: waiting._raw_delete("default"),
        lambda: move(portion, Cause(MoveKind.LOST, loss.reference, who, note="x", loss="damaged"), out=True),
        lambda: move(portion, Cause(MoveKind.LOST, "lot:1", who, note="x", loss="damaged"), out=True),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    decide_loss(loss.pk, actor=person(), approve=True)
    for change in (
        lambda: waiting.update(state="refused"),
        lambda: move(portion, Cause(MoveKind.LOST, loss.reference, who, note="x", loss="damaged"), out=True),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    holds()


# --- between warehouses ----------------------------------------------------------------------------------
def test_goods_move_when_both_ends_say_so():
    here, there = warehouse(), warehouse(office(KHUZESTAN))
    lot = stocked(here, quantity=10, value_rial=1_000)
    sender, receiver = person(), person()
    sent = send_goods(here, there, {lot.pk: Decimal(6)}, actor=sender)
    assert balances([here.account, STOCK_TRANSIT]) == {here.account: 400, STOCK_TRANSIT: 600}
    holds()
    line = sent.lines.get()
    assert refusal(lambda: receive_goods(sent.pk, {line.pk: Decimal(6)}, actor=sender)) == "four_eyes"
    assert refusal(lambda: receive_goods(sent.pk, {line.pk: Decimal(7)}, actor=receiver)) == "more_than_sent"
    assert (
        refusal(lambda: receive_goods(sent.pk, {line.pk: Decimal(5)}, actor=receiver))
        == "difference_needs_note"
    )
    with open_scope(Scope(provinces=frozenset({KHUZESTAN}))):
        receive_goods(sent.pk, {line.pk: Decimal(5)}, actor=receiver, note="یک کیسه نرسید")
    assert balances([here.account, there.account, STOCK_TRANSIT, LOSSES]) == {
        here.account: 400, there.account: 500, STOCK_TRANSIT: 0, LOSSES: 100,
    }  # fmt: skip
    arrived = there.lots.get()
    assert (arrived.parent, arrived.donation, arrived.expires_on) == (lot, lot.donation, lot.expires_on)
    assert refusal(lambda: receive_goods(sent.pk, {}, actor=receiver)) == "transfer_decided"
    holds()


def test_goods_that_are_refused_lie_where_they_came_from():
    here, there = warehouse(), warehouse()
    lot = stocked(here, quantity=10, value_rial=1_000)
    sent = send_goods(here, there, {lot.pk: Decimal(10)}, actor=person())
    refuse_goods(sent.pk, actor=person(), note="جا نداریم")
    lot.refresh_from_db()
    assert (lot.quantity, lot.value_rial, there.lots.count()) == (10, 1_000, 0)
    holds()


def test_only_the_far_end_confirms():
    here, there = warehouse(), warehouse(office(KHUZESTAN))
    sent = send_goods(here, there, {stocked(here).pk: Decimal(1)}, actor=person())
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        assert refusal(lambda: refuse_goods(sent.pk, actor=person(), note="x")) == "not_found"
    with pytest.raises(IntegrityError, match="transfer_two_ends"), transaction.atomic():
        Transfer.objects.filter(pk=sent.pk).update(
            state="arrived", decided_by=sent.sent_by, decided_at=sent.sent_at
        )


# --- counts ----------------------------------------------------------------------------------------------
def test_a_count_of_two_people_books_its_differences():
    place = warehouse()
    rice, stove = stocked(place, quantity=10, value_rial=1_000), stocked(place, "stove", 2, 600)
    first, second = person(), person()
    counted = {rice.pk: Decimal(8), stove.pk: Decimal(3)}
    assert refusal(lambda: count_stock(place, counted, actor=first)) == "difference_needs_note"
    count = count_stock(place, counted, actor=first, note="دو کیلو کم، یک اجاق اضافه")
    assert refusal(lambda: count_stock(place, counted, actor=second, note="x")) == "count_waits"
    assert refusal(lambda: decide_count(count.pk, actor=first, approve=True)) == "four_eyes"
    hand_out(place, 1)  # what moves meanwhile does not touch the difference
    decide_count(count.pk, actor=second, approve=True)
    rice.refresh_from_db()
    stove.refresh_from_db()
    assert (rice.quantity, rice.value_rial) == (7, 700)
    assert (stove.quantity, stove.value_rial) == (3, 900)
    assert balances([LOSSES]) == {LOSSES: 200 - 300}
    holds()


def test_a_refused_count_books_nothing():
    place = warehouse()
    lot = stocked(place, quantity=10)
    count = count_stock(place, {lot.pk: Decimal(1)}, actor=person(), note="کم است")
    decide_count(count.pk, actor=person(), approve=False, reason="دوباره بشمارید")
    lot.refresh_from_db()
    assert lot.quantity == 10
    count_stock(place, {lot.pk: Decimal(10)}, actor=person())
