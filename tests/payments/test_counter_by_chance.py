"""Days at a counter in any order: whatever people do, the books and every count, slip and number hold."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core.errors import DomainError
from core.jalali import tehran_today
from ledger.accounts import bank_code
from payments.cash_selectors import open_differences
from payments.models import CashCount, CashDeposit, CashDifference, CounterCorrection, CounterGift
from payments.services.cash_days import (
    count_cash,
    decide_count,
    mark_deposited,
    record_deposit,
    withdraw_deposit,
)
from payments.services.cash_differences import decide, propose, ways_of
from payments.services.cheques import bounce_cheque, cash_cheque
from payments.services.corrections import (
    MoneyBack,
    Purpose,
    decide_cancellation,
    request_cancellation,
    request_late_cancellation,
)
from payments.services.posting_lines import ensure_accounts
from tests.factories import lines as st
from tests.factories.counter import notes_for, office, take
from tests.factories.people import TEHRAN, person
from tests.payments.services.test_counter import broken

STEPS = 80
BANK = bank_code("melli")


class Counter:
    """An office where somebody does something, and mostly the right people."""

    def __init__(self, seed: int) -> None:
        self.chance, self.where = random.Random(seed), office()
        self.people = [person() for _ in range(3)]
        self.number = 0
        ensure_accounts(st.bank(office=self.where))

    def one_of(self, rows):
        found = list(rows.order_by("pk"))
        return self.chance.choice(found) if found else None

    @property
    def somebody(self):
        return self.chance.choice(self.people)

    @property
    def moment(self):
        return timezone.now() - timedelta(days=self.chance.choice([0, 0, 1, 2]))

    @property
    def next_number(self) -> str:
        self.number += 1
        return str(self.number)

    def take(self):
        way = self.chance.choice(["cash", "cash", "cash", "pos", "cheque"])
        take(self.chance.randrange(2, 20) * 50_000, where=self.where, way=way, at=self.moment)

    def count(self):
        lies = self.chance.randrange(0, 40) * 50_000
        count_cash(self.where, notes_for(lies), actor=self.somebody, at=self.moment)

    def confirm(self):
        if row := self.one_of(CashCount.objects.filter(state="waiting")):
            decide_count(row.pk, actor=self.somebody, approve=self.chance.random() < 0.8, reason="باز")

    def bank(self):
        if row := self.one_of(CashCount.objects.filter(state="confirmed", deposit=None)):
            facts = {"bank": "ملی", "slip_number": self.next_number, "on": tehran_today()}
            record_deposit(self.where, [row.pk], actor=self.somebody, **facts)

    def statement(self):
        if row := self.one_of(CashDeposit.objects.filter(state="awaiting")):
            if self.chance.random() < 0.2:
                withdraw_deposit(row.pk, actor=self.somebody, reason="اشتباه")
            else:
                mark_deposited(row.pk, bank_account=BANK, at=timezone.now(), line_id=row.pk)

    def cheque(self):
        if row := self.one_of(CounterGift.objects.filter(state="pending")):
            if self.chance.random() < 0.7:
                facts = {"bank": "ملی", "slip_number": self.next_number, "on": tehran_today()}
                cash_cheque(row.pk, actor=self.somebody, **facts)
            else:
                bounce_cheque(row.pk, actor=self.somebody, reason="برگشت")

    def cancel(self):
        if row := self.one_of(CounterGift.objects.filter(state="booked")):
            kind, facts = self.chance.randrange(5), {"actor": self.somebody, "reason": "اشتباه"}
            if kind == 0:
                request_cancellation(row.pk, **facts)
            elif kind == 1:
                request_late_cancellation(row.pk, **facts)
            elif kind == 2:
                back = MoneyBack("melli", self.next_number)
                request_late_cancellation(row.pk, **facts, money_back=back)
            else:
                fund = self.chance.choice(["livelihood", "dowry", "general"])
                request_late_cancellation(row.pk, **facts, anew=Purpose(fund, TEHRAN))

    def decide_cancel(self):
        if row := self.one_of(CounterCorrection.objects.filter(state="requested")):
            decide_cancellation(
                row.gift_id, actor=self.somebody, approve=self.chance.random() < 0.8, reason="x"
            )

    def differ(self):
        if found := open_differences([self.where]):
            row = self.chance.choice(found)
            way = self.chance.choice(ways_of(row.rial))
            fund = "general" if way == "gift" else ""
            propose(row.count.pk, actor=self.somebody, way=way, fund=fund, reason="بررسی")

    def decide_differ(self):
        if row := self.one_of(CashDifference.objects.filter(state="requested")):
            decide(row.pk, actor=self.somebody, approve=self.chance.random() < 0.8, reason="x")


@pytest.mark.django_db
@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("seed", [7, 1405, 90_210, 4])
def test_whatever_happens_at_a_counter_the_books_hold(seed):
    counter = Counter(seed)
    acts = [
        counter.take, counter.take, counter.count, counter.confirm, counter.confirm, counter.bank, counter.statement,
        counter.cheque, counter.cancel, counter.decide_cancel, counter.differ, counter.decide_differ,
    ]  # fmt: skip
    done: dict[str, int] = {}
    for _ in range(STEPS):
        act = counter.chance.choice(acts)
        try:
            with transaction.atomic():
                act()
            done[act.__name__] = done.get(act.__name__, 0) + 1
        except DomainError as error:
            done[error.code] = done.get(error.code, 0) + 1
    assert [(check.name, check.findings[:2]) for check in broken()] == [], done
    assert CounterGift.objects.filter(state="booked").exists()
