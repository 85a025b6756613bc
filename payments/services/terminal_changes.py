"""What a terminal is, what somebody wants it to be, and writing the one over the other.

Only `payments.services.proposals` writes a terminal's account; the switch is one person's and immediate.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction

from core import audit
from core.errors import DomainError
from core.identifiers import mask_iban, parse_iban
from core.models import User
from payments.gateways import GATEWAYS
from payments.models import DepositIdentifier, RetiredCredentials, Terminal, TerminalProposal
from payments.services.credentials import credentials_of
from provinces.scoping import check_write

HIDDEN = "••••"


@dataclass(frozen=True)
class TerminalFacts:
    """All that may differ of a terminal. `deposit_ids`: fund code → id; `credentials` None: those there are stay."""

    label: str
    valid_from: date
    valid_until: date | None = None
    settlement_iban: str = ""
    deposit_ids: dict[str, str] = field(default_factory=dict)
    credentials: dict[str, str] | None = None

    def to_json(self) -> str:
        return json.dumps(vars(self), default=date.isoformat)

    @classmethod
    def from_json(cls, text: str) -> TerminalFacts:
        read = json.loads(text)
        days = {name: read[name] and date.fromisoformat(read[name]) for name in ("valid_from", "valid_until")}
        return cls(**read | days)


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


def facts_of(terminal: Terminal) -> TerminalFacts:
    """A terminal as it is, without its credentials."""
    return TerminalFacts(
        terminal.label,
        terminal.valid_from,
        terminal.valid_until,
        terminal.settlement_iban,
        dict(terminal.deposit_ids.values_list("fund_id", "value")),
    )


def check_facts(facts: TerminalFacts) -> None:
    """DomainError: bad_period, bad_iban, bad_deposit_id, bad_credentials; `field` says where."""
    if facts.valid_until is not None and facts.valid_until < facts.valid_from:
        raise DomainError("bad_period", field="valid_until")
    if facts.settlement_iban and parse_iban(facts.settlement_iban) != facts.settlement_iban:
        raise DomainError("bad_iban", field="settlement_iban")
    for fund, value in facts.deposit_ids.items():
        if not re.fullmatch("[0-9]{1,30}", value):
            raise DomainError("bad_deposit_id", field=f"deposit_{fund}")
    if facts.credentials is not None:
        parse_credentials(json.dumps(facts.credentials))


def differences(terminal: Terminal | None, gateway: str, wanted: TerminalFacts) -> list[dict[str, str]]:
    """What would change, for people's eyes: `field`, `name` (of a fund or a credential), `before`, `after`.

    Days are ISO. Accounts and deposit ids show their last digits, the credential that names the terminal at the
    bank too; of the other credentials only that they change.
    """
    before = facts_of(terminal) if terminal else TerminalFacts("", None)
    rows = [
        _row(name, "", str(old or ""), str(new or ""))
        for name in ("label", "valid_from", "valid_until")
        if (old := getattr(before, name)) != (new := getattr(wanted, name))
    ]
    if before.settlement_iban != wanted.settlement_iban:
        ibans = [iban and mask_iban(iban) for iban in (before.settlement_iban, wanted.settlement_iban)]
        rows.append(_row("settlement_iban", "", *ibans))
    rows += [
        _row("deposit_ids", fund, *map(_tail, pair))
        for fund, pair in _pairs(before.deposit_ids, wanted.deposit_ids)
    ]
    if wanted.credentials is not None:
        present = credentials_of(terminal) if terminal else {}
        key = GATEWAYS[gateway].terminal_key
        rows += [
            _row("credentials", name, *[_tail(v) if name == key else v and HIDDEN for v in pair])
            for name, pair in _pairs(present, wanted.credentials)
        ]
    return rows


def _pairs(old: dict[str, str], new: dict[str, str]) -> list[tuple[str, tuple[str, str]]]:
    """The names whose value differs, with what it is and what it would be."""
    names = dict.fromkeys([*old, *new])
    return [(n, (old.get(n, ""), new.get(n, ""))) for n in names if old.get(n, "") != new.get(n, "")]


def _row(field: str, name: str, before: str, after: str) -> dict[str, str]:
    return {"field": field, "name": name, "before": before, "after": after}


def _tail(value: str) -> str:
    """The last half, four characters at most: enough to compare with a letter of the bank."""
    seen = min(4, len(value) // 2)
    return value and HIDDEN + value[len(value) - seen :]


def write_facts(terminal: Terminal, wanted: TerminalFacts, proposal: TerminalProposal) -> None:
    """Write an approved proposal over a locked terminal; credentials that change are retired, not lost.

    Inside the transaction that approves, after the proposal was saved as approved: the database asks for it.
    """
    fields = ["label", "valid_from", "valid_until", "settlement_iban"]
    for name in fields:
        setattr(terminal, name, getattr(wanted, name))
    if wanted.credentials is not None and wanted.credentials != credentials_of(terminal):
        RetiredCredentials.objects.create(
            terminal=terminal,
            version=terminal.credentials_version,
            credentials=terminal.credentials,
            valid_until=TransactionNow(),
            proposal=proposal,
        )
        terminal.credentials = json.dumps(wanted.credentials)
        terminal.credentials_version += 1
        fields += ["credentials", "credentials_version"]
    terminal.save(update_fields=fields)
    write_deposit_ids(terminal, wanted.deposit_ids)


def write_deposit_ids(terminal: Terminal, wanted: dict[str, str]) -> None:
    """Make a terminal's deposit ids these and no others."""
    for row in DepositIdentifier.objects.filter(terminal=terminal).exclude(fund__in=wanted):
        row.delete()
    for fund, value in wanted.items():
        DepositIdentifier.objects.update_or_create(terminal=terminal, fund_id=fund, defaults={"value": value})


@transaction.atomic
def switch_terminal(terminal: Terminal, *, is_active: bool, actor: User, reason: str) -> Terminal:
    """Switch a terminal off or on, at once and alone: a kill switch waits for nobody. Audited; repeatable.

    On again it is the terminal that two people agreed on before. DomainError: not_found, reason_required,
    terminal_exists (the office has another active one).
    """
    row = Terminal.objects.select_for_update(of=("self",), no_key=True).filter(pk=terminal.pk).first()
    if row is None:
        raise DomainError("not_found", status=404)
    check_write(row.office.province_id, row.office.county_id)
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    others = Terminal.objects.filter(office=row.office, gateway=row.gateway, is_active=True)
    if is_active and others.exclude(pk=row.pk).exists():
        raise DomainError("terminal_exists")
    if row.is_active != is_active:
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        record("terminal.on" if is_active else "terminal.off", row, actor, reason=reason.strip()[:300])
    return row


def record(action: str, terminal: Terminal, actor: User, *, reason: str = "", **data) -> None:
    """An audit entry about a terminal; `data` names fields, never values."""
    audit.record(
        action,
        terminal,
        actor=actor,
        province_code=terminal.office.province_id,
        reason=reason,
        gateway=terminal.gateway,
        office=terminal.office_id,
        **data,
    )
