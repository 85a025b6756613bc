"""Cash that a count found missing or too much: decided by two, in the books, and on nobody's list any more."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.jalali import tehran_today
from core.models import AuditEntry, OutboxMessage
from donations.models import Donation
from ledger.accounts import CASH_SHORT, bank_code, cash_code, ensure_account
from ledger.enums import AccountType
from payments.cash_selectors import differences_by_province, left_over, open_differences
from payments.counter_selectors import lying_cash
from payments.enums import DifferenceWay
from payments.models import CashCount, CashDifference
from payments.reconciliation_selectors import province_states
from payments.services import closing
from payments.services.cash_days import count_cash, decide_count, mark_deposited, record_deposit
from payments.services.cash_differences import decide, propose, ways_of
from provinces.scoping import Scope, open_scope
from tests.factories.counter import notes_for, office, take
from tests.factories.people import ILAM, TEHRAN, person
from tests.flows.test_races import run_together
from tests.payments.services.test_counter import balance, broken, refusal

BANK = bank_code("bank_hq")


@pytest.fixture
def where(country):
    ensure_account(BANK, "بانک", AccountType.ASSET)
    return office()


def counted(where, taken_rial: int, lay_rial: int, at=None) -> CashCount:
    take(taken_rial, where=where, at=at)
    count = count_cash(where, notes_for(lay_rial), actor=person(), at=at)
    return decide_count(count.pk, actor=person(), approve=True)


def settled(count: CashCount, way: DifferenceWay, **more) -> CashDifference:
    row = propose(count.pk, actor=person(), way=way, reason="بررسی شد", **more)
    return decide(row.pk, actor=person(), approve=True)


def deposit(where, *counts: CashCount, slip: str = "77") -> None:
    row = record_deposit(
        where, [c.pk for c in counts], actor=person(), bank="ملی", slip_number=slip, on=tehran_today()
    )
    mark_deposited(row.pk, bank_account=BANK, at=timezone.now())


def yesterday():
    return timezone.now() - timedelta(days=1)


@pytest.mark.django_db
class TestMissing:
    @pytest.mark.parametrize("is_banked_first", [True, False])
    def test_written_off_it_is_an_expense_and_the_drawer_is_empty_in_the_books(self, where, is_banked_first):
        count = counted(where, 500_000, 450_000)
        assert [(found.count, found.rial) for found in open_differences([where])] == [(count, -50_000)]
        if is_banked_first:
            deposit(where, count)
        row = settled(count, DifferenceWay.WRITE_OFF)
        if not is_banked_first:
            deposit(where, count)
        assert (row.amount_rial, row.state) == (-50_000, "done")
        assert (balance(cash_code(where.pk)), balance(CASH_SHORT), balance(BANK)) == (0, 50_000, 450_000)
        assert open_differences([where]) == []
        assert broken() == []

    def test_put_back_it_is_counted_and_banked_with_what_comes_next(self, where):
        first = counted(where, 500_000, 450_000, at=yesterday())
        deposit(where, first)
        settled(first, DifferenceWay.MADE_GOOD)
        assert (balance(cash_code(where.pk)), balance(CASH_SHORT)) == (50_000, 0)
        assert [row.amount_rial for row in lying_cash([where])] == [50_000]
        second = counted(where, 100_000, 150_000)
        assert (second.expected_rial, second.difference_rial, left_over(second)) == (150_000, 0, 0)
        deposit(where, second, slip="78")
        assert (balance(cash_code(where.pk)), balance(BANK)) == (0, 600_000)
        assert lying_cash([where]) == open_differences([where]) == []
        assert broken() == []

    def test_put_back_and_missing_again_is_a_difference_of_the_next_count(self, where):
        first = counted(where, 500_000, 450_000, at=yesterday())
        settled(first, DifferenceWay.MADE_GOOD)
        second = counted(where, 100_000, 100_000)
        assert [(found.count, found.rial) for found in open_differences([where])] == [(second, -50_000)]
        assert broken() == []

    def test_a_refused_count_lets_the_money_that_was_put_back_go(self, where):
        first = counted(where, 500_000, 450_000, at=yesterday())
        row = settled(first, DifferenceWay.MADE_GOOD)
        again = count_cash(where, notes_for(40_000), actor=person())
        assert again.expected_rial == 50_000
        decide_count(again.pk, actor=person(), approve=False, reason="بازشماری")
        row.refresh_from_db()
        assert row.counted_in is None
        assert count_cash(where, notes_for(50_000), actor=person()).difference_rial == 0


@pytest.mark.django_db
def test_what_is_too_much_becomes_a_gift_of_unknown_donors(where):
    count = counted(where, 500_000, 560_000)
    deposit(where, count)
    assert refusal(lambda: propose(count.pk, actor=person(), way=DifferenceWay.WRITE_OFF, reason="x")) == (
        "way_not_fitting"
    )
    assert refusal(lambda: propose(count.pk, actor=person(), way=DifferenceWay.GIFT, reason="x")) == (
        "unknown_fund"
    )
    row = settled(count, DifferenceWay.GIFT, fund="livelihood")
    gift = Donation.objects.get(arrival__source=row.source)
    assert (gift.amount_rial, gift.fund_id, gift.province_id, gift.status) == (
        60_000, "livelihood", TEHRAN, "received",
    )  # fmt: skip
    assert gift.receipt.revoked_at is None
    assert (balance(cash_code(where.pk)), balance(BANK)) == (0, 560_000)
    assert broken() == []


@pytest.mark.django_db
class TestTwoPeople:
    def test_neither_who_proposed_nor_who_counted_decides(self, where):
        count = counted(where, 500_000, 450_000)
        maker = person()
        row = propose(count.pk, actor=maker, way=DifferenceWay.WRITE_OFF, reason="گم شد")
        for one in (maker, count.counted_by):
            assert refusal(lambda one=one: decide(row.pk, actor=one, approve=True)) == "four_eyes"
        with pytest.raises(IntegrityError), transaction.atomic():
            CashDifference.objects.filter(pk=row.pk).update(
                state="done", decided_by=maker, decided_at=timezone.now()
            )
        assert refusal(lambda: decide(row.pk, actor=person(), approve=False)) == "reason_required"
        assert balance(CASH_SHORT) == 0

    def test_one_proposal_at_a_time_and_a_refused_one_leaves_it_open(self, where):
        count = counted(where, 500_000, 450_000)
        facts = {"actor": person(), "way": DifferenceWay.WRITE_OFF}
        assert refusal(lambda: propose(count.pk, **facts, reason="  ")) == "reason_required"
        row = propose(count.pk, **facts, reason="گم شد")
        assert refusal(lambda: propose(count.pk, **facts, reason="باز")) == "difference_proposed"
        decide(row.pk, actor=person(), approve=False, reason="پیدا می‌شود")
        assert [found.waiting for found in open_differences([where])] == [None]
        settled(count, DifferenceWay.WRITE_OFF)
        assert refusal(lambda: propose(count.pk, **facts, reason="باز")) == "no_difference"
        assert AuditEntry.objects.filter(action__startswith="cash.difference").count() == 4

    def test_its_case_is_closed_by_whoever_decided(self, where):
        count = counted(where, 500_000, 450_000)
        row = settled(count, DifferenceWay.WRITE_OFF)
        told = OutboxMessage.objects.get(task="cases.close_settled").payload
        assert (told["kind"], told["subject"]) == ("cash_short", f"cash_count:{count.pk}")
        assert told["actor_id"] == row.decided_by_id

    def test_of_another_province_there_is_nothing(self, where):
        count = counted(where, 500_000, 450_000)
        row = propose(count.pk, actor=person(), way=DifferenceWay.WRITE_OFF, reason="گم شد")
        with open_scope(Scope(provinces=frozenset({ILAM}))):
            assert refusal(lambda: decide(row.pk, actor=person(), approve=True)) == "not_found"
            facts = {"actor": person(), "way": DifferenceWay.WRITE_OFF, "reason": "x"}
            assert refusal(lambda: propose(count.pk, **facts)) == "not_found"
            assert open_differences([where.pk]) == []

    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM payments_cashdifference",
            "UPDATE payments_cashdifference SET amount_rial = -1",
            "UPDATE payments_cashdifference SET state = 'refused'",
        ],
    )
    def test_the_database_keeps_what_was_decided(self, where, sql):
        settled(counted(where, 500_000, 450_000), DifferenceWay.WRITE_OFF)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db
def test_the_check_sees_a_decision_that_is_not_booked(where):
    count = counted(where, 500_000, 450_000)
    row = propose(count.pk, actor=person(), way=DifferenceWay.WRITE_OFF, reason="گم شد")
    CashDifference.objects.filter(pk=row.pk).update(
        state="done", decided_by=person(), decided_at=timezone.now()
    )
    names = [check.name for check in broken()]
    assert any(name.startswith("counter: what was decided about missing") for name in names)
    assert any(name.startswith("counter: cash in an office") for name in names)


@pytest.mark.django_db
def test_a_day_whose_count_differs_is_not_clean_until_two_have_decided(where):
    count = counted(where, 500_000, 450_000)
    day = count.day
    assert closing.not_clean(TEHRAN, day) == [f"cash_count:{count.pk}"]
    assert differences_by_province(day, day) == {TEHRAN: (1, 50_000)}
    assert province_states(day, day)[TEHRAN] == {"differs": 1, "open_rial": 50_000}
    settled(count, DifferenceWay.WRITE_OFF)
    assert closing.not_clean(TEHRAN, day) == []
    assert province_states(day, day) == {}


def test_two_who_decide_at_once_book_once(live_db, country):
    where = office()
    count = counted(where, 500_000, 450_000)
    row = propose(count.pk, actor=person(), way=DifferenceWay.WRITE_OFF, reason="گم شد")
    judges = [person() for _ in range(3)]
    errors = run_together(*[lambda j=judge: decide(row.pk, actor=j, approve=True) for judge in judges])
    assert [e.code for e in errors] == ["difference_decided"] * 2
    assert balance(CASH_SHORT) == 50_000
    assert broken() == []


def test_two_who_propose_at_once_leave_one_proposal(live_db, country):
    count = counted(office(), 500_000, 450_000)
    makers = [person() for _ in range(3)]
    errors = run_together(
        *[
            lambda m=maker: propose(count.pk, actor=m, way=DifferenceWay.MADE_GOOD, reason="x")
            for maker in makers
        ]
    )
    assert [e.code for e in errors] == ["difference_proposed"] * 2
    assert CashDifference.objects.count() == 1


def test_every_difference_has_its_ways():
    assert ways_of(0) == ()
    assert {way for rial in (-1, 1) for way in ways_of(rial)} == set(DifferenceWay)
