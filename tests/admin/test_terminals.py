"""Terminals in the admin: one administrator proposes, another decides; the switch is one person's."""

from __future__ import annotations

import json

import pytest

from core.models import AuditEntry
from ledger.accounts import clearing_code
from payments.models import DepositIdentifier, Terminal, TerminalProposal
from provinces.enums import Role
from provinces.models import Office
from provinces.services.people import add_member
from tests.admin.reading import entries, page
from tests.factories.people import ILAM, browser_of, office_for, person
from tests.factories.terminals import agree

pytestmark = pytest.mark.django_db

LIST = "/admin/payments/terminalproposal/"
IBAN = "IR062960000000100324200001"
YES = {"is_compared": "on"}


@pytest.fixture
def terminal(country) -> Terminal:
    return Terminal.objects.get(gateway="sep", office__level="hq")


@pytest.fixture
def address(terminal) -> str:
    return f"/admin/payments/terminal/{terminal.pk}/change/"


@pytest.fixture
def colleague(db):
    """The browser of another administrator."""
    return browser_of(person(Role.ADMINISTRATOR))


@pytest.fixture
def proposal(send, address) -> TerminalProposal:
    send(address, settlement_iban=IBAN, reason="نامهٔ ۱۲۳")
    return TerminalProposal.objects.get()


def test_what_is_typed_becomes_a_proposal_and_changes_nothing(send, address, terminal, administrator):
    before = Terminal.objects.values().get(pk=terminal.pk)
    answer = send(
        address, settlement_iban="IR06 2960 0000 0010 0324 2000 01", deposit_general="۱۲۳۴۵۶۷۸",
        new_credentials='{"terminal_id": "SECRET-99"}', label="نام تازه", reason="نامهٔ ۱۲۳",
    )  # fmt: skip
    proposal = TerminalProposal.objects.get()
    assert answer.headers["Location"] == f"{LIST}{proposal.pk}/change/"
    assert Terminal.objects.values().get(pk=terminal.pk) == before
    assert (proposal.terminal, proposal.proposed_by, proposal.reason) == (terminal, administrator, "نامهٔ ۱۲۳")
    assert [e.action for e in entries()] == ["terminal.propose"]


def test_a_colleague_sees_masked_differences_and_approves(send, address, terminal, colleague):
    send(
        address, settlement_iban=IBAN, deposit_general="12345678", valid_until="۱۴۰۶/۱۲/۲۹",
        new_credentials='{"terminal_id": "SECRET-99", "key": "hush-hush"}', reason="نامهٔ ۱۲۳",
    )  # fmt: skip
    proposal = TerminalProposal.objects.get()
    text = page(colleague, LIST) + page(colleague, f"{LIST}{proposal.pk}/change/")
    text += page(colleague, f"{LIST}{proposal.pk}/approve/")
    for secret in ("SECRET-99", "hush-hush", IBAN, "12345678"):
        assert secret not in text
    for shown in ("••••T-99", "••••5678", IBAN[-4:], "۱۴۰۶/۱۲/۲۹", "terminal_id", "نامهٔ ۱۲۳", "کمک عمومی"):
        assert shown in text, shown
    not_compared = colleague.post(f"{LIST}{proposal.pk}/approve/", {})
    assert not_compared.status_code == 200
    assert colleague.post(f"{LIST}{proposal.pk}/approve/", YES).status_code == 302
    terminal.refresh_from_db()
    assert (terminal.settlement_iban, json.loads(terminal.credentials)["key"]) == (IBAN, "hush-hush")
    assert DepositIdentifier.objects.get().value == "12345678"
    after = page(colleague, address) + page(colleague, f"{LIST}{proposal.pk}/change/")
    assert "hush-hush" not in after
    assert "SECRET-99" not in after
    assert "SECRET-99" not in json.dumps([e.data for e in entries()])


def test_ones_own_proposal_offers_no_decision_and_takes_none(browser, proposal, terminal):
    text = page(browser, f"{LIST}{proposal.pk}/change/")
    assert f"{LIST}{proposal.pk}/withdraw/" in text
    assert f"{LIST}{proposal.pk}/approve/" not in text
    for word, form in (("approve", YES), ("refuse", {"reason": "x"})):
        answer = browser.post(f"{LIST}{proposal.pk}/{word}/", form)
        assert "خودش تأیید کند" in answer.content.decode()
    terminal.refresh_from_db()
    assert terminal.settlement_iban == ""


