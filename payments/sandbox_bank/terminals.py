"""The practice terminals. Imports nothing but the standard library: the portal's settings read it too."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SADAD_KEY = base64.b64encode(b"SadadSandboxKey123456789").decode("ascii")

# gateway -> the credentials of the demo's terminal, as GATEWAY_<NAME>_CREDENTIALS would give them
DEMO_CREDENTIALS: dict[str, dict[str, str]] = {
    "zarinpal": {"merchant_id": "11111111-1111-4111-8111-111111111111"},
    "sep": {"terminal_id": "21000001"},
    "sadad": {"merchant_id": "000000140000001", "terminal_id": "24000001", "key": SADAD_KEY},
    "mellat": {"terminal_id": "1400001", "username": "portal", "password": "sandbox"},
    "zibal": {"merchant": "zibal"},
}

# gateway -> the credential by which the bank knows a terminal
IDENTITY: dict[str, str] = {
    "zarinpal": "merchant_id",
    "sep": "terminal_id",
    "sadad": "terminal_id",
    "mellat": "terminal_id",
    "zibal": "merchant",
}

DEMO_NAME = "سازمان بهزیستی کشور"


@dataclass(frozen=True)
class Terminal:
    """One merchant's terminal at one gateway.

    `options`: for sep `document` = `3.6` (default) or `4.1` (callback by GET with Token and RefNum),
    `receipt` = `off` (no Receipt service), `duplicate` = `full` (code 2 carries the detail); for sadad
    `payment_identities`, the deposit ids it accepts (none given: any digits).
    """

    gateway: str
    credentials: Mapping[str, str]
    name: str = DEMO_NAME
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """Merchant or terminal number."""
        return self.credentials[IDENTITY[self.gateway]]


class Terminals:
    """All terminals the bank knows; the demo's from the start."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Terminal] = {}
        for gateway, credentials in DEMO_CREDENTIALS.items():
            self.add({"gateway": gateway, "credentials": credentials})

    def add(self, row: Mapping[str, Any]) -> Terminal:
        """Add or replace one, given as `{gateway, credentials, name?, options?}`; ValueError when unfit."""
        gateway = str(row.get("gateway", ""))
        credentials = row.get("credentials")
        if gateway not in IDENTITY or not isinstance(credentials, Mapping):
            raise ValueError("a terminal is {gateway, credentials, name?, options?}")
        missing = set(DEMO_CREDENTIALS[gateway]) - set(credentials)
        if missing:
            raise ValueError(f"{gateway}: no {', '.join(sorted(missing))}")
        plain = {str(key): str(value) for key, value in credentials.items()}
        terminal = Terminal(gateway, plain, str(row.get("name") or DEMO_NAME), dict(row.get("options") or {}))
        self._known[gateway, terminal.identity] = terminal
        return terminal

    def read(self, path: Path) -> None:
        """Add those of a JSON file: a list of rows."""
        for row in json.loads(path.read_text(encoding="utf-8")):
            self.add(row)

    def find(self, gateway: str, identity: Any) -> Terminal | None:
        """The terminal with that merchant or terminal number, given as text or number."""
        return self._known.get((gateway, str(identity).strip()))
