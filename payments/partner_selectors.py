"""Reading what partners reported, and what their files told before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from core.errors import DomainError
from core.jalali import tehran_day
from donations.enums import DonationStatus
from donations.models import Donation
from donations.selectors import receipt_of
from payments.enums import KeyMode
from payments.models import Partner, PartnerKey, PartnerRehearsal, PartnerTransaction, StatementLine
from payments.partner_lines import Reported

_A_DAY = timedelta(days=1)  # an operator's business day need not end at midnight


@dataclass(frozen=True)
class TransactionState:
    """What became of a reported gift. `gift` is None for a rehearsal."""

    partner_txn_id: str
    status: str
    tracking_code: str
    amount_rial: int
    paid_at: datetime
    gift: Donation | None = None

    @property
    def receipt(self):
        return receipt_of(self.gift) if self.gift else None


def transaction_state(key: PartnerKey, txn_id: str) -> TransactionState:
    """The state of one of the partner's transactions, in the world of this key (one query).

    DomainError("unknown_transaction", 404) for what was never reported here.
    """
    where = {"partner": key.partner_id, "partner_txn_id": txn_id}
    if key.mode == KeyMode.SANDBOX:
        row = PartnerRehearsal.objects.filter(**where).first()
        if row is not None:
            return TransactionState(
                txn_id, DonationStatus.RECEIVED, row.tracking_code, row.amount_rial, row.paid_at
            )
    else:
        row = PartnerTransaction.objects.filter(**where).select_related("donation__receipt").first()
        if row is not None:
            gift = row.donation
            return TransactionState(
                txn_id, gift.status, gift.tracking_code, row.amount_rial, row.paid_at, gift
            )
    raise DomainError("unknown_transaction", status=404)


def demo_keys() -> list[PartnerKey]:
    """The keys of the demo's own partner that are not revoked, newest first; their secrets are no secrets."""
    return list(PartnerKey.objects.filter(partner__is_demo=True, revoked_at=None).order_by("-pk"))


def gifts_known_by_file(partner: Partner, lines: Sequence[Reported]) -> dict[str, int]:
    """{partner_txn_id: donation id} of reports whose money a file of the partner has already brought (one or two
    queries): the same transaction number, or the same RRN, with the same amount, at most a day apart. A gift that
    another report stands for is not given twice."""
    if not lines:
        return {}
    days = [tehran_day(line.paid_at) for line in lines]
    txn_ids = {line.partner_txn_id for line in lines}
    rrns = {form for line in lines if line.rrn for form in _forms(line.rrn)}
    found = StatementLine.objects.filter(
        Q(order_id__in=txn_ids) | Q(reference__in=txn_ids) | Q(rrn__in=rrns),
        source__key=partner.source_key,
        day__range=(min(days) - _A_DAY, max(days) + _A_DAY),
        donation_id__isnull=False,
    ).values_list("order_id", "reference", "rrn", "amount_rial", "day", "donation_id")
    by_name: dict[tuple[str, int], list] = {}
    for order_id, reference, rrn, amount_rial, day, donation_id in found:
        for name in {order_id, reference, _rrn(rrn)} - {""}:
            by_name.setdefault((name, amount_rial), []).append((day, donation_id))
    if not by_name:
        return {}
    taken = set(
        PartnerTransaction.objects.filter(
            donation__in={donation for rows in by_name.values() for _, donation in rows}
        ).values_list("donation_id", flat=True)
    )
    known: dict[str, int] = {}
    for line, day in zip(lines, days, strict=True):
        for name in (line.partner_txn_id, _rrn(line.rrn)):
            for other_day, donation_id in by_name.get((name, line.amount_rial), ()):
                if donation_id not in taken and abs(other_day - day) <= _A_DAY:
                    known.setdefault(line.partner_txn_id, donation_id)
                    taken.add(known[line.partner_txn_id])
    return known


def _rrn(rrn: str) -> str:
    """An RRN by which two writings of it are equal; files lose leading zeros. "" for none."""
    return f"rrn:{rrn.lstrip('0')}" if rrn else ""


def _forms(rrn: str) -> set[str]:
    bare = rrn.lstrip("0")
    return {rrn, bare, bare.zfill(12)}
