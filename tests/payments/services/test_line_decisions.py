"""What two people decide about lines: proposed by one, done by another, never by one alone."""

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from cases.models import Case
from cases.tasks import close_settled, open_case  # noqa: F401 - registers the consumers
from core import outbox
from core.errors import DomainError
from core.models import AuditEntry
from donations.models import Donation, Receipt
from payments.enums import LineWay
from payments.models import Attempt, Discrepancy, ManualDecision, StatementLine
from payments.services import line_decisions
from payments.services.bank_reversals import TakenBack, note_reversals_by_bank
from payments.services.reconciliation import reconcile
from tests.factories import lines as st
from tests.factories.people import person
from tests.flows.test_races import run_together
from tests.payments.services.test_bank_lines import failed_checks
from tests.payments.services.test_matching import balance, open_kinds, paid_attempt, states


@pytest.fixture
def maker(db):
    return person()


@pytest.fixture
def checker(db):
    return person()


@pytest.fixture(autouse=True)
def _scope(country):
    return country


def decide(decision, checker, approve=True, reason="بررسی شد"):
    return line_decisions.decide(decision.pk, actor=checker, approve=approve, reason=reason)


@pytest.fixture
def suggested(db):
    """A line of a settlement that only time and amount suggest."""
    attempt = paid_attempt(200_000)
    st.bring(st.settlement(), st.line_of(attempt, rrn="", reference="", order_id="", payout_ref="P1"))
    return StatementLine.objects.get(), attempt


def test_a_suggestion_is_confirmed_by_a_second_person_and_paid_out(suggested, maker, checker):
    line, attempt = suggested
    decision = line_decisions.propose_for_line(
        line.pk, LineWay.MATCH, actor=maker, reason="همان کارت", order_id=attempt.order_id
    )
    assert balance("clearing:") == 200_000
    with pytest.raises(DomainError, match="four_eyes"):
        decide(decision, maker)
    decide(decision, checker)
    assert (states(), balance("clearing:"), balance("transit:")) == ([("matched", "by_hand")], 0, 200_000)
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"match.propose", "match.approve"}
    assert failed_checks() == []


def test_the_database_knows_four_eyes_too(suggested, maker):
    line, attempt = suggested
    decision = line_decisions.propose_for_line(
        line.pk, LineWay.MATCH, actor=maker, reason="همان", order_id=attempt.order_id
    )
    with pytest.raises(IntegrityError, match="match_four_eyes"), transaction.atomic():
        ManualDecision.objects.filter(pk=decision.pk).update(
            state="done", decided_by=maker, decided_at=decision.requested_at
        )


def test_a_line_has_one_decision_in_force(suggested, maker, checker):
    line, attempt = suggested
    first = line_decisions.propose_for_line(line.pk, LineWay.DISCARD, actor=maker, reason="تکراری")
    with pytest.raises(DomainError, match="decision_waits"):
        line_decisions.propose_for_line(
            line.pk, LineWay.MATCH, actor=checker, reason="همان", order_id=attempt.order_id
        )
    decide(first, checker, approve=False)
    line_decisions.propose_for_line(
        line.pk, LineWay.MATCH, actor=checker, reason="همان", order_id=attempt.order_id
    )


@pytest.mark.parametrize("change", [{"order_id": 1}, {"order_id": None}])
def test_a_match_names_a_payment_in_the_books(suggested, maker, change):
    line, _ = suggested
    with pytest.raises(DomainError, match="unknown_payment"):
        line_decisions.propose_for_line(line.pk, LineWay.MATCH, actor=maker, reason="همان", **change)


def test_a_payment_of_another_amount_is_no_match(suggested, maker):
    other = paid_attempt(100_000)
    with pytest.raises(DomainError, match="amount_does_not_fit"):
        line_decisions.propose_for_line(
            suggested[0].pk, LineWay.MATCH, actor=maker, reason="همان", order_id=other.order_id
        )


def test_an_unknown_deposit_becomes_a_gift(db, maker, checker):
    st.bring(st.bank(), st.line(600_000, "credit"))
    outbox.drain()
    line = StatementLine.objects.get()
    decision = line_decisions.propose_for_line(
        line.pk, LineWay.GIFT, actor=maker, reason="خیّر تلفن زد", fund="dowry"
    )
    decide(decision, checker)
    gift = Donation.objects.get()
    assert (gift.fund_id, gift.status, Receipt.objects.count()) == ("dowry", "received", 1)
    assert (balance("suspense:deposits"), balance("income:")) == (0, -600_000)
    outbox.drain()
    assert Case.objects.get(kind="unknown_deposit").state == "closed"
    assert failed_checks() == []


