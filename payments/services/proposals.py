"""Changing a terminal's account takes two people: one proposes, another approves, and it is applied once.

The database holds the rules (`payments_terminalproposal` and the guards of terminals and deposit ids); what is
here says in words what it would refuse. The first terminals, of seeding and of the demo's environment, are made
by `open_terminal` without a second person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.functions import TransactionNow
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.models import User
from payments.models import Terminal, TerminalProposal
from payments.services.terminal_changes import (
    TerminalFacts,
    check_facts,
    differences,
    record,
    write_deposit_ids,
    write_facts,
)
from payments.services.terminals import open_terminal
from provinces.models import Office
from provinces.scoping import check_write
from provinces.services.people import gave_access

LASTS = timedelta(days=7)
FRESH_ACCESS = timedelta(days=7)
State = TerminalProposal.State


@transaction.atomic
def propose_terminal(
    office: Office, gateway: str, wanted: TerminalFacts, *, actor: User, reason: str
) -> TerminalProposal:
    """Propose a terminal that does not exist yet; audited. Nothing is opened before somebody else approves.

    DomainError: terminal_exists, and those of `propose_change`.
    """
    check_write(office.province_id, office.county_id)
    if Terminal.objects.filter(office=office, gateway=gateway, is_active=True).exists():
        raise DomainError("terminal_exists", field="gateway")
    return _propose(None, office, gateway, wanted, actor, reason)


@transaction.atomic
def propose_change(
    terminal: Terminal, wanted: TerminalFacts, *, actor: User, reason: str
) -> TerminalProposal:
    """Propose what a terminal should become; audited, without values. It stays as it is until it is approved.

    Office and gateway never change: attempts and the clearing account belong to them. DomainError: not_found,
    reason_required, nothing_changes, proposal_open (another one waits), and those of `check_facts`.
    """
    row = Terminal.objects.select_for_update(of=("self",), no_key=True).filter(pk=terminal.pk).first()
    if row is None:
        raise DomainError("not_found", status=404)
    check_write(row.office.province_id, row.office.county_id)
    return _propose(row, row.office, row.gateway, wanted, actor, reason)


def _propose(
    terminal: Terminal | None, office: Office, gateway: str, wanted: TerminalFacts, actor: User, reason: str
) -> TerminalProposal:
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    check_facts(wanted)
    changes = differences(terminal, gateway, wanted)
    if not changes:
        raise DomainError("nothing_changes")
    now = timezone.now()
    _expire(TerminalProposal.objects.filter(office=office, gateway=gateway), now)
    try:
        with transaction.atomic():
            proposal = TerminalProposal.objects.create(
                terminal=terminal,
                office=office,
                gateway=gateway,
                payload=wanted.to_json(),
                differences=changes,
                reason=reason.strip()[:300],
                proposed_by=actor,
                proposed_at=now,
                expires_at=now + LASTS,
            )
    except IntegrityError:
        raise DomainError("proposal_open") from None
    _record("terminal.propose", proposal, actor, proposal.reason)
    return proposal


@transaction.atomic
def approve_proposal(proposal_id: int, *, actor: User, reason: str = "") -> Terminal:
    """Apply a proposal as somebody other than who made it, in this transaction; gives the terminal. Audited.

    Locks the proposal, then the terminal (without holding up donors): of two who approve at once one finds it
    decided. DomainError: not_found, proposal_decided, proposal_expired, four_eyes, access_too_fresh (the
    proposer let the other in a moment ago), terminal_exists.
    """
    proposal = _to_decide(proposal_id, actor)
    wanted = TerminalFacts.from_json(proposal.payload)
    before = proposal.terminal
    if before is not None:
        terminal = Terminal.objects.select_for_update(of=("self",), no_key=True).get(pk=before.pk)
    else:
        terminal = _open(proposal, wanted)
    proposal.terminal, proposal.applied_at = terminal, TransactionNow()
    _close(proposal, State.APPROVED, actor, reason)
    if before is not None:
        write_facts(terminal, wanted, proposal)
    else:
        write_deposit_ids(terminal, wanted.deposit_ids)
    _record("terminal.approve", proposal, actor, proposal.decision_reason)
    record(
        "terminal.change" if before else "terminal.add",
        terminal,
        actor,
        reason=proposal.reason,
        proposal=proposal.pk,
        proposed_by=proposal.proposed_by_id,
        changed=_fields(proposal),
    )
    return terminal


def _open(proposal: TerminalProposal, wanted: TerminalFacts) -> Terminal:
    place = {"office": proposal.office, "gateway": proposal.gateway}
    if Terminal.objects.filter(**place, is_active=True).exists():
        raise DomainError("terminal_exists")
    return open_terminal(
        **place,
        label=wanted.label,
        valid_from=wanted.valid_from,
        valid_until=wanted.valid_until,
        credentials=wanted.credentials,
        settlement_iban=wanted.settlement_iban,
    )


@transaction.atomic
def refuse_proposal(proposal_id: int, *, actor: User, reason: str) -> TerminalProposal:
    """Say no, as somebody else, and why; audited. DomainError: as approving, and reason_required."""
    proposal = _to_decide(proposal_id, actor)
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    _close(proposal, State.REFUSED, actor, reason)
    _record("terminal.refuse", proposal, actor, proposal.decision_reason)
    return proposal


@transaction.atomic
def withdraw_proposal(proposal_id: int, *, actor: User) -> TerminalProposal:
    """Take one's own proposal back; audited. DomainError: not_found, proposal_decided, not_allowed."""
    proposal = _locked(proposal_id)
    if proposal.proposed_by_id != actor.pk:
        raise DomainError("not_allowed", status=403)
    _close(proposal, State.WITHDRAWN)
    _record("terminal.withdraw", proposal, actor)
    return proposal


