"""A terminal's account changes when two people say so, once, and the database agrees."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEntry, User
from ledger.accounts import clearing_code
from ledger.models import Account
from payments.models import DepositIdentifier, RetiredCredentials, Terminal, TerminalProposal
from payments.services.credentials import credentials_of
from payments.services.proposals import (
    LASTS,
    approve_proposal,
    expire_proposals,
    propose_change,
    propose_terminal,
    refuse_proposal,
    withdraw_proposal,
)
from payments.services.terminal_changes import TerminalFacts, facts_of, switch_terminal
from payments.services.terminals import access_to, routes_for
from provinces.enums import Role
from provinces.scoping import Scope, all_provinces, open_scope
from provinces.services.people import add_member
from tests.factories.gifts import attempt_for, give
from tests.factories.people import ILAM, TEHRAN, office_for, person
from tests.factories.terminals import agree
from tests.flows.test_races import run_together

IBAN = "IR062960000000100324200001"
OLD, NEW = {"terminal_id": "OLD-10001"}, {"terminal_id": "NEW-20002"}
State = TerminalProposal.State


@pytest.fixture
def world(db, country):
    """A transaction of the test's own, the whole country open."""


@pytest.fixture
def maker(world) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def checker(world) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def terminal(world) -> Terminal:
    return Terminal.objects.get(gateway="sep", office__level="hq")


@pytest.fixture
def propose(terminal, maker):
    def make(**wanted) -> TerminalProposal:
        facts = replace(facts_of(terminal), **(wanted or {"settlement_iban": IBAN}))
        return propose_change(terminal, facts, actor=maker, reason="نامهٔ ۱۲۳")

    return make


def stored(proposal: TerminalProposal) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, payload, differences::text FROM payments_terminalproposal WHERE id = %s",
            [proposal.pk],
        )
        return cursor.fetchone()


# --- proposing -------------------------------------------------------------------------------------------
def test_nothing_changes_before_somebody_else_approves(propose, terminal, checker):
    before = Terminal.objects.values().get(pk=terminal.pk)
    proposal = propose(settlement_iban=IBAN, credentials=NEW, deposit_ids={"livelihood": "12345678"})
    assert Terminal.objects.values().get(pk=terminal.pk) == before
    assert not DepositIdentifier.objects.exists()
    approve_proposal(proposal.pk, actor=checker)
    terminal.refresh_from_db()
    assert (terminal.settlement_iban, json.loads(terminal.credentials)) == (IBAN, NEW)
    assert DepositIdentifier.objects.get().value == "12345678"


def test_what_is_proposed_lies_encrypted_shows_masked_and_is_forgotten(propose, checker):
    proposal = propose(
        settlement_iban=IBAN, credentials={"terminal_id": "NEW-20002", "key": "hush-hush-hush"},
        deposit_ids={"livelihood": "1234567890123456"},
    )  # fmt: skip
    _, payload, shown = stored(proposal)
    secrets = ("hush-hush-hush", "NEW-20002", IBAN, "1234567890123456")
    assert payload
    assert not [secret for secret in secrets if secret in payload + shown]
    rows = {(row["field"], row["name"]): (row["before"], row["after"]) for row in proposal.differences}
    assert rows == {
        ("settlement_iban", ""): ("", f"{IBAN[:7]}{'*' * 15}{IBAN[-4:]}"),
        ("deposit_ids", "livelihood"): ("", "••••3456"),
        ("credentials", "terminal_id"): ("", "••••0002"),
        ("credentials", "key"): ("", "••••"),
    }
    approve_proposal(proposal.pk, actor=checker)
    assert stored(proposal)[:2] == ("approved", "")
    trail = json.dumps(list(AuditEntry.objects.values("data", "reason", "action")), ensure_ascii=False)
    assert not [secret for secret in secrets if secret in trail]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({}, "nothing_changes"),
        ({"settlement_iban": "IR062960000000100324200002"}, "bad_iban"),
        ({"valid_until": date(2020, 1, 1)}, "bad_period"),
        ({"deposit_ids": {"general": "12a"}}, "bad_deposit_id"),
        ({"credentials": {"key": ""}}, "bad_credentials"),
    ],
)
def test_what_cannot_be_is_not_proposed(wanted, code, terminal, maker):
    with pytest.raises(DomainError, match=code):
        propose_change(terminal, replace(facts_of(terminal), **wanted), actor=maker, reason="x")
    assert not TerminalProposal.objects.exists()


