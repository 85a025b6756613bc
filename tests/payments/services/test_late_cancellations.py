"""A gift of the counter that is cancelled after its day: counted, banked, closed; by two people, into the open day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.jalali import tehran_today
from core.models import OutboxMessage
from donations.models import Receipt
from ledger import closing as books
from ledger.accounts import bank_code, cash_code
from payments import tasks
from payments.cash_selectors import left_over, open_differences
from payments.enums import DifferenceWay
from payments.models import (
    CashDeposit,
    CounterCorrection,
    CounterGift,
    Discrepancy,
    StatementLine,
    StatementSource,
)
from payments.services.cash_days import count_cash, decide_count, mark_deposited, record_deposit
from payments.services.cash_differences import decide, propose
from payments.services.cheques import cash_cheque
from payments.services.corrections import (
    MoneyBack,
    decide_cancellation,
    request_cancellation,
    request_late_cancellation,
)
from payments.services.matching import match_source
from payments.services.posting_lines import ensure_accounts
from provinces.scoping import Scope, open_scope
from tests.factories import lines as st
from tests.factories.counter import notes_for, office, slip_facts, take
from tests.factories.people import ILAM, TEHRAN, person
from tests.flows.test_races import run_together
from tests.payments.services.test_counter import MOBILE, balance, broken, refusal

BANK = bank_code("melli")
SENT_BACK = MoneyBack("melli", "880011")


@pytest.fixture
def where(country):
    where = office()
    ensure_accounts(st.bank(office=where))
    return where


def yesterday():
    return timezone.now() - timedelta(days=1)


def counted_yesterday(where, gift: CounterGift, lay_rial: int):
    count = count_cash(where, notes_for(lay_rial), actor=person(), at=yesterday())
    return decide_count(count.pk, actor=person(), approve=True)


def banked(where, count) -> CashDeposit:
    deposit = record_deposit(
        where, [count.pk], actor=person(), bank="ملی", slip_number="77", on=tehran_today()
    )
    return mark_deposited(deposit.pk, bank_account=BANK, at=timezone.now())


def cancelled(gift: CounterGift, money_back: MoneyBack | None = None) -> CounterGift:
    request_late_cancellation(gift.pk, actor=person(), reason="اشتباه", money_back=money_back)
    decide_cancellation(gift.pk, actor=person(), approve=True)
    return CounterGift.objects.get(pk=gift.pk)


def is_taken_back(gift: CounterGift) -> bool:
    receipt = Receipt.objects.get(donation=gift.donation_id)
    return gift.state == "cancelled" and gift.donation.status == "refunded" and receipt.revoked_at is not None


@pytest.mark.django_db
class TestCash:
    def test_money_that_went_back_from_the_bank_leaves_count_and_deposit_as_they_were(self, where):
        gift = take(700_000, where=where, at=yesterday(), mobile=MOBILE, county="2301", fund="livelihood")
        count = counted_yesterday(where, gift, 700_000)
        banked(where, count)
        gift = cancelled(gift, SENT_BACK)
        assert is_taken_back(gift)
        assert (balance(cash_code(where.pk)), balance(BANK), balance("income:cash")) == (0, 0, 0)
        assert (gift.count, left_over(count)) == (count, 0)
        assert take(100_000, where=where).number.number == gift.number.number + 1
        assert broken() == []
        told = OutboxMessage.objects.get(task="payments.tell_counter_donor").payload
        assert told["what"] == "cancelled_back"
        tasks.tell_counter_donor(**told)

    def test_before_the_bank_shows_the_deposit_too(self, where):
        gift = take(700_000, where=where, at=yesterday())
        count = counted_yesterday(where, gift, 700_000)
        cancelled(gift, SENT_BACK)
        assert (balance(cash_code(where.pk)), balance(BANK)) == (700_000, -700_000)
        banked(where, count)
        assert (balance(cash_code(where.pk)), balance(BANK)) == (0, 0)
        assert broken() == []

    def test_a_gift_that_never_came_explains_what_its_count_was_short_of(self, where):
        take(500_000, where=where, at=yesterday())
        double = take(500_000, where=where, at=yesterday())
        count = counted_yesterday(where, double, 500_000)
        banked(where, count)
        assert left_over(count) == -500_000
        double = cancelled(double)
        assert is_taken_back(double)
        assert (double.count, double.corrections.get().count) == (None, count)
        assert (left_over(count), open_differences([where])) == (0, [])
        assert (balance(cash_code(where.pk)), balance(BANK)) == (0, 500_000)
        closed = OutboxMessage.objects.filter(task="cases.close_settled").values_list("payload", flat=True)
        assert f"cash_count:{count.pk}" in {told["subject"] for told in closed}
        assert broken() == []

    def test_a_gift_that_never_came_in_a_right_count_leaves_too_much_and_a_case(self, where):
        take(500_000, where=where, at=yesterday())
        wrong = take(200_000, where=where, at=yesterday())
        count = counted_yesterday(where, wrong, 700_000)
        wrong = cancelled(wrong)
        assert left_over(count) == 200_000
        case = OutboxMessage.objects.get(task="cases.open_case").payload
        subject = f"cash_count:{count.pk}:{wrong.corrections.get().pk}"
        assert (case["kind"], case["subject"], case["difference_rial"]) == ("cash_short", subject, 200_000)
        row = propose(count.pk, actor=person(), way=DifferenceWay.GIFT, fund="general", reason="از دیگری بود")
        decide(row.pk, actor=person(), approve=True)
        closed = OutboxMessage.objects.filter(task="cases.close_settled").values_list("payload", flat=True)
        assert subject in {told["subject"] for told in closed}
        banked(where, count)
        assert (balance(cash_code(where.pk)), balance(BANK)) == (0, 700_000)
        assert broken() == []

    def test_what_was_written_off_already_comes_up_again_when_the_gift_falls_out(self, where):
        gift = take(500_000, where=where, at=yesterday())
        count = counted_yesterday(where, gift, 0)
        row = propose(count.pk, actor=person(), way=DifferenceWay.WRITE_OFF, reason="گم شد")
        assert refusal(lambda: request_late_cancellation(gift.pk, actor=person(), reason="x")) == (
            "difference_waits"
        )
        decide(row.pk, actor=person(), approve=True)
        cancelled(gift)
        assert [found.rial for found in open_differences([where])] == [500_000]
        assert broken() == []

    def test_uncounted_of_yesterday(self, where):
        gift = cancelled(take(500_000, where=where, at=yesterday()))
        assert is_taken_back(gift)
        assert balance(cash_code(where.pk)) == 0
        assert refusal(lambda: count_cash(where, {}, actor=person())) == "nothing_to_count"
        assert broken() == []

    def test_not_while_its_count_waits(self, where):
        gift = take(500_000, where=where)
        count_cash(where, notes_for(500_000), actor=person())
        assert refusal(lambda: request_late_cancellation(gift.pk, actor=person(), reason="x")) == (
            "cash_count_waits"
        )

    def test_the_contra_entry_of_a_closed_day_stands_on_the_open_day(self, where):
        gift = take(500_000, where=where, at=yesterday())
        counted_yesterday(where, gift, 500_000)
        day = gift.taken_on
        books.close_day(TEHRAN, day, by=person(), reason="")
        cancelled(gift, SENT_BACK)
        with connection.cursor() as cursor:
            cursor.execute("SELECT day FROM ledger_entry WHERE source LIKE 'counter:%:cancel'")
            assert cursor.fetchall() == [(tehran_today(),)]
        assert broken() == []


@pytest.mark.django_db
class TestOnTheStatement:
    """The transfer to the donor, as the bank's own statement shows it."""

    @pytest.mark.parametrize("is_shown_first", [True, False])
    def test_it_is_known_by_its_number_and_amount_and_booked_once(self, where, is_shown_first):
        bank, gift = StatementSource.objects.get(key="melli"), take(500_000, where=where, at=yesterday())
        debit = st.line(500_000, "debit", trace_no="0880011", at=yesterday())
        if is_shown_first:
            st.bring(bank, debit)
            assert StatementLine.objects.get().state == "differs"
        cancelled(gift, SENT_BACK)
        if is_shown_first:
            match_source(bank.pk)
        else:
            st.bring(bank, debit)
        assert StatementLine.objects.values_list("state", "rule").get() == ("matched", "money_back")
        assert not Discrepancy.objects.filter(settled_at=None).exists()
        assert balance(BANK) == -500_000
        assert broken() == []

    def test_another_amount_another_number_or_a_second_one_goes_to_a_person(self, where):
        bank, gift = StatementSource.objects.get(key="melli"), take(500_000, where=where, at=yesterday())
        cancelled(gift, SENT_BACK)
        st.bring(
            bank,
            st.line(499_000, "debit", trace_no="880011"),
            st.line(500_000, "debit", trace_no="880012"),
            st.line(500_000, "debit", trace_no="880011"),
            st.line(500_000, "debit", trace_no="880011", rrn="7"),
        )
        assert sorted(StatementLine.objects.values_list("state", flat=True)) == ["differs"] * 3 + ["matched"]
        assert broken() == []


