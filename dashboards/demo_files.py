"""The files that gateways, operators and the bank would send about the demo's month, as bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.jalali import TEHRAN, to_jalali

TERMINAL = "00990001"
CARD = "603799******{:04d}"


@dataclass(frozen=True)
class Paid:
    """A payment as whoever took it tells of it; `number` makes its references."""

    number: int
    at: datetime
    rial: int
    kind: str = "payment"
    payout: str = ""
    fee_rial: int = 0
    token: str = ""
    order: str = ""
    rrn: str = ""
    txn: str = ""


@dataclass(frozen=True)
class AtBank:
    """A line of the bank's statement: positive came in, negative went out."""

    at: datetime
    rial: int
    text: str
    payout: str = ""
    trace: str = ""
    card: str = ""


def zibal_report(rows: Iterable[Paid]) -> bytes:
    heading = ["amount", "paidAt", "trackId", "orderId", "status", "refNumber", "cardNumber", "description"]
    return _csv(
        heading,
        [
            [p.rial, _utc_like(p.at), p.token, p.order, 1, p.rrn, CARD.format(p.number % 10_000), ""]
            for p in rows
        ],
    )


def zibal_settlement(rows: Iterable[Paid]) -> bytes:
    """Payments, fees, reversals and the payouts' own lines."""
    heading = [
        "createdAt", "amount", "wage", "type", "transactionId", "transactionOrderId", "checkoutRequestId", "uniqueCode",
    ]  # fmt: skip
    types = {"payment": "payment", "reversal": "refund", "fee": "wage", "payout": "settlement"}
    return _csv(
        heading,
        [
            [_utc_like(p.at), p.rial, p.fee_rial, types[p.kind], p.token, p.order, p.payout, p.rrn]
            for p in rows
        ],
    )


def ussd(rows: Iterable[Paid]) -> bytes:
    heading = [
        "partner_txn_id", "rrn", "trace_no", "terminal_id", "amount_rial", "short_code", "paid_at", "ساعت", "status",
        "masked_pan", "settlement_batch", "fee",
    ]  # fmt: skip
    return _csv(
        heading,
        [
            [
                p.txn, p.rrn, f"{p.number % 10**6:06}", TERMINAL, p.rial, "*733*7*9#", _day(p.at), _clock(p.at),
                "برگشت" if p.kind == "reversal" else "موفق", CARD.format(p.number % 10_000), p.payout, p.fee_rial,
            ]
            for p in rows
        ],
    )  # fmt: skip


def app(rows: Iterable[Paid]) -> bytes:
    """In tomans, with tries that failed among them."""
    heading = [
        "partner_txn_id", "rrn", "trace_no", "مبلغ (تومان)", "campaign", "paid_at", "ساعت", "status", "masked_pan",
        "settlement_batch", "کارمزد (تومان)",
    ]  # fmt: skip
    return _csv(
        heading,
        [
            [
                p.txn, p.rrn, f"{p.number % 10**6:06}", p.rial // 10, "", _day(p.at), _clock(p.at),
                "ناموفق" if p.kind == "failed" else "موفق", CARD.format(p.number % 10_000), p.payout, p.fee_rial // 10,
            ]
            for p in rows
        ],
    )  # fmt: skip


def pos(rows: Iterable[Paid]) -> bytes:
    """Fixed text of 73 characters."""
    return "".join(
        f"{TERMINAL}{_digits(p.at)}{p.number % 10**6:06}{p.rrn}{CARD.format(p.number % 10_000)}00{p.rial:015}\r\n"
        for p in rows
    ).encode()


def bank(rows: Sequence[AtBank], opening_rial: int) -> bytes:
    """Debit, credit and a balance that runs on."""
    heading = [
        "تاریخ", "ساعت", "شماره سند", "شرح", "بدهکار", "بستانکار", "مانده", "شماره پیگیری", "کارت مبدا", "شماره پایا",
    ]  # fmt: skip
    lines, balance = [], opening_rial
    for number, row in enumerate(rows, 1):
        balance += row.rial
        lines.append(
            [
                _day(row.at), _clock(row.at), 80_000 + number, row.text, max(-row.rial, 0), max(row.rial, 0), balance,
                row.trace, row.card, row.payout,
            ]
        )  # fmt: skip
    return _csv(heading, lines)


def _csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _day(at: datetime) -> str:
    jalali = to_jalali(_tehran(at).date())
    return f"{jalali.year}/{jalali.month:02}/{jalali.day:02}"


def _digits(at: datetime) -> str:
    return _day(at).replace("/", "") + _clock(at).replace(":", "")


def _clock(at: datetime) -> str:
    return _tehran(at).strftime("%H:%M:%S")


def _utc_like(at: datetime) -> str:
    """As Zibal writes it: Gregorian, Tehran's clock."""
    return _tehran(at).strftime("%Y/%m/%d-%H:%M:%S")


def _tehran(at: datetime) -> datetime:
    return at.astimezone(TEHRAN)


def day_of(at: datetime) -> date:
    """The Tehran day of a moment."""
    return _tehran(at).date()