def test_a_proposal_says_why(terminal, maker):
    with pytest.raises(DomainError, match="reason_required"):
        propose_change(terminal, replace(facts_of(terminal), label="x"), actor=maker, reason=" ")


def test_one_waits_at_a_time(propose, checker):
    first = propose()
    with pytest.raises(DomainError, match="proposal_open"):
        propose(label="other")
    refuse_proposal(first.pk, actor=checker, reason="اشتباه")
    assert propose(label="other").state == State.WAITING


def test_a_new_terminal_is_opened_by_the_approval_with_its_clearing_account(maker, checker):
    office = office_for(Role.PROVINCIAL_EXPERT, ILAM)
    facts = TerminalFacts("ایلام", date(2025, 1, 1), credentials=NEW, deposit_ids={"general": "77"})
    proposal = propose_terminal(office, "sep", facts, actor=maker, reason="نامه")
    assert not Terminal.objects.filter(office=office).exists()
    assert {route.terminal.office_id for route in routes_for(100_000, ILAM, "sep")} != {office.pk}
    made = approve_proposal(proposal.pk, actor=checker)
    assert (made.office, json.loads(made.credentials), made.is_active) == (office, NEW, True)
    assert Account.objects.filter(code=clearing_code("sep", made.pk)).exists()
    assert made.deposit_ids.get().value == "77"
    with pytest.raises(DomainError, match="terminal_exists"):
        propose_terminal(office, "sep", facts, actor=maker, reason="نامه")


# --- deciding --------------------------------------------------------------------------------------------
def test_nobody_decides_their_own(propose, maker, terminal):
    proposal = propose()
    for decide in (approve_proposal, refuse_proposal):
        with pytest.raises(DomainError, match="four_eyes"):
            decide(proposal.pk, actor=maker, reason="x")
    terminal.refresh_from_db()
    assert terminal.settlement_iban == ""


def test_somebody_whom_the_proposer_has_just_let_in_is_no_second_person(propose, maker):
    puppet = person()
    add_member(puppet, office_for(Role.ADMINISTRATOR), Role.ADMINISTRATOR, date(2025, 1, 1), actor=maker)
    with pytest.raises(DomainError, match="access_too_fresh"):
        approve_proposal(propose().pk, actor=puppet)


def test_it_is_decided_once(propose, checker):
    proposal = propose()
    approve_proposal(proposal.pk, actor=checker)
    for again in (
        lambda: approve_proposal(proposal.pk, actor=checker),
        lambda: refuse_proposal(proposal.pk, actor=checker, reason="x"),
        lambda: withdraw_proposal(proposal.pk, actor=proposal.proposed_by),
    ):
        with pytest.raises(DomainError, match="proposal_decided"):
            again()


def test_a_refusal_says_why_and_changes_nothing(propose, checker, terminal):
    proposal = propose()
    with pytest.raises(DomainError, match="reason_required"):
        refuse_proposal(proposal.pk, actor=checker, reason="")
    refused = refuse_proposal(proposal.pk, actor=checker, reason="نامه نمی‌خواند")
    assert (refused.state, refused.decision_reason, refused.payload) == ("refused", "نامه نمی‌خواند", "")
    terminal.refresh_from_db()
    assert terminal.settlement_iban == ""


def test_only_who_proposed_withdraws(propose, maker, checker):
    proposal = propose()
    with pytest.raises(DomainError, match="not_allowed"):
        withdraw_proposal(proposal.pk, actor=checker)
    assert withdraw_proposal(proposal.pk, actor=maker).state == State.WITHDRAWN


