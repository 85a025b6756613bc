"""Lines as the reader leaves them, in files of sources of every kind: written down, state new."""

from __future__ import annotations

import hashlib
import itertools
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from campaigns.models import Channel
from core.codes import new_tracking_code
from core.jalali import tehran_day
from core.models import User
from ledger.accounts import bank_code, clearing_code, receivable_code
from payments.enums import DayState, DiscrepancyKind, GatewayName, LineKind, LineState, LineWay, SourceKind
from payments.models import (
    Attempt,
    DayBalance,
    Discrepancy,
    DonorClaim,
    ManualDecision,
    MappingProfile,
    MatchSuggestion,
    Payout,
    StatementImport,
    StatementLine,
    StatementSource,
    Terminal,
)
from payments.services.matching import match_import
from provinces.enums import OfficeLevel
from provinces.models import Office

_numbers = itertools.count(1)


def source(
    kind: str, key: str, *, terminal: Terminal | None = None, office=None, **fields
) -> StatementSource:
    """A source with a profile of its own; its account fits its kind."""
    profile = MappingProfile.objects.create(key=f"profile-{key}", name=key, kind=kind, file_format="csv")
    account = {
        SourceKind.BANK: bank_code(key),
        SourceKind.GATEWAY_TRANSACTIONS: terminal and clearing_code(terminal.gateway, terminal.pk),
        SourceKind.GATEWAY_SETTLEMENT: terminal and clearing_code(terminal.gateway, terminal.pk),
    }.get(kind) or receivable_code(key)
    office = office or (terminal.office if terminal else Office.objects.get(level=OfficeLevel.HQ))
    return StatementSource.objects.create(
        key=key, name=key, kind=kind, profile=profile, office=office, account=account,
        gateway=terminal.gateway if terminal else "", terminal=terminal, **fields,
    )  # fmt: skip


def terminal(gateway: str = GatewayName.ZARINPAL) -> Terminal:
    return Terminal.objects.get(gateway=gateway)


def settlement(key: str = "settle", **fields) -> StatementSource:
    return source(
        SourceKind.GATEWAY_SETTLEMENT, key, terminal=fields.pop("terminal", None) or terminal(), **fields
    )


def report(key: str = "report", **fields) -> StatementSource:
    return source(
        SourceKind.GATEWAY_TRANSACTIONS, key, terminal=fields.pop("terminal", None) or terminal(), **fields
    )


def bank(key: str = "melli", **fields) -> StatementSource:
    return source(SourceKind.BANK, key, **fields)


def ussd(key: str = "ussd", **fields) -> StatementSource:
    channel = fields.pop("channel", None) or Channel.objects.filter(kind="ussd").first()
    return source(SourceKind.USSD, key, channel=channel, **fields)


def line(amount_rial: int, kind: str = LineKind.PAYMENT, *, at: datetime | None = None, **fields) -> dict:
    """What one line says."""
    return {"amount_rial": amount_rial, "kind": kind, "occurred_at": at or timezone.now(), **fields}


def line_of(attempt: Attempt, **fields) -> dict:
    """The line of an attempt as the gateway's file has it."""
    attempt = Attempt.objects.get(pk=attempt.pk)
    said = {"rrn": attempt.rrn, "reference": attempt.reference, "order_id": str(attempt.order_id)}
    return line(
        fields.pop("amount_rial", attempt.amount_rial),
        fields.pop("kind", LineKind.PAYMENT),
        at=fields.pop("at", None) or attempt.decided_at or attempt.created_at,
        **said | fields,
    )


def write(source: StatementSource, *lines: dict, at: datetime | None = None) -> StatementImport:
    """A file of these lines, read and not matched. A line that a file had before is there once."""
    number = next(_numbers)
    file = StatementImport.objects.create(
        source=source,
        sha256=f"{number:064x}",
        file_name=f"{number}.csv",
        file_path="",
        size_bytes=1,
        state="read",
    )
    if at:
        StatementImport.objects.filter(pk=file.pk).update(created_at=at)
    seen: dict[bytes, int] = {}
    for line_no, said in enumerate(lines, start=1):
        day = tehran_day(said["occurred_at"])
        content = repr(sorted(said.items())).encode()
        seen[content] = seen.get(content, 0) + 1
        fingerprint = hashlib.sha256(content + str(seen[content]).encode()).digest()[:16]
        StatementLine.objects.get_or_create(
            source=source, day=day, fingerprint=fingerprint,
            defaults={
                "first_import": file, "line_no": line_no, "content": hashlib.sha256(content).digest()[:16], **said
            },
        )  # fmt: skip
    return file


def bring(source: StatementSource, *lines: dict, at: datetime | None = None) -> StatementImport:
    """A file of these lines, matched and posted."""
    file = write(source, *lines, at=at)
    match_import(file.pk)
    file.refresh_from_db()
    return file


def days_ago(count: int, hour: int = 12) -> datetime:
    """A time on a past Tehran day."""
    return timezone.now().replace(hour=hour - 4, minute=0, second=0, microsecond=0) - timedelta(days=count)


def day_of(moment: datetime) -> date:
    return tehran_day(moment)


def reconciling_rows(terminal: Terminal, attempt: Attempt) -> dict[str, Any]:
    """One row of each model of reconciling, of the terminal's office, by label."""
    source = settlement(f"settle-{terminal.pk}", terminal=terminal)
    file = write(source, line(100_000, at=days_ago(1), payout_ref="P1"))
    row = StatementLine.objects.get(first_import=file)
    StatementLine.objects.filter(pk=row.pk).update(state=LineState.DIFFERS)
    payout = Payout.objects.create(
        source=source, ref="P0", first_day=row.day, day=row.day, lines=1, gross_rial=1, fee_rial=0, net_rial=1
    )
    lost = Discrepancy.objects.create(
        kind=DiscrepancyKind.PAYOUT_MISSING, subject=f"payout:{payout.pk}", source=source, day=row.day,
        payout=payout, our_rial=1,
    )  # fmt: skip
    Discrepancy.objects.create(
        kind=DiscrepancyKind.MISSING_HERE, subject=f"line:{row.pk}", source=source, day=row.day, line=row
    )
    claim = DonorClaim.objects.create(
        code=new_tracking_code(), amount_rial=100_000, day=row.day, last_digits="1234", mobile="+989121234567",
        mobile_hash="hash", fund_id="general", province=terminal.office.province,
    )  # fmt: skip
    decision = ManualDecision.objects.create(
        office=terminal.office, way=LineWay.DISCARD, line=row, amount_rial=row.amount_rial, reason="repeated",
        requested_by=User.objects.order_by("pk").first(),
    )  # fmt: skip
    suggestion = MatchSuggestion.objects.create(line=row, attempt=attempt, minutes_apart=1)
    balance = DayBalance.objects.create(
        office=terminal.office, account=source.account, day=row.day, state=DayState.DIFFERS
    )
    return {
        "payments.payout": payout, "payments.discrepancy": lost, "payments.donorclaim": claim,
        "payments.manualdecision": decision, "payments.matchsuggestion": suggestion,
        "payments.daybalance": balance,
    }  # fmt: skip
