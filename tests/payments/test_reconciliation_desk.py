"""The accountant's desk for reconciling: a month, a day, closing, lines, and headquarters' view."""

from datetime import timedelta

import pytest

from core.jalali import iso_jalali, month_bounds, month_start, tehran_today, to_jalali
from core.models import OutboxMessage
from ledger import closing as books
from payments.enums import LineWay
from payments.models import Attempt, Discrepancy, ManualDecision, StatementLine
from payments.services.attempts import record_attempt
from payments.services.reconciliation import reconcile
from payments.services.settlement import settle
from payments.services.terminals import open_terminal
from provinces.enums import Role
from tests.factories import lines as st
from tests.factories.gifts import finding, give, paid
from tests.factories.people import ILAM, TEHRAN, browser_of, office_for, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def terminal(country):
    """A terminal of Tehran's own."""
    return open_terminal(
        office_for(Role.PROVINCIAL_ACCOUNTANT, TEHRAN), "sep", label="پایانهٔ تهران", valid_from=tehran_today()
    )


def pay(terminal, amount_rial: int, at) -> Attempt:
    attempt = record_attempt(give(amount_rial, province=TEHRAN, at=at), terminal, f"token-{amount_rial}", at)
    attempt = Attempt.objects.select_related("donation").get(pk=attempt.pk)
    settle({attempt.pk: finding(attempt, paid(attempt))}, now=at)
    return Attempt.objects.get(pk=attempt.pk)


@pytest.fixture
def clean_day(terminal):
    """A day of Tehran: ours, the report and the bank agree."""
    settlement = st.settlement(terminal=terminal)
    bank = st.bank(office=terminal.office)
    at = st.days_ago(3)
    st.bring(settlement, st.line_of(pay(terminal, 700_000, at), payout_ref="P1"))
    st.bring(settlement, st.line_of(pay(terminal, 90_000, st.days_ago(2)), payout_ref="P2"))
    st.bring(bank, st.line(700_000, "credit", payout_ref="P1", at=st.days_ago(2)))
    reconcile()
    return st.day_of(at)


def accountant(province: str = TEHRAN):
    return browser_of(person(Role.PROVINCIAL_ACCOUNTANT, province))


def address(day, place: str = TEHRAN) -> str:
    return f"/desk/reconciliation/{place}/{iso_jalali(day)}/"


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_month_shows_days_accounts_and_what_is_missing(clean_day):
    page = text(accountant().get("/desk/reconciliation/", {"month": iso_jalali(clean_day)[:7]}))
    assert "پایانهٔ تهران" in page
    assert address(clean_day) in page
    assert "تراز" in page
    assert "۹٬۰۰۰ تومان" in page  # paid out, and not at the bank yet


def test_an_accountant_closes_a_clean_day(clean_day):
    browser = accountant()
    assert "?ask=close#close" in text(browser.get(address(clean_day)))
    assert "بله، بسته شود" in text(browser.get(address(clean_day), {"ask": "close"}))
    assert browser.post(address(clean_day), {"act": "close"}).status_code == 302
    assert "بسته شد به دست" in text(browser.get(address(clean_day)))
    assert clean_day in books.closed_days(TEHRAN, clean_day, clean_day)


def test_a_day_that_is_not_clean_is_closed_by_a_manager_with_a_reason_only(clean_day, terminal):
    pay(terminal, 30_000, st.days_ago(3))
    refused = accountant().post(address(clean_day), {"act": "close"})
    assert "تراز نیست" in text(refused)
    manager = browser_of(person(Role.PROVINCIAL_MANAGER, TEHRAN))
    assert manager.post(address(clean_day), {"act": "close"}).status_code == 200
    assert books.closed_days(TEHRAN, clean_day, clean_day) == {}
    assert manager.post(address(clean_day), {"act": "close", "reason": "بانک پاسخ می‌دهد"}).status_code == 302
    assert books.closed_days(TEHRAN, clean_day, clean_day)[clean_day].reason == "بانک پاسخ می‌دهد"


def test_today_cannot_be_closed(terminal):
    assert "پایان نرسیده" in text(accountant().post(address(tehran_today()), {"act": "close"}))


def test_only_headquarters_opens_a_day_again(clean_day):
    accountant().post(address(clean_day), {"act": "close"})
    manager = browser_of(person(Role.PROVINCIAL_MANAGER, TEHRAN))
    assert manager.post(address(clean_day), {"act": "reopen", "reason": "خطا"}).status_code == 403
    hq = browser_of(person(Role.HQ_ACCOUNTANT))
    assert hq.post(address(clean_day), {"act": "reopen"}).status_code == 200
    assert hq.post(address(clean_day), {"act": "reopen", "reason": "نامهٔ ۴"}).status_code == 302
    assert books.closed_days(TEHRAN, clean_day, clean_day) == {}