def test_after_its_time_nobody_can_approve_it(propose, checker, monkeypatch):
    proposal = propose()
    later = timezone.now() + LASTS
    monkeypatch.setattr("payments.models.proposals.timezone.now", lambda: later)
    with pytest.raises(DomainError, match="proposal_expired"):
        approve_proposal(proposal.pk, actor=checker)
    assert (expire_proposals(later), expire_proposals(later)) == (1, 0)
    assert stored(proposal)[:2] == ("expired", "")
    entry = AuditEntry.objects.get(action="terminal.expire")
    assert (entry.actor, entry.job) == (None, "payments.expire_proposals")


def test_one_that_nobody_marked_yet_does_not_stand_in_the_way(propose, monkeypatch):
    first = propose()
    later = timezone.now() + LASTS + timedelta(hours=1)
    monkeypatch.setattr("payments.services.proposals.timezone.now", lambda: later)
    assert propose(label="other").state == State.WAITING
    assert stored(first)[0] == "expired"


def test_the_trail_names_both_people(propose, terminal, maker, checker):
    approve_proposal(propose(credentials=NEW).pk, actor=checker, reason="سنجیده شد")
    asked, applied, change = AuditEntry.objects.order_by("pk")
    assert (asked.action, asked.actor, asked.reason) == ("terminal.propose", maker, "نامهٔ ۱۲۳")
    assert (applied.action, applied.actor, applied.reason) == ("terminal.approve", checker, "سنجیده شد")
    assert (change.action, change.subject_id, change.actor) == ("terminal.change", str(terminal.pk), checker)
    assert (change.data["proposed_by"], change.data["changed"]) == (maker.pk, ["credentials"])


def test_another_provinces_terminal_is_not_found(terminal, maker, propose, checker):
    proposal = propose()
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        for act in (
            lambda: propose_change(terminal, TerminalFacts("x", date(2025, 1, 1)), actor=maker, reason="x"),
            lambda: approve_proposal(proposal.pk, actor=checker),
            lambda: switch_terminal(terminal, is_active=False, actor=maker, reason="x"),
        ):
            with pytest.raises(DomainError, match="not_found"):
                act()


# --- the switch ------------------------------------------------------------------------------------------
def test_the_switch_is_one_persons_and_immediate(terminal, maker, propose):
    propose()
    switch_terminal(terminal, is_active=False, actor=maker, reason="رخنه")
    assert "sep" not in {route.gateway.name for route in routes_for(100_000, None)}
    switch_terminal(terminal, is_active=True, actor=maker, reason="رفع شد")
    assert "sep" in {route.gateway.name for route in routes_for(100_000, None)}
    switches = AuditEntry.objects.filter(action__in=["terminal.off", "terminal.on"]).order_by("pk")
    assert [(e.action, e.reason) for e in switches] == [("terminal.off", "رخنه"), ("terminal.on", "رفع شد")]


def test_it_is_not_switched_on_beside_another(terminal, maker):
    switch_terminal(terminal, is_active=False, actor=maker, reason="x")
    Terminal.objects.create(office=terminal.office, gateway="sep", label="y", valid_from=date(2025, 1, 1))
    with pytest.raises(DomainError, match="terminal_exists"):
        switch_terminal(terminal, is_active=True, actor=maker, reason="x")


# --- versions of credentials -----------------------------------------------------------------------------
def test_old_credentials_are_kept_with_the_end_of_their_time(terminal, checker):
    agree(terminal, credentials=OLD)
    now = agree(terminal, credentials=NEW)
    first, second = RetiredCredentials.objects.order_by("version")
    assert (first.version, first.credentials) == (1, "")
    assert (second.version, json.loads(second.credentials)) == (2, OLD)
    assert second.valid_until == second.proposal.applied_at
    assert now.credentials_version == 3


def test_what_was_begun_at_the_old_terminal_is_asked_there(terminal):
    terminal = agree(terminal, credentials=OLD)
    begun = attempt_for(give(), "sep")
    terminal = agree(terminal, credentials=NEW)
    later = attempt_for(give(), "sep")
    assert access_to(terminal, begun.credentials_version).credentials == OLD
    assert access_to(terminal, later.credentials_version).credentials == NEW
    assert access_to(terminal).credentials == NEW


