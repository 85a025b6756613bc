"""What was promised comes: two people, one proof, no second book."""

from io import BytesIO

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.invariants import run_checks
from core.models import User
from donations.services.refunding import take_back
from ledger.balances import balances
from partnerships.enums import CommitmentState, DeliveryForm, DeliveryState, Measure
from partnerships.models import PromiseDelivery
from partnerships.services import files
from partnerships.services.deliveries import decide_delivery, tell_outcome
from provinces.scoping import Scope, open_scope
from tests.factories.gifts import give, receive
from tests.factories.goods import office, stocked, warehouse
from tests.factories.people import KHUZESTAN, TEHRAN, person
from tests.factories.promises import PDF, came, days, kept, promised
from tests.partnerships.conftest import refusal

pytestmark = pytest.mark.django_db
CASH = {"measure": Measure.CASH, "unit": "", "what": "کمک به مسکن"}


def money(promise, gift, actor: User | None = None) -> PromiseDelivery:
    return came(promise, form=DeliveryForm.MONEY, donation=gift, actor=actor)


def promise_checks() -> list[str]:
    return [f for result in run_checks() if result.name.startswith("promises") for f in result.findings]


class TestTwoPeople:
    def test_the_second_person_decides_and_only_once(self, country, expert):
        promise = promised(10)
        row = came(promise, 10, actor=expert)
        promise.refresh_from_db()
        assert promise.delivered == 0, "nobody has confirmed it"
        assert refusal(lambda: decide_delivery(row.pk, approve=True, actor=expert)) == "own_delivery"
        assert refusal(lambda: decide_delivery(row.pk, approve=False, actor=person())) == "reason_required"
        decide_delivery(row.pk, approve=True, actor=person())
        work = lambda: decide_delivery(row.pk, approve=False, reason="نه", actor=person())  # noqa: E731
        assert refusal(work) == "delivery_is_decided"
        promise.refresh_from_db()
        assert (promise.delivered, promise.state) == (10, CommitmentState.KEPT)
        assert promise_checks() == []

    def test_the_database_sees_to_it(self, country, expert):
        row = came(promised(10), 10, actor=expert)
        rows = PromiseDelivery.objects.filter(pk=row.pk)
        for change in (
            {"state": "confirmed"},
            {"state": "confirmed", "decided_by": expert, "decided_at": row.recorded_at},
            {"quantity": 11},
            {"outcome": "زود"},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**change)
        decide_delivery(row.pk, approve=True, actor=person())
        for change in ({"state": "waiting", "decided_by": None, "decided_at": None}, {"quantity": 11}):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()

    def test_a_refused_one_counts_nothing_and_may_come_again(self, country, expert):
        promise = promised(10)
        decide_delivery(came(promise, 10).pk, approve=False, reason="مدرک نخواناست", actor=person())
        kept(promise, 10)
        promise.refresh_from_db()
        assert promise.delivered == 10

    def test_another_province_decides_nothing(self, country, expert):
        row = came(promised(10))
        with open_scope(Scope(provinces=frozenset({KHUZESTAN}))):
            assert refusal(lambda: decide_delivery(row.pk, approve=True, actor=person())) == "not_found"