def test_an_unknown_deposit_that_is_a_mistake_leaves_the_books(db, maker, checker):
    st.bring(st.bank(), st.line(600_000, "credit"))
    decision = line_decisions.propose_for_line(
        StatementLine.objects.get().pk, LineWay.DISCARD, actor=maker, reason="بانک برگرداند"
    )
    decide(decision, checker)
    assert (balance("suspense:deposits"), balance("bank:"), states()) == (0, 0, [("discarded", "by_hand")])
    assert failed_checks() == []


def test_a_payout_short_of_its_payment_is_written_off(db, maker, checker):
    attempt = paid_attempt(500_000)
    st.bring(st.settlement(), st.line_of(attempt, amount_rial=450_000, payout_ref="P1"))
    decision = line_decisions.propose_for_line(
        StatementLine.objects.get().pk, LineWay.WRITE_OFF, actor=maker, reason="کارمزد اعلام‌نشده"
    )
    decide(decision, checker)
    assert (balance("clearing:"), balance("transit:"), balance("expense:fees")) == (0, 450_000, 50_000)
    assert failed_checks() == []


def test_what_a_report_lacks_is_written_off(db, maker, checker):
    report = st.report()
    lost, shown, later = (paid_attempt(300_000, at=st.days_ago(n)) for n in (4, 4, 2))
    st.bring(report, st.line_of(shown), st.line_of(later))
    reconcile()
    row = Discrepancy.objects.get(kind="missing_there")
    assert row.attempt_id == lost.pk
    decision = line_decisions.propose_for_discrepancy(
        row.pk, LineWay.WRITE_OFF, actor=maker, reason="پاسخ بانک"
    )
    decide(decision, checker)
    assert (balance("expense:fees"), balance("clearing:"), open_kinds()) == (300_000, 600_000, [])
    reconcile()
    assert open_kinds() == []
    assert failed_checks() == []


def test_what_went_back_to_its_donor_meanwhile_is_not_written_off_too(db, maker, checker):
    lost, shown, later = (paid_attempt(300_000, at=st.days_ago(n)) for n in (4, 4, 2))
    st.bring(st.report(), st.line_of(shown), st.line_of(later))
    reconcile()
    row = Discrepancy.objects.get(kind="missing_there")
    decision = line_decisions.propose_for_discrepancy(
        row.pk, LineWay.WRITE_OFF, actor=maker, reason="پاسخ بانک"
    )
    note_reversals_by_bank([TakenBack(lost.pk, {}, "پنل بانک", timezone.now())])
    with pytest.raises(DomainError, match="line_decided"):
        decide(decision, checker)
    assert (balance("expense:fees"), balance("clearing:")) == (0, 600_000)
    decide(decision, checker, approve=False)
    reconcile()
    assert (open_kinds(), failed_checks()) == ([], [])


def test_a_banks_own_fee_is_booked_by_two(db, maker, checker):
    st.bring(st.bank(), st.line(7_000, "debit"))
    decision = line_decisions.propose_for_line(
        StatementLine.objects.get().pk, LineWay.WRITE_OFF, actor=maker, reason="کارمزد بانک"
    )
    decide(decision, checker)
    assert (balance("bank:"), balance("expense:fees"), open_kinds()) == (-7_000, 7_000, [])


def test_two_people_race_on_a_suggestion(live_db):
    attempt = paid_attempt(200_000)
    st.bring(st.settlement(), st.line_of(attempt, rrn="", reference="", order_id="", payout_ref="P1"))
    line, maker, checkers = StatementLine.objects.get(), person(), [person(), person()]
    decision = line_decisions.propose_for_line(
        line.pk, LineWay.MATCH, actor=maker, reason="همان", order_id=attempt.order_id
    )
    errors = run_together(*[lambda who=who: decide(decision, who) for who in checkers])
    assert [e.code for e in errors] == ["decision_made"]
    assert (balance("clearing:"), balance("transit:")) == (0, 200_000)


def test_two_lines_race_for_one_payment(live_db):
    attempt = paid_attempt(200_000)
    bare = {"rrn": "", "reference": "", "order_id": "", "payout_ref": "P1"}
    st.bring(st.settlement(), *[st.line_of(attempt, **bare, description=d) for d in ("a", "b")])
    maker, checkers = person(), [person(), person()]
    decisions = [
        line_decisions.propose_for_line(
            line.pk, LineWay.MATCH, actor=maker, reason="همان", order_id=attempt.order_id
        )
        for line in StatementLine.objects.order_by("pk")
    ]
    errors = run_together(
        *[lambda d=d, who=who: decide(d, who) for d, who in zip(decisions, checkers, strict=True)]
    )
    assert [e.code for e in errors] == ["line_decided"]
    assert (balance("clearing:"), balance("transit:")) == (0, 200_000)
    assert Attempt.objects.count() == 1