def test_an_administrator_made_by_the_proposer_decides_nothing(proposal, administrator, terminal):
    puppet = person()
    add_member(
        puppet, office_for(Role.ADMINISTRATOR), Role.ADMINISTRATOR, terminal.valid_from, actor=administrator
    )
    answer = browser_of(puppet).post(f"{LIST}{proposal.pk}/approve/", YES)
    assert "به‌تازگی داده" in answer.content.decode()


def test_a_proposal_is_refused_with_a_reason(colleague, proposal):
    address = f"{LIST}{proposal.pk}/refuse/"
    assert colleague.post(address, {"reason": ""}).status_code == 200
    assert colleague.post(address, {"reason": "نامه نمی‌خواند"}).status_code == 302
    text = page(colleague, f"{LIST}{proposal.pk}/change/")
    assert "نامه نمی‌خواند" in text
    assert f"{LIST}{proposal.pk}/approve/" not in text
    late = colleague.post(f"{LIST}{proposal.pk}/approve/", YES)
    assert "پیش‌تر تصمیم گرفته شده" in late.content.decode()


def test_a_proposal_is_taken_back_by_who_made_it(browser, colleague, proposal):
    address = f"{LIST}{proposal.pk}/withdraw/"
    assert "اجازهٔ این کار" in colleague.post(address, {"is_sure": "on"}).content.decode()
    assert browser.post(address, {"is_sure": "on"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"


def test_waiting_ones_come_first_and_the_terminal_leads_there(send, browser, colleague, proposal, address):
    colleague.post(f"{LIST}{proposal.pk}/refuse/", {"reason": "x"})
    other = Terminal.objects.get(gateway="zibal")
    first = send(f"/admin/payments/terminal/{other.pk}/change/", label="x", reason="y")
    colleague.post(f"{first.headers['Location'].removesuffix('change/')}refuse/", {"reason": "x"})
    send(address, label="نام تازه", reason="باز")
    waiting = TerminalProposal.objects.get(state="waiting")
    listed = [row.pk for row in browser.get(LIST).context["cl"].result_list]
    assert listed[0] == waiting.pk
    assert len(listed) == 3
    assert f"{LIST}{waiting.pk}/change/" in page(browser, address)


def test_a_new_terminal_is_proposed_and_opened_by_the_approval(browser, colleague, country):
    from ledger.models import Account

    office = Office.objects.get(province=ILAM, level="province")
    form = {
        "office": office.pk, "gateway": "sep", "label": "پایانهٔ ایلام", "valid_from": "۱۴۰۵/۰۱/۰۱",
        "new_credentials": '{"terminal_id": "SECRET-99"}', "reason": "نامه",
    }  # fmt: skip
    assert browser.post("/admin/payments/terminal/add/", form).status_code == 302
    assert not Terminal.objects.filter(office=office).exists()
    again = browser.post("/admin/payments/terminal/add/", form)
    assert "در انتظار تصمیم است" in again.content.decode()
    proposal = TerminalProposal.objects.get()
    assert "پایانهٔ تازه" in page(colleague, f"{LIST}{proposal.pk}/change/")
    assert colleague.post(f"{LIST}{proposal.pk}/approve/", YES).status_code == 302
    terminal = Terminal.objects.get(office=office)
    assert json.loads(terminal.credentials) == {"terminal_id": "SECRET-99"}
    assert Account.objects.filter(code=clearing_code("sep", terminal.pk)).exists()
    added = AuditEntry.objects.get(action="terminal.add")
    assert (added.province_code, added.subject_id) == (ILAM, str(terminal.pk))
    once_more = browser.post("/admin/payments/terminal/add/", form)
    assert "پایانهٔ فعال دیگری" in once_more.content.decode()


def test_credentials_and_deposit_ids_stay_unless_new_ones_are_written(send, address, terminal, colleague):
    agree(terminal, credentials={"terminal_id": "OLD-1"}, deposit_ids={"general": "77"})
    send(address, label="نام تازه", reason="x")
    proposal = TerminalProposal.objects.get(state="waiting")
    assert [row["field"] for row in proposal.differences] == ["label"]
    colleague.post(f"{LIST}{proposal.pk}/approve/", YES)
    terminal.refresh_from_db()
    assert (terminal.label, json.loads(terminal.credentials)) == ("نام تازه", {"terminal_id": "OLD-1"})
    assert DepositIdentifier.objects.get().value == "77"
    send(address, deposit_general="", reason="x")
    colleague.post(f"{LIST}{TerminalProposal.objects.get(state='waiting').pk}/approve/", YES)
    assert not DepositIdentifier.objects.exists()


@pytest.mark.parametrize("typed", ["not json SECRET-7", '["SECRET-7"]', '{"key": ""}', '{"key": 5}', "{}"])
def test_bad_credentials_are_refused_and_not_sent_back(typed, send, address, caplog):
    answer = send(address, new_credentials=typed, reason="x")
    assert answer.status_code == 200
    assert "یک شیء JSON" in answer.content.decode()
    assert "SECRET-7" not in answer.content.decode()
    assert "SECRET-7" not in caplog.text
    assert not entries()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": ""}, "لازم است"),
        ({"reason": "x"}, "چیزی عوض نمی‌شود"),
        ({"reason": "x", "settlement_iban": "IR062960000000100324200002"}, "شبا"),
        ({"reason": "x", "valid_until": "۱۴۰۰/۰۱/۰۱"}, "پایان بازه نباید"),
        ({"reason": "x", "deposit_general": "12a"}, "تنها رقم"),
    ],
)
def test_what_cannot_be_proposed_is_explained(changes, says, send, address):
    answer = send(address, **changes)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not TerminalProposal.objects.exists()