class TestMoney:
    def test_money_is_a_gift_of_the_books_and_nothing_is_booked_again(self, country, expert):
        promise = promised(1_500_000, **CASH)
        gift = receive(1_000_000, province=TEHRAN)
        before = balances(["income:cash"])
        row = money(promise, gift)
        decide_delivery(row.pk, approve=True, actor=person())
        promise.refresh_from_db()
        assert (promise.delivered, promise.left) == (gift.amount_rial, 500_000)
        assert balances(["income:cash"]) == before
        assert promise_checks() == []

    def test_a_gift_keeps_one_promise(self, country, expert):
        gift = receive(1_000_000, province=TEHRAN)
        first = money(promised(1_000_000, **CASH), gift)
        other = promised(1_000_000, **CASH)
        assert refusal(lambda: money(other, gift)) == "gift_keeps_another_promise"
        decide_delivery(first.pk, approve=False, reason="از کس دیگری است", actor=person())
        money(other, gift)

    def test_only_received_money_for_money(self, country, expert):
        promise = promised(1_000_000, **CASH)
        assert refusal(lambda: money(promise, give(1_000_000))) == "gift_not_received"
        assert refusal(lambda: came(promise, 5)) == "form_does_not_fit"
        gift = receive(1_000_000)
        assert refusal(lambda: money(promised(10), gift)) == "form_does_not_fit"
        row = money(promise, gift)
        with pytest.raises(IntegrityError), transaction.atomic():
            PromiseDelivery.objects.create(
                commitment=promise,
                form="money",
                donation=receive(200_000),
                quantity=1_000_000,
                delivered_on=row.delivered_on,
                evidence="بیش از کمک",
                recorded_by=expert,
            )

    def test_a_gift_that_goes_back_keeps_no_promise(self, country, expert):
        promise, gift = promised(1_000_000, **CASH), receive(1_000_000)
        row = decide_delivery(money(promise, gift).pk, approve=True, actor=person())
        take_back(gift, was_the_gift=True)
        promise.refresh_from_db()
        row.refresh_from_db()
        assert (promise.delivered, promise.state) == (0, CommitmentState.OPEN)
        assert row.state == DeliveryState.UNDONE
        assert promise_checks() == []

    def test_one_that_waits_is_not_confirmed_once_its_gift_went_back(self, country, expert):
        promise, gift = promised(1_000_000, **CASH), receive(1_000_000)
        row = money(promise, gift)
        take_back(gift, was_the_gift=True)
        assert refusal(lambda: decide_delivery(row.pk, approve=True, actor=person())) == "gift_not_received"


def test_goods_in_a_warehouse_are_a_line_of_a_gift_in_kind_and_no_more_than_came(country, expert):
    lot = stocked(warehouse(office()), "blanket", 20, 40_000_000)
    line = lot.donation.in_kind.given.get()
    promise = promised(30, what="پتو", unit="تخته")
    more = lambda: came(promise, 21, form=DeliveryForm.STOCK, goods=line)  # noqa: E731
    assert refusal(more) == "more_than_came"
    row = kept(promise, None, form=DeliveryForm.STOCK, goods=line)
    assert row.quantity == 20
    other = promised(30, what="پتو", unit="تخته")
    again = lambda: came(other, 1, form=DeliveryForm.STOCK, goods=line)  # noqa: E731
    assert refusal(again) == "gift_keeps_another_promise"


def test_goods_of_another_unit_are_counted_by_whoever_writes_them_down(country, expert):
    line = stocked(warehouse(office()), "blanket", 20, 40_000_000).donation.in_kind.given.get()
    promise = promised(5, what="بستهٔ پتو", unit="بسته")
    count = lambda quantity: came(promise, quantity, form=DeliveryForm.STOCK, goods=line)  # noqa: E731
    assert refusal(lambda: count(None)) == "promised_other_unit"
    assert count(4).quantity == 4


def test_evidence_is_asked_for_and_its_file_is_sealed(country, expert):
    promise = promised(10)
    assert refusal(lambda: came(promise, 1, evidence=" ")) == "evidence_required"
    assert refusal(lambda: came(promise, 1, delivered_on=days(1))) == "day_to_come"
    row = came(promise, 1, file=BytesIO(PDF))
    assert files.read(row.file_path)[0] == PDF


def test_what_it_became_is_told_of_what_was_confirmed(country, expert):
    row = came(promised(10))
    work = lambda text: tell_outcome(row.pk, outcome=text, actor=expert)  # noqa: E731
    assert refusal(lambda: work("ده خانه")) == "delivery_not_confirmed"
    decide_delivery(row.pk, approve=True, actor=person())
    assert refusal(lambda: work(" ")) == "outcome_required"
    assert work("ده خانه ساخته شد").outcome == "ده خانه ساخته شد"