def test_a_terminal_remembered_from_before_the_change_is_read_again(terminal):
    agree(terminal, credentials=NEW)
    begun = attempt_for(give(), "sep")
    assert access_to(terminal, begun.credentials_version).credentials == NEW


def test_a_renewed_password_serves_what_was_begun_before_too(terminal):
    terminal = agree(terminal, credentials=OLD | {"password": "one"})
    begun = attempt_for(give(), "sep")
    terminal = agree(terminal, credentials=OLD | {"password": "two"})
    terminal = agree(terminal, credentials=NEW | {"password": "three"})
    assert credentials_of(terminal, begun.credentials_version) == OLD | {"password": "two"}


def test_the_same_credentials_again_make_no_version(terminal):
    terminal = agree(terminal, credentials=OLD)
    again = agree(terminal, credentials=OLD, label="other")
    assert again.credentials_version == terminal.credentials_version


# --- what the database refuses ---------------------------------------------------------------------------
def raw(table: str, pk: int, **values) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        changes = ", ".join(f"{name} = %s" for name in values)
        cursor.execute(f"UPDATE {table} SET {changes} WHERE id = %s", [*values.values(), pk])


def decided(state: str, by: User | None, **others) -> dict:
    now = timezone.now()
    return {"state": state, "payload": "", "decided_by_id": by and by.pk, "decided_at": now, **others}


def test_the_database_knows_who_may_decide(propose, maker, checker):
    proposal, now = propose(), timezone.now()
    wrong = [
        decided("approved", maker, applied_at=now),
        decided("refused", maker),
        decided("approved", None, applied_at=now),
        decided("approved", checker),  # approved and not applied
        decided("refused", checker, applied_at=now),  # applied and not approved
        decided("expired", None, applied_at=now),
        decided("approved", checker, applied_at=now + LASTS * 2),  # after its time
        decided("refused", checker) | {"payload": "k1:abc"},  # secrets kept
    ]
    for values in wrong:
        with pytest.raises(IntegrityError):
            raw("payments_terminalproposal", proposal.pk, **values)
    raw("payments_terminalproposal", proposal.pk, **decided("refused", checker))
    with pytest.raises(DatabaseError, match="only be decided"):
        raw("payments_terminalproposal", proposal.pk, **decided("approved", checker, applied_at=now))


@pytest.mark.parametrize("values", [{"payload": "k1:other"}, {"reason": "x"}, {"differences": "[]"}])
def test_what_was_proposed_is_not_edited(values, propose):
    proposal = propose()
    with pytest.raises(DatabaseError, match="only be decided"):
        raw("payments_terminalproposal", proposal.pk, **values)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        proposal.delete()


