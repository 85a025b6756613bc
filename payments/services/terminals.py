"""Which gateways can be used now, and through which terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core.gateway_addresses import base_url
from core.jalali import tehran_today
from core.reference import remembered
from ledger.accounts import clearing_code, ensure_account
from ledger.enums import AccountType
from payments.enums import GatewayName
from payments.gateways import GATEWAYS
from payments.gateways.base import Gateway, TerminalAccess
from payments.models import DepositIdentifier, GatewaySetting, Terminal
from payments.services.credentials import credentials_of
from payments.services.health import resting
from provinces.enums import OfficeLevel
from provinces.models import Office
from provinces.scoping import all_provinces


@dataclass(frozen=True)
class Route:
    """A gateway that may be asked for a token, and the terminal to ask through."""

    gateway: Gateway
    terminal: Terminal


def open_terminal(
    office: Office,
    gateway: str,
    *,
    label: str,
    valid_from: date,
    valid_until: date | None = None,
    credentials: dict | None = None,
    settlement_iban: str = "",
) -> Terminal:
    """Register an office's terminal and its clearing account; repeating returns the active one.

    Asks no second person: it is for the first terminals, which seeding and the demo's environment make, and for
    what an approved proposal makes (`payments.services.proposals`). People propose.
    """
    with transaction.atomic():
        terminal, _ = Terminal.objects.get_or_create(
            office=office,
            gateway=gateway,
            is_active=True,
            defaults={
                "label": label,
                "valid_from": valid_from,
                "valid_until": valid_until,
                "settlement_iban": settlement_iban,
                "credentials": json.dumps(credentials) if credentials else "",
            },
        )
        ensure_account(clearing_code(gateway, terminal.pk), f"تسویهٔ {label}", AccountType.ASSET)
    return terminal


def access_to(terminal: Terminal, version: int | None = None) -> TerminalAccess:
    """Address and credentials of a terminal, read anew at each call; for something begun earlier with the
    `version` of its attempt.

    Headquarters' terminal without credentials of its own takes those of GATEWAY_<NAME>_CREDENTIALS, or those
    of the sandbox bank where one runs.
    """
    return TerminalAccess(
        terminal.gateway,
        base_url(terminal.gateway),
        credentials_of(terminal, version),
        {"connect_timeout": settings.GATEWAY_CONNECT_TIMEOUT, "read_timeout": settings.GATEWAY_READ_TIMEOUT},
    )


def routes_for(amount_rial: int, province: str | None, prefer: str = "") -> list[Route]:
    """The gateways that may take this amount now, the preferred one first, then by priority; a gateway that
    rests after failures comes last instead of not at all, so that a rest never closes the door."""
    usable = [
        Route(GATEWAYS[s.name], terminal)
        for s in _switched_on()
        if s.name in GATEWAYS
        and s.least_rial <= amount_rial <= s.most_rial
        and (terminal := _terminal(s.name, province)) is not None
    ]
    tired = resting(route.gateway.name for route in usable)
    return sorted(usable, key=lambda r: (r.gateway.name in tired, r.gateway.name != prefer))


@remembered(GatewaySetting)
def _switched_on() -> tuple[GatewaySetting, ...]:
    return tuple(GatewaySetting.objects.filter(is_enabled=True))


def is_usable(gateway: str, amount_rial: int, province: str | None) -> bool:
    """May a donor be sent to this gateway now?"""
    return any(
        route.gateway.name == gateway and not resting([gateway])
        for route in routes_for(amount_rial, province)
    )


@remembered(Terminal)
@all_provinces("asking through an attempt's own terminal")
def find_terminal(terminal_id: int) -> Terminal:
    """A terminal by its id, whether or not it still takes gifts."""
    return Terminal.objects.get(pk=terminal_id)


@remembered(DepositIdentifier)
@all_provinces("the deposit id that goes with a payment")
def deposit_id(terminal_id: int, fund: str) -> str:
    """What the bank or the treasury gave this terminal for this fund; "" where there is none."""
    found = DepositIdentifier.objects.filter(terminal=terminal_id, fund=fund)
    return found.values_list("value", flat=True).first() or ""


def is_known(gateway: str) -> bool:
    return gateway in GatewayName.values


@remembered(Terminal, Office)
@all_provinces("which terminal takes a gift")
def _terminal(gateway: str, province: str | None) -> Terminal | None:
    """The province's own terminal where it has one, else headquarters'."""
    today = tehran_today()
    found = Terminal.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        Q(office__level=OfficeLevel.HQ) | Q(office__level=OfficeLevel.PROVINCE, office__province=province),
        gateway=gateway,
        is_active=True,
        valid_from__lte=today,
    ).select_related("office")
    return min(found, key=lambda terminal: terminal.office.level == OfficeLevel.HQ, default=None)
