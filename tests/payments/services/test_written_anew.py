"""A gift of the counter whose purpose was wrong: its money stays where it lies, and is booked for the right one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.jalali import tehran_today
from core.models import OutboxMessage
from donations.models import Receipt
from ledger.accounts import ANEW, bank_code, cash_code
from payments import tasks
from payments.cash_selectors import left_over
from payments.counter_selectors import uncounted_gifts
from payments.models import CardSlip, CounterGift, StatementLine
from payments.services.cash_days import mark_deposited
from payments.services.cheques import cash_cheque
from payments.services.corrections import (
    MoneyBack,
    Purpose,
    decide_cancellation,
    request_late_cancellation,
)
from payments.services.posting_lines import ensure_accounts
from tests.factories import lines as st
from tests.factories.counter import office, take
from tests.factories.people import TEHRAN, person
from tests.flows.test_races import run_together
from tests.payments.services.test_counter import MOBILE, balance, broken, refusal
from tests.payments.services.test_late_cancellations import banked, cancelled, counted_yesterday, yesterday

BANK = bank_code("melli")
RIGHT = Purpose("dowry", TEHRAN)


@pytest.fixture
def where(country):
    where = office()
    ensure_accounts(st.bank(office=where))
    return where


def anew(gift: CounterGift, purpose: Purpose = RIGHT) -> CounterGift:
    request_late_cancellation(gift.pk, actor=person(), reason="نیت دیگری بود", anew=purpose)
    return decide_cancellation(gift.pk, actor=person(), approve=True).anew


@pytest.mark.django_db
class TestCash:
    @pytest.mark.parametrize("is_banked_first", [True, False])
    def test_counted_and_banked_it_is_another_gift_of_the_same_money(self, where, is_banked_first):
        old = take(700_000, where=where, at=yesterday(), fund="livelihood", county="2301", mobile=MOBILE)
        count = counted_yesterday(where, old, 700_000)
        if is_banked_first:
            banked(where, count)
        new = anew(old)
        if not is_banked_first:
            banked(where, count)
        old.refresh_from_db()
        assert (old.state, old.count, old.donation.status) == ("cancelled", None, "refunded")
        assert Receipt.objects.get(donation=old.donation_id).revoked_at is not None
        assert (new.state, new.count, new.donation.fund_id, new.donation.county_id) == (
            "booked", count, "dowry", None,
        )  # fmt: skip
        assert (new.number.number, new.taken_on) == (old.number.number + 1, tehran_today())
        assert new.donation.receipt.revoked_at is None
        assert (balance(cash_code(where.pk)), balance(BANK), balance(ANEW)) == (0, 700_000, 0)
        assert (left_over(count), list(uncounted_gifts(where))) == (0, [])
        assert broken() == []
        told = OutboxMessage.objects.get(task="payments.tell_counter_donor").payload
        assert told["what"] == "cancelled_anew"
        tasks.tell_counter_donor(**told)

    def test_uncounted_it_waits_for_the_next_count_once(self, where):
        new = anew(take(500_000, where=where, at=yesterday()))
        assert list(uncounted_gifts(where)) == [new]
        assert balance(cash_code(where.pk)) == 500_000
        assert broken() == []

    def test_wrong_again_and_then_never_there_at_all(self, where):
        old = take(500_000, where=where, at=yesterday())
        count = counted_yesterday(where, old, 0)
        again = anew(anew(old), Purpose("livelihood", TEHRAN, "2301"))
        assert (again.count, left_over(count)) == (count, -500_000)
        gone = cancelled(again)
        assert (gone.state, left_over(count)) == ("cancelled", 0)
        assert (balance(cash_code(where.pk)), balance(ANEW)) == (0, 0)
        assert broken() == []

    def test_wrong_and_then_sent_back(self, where):
        old = take(500_000, where=where, at=yesterday())
        count = counted_yesterday(where, old, 500_000)
        banked(where, count)
        gone = cancelled(anew(old), MoneyBack("melli", "42"))
        assert (gone.count, balance(BANK), balance(ANEW)) == (count, 0, 0)
        assert broken() == []

    def test_the_same_purpose_is_none_and_a_closed_fund_is_refused(self, where):
        gift = take(500_000, where=where, at=yesterday(), fund="dowry")
        facts = {"actor": person(), "reason": "x"}
        assert refusal(lambda: request_late_cancellation(gift.pk, **facts, anew=RIGHT)) == "same_purpose"
        wrong = Purpose("nothing", TEHRAN)
        assert refusal(lambda: request_late_cancellation(gift.pk, **facts, anew=wrong)) == "unknown_fund"


@pytest.mark.django_db
def test_a_slip_goes_along_and_what_the_report_showed_is_remembered(where):
    old = take(900_000, where=where, way="pos", at=yesterday())
    pos = st.source("pos", "reader", office=where)
    st.write(pos, st.line(900_000, at=yesterday()))
    StatementLine.objects.filter(source=pos).update(
        state="matched", rule="card_slip", donation_id=old.donation_id
    )
    new = anew(old)
    assert CardSlip.objects.get(is_void=False).gift == new
    assert new.donation.receipt.bank_reference == new.slip.rrn
    assert balance("receivable:pos-12345678") == 900_000
    assert refusal(lambda: request_late_cancellation(new.pk, actor=person(), reason="x")) == "money_came"


@pytest.mark.django_db
@pytest.mark.parametrize("is_banked_first", [True, False])
def test_a_cheque_goes_along_with_its_slip(where, is_banked_first):
    old = take(900_000, where=where, way="cheque")
    deposit = cash_cheque(old.pk, actor=person(), bank="ملی", slip_number="9", on=tehran_today())
    if is_banked_first:
        mark_deposited(deposit.pk, bank_account=BANK, at=timezone.now())
    new = anew(old)
    if not is_banked_first:
        mark_deposited(deposit.pk, bank_account=BANK, at=timezone.now())
    old = CounterGift.objects.get(pk=old.pk)
    assert (old.cheque.state, new.cheque.state, new.cheque.deposit) == ("returned", "cashed", deposit)
    assert (balance(cash_code(where.pk)), balance(BANK), balance(ANEW)) == (0, 900_000, 0)
    assert broken() == []


def test_decided_twice_at_once_it_is_written_anew_once(live_db, country):
    gift = take(at=timezone.now() - timedelta(days=1))
    request_late_cancellation(gift.pk, actor=person(), reason="x", anew=RIGHT)
    judges = [person() for _ in range(3)]
    errors = run_together(
        *[lambda j=judge: decide_cancellation(gift.pk, actor=j, approve=True) for judge in judges]
    )
    assert [e.code for e in errors] == ["correction_decided"] * 2
    assert CounterGift.objects.filter(state="booked").count() == 1
    assert broken() == []
