"""What a person must decide: opened once, seen within one's scope, closed with a reason by who may decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.enums import CaseKind, CaseState
from cases.models import Case
from cases.services.cases import close_case, hand_cases, open_case
from core import outbox
from core.errors import DomainError
from core.models import AuditEntry
from provinces.enums import Role
from provinces.scoping import Scope, all_provinces, open_scope
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person

pytestmark = pytest.mark.django_db


def page(browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- opening and closing ---------------------------------------------------------------------------------
def test_one_subject_has_one_case_of_a_kind(country):
    first = open_case(CaseKind.PAID_TWICE, "attempt:9", TEHRAN, amount_rial=1)
    again = open_case(CaseKind.PAID_TWICE, "attempt:9", TEHRAN, amount_rial=2)
    other = open_case(CaseKind.UNDECIDED, "attempt:9", TEHRAN)
    assert first == again != other
    assert Case.objects.get(pk=first.pk).facts == {"amount_rial": 1}


def test_a_case_of_the_books_is_more_urgent_than_others(country):
    books, misfit = open_case(CaseKind.BOOKS, "a"), open_case(CaseKind.CALLBACK_MISFIT, "b")
    assert books.due_at < timezone.now() + timedelta(hours=3) < misfit.due_at


def test_lower_rooms_ask_for_a_case_by_a_promise(country):
    with transaction.atomic():
        outbox.after_commit(
            "cases.open_case", kind="undecided", subject="attempt:5", province=TEHRAN, gateway="sep"
        )
    assert outbox.drain() == 1
    case = Case.objects.get(subject="attempt:5")
    assert (case.kind, case.province_id, case.facts) == (CaseKind.UNDECIDED, TEHRAN, {"gateway": "sep"})


def test_a_closed_case_says_who_and_why_and_is_written_down(cases, country):
    actor = person(Role.PROVINCIAL_ACCOUNTANT)
    close_case(cases["tehran"].pk, actor=actor, resolution="  با بانک تماس گرفته شد  ")
    case = Case.objects.get(pk=cases["tehran"].pk)
    assert (case.state, case.closed_by, case.resolution) == (CaseState.CLOSED, actor, "با بانک تماس گرفته شد")
    entry = AuditEntry.objects.exclude(job="seed_reference").get()
    assert (entry.action, entry.actor, entry.province_code) == ("case.close", actor, TEHRAN)
    assert entry.reason == "با بانک تماس گرفته شد"
    with pytest.raises(DomainError, match="case_closed"):
        close_case(case.pk, actor=actor, resolution="دوباره")


def test_a_case_is_not_closed_without_a_reason_or_outside_the_scope(cases):
    actor = person(Role.PROVINCIAL_ACCOUNTANT)
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        with pytest.raises(DomainError, match="reason_required"):
            close_case(cases["tehran"].pk, actor=actor, resolution=" \n ")
        for name in ("khuzestan", "nation"):
            with pytest.raises(DomainError, match="not_found"):
                close_case(cases[name].pk, actor=actor, resolution="دلیل")
    with all_provinces("test"):
        assert set(Case.objects.values_list("state", flat=True)) == {CaseState.OPEN}


def test_the_database_wants_a_reason_too(cases, country):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(state=CaseState.CLOSED)


# --- the desk --------------------------------------------------------------------------------------------
def test_one_sees_the_cases_of_ones_province(cases):
    text = page(browser_of(person(Role.PROVINCIAL_MANAGER, TEHRAN)), "/desk/cases/")
    assert "attempt:1" in text
    assert "attempt:2" not in text
    assert "check:sums" not in text


def test_headquarters_sees_all_of_them(cases):
    text = page(browser_of(person(Role.HQ_MANAGER)), "/desk/cases/")
    for subject in ("attempt:1", "attempt:2", "check:sums"):
        assert subject in text


def test_the_most_urgent_comes_first_and_what_is_late_is_marked(cases):
    with all_provinces("test"):
        Case.objects.filter(pk=cases["khuzestan"].pk).update(due_at=timezone.now() - timedelta(days=1))
    text = page(browser_of(person(Role.HQ_ACCOUNTANT)), "/desk/cases/")
    assert text.index("attempt:2") < text.index("check:sums") < text.index("attempt:1")
    assert text.count("از موعد گذشته") == 1


def test_another_provinces_case_is_a_404(cases):
    browser = browser_of(person(Role.PROVINCIAL_ACCOUNTANT, TEHRAN))
    for name in ("khuzestan", "nation"):
        address = f"/desk/cases/{cases[name].pk}/"
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"resolution": "دلیل"}).status_code == 404
    assert not AuditEntry.objects.exclude(job="seed_reference").exists()


def test_a_case_shows_what_is_known(cases):
    text = page(browser_of(person(Role.PROVINCIAL_MANAGER)), f"/desk/cases/{cases['tehran'].pk}/")
    for words in ("پاسخ بانک با سفارش نمی‌خواند", "۵۰٬۰۰۰ تومان", "A7KM-29RT-X4HC", "zarinpal"):
        assert words in text


def test_an_accountant_closes_a_case_at_the_desk(cases):
    browser = browser_of(person(Role.PROVINCIAL_ACCOUNTANT))
    address = f"/desk/cases/{cases['tehran'].pk}/"
    assert 'name="resolution"' in page(browser, address)
    empty = browser.post(address, {"resolution": ""})
    assert empty.status_code == 200
    assert AuditEntry.objects.exclude(job="seed_reference").count() == 0
    assert (
        browser.post(address, {"resolution": "مبلغ با صورت‌حساب سنجیده شد"}).headers["Location"]
        == "/desk/cases/"
    )
    assert "attempt:1" not in page(browser, "/desk/cases/")
    assert "attempt:1" in page(browser, "/desk/cases/?state=closed")
    closed = page(browser, address)
    assert "مبلغ با صورت‌حساب سنجیده شد" in closed
    assert 'name="resolution"' not in closed
    again = browser.post(address, {"resolution": "دوباره"})
    assert "پیش‌تر بسته شده" in again.content.decode()


@pytest.mark.parametrize("role", [Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER])
def test_managers_look_and_do_not_decide(role, cases):
    browser = browser_of(person(role))
    address = f"/desk/cases/{cases['tehran'].pk}/"
    assert 'name="resolution"' not in page(browser, address)
    assert browser.post(address, {"resolution": "دلیل"}).status_code == 403
    with all_provinces("test"):
        assert Case.objects.get(pk=cases["tehran"].pk).state == CaseState.OPEN


def test_the_list_filters_by_kind(cases):
    browser = browser_of(person(Role.HQ_MANAGER))
    text = page(browser, "/desk/cases/?kind=books")
    assert "check:sums" in text
    assert "attempt:1" not in text
    assert page(browser, "/desk/cases/?kind=nonsense&state=nonsense")


def test_a_list_costs_the_same_however_long_it_is(cases, django_assert_num_queries):
    browser = browser_of(person(Role.HQ_MANAGER))
    with CaptureQueriesContext(connection) as few:
        page(browser, "/desk/cases/")
    with all_provinces("test"):
        for number in range(30):
            open_case(CaseKind.UNDECIDED, f"attempt:{100 + number}", KHUZESTAN)
    with django_assert_num_queries(len(few)):
        page(browser, "/desk/cases/")


# --- taking, handing on, files --------------------------------------------------------------------------
def test_cases_are_taken_and_handed_on_many_at_once():
    accountant, colleague = person(Role.PROVINCIAL_ACCOUNTANT), person(Role.HQ_ACCOUNTANT)
    with all_provinces("test"):
        mine = [open_case("undecided", f"attempt:{number}", TEHRAN) for number in range(2)]
        foreign = open_case("undecided", "attempt:9", KHUZESTAN)
    browser = browser_of(accountant)
    keys = [case.pk for case in (*mine, foreign)]
    assert browser.post("/desk/cases/give/", {"case": keys}).status_code == 302
    with all_provinces("test"):
        owners = {case.pk: case.owner for case in Case.objects.filter(pk__in=keys)}
    assert owners == {mine[0].pk: accountant, mine[1].pk: accountant, foreign.pk: None}
    assert browser.get("/desk/cases/?owner=mine").context["page_obj"].paginator.count == 2
    assert browser.get("/desk/cases/?owner=nobody").context["page_obj"].paginator.count == 0
    browser.post("/desk/cases/give/", {"case": keys[:1], "colleague": colleague.pk})
    unfit = person(Role.PROVINCIAL_EXPERT)
    browser.post("/desk/cases/give/", {"case": keys[1:2], "colleague": unfit.pk})
    with all_provinces("test"):
        assert [Case.objects.get(pk=pk).owner for pk in keys[:2]] == [colleague, accountant]
        assert AuditEntry.objects.filter(action="case.give").count() == 3
        with pytest.raises(DomainError, match="owner_unfit"):
            hand_cases(keys[1:2], unfit, actor=accountant)
    page = browser.get(f"/desk/cases/{keys[0]}/").content.decode()
    assert "سپردن پرونده" in page, "the history says so"


def test_a_file_holds_what_the_list_shows():
    with all_provinces("test"):
        open_case("undecided", "attempt:1", TEHRAN)
        open_case("paid_twice", "attempt:2", TEHRAN)
        open_case("undecided", "attempt:3", KHUZESTAN)
    browser = browser_of(person(Role.PROVINCIAL_ACCOUNTANT))
    lines = browser.get("/desk/cases/cases.csv?kind=undecided").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines] == ["دربارهٔ", "attempt:1"]
    assert browser.get("/desk/cases/cases.xlsx").content[:2] == b"PK"
    empty = browser.get("/desk/cases/cases.csv?since=1400/01/01&until=1400/01/02").content.decode("utf-8-sig")
    assert len(empty.splitlines()) == 1
    assert "پایان بازه" in browser.get("/desk/cases/?since=1405/01/02&until=1405/01/01").content.decode()


# --- who looks after it ----------------------------------------------------------------------------------
def test_an_accountant_takes_a_case_and_hands_it_on(cases, country):
    case, me, colleague = cases["tehran"], person(Role.PROVINCIAL_ACCOUNTANT), person(Role.HQ_ACCOUNTANT)
    stranger = person(Role.PROVINCIAL_ACCOUNTANT, KHUZESTAN)
    browser, address = browser_of(me), f"/desk/cases/{case.pk}/"
    assert "برداشتن" in page(browser, address)
    assert browser.post(address, {"act": "take"}).status_code == 302
    assert Case.objects.get(pk=case.pk).owner == me
    assert "برداشتن" not in page(browser, address)
    assert case.subject in page(browser, "/desk/cases/?owner=mine")
    refused = browser.post(address, {"act": "give", "owner": stranger.pk})
    assert (refused.status_code, Case.objects.get(pk=case.pk).owner) == (200, me)
    browser.post(address, {"act": "give", "owner": colleague.pk})
    assert Case.objects.get(pk=case.pk).owner == colleague
    assert case.subject not in page(browser, "/desk/cases/?owner=mine")
    assert AuditEntry.objects.filter(action="case.give").count() == 2


def test_who_only_looks_takes_nothing(cases):
    browser = browser_of(person(Role.PROVINCIAL_MANAGER))
    assert browser.post(f"/desk/cases/{cases['tehran'].pk}/", {"act": "take"}).status_code == 403
