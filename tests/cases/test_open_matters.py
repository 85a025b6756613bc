"""A case whose matter waits is not closed by hand: two people decide the matter, and the case closes along."""

import pytest

from cases.enums import CaseState
from cases.models import Case
from cases.services.cases import close_case
from core import outbox
from core.errors import DomainError
from payments.enums import DifferenceWay, LineWay
from payments.models import CashCount, Discrepancy, StatementLine
from payments.services import cash_differences, claims, line_decisions
from payments.services.cash_days import count_cash, decide_count
from payments.services.discrepancies import open_for_lines
from provinces.enums import Role
from tests.factories import lines as st
from tests.factories.counter import notes_for, take
from tests.factories.counter import office as counter_office
from tests.factories.people import TEHRAN, browser_of, office_for, person
from tests.flows.unusual_money.cases_of_money import paid_twice
from tests.payments.test_claims import tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]


def refused(case: Case) -> None:
    """The desk says why, shows where it is decided, and leaves the case open."""
    browser, address = browser_of(person(Role.PROVINCIAL_ACCOUNTANT)), f"/desk/cases/{case.pk}/"
    answer = browser.post(address, {"resolution": "تمام شد"})
    assert answer.status_code == 200
    assert "این پرونده با دست بسته نمی‌شود" in answer.content.decode()
    assert answer.context["money"]["url"].startswith("/desk/")
    assert browser.get(answer.context["money"]["url"], follow=True).status_code == 200
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


@pytest.fixture
def deposit():
    """An unknown deposit of yesterday at Tehran's bank, and its case."""
    bank = st.bank(office=office_for(Role.PROVINCIAL_ACCOUNTANT, TEHRAN))
    st.bring(bank, st.line(500_000, "credit", at=st.days_ago(1), card_masked="603799******4321"))
    outbox.drain()
    return StatementLine.objects.get()


def test_a_difference_is_decided_by_two_and_closes_its_case(deposit):
    case = Case.objects.get(kind="unknown_deposit")
    refused(case)
    row = line_decisions.propose_for_line(
        deposit.pk, LineWay.GIFT, actor=person(), reason="نیکوکار خواست", fund="dowry"
    )
    with pytest.raises(DomainError, match="matter_is_open"):
        close_case(case.pk, actor=person(), resolution="پیشنهاد شد")
    line_decisions.decide(row.pk, actor=person(), approve=True)
    outbox.drain()
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_a_difference_that_comes_again_opens_its_case_again(deposit):
    case = Case.objects.get(kind="unknown_deposit")
    Discrepancy.objects.update(settled_at="2026-01-01T00:00:00Z")  # it had settled by itself
    close_case(case.pk, actor=person(), resolution="رسید")
    open_for_lines(case.kind, [deposit.pk])
    outbox.drain()
    case.refresh_from_db()
    assert (case.state, case.closed_by) == (CaseState.OPEN, None)


def test_money_without_a_place():
    paid_twice()
    outbox.drain()
    refused(Case.objects.get(kind="paid_twice"))


def test_a_donors_claim(deposit):
    assert tell().status_code == 303
    outbox.drain()
    case = Case.objects.get(kind="donor_claim")
    refused(case)
    claims.refuse_claim(int(case.subject.split(":")[1]), actor=person(), reason="چنین واریزی نیست")
    outbox.drain()
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_cash_that_is_missing():
    where = counter_office()
    take(50_000, where=where)
    count = count_cash(where, notes_for(40_000), actor=person(), note="کم است")
    decide_count(count.pk, actor=person(), approve=True)
    outbox.drain()
    case = Case.objects.get(kind="cash_short")
    refused(case)
    row = cash_differences.propose(
        CashCount.objects.get().pk, actor=person(), way=DifferenceWay.WRITE_OFF, reason="بررسی شد"
    )
    cash_differences.decide(row.pk, actor=person(), approve=True)
    outbox.drain()
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
