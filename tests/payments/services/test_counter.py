"""Gifts at the counter: one form one gift, numbers without a gap, a slip or cheque once, a mistake put right by two."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.errors import DomainError
from core.invariants import run_checks
from core.jalali import from_jalali, tehran_today, to_jalali
from core.models import AuditEntry, OutboxMessage
from donations.models import Donation, Receipt
from ledger.accounts import cash_code
from payments import tasks
from payments.models import Arrival, CashDeposit, CounterBook, CounterCorrection, CounterGift, CounterNumber
from payments.services import counter
from payments.services.cheques import bounce_cheque, cash_cheque, return_cheque
from payments.services.corrections import decide_cancellation, request_cancellation
from payments.services.counter import take_gift
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.factories.counter import cheque_facts, office, slip_facts, take, wish
from tests.factories.people import ILAM, TEHRAN, person
from tests.flows.test_races import run_together

MOBILE = "+989121234567"
YEAR = to_jalali(tehran_today()).year


def broken() -> list:
    return [check for check in run_checks() if not check.holds]


def balance(account: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(p.amount_rial), 0) FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id"
            " WHERE a.code = %s",
            [account],
        )
        return cursor.fetchone()[0]


def refusal(work) -> str:
    with pytest.raises(DomainError) as error, transaction.atomic():
        work()
    return error.value.code


# --- taking ----------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.usefixtures("country")
class TestTaking:
    def test_cash_is_booked_numbered_and_receipted_at_once(self):
        where = office()
        gift = take(700_000, where=where, name="مریم", mobile=MOBILE, county="2301", fund="livelihood")
        receipt = Receipt.objects.get(donation=gift.donation)
        assert (gift.state, gift.number.number, gift.number.year) == ("booked", 1, YEAR)
        assert receipt.serial == gift.number.serial == f"{YEAR}-C{where.pk}-000001"
        assert receipt.office == where
        assert Arrival.objects.get().source == f"counter:{where.pk}:{YEAR}:1"
        assert balance(cash_code(where.pk)) == 700_000
        assert OutboxMessage.objects.filter(task="donations.send_receipt").count() == 1
        assert AuditEntry.objects.filter(action="counter.take", actor=gift.taken_by).exists()
        assert broken() == []

    def test_a_clerk_of_a_county_takes_gifts_for_the_whole_country(self):
        where = office()
        with open_scope(Scope(provinces=frozenset({TEHRAN}))):
            gift = take(where=where, province="")
            assert gift.province is None
        assert Donation.objects.get(pk=gift.donation_id).province is None

    def test_no_office_beyond_ones_scope(self):
        where = office(ILAM)
        with open_scope(Scope(provinces=frozenset({TEHRAN}))):
            assert refusal(lambda: take(where=where)) == "not_found"

    def test_the_same_form_is_one_gift_and_with_other_facts_a_conflict(self):
        key, clerk, where, facts = uuid.uuid4(), person(), office(), wish(200_000)
        first = take_gift(where, facts, key=key, actor=clerk)
        assert take_gift(where, facts, key=key, actor=clerk).pk == first.pk
        assert (
            refusal(lambda: take_gift(where, wish(300_000), key=key, actor=clerk)) == "idempotency_conflict"
        )
        assert (CounterGift.objects.count(), Donation.objects.count()) == (1, 1)

    def test_numbers_begin_anew_with_office_and_year(self):
        clerk = person()
        last_year = timezone.make_aware(
            timezone.datetime.combine(
                from_jalali(YEAR, 1, 1) - timedelta(days=1), timezone.datetime.min.time()
            )
        ) + timedelta(hours=12)
        numbers = [
            take(where=office(), actor=clerk, at=last_year).number,
            take(where=office(), actor=clerk).number,
            take(where=office(), actor=clerk).number,
            take(where=office(ILAM), actor=clerk).number,
        ]
        assert [(n.year, n.number) for n in numbers] == [(YEAR - 1, 1), (YEAR, 1), (YEAR, 2), (YEAR, 1)]
        assert broken() == []

    def test_a_rolled_back_booking_leaves_no_gap(self, monkeypatch):
        take()
        monkeypatch.setattr(counter, "book_arrivals", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            take()
        monkeypatch.undo()
        assert take().number.number == 2
        assert CounterBook.objects.get().last_number == 2
        assert broken() == []

    @pytest.mark.parametrize(
        "again",
        [
            {"rrn": "000000000007", "trace_no": "000099"},
            {"rrn": "000000000099", "trace_no": "000007"},
        ],
        ids=["the same reference", "the same trace number that day"],
    )
    def test_a_card_slip_counts_once(self, again):
        slip = slip_facts(7)
        take(way="pos", slip=slip)
        twin = type(slip)(slip.terminal_code, again["rrn"], again["trace_no"], slip.paid_on)
        assert refusal(lambda: take(way="pos", slip=twin)) == "slip_used"
        assert Donation.objects.count() == CounterGift.objects.count() == 1
        assert take(way="pos", slip=slip_facts(8)).donation.receipt.bank_reference == "000000000008"
        assert broken() == []

    @pytest.mark.parametrize("amount", [0, 9_999, 10**12 + 1])
    def test_an_amount_beyond_reason_is_refused(self, amount):
        assert refusal(lambda: take(amount)) in {"amount_too_small", "amount_too_large"}


def test_racing_clerks_number_without_gap_and_one_form_is_one_gift(live_db, country):
    where, clerk, key = office(), person(), uuid.uuid4()
    shared, slip = wish(200_000), slip_facts(7)
    works = [lambda: take_gift(where, shared, key=key, actor=clerk)] * 4
    works += [lambda: take(where=where, actor=clerk) for _ in range(4)]

    def fails() -> None:
        with transaction.atomic():
            take(where=where, actor=clerk)
            raise ZeroDivisionError

    works += [fails, fails]
    works += [lambda: take(where=where, actor=clerk, way="pos", slip=slip)] * 3
    errors = run_together(*works)
    assert sorted(getattr(e, "code", type(e).__name__) for e in errors) == [
        "ZeroDivisionError",
        "ZeroDivisionError",
        "slip_used",
        "slip_used",
    ]
    assert sorted(CounterNumber.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert Donation.objects.count() == 6
    assert broken() == []


# --- cheques ---------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.usefixtures("country")
class TestCheques:
    def test_a_cheque_is_no_money_until_it_is_cashed(self):
        where, clerk = office(), person()
        gift = take(900_000, where=where, way="cheque", mobile=MOBILE)
        assert (gift.state, Donation.objects.count(), CounterNumber.objects.count()) == ("pending", 0, 0)
        deposit = cash_cheque(gift.pk, actor=clerk, bank="ملی", slip_number="9", on=tehran_today())
        gift.refresh_from_db()
        assert (gift.state, gift.number.number) == ("booked", 1)
        assert (deposit.amount_rial, deposit.state) == (900_000, "awaiting")
        assert balance(cash_code(where.pk)) == 900_000
        assert broken() == []
        again = {"actor": clerk, "bank": "ملی", "slip_number": "10", "on": tehran_today()}
        assert refusal(lambda: cash_cheque(gift.pk, **again)) == "cheque_decided"
        assert CashDeposit.objects.count() == 1

    def test_not_before_its_due_day(self):
        due = cheque_facts(5, tehran_today() + timedelta(days=2))
        gift = take(way="cheque", cheque=due)
        facts = {"actor": person(), "bank": "ملی", "slip_number": "9", "on": tehran_today()}
        assert refusal(lambda: cash_cheque(gift.pk, **facts)) == "cheque_not_due"
        assert refusal(lambda: bounce_cheque(gift.pk, actor=person(), reason="x")) == "cheque_not_due"

    def test_a_bounced_cheque_is_told_and_may_come_again(self):
        paper = cheque_facts(5)
        gift = take(way="cheque", cheque=paper, mobile=MOBILE)
        assert refusal(lambda: take(way="cheque", cheque=paper)) == "cheque_used"
        assert refusal(lambda: bounce_cheque(gift.pk, actor=person(), reason=" ")) == "reason_required"
        bounce_cheque(gift.pk, actor=person(), reason="کسری موجودی")
        told = [
            m.payload for m in OutboxMessage.objects.filter(task="payments.tell_counter_donor").order_by("pk")
        ]
        assert [p["what"] for p in told] == ["cheque_taken", "cheque_bounced"]
        for payload in told:
            tasks.tell_counter_donor(**payload)
        assert Donation.objects.count() == 0
        assert take(way="cheque", cheque=paper).state == "pending"
        assert broken() == []

    def test_one_that_was_handed_back(self):
        gift = take(way="cheque")
        assert return_cheque(gift.pk, actor=person(), reason="به خواست نیکوکار").state == "returned"
        assert broken() == []


def test_a_cheque_cashed_and_bounced_at_once_is_one_of_the_two(live_db, country):
    gift, clerk = take(way="cheque"), person()
    errors = run_together(
        lambda: cash_cheque(gift.pk, actor=clerk, bank="ملی", slip_number="9", on=tehran_today()),
        lambda: bounce_cheque(gift.pk, actor=clerk, reason="x"),
        lambda: return_cheque(gift.pk, actor=clerk, reason="x"),
    )
    assert [e.code for e in errors] == ["cheque_decided"] * 2
    assert broken() == []


# --- cancelling ------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.usefixtures("country")
class TestCancelling:
    def test_two_people_cancel_and_the_number_stays_used(self):
        where, clerk, second = office(), person(), person()
        wrong = take(700_000, where=where, actor=clerk, way="pos", slip=slip_facts(3), mobile=MOBILE)
        request_cancellation(wrong.pk, actor=clerk, reason="مبلغ اشتباه")
        assert refusal(lambda: decide_cancellation(wrong.pk, actor=clerk, approve=True)) == "four_eyes"
        decide_cancellation(wrong.pk, actor=second, approve=True)
        wrong.refresh_from_db()
        assert (wrong.state, wrong.donation.status) == ("cancelled", "refunded")
        assert wrong.donation.receipt.revoked_at is not None
        assert balance("receivable:pos-12345678") == 0
        right = take(70_000, where=where, actor=clerk, way="pos", slip=slip_facts(3))
        assert (wrong.number.number, right.number.number) == (1, 2)
        assert broken() == []
        tasks.tell_counter_donor(wrong.pk, "cancelled")

    def test_a_refusal_says_why_and_leaves_everything(self):
        gift = take()
        request_cancellation(gift.pk, actor=gift.taken_by, reason="اشتباه")
        second = person()
        assert refusal(lambda: decide_cancellation(gift.pk, actor=second, approve=False)) == "reason_required"
        decide_cancellation(gift.pk, actor=second, approve=False, reason="درست است")
        assert (
            refusal(lambda: decide_cancellation(gift.pk, actor=second, approve=True)) == "correction_decided"
        )
        gift.refresh_from_db()
        assert gift.state == "booked"
        assert broken() == []

    def test_only_on_the_same_day_and_not_twice(self):
        old = take(at=timezone.now() - timedelta(days=1))
        assert refusal(lambda: request_cancellation(old.pk, actor=person(), reason="x")) == "not_today"
        gift = take()
        assert (
            refusal(lambda: request_cancellation(gift.pk, actor=person(), reason="  ")) == "reason_required"
        )
        request_cancellation(gift.pk, actor=person(), reason="x")
        assert (
            refusal(lambda: request_cancellation(gift.pk, actor=person(), reason="x")) == "correction_exists"
        )
        cheque = take(way="cheque")
        assert refusal(lambda: request_cancellation(cheque.pk, actor=person(), reason="x")) == "not_booked"

    def test_the_database_demands_a_second_person(self):
        gift = take()
        correction = request_cancellation(gift.pk, actor=gift.taken_by, reason="x")
        with pytest.raises(IntegrityError), transaction.atomic():
            CounterCorrection.objects.filter(pk=correction.pk).update(
                state="done", decided_by=gift.taken_by, decided_at=timezone.now()
            )


def test_a_cancellation_decided_twice_at_once_is_booked_once(live_db, country):
    gift = take()
    request_cancellation(gift.pk, actor=gift.taken_by, reason="x")
    judges = [person(Role.PROVINCIAL_MANAGER) for _ in range(3)]
    errors = run_together(
        *[lambda j=judge: decide_cancellation(gift.pk, actor=j, approve=True) for judge in judges]
    )
    assert [e.code for e in errors] == ["correction_decided"] * 2
    assert broken() == []


# --- what the database keeps -----------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_countergift SET amount_rial = 1",
        "UPDATE payments_countergift SET state = 'pending', donation_id = NULL, booked_at = NULL",
        "DELETE FROM payments_countergift",
        "UPDATE payments_counternumber SET number = 9",
        "DELETE FROM payments_counternumber",
        "UPDATE payments_counterbook SET last_number = last_number + 2",
    ],
)
def test_the_database_refuses(sql):
    take()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    ("sql", "check"),
    [
        ("UPDATE payments_counterbook SET last_number = last_number + 1", "counter: numbers run from 1"),
        ("UPDATE donations_receipt SET office_id = NULL", "counter: every booked gift"),
        ("UPDATE payments_countergift SET state = 'cancelled'", "counter: a cancelled gift"),
        ("UPDATE payments_countergift SET state = 'cancelled'", "counter: cash in an office"),
    ],
)
def test_the_checks_see_what_they_are_for(sql, check):
    take()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert any(result.name.startswith(check) for result in broken())
