"""Money that the bank shows and the portal knows nothing of: an accountant writes its reference down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from core import audit
from core.errors import DomainError
from core.models import User
from core.outbox import promise_many
from payments.enums import HeldKind
from payments.models import BankReference, Callback, HeldMoney, Terminal
from payments.services.held_ways import terminal_key_of
from provinces.scoping import check_write

MISSING_HERE = "missing_here"  # cases.enums.CaseKind has the same code


@dataclass(frozen=True)
class Found:
    """What the bank's panel or statement shows. Rial; `note` says where it was seen and why it is ours."""

    terminal: Terminal
    reference: str
    amount_rial: int
    paid_at: datetime
    note: str
    callback: Callback | None = None


@transaction.atomic
def note_found(found: Found, *, actor: User) -> HeldMoney:
    """Write down money of an unknown reference; audited, with a case. Nothing is booked: that takes two people.

    DomainError: not_found, reason_required, reference_required, bad_amount, reference_known (the reference is booked,
    or written down before).
    """
    reference = found.reference.strip()[:64]
    province = found.terminal.office.province_id
    check_write(province)
    if not found.note.strip():
        raise DomainError("reason_required", field="note")
    if not reference:
        raise DomainError("reference_required", field="reference")
    if found.amount_rial <= 0:
        raise DomainError("bad_amount", field="amount")
    held = HeldMoney(
        kind=HeldKind.UNKNOWN_REFERENCE,
        terminal=found.terminal,
        province_id=province,
        amount_rial=found.amount_rial,
        reference=reference,
        paid_at=found.paid_at,
        note=found.note.strip()[:300],
        owner=actor,
        found_by=actor,
        found_in=found.callback,
    )
    booked = BankReference.objects.filter(
        gateway=found.terminal.gateway, terminal_key=terminal_key_of(found.terminal), reference=reference
    )
    if booked.exists():
        raise DomainError("reference_known", field="reference")
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:
        raise DomainError("reference_known", field="reference") from None
    audit.record(
        "held.found", held, actor=actor, province_code=province, reason=held.note,
        amount_rial=held.amount_rial, reference=reference, callback=found.callback and found.callback.pk,
    )  # fmt: skip
    promise_many(
        "cases.open_case",
        [
            {
                "kind": MISSING_HERE,
                "subject": held.source,
                "province": province or "",
                "gateway": found.terminal.gateway,
                "amount_rial": held.amount_rial,
            }
        ],
    )
    return held