@pytest.mark.django_db
class TestCards:
    def test_a_slip_of_another_day_whose_money_never_came(self, where):
        gift = cancelled(take(900_000, where=where, way="pos", slip=slip_facts(5), at=yesterday()))
        assert is_taken_back(gift)
        assert balance("receivable:pos-12345678") == 0
        assert take(90_000, where=where, way="pos", slip=slip_facts(5)).number.number == 2
        assert broken() == []

    def test_money_that_the_report_shows_must_go_back_and_does(self, where):
        gift = take(900_000, where=where, way="pos", at=yesterday())
        pos = st.source("pos", "reader", office=where)
        st.write(pos, st.line(900_000, at=yesterday()))
        StatementLine.objects.filter(source=pos).update(
            state="matched", rule="card_slip", donation_id=gift.donation_id
        )
        assert refusal(lambda: request_late_cancellation(gift.pk, actor=person(), reason="x")) == "money_came"
        assert is_taken_back(cancelled(gift, SENT_BACK))
        assert balance(BANK) == -900_000
        assert balance("receivable:pos-12345678") == 900_000


@pytest.mark.django_db
class TestCheques:
    def test_one_that_the_bank_had_not_cashed_after_all(self, where):
        gift = take(900_000, where=where, way="cheque", mobile=MOBILE)
        deposit = cash_cheque(gift.pk, actor=person(), bank="ملی", slip_number="9", on=tehran_today())
        assert refusal(lambda: request_cancellation(gift.pk, actor=person(), reason="x")) == (
            "cheque_not_cancellable"
        )
        gift = cancelled(gift)
        deposit.refresh_from_db()
        assert is_taken_back(gift)
        assert (gift.cheque.state, gift.cheque.deposit, deposit.state) == ("bounced", None, "withdrawn")
        assert balance(cash_code(where.pk)) == 0
        assert broken() == []

    def test_one_that_the_bank_has_shown_goes_back_from_the_bank(self, where):
        gift = take(900_000, where=where, way="cheque")
        deposit = cash_cheque(gift.pk, actor=person(), bank="ملی", slip_number="9", on=tehran_today())
        mark_deposited(deposit.pk, bank_account=BANK, at=timezone.now())
        assert refusal(lambda: request_late_cancellation(gift.pk, actor=person(), reason="x")) == "money_came"
        assert is_taken_back(cancelled(gift, SENT_BACK))
        assert (balance(cash_code(where.pk)), balance(BANK)) == (0, 0)
        assert broken() == []


