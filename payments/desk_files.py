"""The accountant's lists as files: what stands on the page, and the numbers a bank asks for."""

from __future__ import annotations

from core.codes import show_code
from core.jalali import format_short
from core.listing import ListFile, sheet_time
from core.sheets import Cell
from payments import phrases
from payments.models import Attempt, DonorClaim, HeldMoney, Refund
from provinces.models import Province


def _place(province: Province | None) -> str:
    return province.name if province else str(phrases.NATIONAL)


def _payment(row: Attempt) -> list[Cell]:
    gift = row.donation
    return [
        show_code(gift.tracking_code), row.amount_rial, row.get_gateway_display(), gift.fund.name,
        _place(gift.province), str(row.order_id), row.reference, row.rrn, sheet_time(row.created_at),
        row.get_state_display(),
    ]  # fmt: skip


def _refund(row: Refund) -> list[Cell]:
    gift = row.attempt.donation
    return [
        show_code(gift.tracking_code), row.amount_rial, _place(gift.province), row.reason, str(row.requested_by or ""),
        sheet_time(row.requested_at), str(row.decided_by or ""), row.decision_reason, row.bank_reference,
        sheet_time(row.done_at), row.get_state_display(),
    ]  # fmt: skip


def _held(row: HeldMoney) -> list[Cell]:
    return [
        row.pk, row.get_kind_display(), row.amount_rial,
        show_code(row.attempt.donation.tracking_code) if row.attempt else "", row.reference,
        row.terminal.get_gateway_display(), _place(row.province), sheet_time(row.opened_at), str(row.owner or ""),
        row.get_state_display(),
    ]  # fmt: skip


def _claim(row: DonorClaim) -> list[Cell]:
    return [
        show_code(row.code), row.amount_rial, format_short(row.day), row.fund.name, _place(row.province),
        sheet_time(row.created_at), row.get_state_display(),
    ]  # fmt: skip


PAYMENTS = ListFile("payments", phrases.PAYMENT_HEADS, _payment)
REFUNDS = ListFile("refunds", phrases.REFUND_HEADS, _refund)
HELD = ListFile("unusual-money", phrases.HELD_HEADS, _held)
CLAIMS = ListFile("claims", phrases.CLAIM_HEADS, _claim)
