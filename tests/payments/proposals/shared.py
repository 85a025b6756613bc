"""Values of proposals, and how one lies in the database."""

from __future__ import annotations

from django.db import connection

from payments.models import TerminalProposal

IBAN = "IR062960000000100324200001"
OLD, NEW = {"terminal_id": "OLD-10001"}, {"terminal_id": "NEW-20002"}
State = TerminalProposal.State


def stored(proposal: TerminalProposal) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, payload, differences::text FROM payments_terminalproposal WHERE id = %s",
            [proposal.pk],
        )
        return cursor.fetchone()