@pytest.mark.django_db
class TestTwoPeople:
    def test_who_asked_does_not_decide_and_a_refusal_leaves_everything(self, where):
        gift = take(500_000, where=where, at=yesterday())
        clerk = person()
        correction = request_late_cancellation(gift.pk, actor=clerk, reason="x", money_back=SENT_BACK)
        assert refusal(lambda: decide_cancellation(gift.pk, actor=clerk, approve=True)) == "four_eyes"
        with pytest.raises(IntegrityError), transaction.atomic():
            CounterCorrection.objects.filter(pk=correction.pk).update(
                state="done", decided_by=clerk, decided_at=timezone.now()
            )
        decide_cancellation(gift.pk, actor=person(), approve=False, reason="درست است")
        assert balance(cash_code(where.pk)) == 500_000
        assert broken() == []

    def test_a_transfer_pays_for_one_gift_only(self, where):
        first, second = (take(500_000, where=where, at=yesterday()) for _ in range(2))
        request_late_cancellation(first.pk, actor=person(), reason="x", money_back=SENT_BACK)
        again = {"actor": person(), "reason": "x", "money_back": SENT_BACK}
        assert refusal(lambda: request_late_cancellation(second.pk, **again)) == "transfer_used"
        elsewhere = {**again, "money_back": MoneyBack("nowhere", "1")}
        assert refusal(lambda: request_late_cancellation(second.pk, **elsewhere)) == "unknown_source"
        nameless = {**again, "money_back": MoneyBack("melli", " ")}
        assert refusal(lambda: request_late_cancellation(second.pk, **nameless)) == "reference_required"

    def test_of_another_province_there_is_nothing(self, where):
        gift = take(500_000, where=where, at=yesterday())
        with open_scope(Scope(provinces=frozenset({ILAM}))):
            assert refusal(lambda: request_late_cancellation(gift.pk, actor=person(), reason="x")) == (
                "not_found"
            )


def test_decided_and_written_off_at_once_the_books_hold(live_db, country):
    where = office()
    gift = take(500_000, where=where, at=yesterday())
    take(300_000, where=where, at=yesterday())
    count = counted_yesterday(where, gift, 300_000)
    request_late_cancellation(gift.pk, actor=person(), reason="دو بار")
    row = propose(count.pk, actor=person(), way=DifferenceWay.WRITE_OFF, reason="گم شد")
    judges = [person() for _ in range(4)]
    errors = run_together(
        *[lambda j=judge: decide_cancellation(gift.pk, actor=j, approve=True) for judge in judges[:2]],
        *[lambda j=judge: decide(row.pk, actor=j, approve=True) for judge in judges[2:]],
    )
    codes = sorted(e.code for e in errors)
    assert set(codes) <= {
        "correction_decided",
        "difference_decided",
        "difference_waits",
        "difference_changed",
    }
    assert broken() == []