@transaction.atomic
def expire_proposals(now: datetime | None = None) -> int:
    """End every proposal whose time is over, and forget its payload; returns how many. Safe to repeat."""
    return _expire(TerminalProposal.objects.all(), now or timezone.now())


def _expire(among, now: datetime) -> int:
    overdue = among.filter(state=State.WAITING, expires_at__lte=now)
    rows = list(overdue.select_for_update(of=("self",), skip_locked=True))
    for proposal in rows:
        _close(proposal, State.EXPIRED)
        _record("terminal.expire", proposal, None)
    return len(rows)


def _to_decide(proposal_id: int, actor: User) -> TerminalProposal:
    """The waiting proposal, locked, if this person may decide it."""
    proposal = _locked(proposal_id)
    if proposal.is_overdue:
        raise DomainError("proposal_expired")
    if proposal.proposed_by_id == actor.pk:
        raise DomainError("four_eyes")
    if gave_access(proposal.proposed_by, actor, since=proposal.proposed_at - FRESH_ACCESS):
        raise DomainError("access_too_fresh")
    return proposal


def _locked(proposal_id: int) -> TerminalProposal:
    proposal = TerminalProposal.objects.select_for_update(of=("self",)).filter(pk=proposal_id).first()
    if proposal is None:
        raise DomainError("not_found", status=404)
    check_write(proposal.office.province_id, proposal.office.county_id)
    if proposal.state != State.WAITING:
        raise DomainError("proposal_decided")
    return proposal


def _close(proposal: TerminalProposal, state: State, actor: User | None = None, reason: str = "") -> None:
    proposal.state, proposal.payload = state, ""
    proposal.decided_by, proposal.decided_at = actor, TransactionNow()
    proposal.decision_reason = reason.strip()[:300]
    proposal.save()
    proposal.refresh_from_db(fields=["decided_at", "applied_at"])


def _record(action: str, proposal: TerminalProposal, actor: User | None, reason: str = "") -> None:
    audit.record(
        action,
        proposal,
        actor=actor,
        job="" if actor else "payments.expire_proposals",
        province_code=proposal.office.province_id,
        reason=reason,
        terminal=proposal.terminal_id,
        gateway=proposal.gateway,
        office=proposal.office_id,
        changed=_fields(proposal),
    )


def _fields(proposal: TerminalProposal) -> list[str]:
    return list(dict.fromkeys(row["field"] for row in proposal.differences))