def test_office_and_gateway_of_a_terminal_never_change(send, address, terminal, colleague):
    send(address, gateway="zibal", office="1", label="x", reason="y")
    colleague.post(f"{LIST}{TerminalProposal.objects.get().pk}/approve/", YES)
    terminal.refresh_from_db()
    assert (terminal.gateway, terminal.label, terminal.office.level) == ("sep", "x", "hq")


def test_the_switch_is_one_persons_and_immediate(browser, terminal, administrator):
    address = f"/admin/payments/terminal/{terminal.pk}/switch/"
    assert "خاموش کردن پایانه" in page(browser, address)
    assert browser.post(address, {"reason": ""}).status_code == 200
    assert browser.post(address, {"reason": "رخنه"}).status_code == 302
    terminal.refresh_from_db()
    assert not terminal.is_active
    assert "روشن کردن پایانه" in page(browser, address)
    browser.post(address, {"reason": "رفع شد"})
    terminal.refresh_from_db()
    assert terminal.is_active
    assert [(e.action, e.actor, e.reason) for e in entries()] == [
        ("terminal.off", administrator, "رخنه"),
        ("terminal.on", administrator, "رفع شد"),
    ]


def test_deposit_ids_are_for_looking(browser, terminal):
    agree(terminal, deposit_ids={"general": "12345678"})
    row = DepositIdentifier.objects.get()
    assert "12345678" in page(browser, "/admin/payments/depositidentifier/")
    assert browser.get("/admin/payments/depositidentifier/add/").status_code == 403
    assert (
        browser.post(f"/admin/payments/depositidentifier/{row.pk}/change/", {"value": "9"}).status_code == 403
    )


@pytest.mark.parametrize("key", ["fonts.css", "0"])
def test_a_row_that_is_none_is_not_found(key, browser, proposal):
    assert browser.get(f"{LIST}{key}/change/").status_code == 302, "to the list, with a message"
    for address in (f"{LIST}{key}/approve/", f"{LIST}{key}/refuse/", f"{LIST}{key}/withdraw/"):
        assert browser.get(address).status_code == 404
    assert browser.get(f"/admin/payments/terminal/{key}/switch/").status_code == 404


def test_people_with_one_name_are_told_apart_by_their_user_names(colleague, proposal, administrator):
    for address in (LIST, f"{LIST}{proposal.pk}/change/", f"{LIST}{proposal.pk}/approve/"):
        assert f'<bdi dir="ltr">{administrator.username}</bdi>' in page(colleague, address)
