"""Terminals as administrators change them: checked, audited, credentials written and never read back."""

from __future__ import annotations

import json
from datetime import date

from django.db import transaction

from core import audit
from core.errors import DomainError
from core.models import User
from payments.models import Terminal
from payments.services.terminals import open_terminal
from provinces.models import Office
from provinces.scoping import check_write


def parse_credentials(typed: str) -> dict[str, str]:
    """A JSON object of texts, as the gateway's adapter expects; DomainError("bad_credentials") otherwise.

    The error never holds what was typed.
    """
    try:
        value = json.loads(typed)
    except ValueError:
        raise DomainError("bad_credentials", field="credentials") from None
    if not isinstance(value, dict) or not value or not all(isinstance(v, str) and v for v in value.values()):
        raise DomainError("bad_credentials", field="credentials")
    return value


@transaction.atomic
def add_terminal(
    office: Office,
    gateway: str,
    *,
    label: str,
    valid_from: date,
    credentials: dict[str, str] | None,
    actor: User,
) -> Terminal:
    """An office's terminal with its clearing account; audited. DomainError: terminal_exists, not_found."""
    check_write(office.province_id, office.county_id)
    if Terminal.objects.filter(office=office, gateway=gateway, is_active=True).exists():
        raise DomainError("terminal_exists", field="gateway")
    terminal = open_terminal(office, gateway, label=label, valid_from=valid_from, credentials=credentials)
    _record("terminal.add", terminal, actor, has_credentials=bool(credentials))
    return terminal


@transaction.atomic
def change_terminal(
    terminal: Terminal,
    *,
    label: str,
    is_active: bool,
    valid_from: date,
    valid_until: date | None,
    credentials: dict[str, str] | None,
    actor: User,
) -> Terminal:
    """Change what may be changed of a terminal; audited by name, without values. No credentials: they stay.

    Office and gateway never change: attempts and the clearing account belong to them. DomainError:
    bad_period, terminal_exists (another is active), not_found.
    """
    row = Terminal.objects.select_for_update(of=("self",)).filter(pk=terminal.pk).first()
    if row is None:
        raise DomainError("not_found", status=404)
    check_write(row.office.province_id, row.office.county_id)
    if valid_until is not None and valid_until < valid_from:
        raise DomainError("bad_period", field="valid_until")
    others = Terminal.objects.filter(office=row.office, gateway=row.gateway, is_active=True).exclude(
        pk=row.pk
    )
    if is_active and others.exists():
        raise DomainError("terminal_exists", field="is_active")
    wanted = {"label": label, "is_active": is_active, "valid_from": valid_from, "valid_until": valid_until}
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if credentials:
        row.credentials = json.dumps(credentials)
        changed.append("credentials")
    if changed:
        row.save(update_fields=changed)
        _record("terminal.change", row, actor, changed=changed)
    return row


def _record(action: str, terminal: Terminal, actor: User, **data) -> None:
    audit.record(
        action,
        terminal,
        actor=actor,
        province_code=terminal.office.province_id,
        gateway=terminal.gateway,
        office=terminal.office_id,
        **data,
    )
