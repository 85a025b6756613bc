"""Versions of credentials, what the database refuses, and two who act at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core.models import AuditEntry, User
from payments.models import DepositIdentifier, RetiredCredentials, Terminal, TerminalProposal
from payments.services.credentials import credentials_of
from payments.services.proposals import (
    LASTS,
    approve_proposal,
    propose_change,
    propose_terminal,
    refuse_proposal,
    withdraw_proposal,
)
from payments.services.terminal_changes import TerminalFacts, facts_of
from payments.services.terminals import access_to
from provinces.enums import Role
from provinces.scoping import all_provinces
from tests.factories.gifts import attempt_for, give
from tests.factories.people import ILAM, office_for, person
from tests.factories.terminals import agree
from tests.flows.test_races import run_together
from tests.payments.proposals.shared import IBAN, NEW, OLD, State


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
