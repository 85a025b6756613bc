"""Payments that a gateway lists as paid and not yet verified: a lost callback is found without waiting."""

from __future__ import annotations

from payments.gateways import GATEWAYS
from payments.models import Attempt, Terminal
from payments.services.health import resting
from payments.services.terminals import access_to
from payments.services.verification import verify_attempts
from payments.states import ASKABLE


def ask_about_unclaimed() -> int:
    """Read each terminal's list, where its gateway has one, and verify what is ours; returns how many were asked.

    A token that no attempt has belongs to another system at the same terminal and is left alone.
    """
    listing = {name for name, gateway in GATEWAYS.items() if hasattr(gateway, "list_unverified")}
    terminals = Terminal.objects.filter(gateway__in=listing - resting(listing), is_active=True)
    asked = 0
    for terminal in terminals.select_related("office"):
        listed = GATEWAYS[terminal.gateway].list_unverified(access_to(terminal)) or ()
        mine = Attempt.objects.filter(
            gateway=terminal.gateway, token__in=[line.token for line in listed], state__in=ASKABLE
        )
        asked += len(verify_attempts(mine.values_list("pk", flat=True)))
    return asked
