"""Terminals whose account two people agreed on."""

from __future__ import annotations

from dataclasses import replace

from payments.models import Terminal
from payments.services.proposals import approve_proposal, propose_change
from payments.services.terminal_changes import facts_of
from provinces.enums import Role
from tests.factories.people import person


def agree(terminal: Terminal, **wanted) -> Terminal:
    """Let one administrator propose these facts of a terminal and another approve them; gives it as it is then."""
    proposal = propose_change(
        terminal, replace(facts_of(terminal), **wanted), actor=person(Role.ADMINISTRATOR), reason="letter 1"
    )
    approve_proposal(proposal.pk, actor=person(Role.ADMINISTRATOR))
    return Terminal.objects.get(pk=terminal.pk)
