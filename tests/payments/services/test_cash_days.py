"""An office's cash: counted by one and confirmed by another, carried to the bank, gone when the bank shows it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.jalali import tehran_today
from core.models import OutboxMessage
from ledger.accounts import bank_code, cash_code, ensure_account
from ledger.enums import AccountType
from payments.counter_selectors import counts_to_deposit, deposits_awaiting, lying_cash, uncounted_gifts
from payments.models import CashCount, Denomination
from payments.services.cash_days import (
    count_cash,
    decide_count,
    mark_deposited,
    record_deposit,
    withdraw_deposit,
)
from payments.services.cheques import cash_cheque
from payments.services.corrections import decide_cancellation, request_cancellation
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


def confirmed(where, amount_rial: int) -> CashCount:
    count = count_cash(where, notes_for(amount_rial), actor=person())
    return decide_count(count.pk, actor=person(), approve=True)


def deposited(where, *counts: CashCount, slip: str = "77"):
    return record_deposit(
        where, [c.pk for c in counts], actor=person(), bank="ملی", slip_number=slip, on=tehran_today()
    )


@pytest.mark.django_db
class TestCounting:
    def test_from_the_drawer_to_the_bank(self, where):
        take(700_000, where=where, fund="livelihood", county="2301")
        take(300_000, where=where, province="")
        take(900_000, where=where, way="pos")
        assert [row.amount_rial for row in lying_cash([where])] == [1_000_000]
        count = confirmed(where, 1_000_000)
        assert (count.expected_rial, count.difference_rial) == (1_000_000, 0)
        assert list(counts_to_deposit(where)) == [count]
        deposit = deposited(where, count)
        assert balance(cash_code(where.pk)) == 1_000_000
        assert list(deposits_awaiting(amount_rial=1_000_000, slip_number="77")) == [deposit]
        mark_deposited(deposit.pk, bank_account=BANK, at=timezone.now(), line_id=5)
        assert (balance(cash_code(where.pk)), balance(BANK)) == (0, 1_000_000)
        assert purposes(BANK) == purposes_of_gifts() == {("general", 300_000), ("livelihood", 700_000)}
        assert lying_cash([where]) == list(deposits_awaiting()) == []
        assert broken() == []

    def test_four_eyes_in_the_service_and_in_the_database(self, where):
        take(where=where)
        clerk = person()
        count = count_cash(where, notes_for(500_000), actor=clerk)
        assert refusal(lambda: decide_count(count.pk, actor=clerk, approve=True)) == "four_eyes"
        with pytest.raises(IntegrityError), transaction.atomic():
            CashCount.objects.filter(pk=count.pk).update(
                state="confirmed", decided_by=clerk, decided_at=timezone.now()
            )

    @pytest.mark.parametrize(
        ("counted", "difference"), [(450_000, -50_000), (550_000, 50_000), (0, -500_000)]
    )
    def test_a_difference_opens_a_case_and_stays_visible(self, where, counted, difference):
        take(500_000, where=where)
        count = confirmed(where, counted)
        case = OutboxMessage.objects.get(task="cases.open_case").payload
        assert (case["kind"], case["subject"]) == ("cash_short", f"cash_count:{count.pk}")
        assert (case["province"], case["difference_rial"]) == (TEHRAN, difference)
        if counted:
            mark_deposited(deposited(where, count).pk, bank_account=BANK, at=timezone.now())
        assert balance(BANK) == counted
        assert balance(cash_code(where.pk)) == -difference
        assert broken() == []

    def test_a_right_count_opens_no_case(self, where):
        take(500_000, where=where)
        confirmed(where, 500_000)
        assert not OutboxMessage.objects.filter(task="cases.open_case").exists()

    def test_a_refused_count_is_counted_again(self, where):
        take(500_000, where=where)
        wrong = count_cash(where, notes_for(400_000), actor=person())
        assert refusal(lambda: decide_count(wrong.pk, actor=person(), approve=False)) == "reason_required"
        decide_count(wrong.pk, actor=person(), approve=False, reason="بازشماری")
        assert uncounted_gifts(where).count() == 1
        assert confirmed(where, 500_000).difference_rial == 0
        assert refusal(lambda: decide_count(wrong.pk, actor=person(), approve=True)) == "count_decided"
        assert broken() == []

    def test_what_was_not_counted_yesterday_is_counted_today(self, where):
        yesterday = timezone.now() - timedelta(days=1)
        take(500_000, where=where, at=yesterday)
        assert lying_cash([where])[0].days == 1
        take(100_000, where=where)
        assert confirmed(where, 600_000).expected_rial == 600_000
        assert refusal(lambda: count_cash(where, {}, actor=person())) == "nothing_to_count"
        take(100_000, where=where)
        assert refusal(lambda: count_cash(where, {}, actor=person())) == "count_exists"

    def test_what_is_counted_is_not_cancelled_and_what_may_be_cancelled_is_not_counted(self, where):
        gift = take(500_000, where=where)
        request_cancellation(gift.pk, actor=gift.taken_by, reason="x")
        assert refusal(lambda: count_cash(where, {}, actor=person())) == "correction_waits"
        decide_cancellation(gift.pk, actor=person(), approve=False, reason="درست است")
        count_cash(where, notes_for(500_000), actor=person())
        assert (
            refusal(lambda: request_cancellation(gift.pk, actor=gift.taken_by, reason="x"))
            == "already_counted"
        )

    def test_denominations_are_data(self, where):
        take(500_000, where=where)
        note = Denomination.objects.create(value_rial=5_000_000, name="اسکناس تازه")
        Denomination.objects.filter(value_rial=1_000).update(is_active=False)
        gone = Denomination.objects.get(value_rial=1_000)
        assert refusal(lambda: count_cash(where, {gone.pk: 1}, actor=person())) == "unknown_denomination"
        assert count_cash(where, {note.pk: 2}, actor=person()).counted_rial == 10_000_000

    def test_another_office_is_not_counted_along(self, where):
        take(500_000, where=where)
        take(900_000, where=office(ILAM))
        assert confirmed(where, 500_000).expected_rial == 500_000
        with open_scope(Scope(provinces=frozenset({ILAM}))):
            assert refusal(lambda: count_cash(where, {}, actor=person())) == "not_found"
            assert not CashCount.objects.exists()


@pytest.mark.django_db
class TestDepositing:
    def test_a_count_is_deposited_once_and_a_slip_is_written_once(self, where):
        take(500_000, where=where)
        count = confirmed(where, 500_000)
        deposited(where, count)
        assert refusal(lambda: deposited(where, count, slip="78")) == "nothing_to_deposit"
        take(100_000, where=office(ILAM))
        assert (
            refusal(lambda: deposited(office(ILAM), confirmed(office(ILAM), 100_000))) == "slip_number_used"
        )

    def test_not_before_it_is_confirmed_and_not_in_the_future(self, where):
        take(500_000, where=where)
        count = count_cash(where, notes_for(500_000), actor=person())
        assert refusal(lambda: deposited(where, count)) == "nothing_to_deposit"
        decide_count(count.pk, actor=person(), approve=True)
        tomorrow = tehran_today() + timedelta(days=1)
        facts = {"actor": person(), "bank": "ملی", "slip_number": "1", "on": tomorrow}
        assert refusal(lambda: record_deposit(where, [count.pk], **facts)) == "day_to_come"

    def test_a_slip_written_wrongly_is_taken_back_until_the_bank_shows_it(self, where):
        take(500_000, where=where)
        count = confirmed(where, 500_000)
        wrong = deposited(where, count)
        withdraw_deposit(wrong.pk, actor=person(), reason="شمارهٔ نادرست")
        right = deposited(where, count)
        mark_deposited(right.pk, bank_account=BANK, at=timezone.now(), line_id=1)
        assert refusal(lambda: withdraw_deposit(right.pk, actor=person(), reason="x")) == "deposit_matched"
        assert (
            refusal(lambda: mark_deposited(wrong.pk, bank_account=BANK, at=timezone.now()))
            == "deposit_matched"
        )
        assert broken() == []

    def test_marking_again_with_the_same_line_changes_nothing(self, where):
        take(500_000, where=where)
        deposit = deposited(where, confirmed(where, 500_000))
        for _ in range(2):
            mark_deposited(deposit.pk, bank_account=BANK, at=timezone.now(), line_id=5)
        assert balance(BANK) == 500_000
        again = {"bank_account": BANK, "at": timezone.now(), "line_id": 6}
        assert refusal(lambda: mark_deposited(deposit.pk, **again)) == "deposit_matched"

    def test_a_cashed_cheque_waits_for_the_bank_too(self, where):
        gift = take(900_000, where=where, way="cheque")
        deposit = cash_cheque(gift.pk, actor=person(), bank="ملی", slip_number="5", on=tehran_today())
        assert refusal(lambda: withdraw_deposit(deposit.pk, actor=person(), reason="x")) == "cheque_deposit"
        mark_deposited(deposit.pk, bank_account=BANK, at=timezone.now())
        assert (balance(BANK), balance(cash_code(where.pk))) == (900_000, 0)
        assert broken() == []


def test_counting_while_gifts_come_in_loses_none(live_db, country):
    where, clerk = office(), person()
    take(500_000, where=where)
    works = [lambda: take(100_000, where=where, actor=clerk) for _ in range(4)]
    works += [lambda: count_cash(where, notes_for(500_000), actor=clerk)] * 2
    errors = run_together(*works)
    assert {e.code for e in errors} <= {"count_exists", "nothing_to_count"}
    assert len(errors) == 1
    count = CashCount.objects.get()
    assert count.expected_rial + sum(g.amount_rial for g in uncounted_gifts(where)) == 900_000
    assert broken() == []


def test_a_count_is_deposited_once_by_racing_clerks(live_db, country):
    where = office()
    take(500_000, where=where)
    count = confirmed(where, 500_000)
    errors = run_together(*[lambda s=s: deposited(where, count, slip=s) for s in ("1", "2", "3")])
    assert [e.code for e in errors] == ["nothing_to_deposit"] * 2
    assert broken() == []


def purposes(account: str) -> set[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT d.fund_id, sum(p.amount_rial) FROM ledger_posting p
                 JOIN ledger_account a ON a.id = p.account_id JOIN ledger_dimension d ON d.id = p.dimension_id
                WHERE a.code = %s GROUP BY 1""",
            [account],
        )
        return set(cursor.fetchall())


def purposes_of_gifts() -> set[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fund_id, sum(amount_rial) FROM payments_countergift WHERE way = 'cash' GROUP BY 1"
        )
        return set(cursor.fetchall())
