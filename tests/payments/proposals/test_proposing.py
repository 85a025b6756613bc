"""A terminal's account changes when two people say so, once, and the database agrees."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEntry
from ledger.accounts import clearing_code
from ledger.models import Account
from payments.models import DepositIdentifier, Terminal, TerminalProposal
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
from payments.services.terminals import routes_for
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from provinces.services.people import add_member
from tests.factories.people import ILAM, TEHRAN, office_for, person
from tests.payments.proposals.shared import IBAN, NEW, State, stored


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
    asked, applied, change = AuditEntry.objects.exclude(job="seed_reference").order_by("pk")
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
