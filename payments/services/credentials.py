"""What a terminal shows the bank: its present credentials, or those with which something was begun."""

from __future__ import annotations

import json
import os

from django.conf import settings

from payments.gateways import GATEWAYS
from payments.models import RetiredCredentials, Terminal


def credentials_of(terminal: Terminal, version: int | None = None) -> dict[str, str]:
    """The present credentials; with `version` (of an attempt) the newest ones of the same terminal at the bank.

    A key or password that was renewed is used for what was begun before, too: the bank knows no other. Where the
    bank's terminal itself changed, what was begun at the old one is asked there, with its credentials.
    """
    if version is not None and version > terminal.credentials_version:
        terminal = Terminal.objects.get(pk=terminal.pk)  # remembered from before the change
    present = _read(terminal, terminal.credentials)
    if version is None or version == terminal.credentials_version:
        return present
    retired = RetiredCredentials.objects.filter(terminal=terminal, version__gte=version).order_by("version")
    known = [_read(terminal, row.credentials) for row in retired] + [present]
    key = GATEWAYS[terminal.gateway].terminal_key
    return [one for one in known if one.get(key) == known[0].get(key)][-1]


def _read(terminal: Terminal, stored: str) -> dict[str, str]:
    return json.loads(stored) if stored else _environment_credentials(terminal.gateway)


def _environment_credentials(gateway: str) -> dict[str, str]:
    """Of a terminal that has none of its own: GATEWAY_<NAME>_CREDENTIALS, or the sandbox bank's where one runs."""
    given = os.environ.get(f"GATEWAY_{gateway.upper()}_CREDENTIALS", "")
    if given:
        return json.loads(given)
    if settings.SANDBOX_BANK_URL:
        from payments.sandbox_bank.terminals import (
            DEMO_CREDENTIALS,  # the practice bank is absent in production
        )

        return dict(DEMO_CREDENTIALS[gateway])
    return {}