def test_the_database_holds_one_waiting_proposal_a_terminal(propose):
    proposal = propose()
    fields = {
        f.attname: getattr(proposal, f.attname) for f in proposal._meta.concrete_fields if f.name != "id"
    }
    elsewhere = office_for(Role.PROVINCIAL_EXPERT, ILAM).pk
    for changes in ({}, {"office_id": elsewhere}, {"terminal_id": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TerminalProposal.objects.create(**fields | changes)
    with pytest.raises(DatabaseError, match="begins undecided"), transaction.atomic():
        TerminalProposal.objects.create(**fields | {"state": "refused"})


@pytest.mark.parametrize(
    "values",
    [
        {"settlement_iban": IBAN},
        {"valid_until": date(2030, 1, 1)},
        {"valid_from": date(2020, 1, 1)},
        {"credentials": "k1:bm90IGFncmVlZA=="},
        {"credentials_version": 7},
        {"gateway": "zibal"},
    ],
)
def test_a_terminals_account_is_not_written_past_the_proposals(values, terminal):
    with pytest.raises(DatabaseError, match=r"approved proposal only|keeps its office"):
        raw("payments_terminal", terminal.pk, **values)
    raw("payments_terminal", terminal.pk, is_active=False)


def test_an_attempt_keeps_the_credentials_it_was_begun_with(terminal):
    begun = attempt_for(give(), "sep")
    with pytest.raises(DatabaseError, match="cannot be changed"):
        raw("payments_attempt", begun.pk, credentials_version=7)


def test_deposit_ids_are_not_written_past_the_proposals(live_db, country):
    """Committing: what was agreed in an earlier transaction opens nothing now."""
    terminal = Terminal.objects.get(gateway="sadad")
    agree(terminal, deposit_ids={"general": "123"})
    rows = DepositIdentifier.objects
    for act in (
        lambda: rows.create(terminal=terminal, fund_id="sadaqah", value="9"),
        lambda: rows.update(value="9"),
        lambda: rows.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="approved proposal only"):
            act()
    assert rows.get().value == "123"


def test_credentials_are_written_again_under_a_new_key(live_db, settings):
    with all_provinces("test"):
        terminal = agree(Terminal.objects.get(gateway="sep"), credentials=OLD)
        with pytest.raises(DatabaseError, match="approved proposal only"):
            terminal.save()  # the same key, perhaps another text
        old_ring = settings.FIELD_ENCRYPTION_KEYS
        settings.FIELD_ENCRYPTION_KEYS = f"new:{'A' * 43}=,{old_ring}"
        terminal.save()
        assert json.loads(Terminal.objects.get(pk=terminal.pk).credentials) == OLD


# --- races -----------------------------------------------------------------------------------------------
def test_of_two_approvers_one_applies_it(live_db, country):
    terminal = agree(Terminal.objects.get(gateway="sep"), credentials=OLD)
    proposal = propose_change(
        terminal, replace(facts_of(terminal), credentials=NEW), actor=person(Role.ADMINISTRATOR), reason="x"
    )
    checkers = [person(Role.ADMINISTRATOR) for _ in range(4)]
    errors = run_together(*[lambda c=c: approve_proposal(proposal.pk, actor=c) for c in checkers])
    assert [error.code for error in errors] == ["proposal_decided"] * 3
    terminal.refresh_from_db()
    assert (terminal.credentials_version, json.loads(terminal.credentials)) == (3, NEW)
    assert RetiredCredentials.objects.filter(proposal=proposal).count() == 1
    assert AuditEntry.objects.filter(action="terminal.approve", subject_id=str(proposal.pk)).count() == 1


def test_approving_and_refusing_at_once_one_of_them_counts(live_db, country):
    terminal, maker = Terminal.objects.get(gateway="sep"), person(Role.ADMINISTRATOR)
    proposal = propose_change(terminal, replace(facts_of(terminal), label="x"), actor=maker, reason="x")
    one, other = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    errors = run_together(
        lambda: approve_proposal(proposal.pk, actor=one),
        lambda: refuse_proposal(proposal.pk, actor=other, reason="no"),
        lambda: withdraw_proposal(proposal.pk, actor=maker),
    )
    assert [error.code for error in errors] == ["proposal_decided"] * 2
    proposal.refresh_from_db()
    is_changed = Terminal.objects.get(pk=terminal.pk).label == "x"
    assert is_changed is (proposal.state == State.APPROVED)


def test_of_two_proposals_at_once_one_waits(live_db, country):
    terminal = Terminal.objects.get(gateway="sep")
    makers = [person(Role.ADMINISTRATOR) for _ in range(3)]
    office = office_for(Role.PROVINCIAL_EXPERT, ILAM)
    new = TerminalFacts("n", date(2025, 1, 1))
    errors = run_together(
        *[
            lambda m=m: propose_change(
                terminal, replace(facts_of(terminal), label=m.username), actor=m, reason="x"
            )
            for m in makers
        ],
        *[lambda m=m: propose_terminal(office, "sep", new, actor=m, reason="x") for m in makers],
    )
    assert [error.code for error in errors] == ["proposal_open"] * 4
    assert TerminalProposal.objects.filter(state=State.WAITING).count() == 2
