"""The cash of boxes: counted by two, one gift; one slip for several, gone when the bank shows it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.enums import BoxState
from campaigns.models import Box, Edition
from campaigns.services.box_life import collect_box, place_box, seal_box
from core.jalali import tehran_today
from core.models import OutboxMessage
from donations.models import Donation, Receipt
from ledger.accounts import bank_code, cash_code, ensure_account
from ledger.enums import AccountType
from payments.models import Arrival, BoxCount
from payments.services.box_counts import confirm_count, count_box, deposit_boxes, refuse_count
from payments.services.cash_days import mark_deposited, withdraw_deposit
from provinces.scoping import Scope, open_scope
from tests.factories.boxes import collected, counted
from tests.factories.counter import notes_for, office, take
from tests.factories.people import ILAM, person
from tests.flows.test_races import run_together
from tests.payments.services.test_counter import balance, broken, refusal

BANK = bank_code("bank_hq")


def slip(where, *counts: BoxCount, number: str = "77"):
    return deposit_boxes(
        where, [c.pk for c in counts], actor=person(), bank="ملی", slip_number=number, on=tehran_today()
    )


@pytest.fixture
def where(country):
    ensure_account(BANK, "بانک", AccountType.ASSET)
    return office()


@pytest.mark.django_db
class TestCounting:
    def test_from_the_street_to_the_bank(self, where):
        edition = Edition.objects.filter(campaign__slug="ziafat-mehrabani", state="open").get()
        one, other = collected(edition=edition), collected()
        counts = [counted(one, where, 700_000), counted(other, where, 300_000)]
        gift = Donation.objects.get(pk=counts[0].donation_id)
        assert (gift.amount_rial, gift.channel.kind, gift.fund_id, gift.edition) == (
            700_000, "box", "fitriyeh_sadat", edition,
        )  # fmt: skip
        assert gift.placement_id is None, "what came by QR is told apart"
        assert balance(cash_code(where.pk)) == 1_000_000
        deposit = slip(where, *counts)
        assert set(Box.objects.values_list("state", flat=True)) == {"deposited"}
        assert broken() == []
        mark_deposited(deposit.pk, bank_account=BANK, at=timezone.now(), line_id=5)
        assert (balance(cash_code(where.pk)), balance(BANK)) == (0, 1_000_000)
        assert set(Box.objects.values_list("state", flat=True)) == {"reconciled"}
        assert broken() == []

    def test_the_next_round_is_counted_anew(self, where):
        box = collected()
        mark_deposited(slip(where, counted(box, where)).pk, bank_account=BANK, at=timezone.now())
        who = person()
        assert place_box(box, actor=who).round == 2
        seal_box(box, seal_no="2", actor=who)
        collect_box(box, seal_no="2", actor=who)
        counted(box, where, 200_000)
        assert sorted(Arrival.objects.values_list("source", flat=True)) == [
            f"box:{box.pk}:1",
            f"box:{box.pk}:2",
        ]
        assert broken() == []

    def test_beside_the_counters_cash(self, where):
        take(900_000, where=where)
        mark_deposited(slip(where, counted(collected(), where)).pk, bank_account=BANK, at=timezone.now())
        assert balance(cash_code(where.pk)) == 900_000
        assert broken() == []

    def test_four_eyes_in_the_service_and_in_the_database(self, where):
        who = person()
        count = count_box(collected(), where, notes_for(500_000), actor=who)
        assert refusal(lambda: confirm_count(count.pk, notes_for(500_000), actor=who)) == "four_eyes"
        gift = take(500_000, where=where).donation
        with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
            BoxCount.objects.update(
                state="confirmed",
                decided_by=who,
                decided_at=timezone.now(),
                second_rial=500_000,
                donation=gift,
            )

    def test_two_counts_that_differ_are_explained_recorded_and_looked_into(self, where):
        count = count_box(collected(), where, notes_for(500_000), actor=person())
        again = notes_for(450_000)
        assert refusal(lambda: confirm_count(count.pk, again, actor=person())) == "counts_differ"
        assert not Donation.objects.exists()
        done = confirm_count(count.pk, again, actor=person(), reason="یک اسکناس پاره")
        assert (done.variance_rial, done.donation.amount_rial) == (-50_000, 450_000)
        [case] = [m.payload for m in OutboxMessage.objects.filter(task="cases.open_case")]
        assert (case["kind"], case["difference_rial"], case["subject"]) == (
            "cash_short", -50_000, f"box_count:{count.pk}",
        )  # fmt: skip
        assert broken() == []

    def test_an_empty_box_has_no_gift_and_nothing_to_bank(self, where):
        done = confirm_count(count_box(collected(), where, {}, actor=person()).pk, {}, actor=person())
        assert (done.donation_id, Box.objects.get().state) == (None, BoxState.RECONCILED)
        assert refusal(lambda: slip(where, done)) == "nothing_to_deposit"
        assert broken() == []

    def test_only_a_collected_box_and_once(self, where):
        box = collected()
        counted(box, where)
        assert refusal(lambda: count_box(box, where, {}, actor=person())) == "box_not_collected"
        waiting = collected()
        count_box(waiting, where, {}, actor=person())
        assert refusal(lambda: count_box(waiting, where, {}, actor=person())) == "box_count_exists"

    def test_a_refused_count_is_begun_anew(self, where):
        box = collected()
        wrong = count_box(box, where, notes_for(100_000), actor=person())
        assert refusal(lambda: refuse_count(wrong.pk, actor=person(), reason="")) == "reason_required"
        refuse_count(wrong.pk, actor=person(), reason="دسته‌ها جابه‌جا شد")
        assert refusal(lambda: confirm_count(wrong.pk, {}, actor=person())) == "count_decided"
        assert counted(box, where).donation.amount_rial == 500_000
        assert broken() == []

    def test_what_was_counted_stays(self, where):
        counted(collected(), where)
        for change in ({"first_rial": 1}, {"second_rial": 1}, {"state": "waiting"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                BoxCount.objects.update(**change)

    def test_a_slip_written_wrongly_is_taken_back(self, where):
        count = counted(collected(), where)
        wrong = slip(where, count)
        assert refusal(lambda: slip(where, count, number="78")) == "nothing_to_deposit"
        withdraw_deposit(wrong.pk, actor=person(), reason="شمارهٔ نادرست")
        assert Box.objects.get().state == BoxState.COUNTED
        mark_deposited(slip(where, count, number="79").pk, bank_account=BANK, at=timezone.now())
        assert broken() == []

    def test_another_provinces_box_is_not_found(self, where):
        box, count = collected(), count_box(collected(), where, {}, actor=person())
        with open_scope(Scope(provinces=frozenset({ILAM}))):
            assert refusal(lambda: count_box(box, office(ILAM), {}, actor=person())) == "not_found"
            assert refusal(lambda: confirm_count(count.pk, {}, actor=person())) == "not_found"
            assert not BoxCount.objects.exists()


def test_racing_confirmers_book_one_gift(live_db, country):
    where = office()
    count = count_box(collected(), where, notes_for(500_000), actor=person())
    people, notes = [person() for _ in range(4)], notes_for(500_000)
    errors = run_together(*[lambda p=p: confirm_count(count.pk, notes, actor=p) for p in people])
    assert [error.code for error in errors] == ["count_decided"] * 3
    assert (Donation.objects.count(), Receipt.objects.count(), Arrival.objects.count()) == (1, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(amount_rial) FROM ledger_posting")
        assert cursor.fetchone() == (2, 0)
    assert broken() == []


def test_racing_first_counts_leave_one(live_db, country):
    where, box = office(), collected()
    people = [person() for _ in range(3)]
    errors = run_together(*[lambda p=p: count_box(box, where, {}, actor=p) for p in people])
    assert [error.code for error in errors] == ["box_count_exists"] * 2
    assert BoxCount.objects.count() == 1


def test_racing_slips_carry_the_money_once(live_db, country):
    where = office()
    count = counted(collected(), where)
    errors = run_together(*[lambda n=n: slip(where, count, number=str(n)) for n in range(3)])
    assert [error.code for error in errors] == ["nothing_to_deposit"] * 2
    assert broken() == []