def test_a_month_closes_with_its_days(country):
    jalali = to_jalali(month_start(tehran_today()) - timedelta(days=1))
    first, last = month_bounds(jalali.year, jalali.month)
    month, browser = {"month": iso_jalali(first)[:7]}, accountant()
    by = person()
    for at in range((last - first).days + 1):
        books.close_day(TEHRAN, first + timedelta(days=at), by=by)
    assert "بستن ماه" in text(browser.get("/desk/reconciliation/", month))
    assert browser.post(f"/desk/reconciliation/?month={month['month']}").status_code == 302
    assert "این ماه بسته است" in text(browser.get("/desk/reconciliation/", month))


def test_another_province_sees_and_closes_nothing(clean_day):
    other = accountant(ILAM)
    assert other.get(address(clean_day)).status_code == 404
    assert other.post(address(clean_day), {"act": "close"}).status_code == 404
    assert other.get("/desk/reconciliation/", {"place": TEHRAN}).status_code == 404
    assert "پایانهٔ تهران" not in text(other.get("/desk/reconciliation/"))


def test_from_a_suggestion_to_a_second_persons_yes(terminal):
    settlement = st.settlement(terminal=terminal)
    attempt = pay(terminal, 200_000, st.days_ago(2))
    st.bring(settlement, st.line_of(attempt, rrn="", reference="", order_id="", payout_ref="P1"))
    line = StatementLine.objects.get()
    here, first = f"/desk/reconciliation/lines/{line.pk}/", accountant()
    assert str(attempt.order_id) in text(first.get(here))
    said = {"way": LineWay.MATCH, "order_id": str(attempt.order_id), "reason": "همان کارت"}
    assert first.post(here, said).status_code == 302
    decision = ManualDecision.objects.get()
    there = f"/desk/reconciliation/decisions/{decision.pk}/"
    assert first.post(there, {"decision": "approve"}).status_code == 403
    assert accountant(ILAM).get(there).status_code == 404
    assert accountant().post(there, {"decision": "approve"}).status_code == 302
    line.refresh_from_db()
    assert line.state == "matched"


def test_headquarters_sees_the_worst_first(clean_day, terminal):
    report = st.report(terminal=terminal)
    pay(terminal, 30_000, st.days_ago(3))
    st.bring(report, *[st.line_of(a) for a in Attempt.objects.exclude(amount_rial=30_000)])
    reconcile()
    page = text(
        browser_of(person(Role.HQ_ANALYST)).get("/hq/reconciliation/", {"month": iso_jalali(clean_day)[:7]})
    )
    rows = page.split("<tbody>")[1]
    assert rows.index("تهران") < rows.index("ایلام")
    assert "ناهمخوان" in rows[: rows.index("</tr>")]


def test_what_does_not_fit_is_taken_handed_on_and_found_among_ones_own(terminal):
    settlement = st.settlement(terminal=terminal)
    st.bring(settlement, st.line_of(pay(terminal, 700_000, st.days_ago(3)), amount_rial=70_000))
    row = Discrepancy.objects.get()
    me, colleague = person(Role.PROVINCIAL_ACCOUNTANT), person(Role.HQ_ACCOUNTANT)
    browser = browser_of(me)
    here = f"/desk/reconciliation/lines/{row.line_id}/"
    assert "موعد" in text(browser.get(here))
    assert browser.post(here, {"act": "take"}).status_code == 302
    mine = address(row.day) + "?owner=mine"
    assert str(me) in text(browser.get(mine))
    browser.post(here, {"act": "give", "owner": colleague.pk})
    row.refresh_from_db()
    assert row.owner == colleague
    assert str(colleague) not in text(browser.get(mine))
    promised = OutboxMessage.objects.filter(task="cases.give_case").values_list("payload", flat=True)
    assert [p["actor_id"] for p in promised] == [me.pk, colleague.pk]
    elsewhere = browser_of(person(Role.PROVINCIAL_ACCOUNTANT, ILAM))
    assert elsewhere.post(here, {"act": "take"}).status_code == 404
    looking = browser_of(person(Role.PROVINCIAL_MANAGER))
    assert looking.post(here, {"act": "take"}).status_code == 403
