"""SEP as the bank speaks it: token, receipt (until verify, for an hour), verify by RefNum, reverse."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from payments.sandbox_bank.banks.base import (
    CARD_HASH,
    CARD_MASKED,
    Answered,
    PracticeBank,
    Return,
    falsified,
    whole,
)
from payments.sandbox_bank.book import MINUTE, DuplicateOrder, Payment, State

_RECEIPT_MINUTES = 60
_REVERSE_MINUTES = 50
# state -> (Status, State) of receipt and callback
_STATUS = {
    State.CREATED: ("0", "InProgress"),
    State.CANCELLED: ("1", "CanceledByUser"),
    State.FAILED: ("3", "Failed"),
}
_RESULTS = {
    0: "عملیات با موفقیت انجام شد",
    2: "درخواست تکراری می باشد",
    5: "تراکنش برگشت خورده می باشد",
    -2: "تراکنش یافت نشد",
    -6: "بیش از نیم ساعت از زمان اجرای تراکنش گذشته است",
    -105: "ترمینال ارسالی در سیستم موجود نمی باشد",
}


class SepBank(PracticeBank):
    """Documents 3.6 and 4.1; a terminal's option `document` chooses how the payer comes back."""

    gateway = "sep"
    paths = {
        "/onlinepg/onlinepg": "request",
        "/verifyTxnRandomSessionkey/api/v2/ipg/payment/receipt": "look",
        "/verifyTxnRandomSessionkey/ipg/VerifyTransaction": "verify",
        "/verifyTxnRandomSessionkey/ipg/ReverseTransaction": "reverse",
    }
    handover_paths = (
        ("POST", "/OnlinePG/OnlinePG"),
        ("GET", "/OnlinePG/OnlinePG"),
        ("GET", "/OnlinePG/SendToken"),
    )
    token_field = "token"
    callback_names = {
        "wrong_amount": ("Amount", "AffectiveAmount"),
        "wrong_order": ("ResNum",),
        "wrong_token": ("Token",),
    }

    def refusal(self, call: str, code: str) -> Answered:
        if call == "request":
            return _no_token(code, "")
        if call == "look":
            return _no_receipt(int(code))
        return _result(int(code))

    def bent(self, call: str, kind: str, answered: Answered) -> Answered:
        status, body = answered
        names = {"wrong_amount": "Amount", "wrong_order": "ResNum", "wrong_token": "Token"}
        part = "Data"
        if call in ("verify", "reverse"):
            names = {
                "wrong_amount": "OrginalAmount",
                "wrong_order": "RefNum",
                "wrong_token": "TerminalNumber",
            }
            part = "TransactionDetail"
        inner = dict(body.get(part) or {})
        if names[kind] in inner:
            inner[names[kind]] = falsified(inner[names[kind]])
        return status, body | (
            {part: inner} if part in body else {"token": falsified(body.get("token", "0"))}
        )

    def order_of(self, call: str, payload: Mapping[str, Any]) -> str:
        if call == "request":
            return str(payload.get("ResNum", ""))
        payment = self.book.by_reference(self.gateway, payload.get("RefNum"))
        payment = payment or self.book.by_token(self.gateway, payload.get("Token"))
        return payment.order_id if payment else ""

    def way_back(self, payment: Payment) -> Return:
        terminal = self.terminal(payment.terminal)
        options = terminal.options if terminal else {}
        if options.get("document") == "4.1":
            fields = {"Token": payment.token, "RefNum": payment.reference}
            return Return("GET", payment.callback_url, fields)
        method = "GET" if payment.extra.get("get_method") else "POST"
        return Return(method, payment.callback_url, _callback_fields(payment))

    def _request(self, payload: Mapping[str, Any]) -> Answered:
        terminal = self.terminal(payload.get("TerminalId"))
        if str(payload.get("action", "")).lower() != "token":
            return _no_token("5", "پارامترهای ارسالی نامعتبر است")
        if terminal is None:
            return _no_token("12", "ترمینال یافت نشد")
        amount = whole(payload.get("Amount"))
        order_id = str(payload.get("ResNum", ""))
        if not amount or not 0 < len(order_id) <= 50 or not self.callback_allowed(payload.get("RedirectUrl")):
            return _no_token("5", "پارامترهای ارسالی نامعتبر است")
        minutes = min(max(whole(payload.get("TokenExpiryInMin")) or 20, 20), 3600)
        token = secrets.token_hex(20)
        try:
            self.book.open(
                gateway=self.gateway,
                terminal=terminal.identity,
                order_id=order_id,
                token=token,
                amount_rial=amount,
                callback_url=payload["RedirectUrl"],
                mobile=str(payload.get("CellNumber") or ""),
                extra={f"ResNum{n}": payload[f"ResNum{n}"] for n in range(1, 5) if f"ResNum{n}" in payload},
                token_minutes=minutes,
            )
        except DuplicateOrder:
            return _no_token("5", "شماره خرید تکراری است")
        return 200, {"status": 1, "token": token}

    def _look(self, payload: Mapping[str, Any]) -> Answered:
        terminal = self.terminal(payload.get("TerminalNumber"))
        if terminal is None:
            return _no_receipt(12)
        if terminal.options.get("receipt") == "off":
            return 404, {}
        payment = self.book.by_token(self.gateway, payload.get("Token", ""))
        payment = payment or self.book.by_reference(self.gateway, payload.get("RefNum", ""))
        if payment is None or payment.terminal != terminal.identity:
            return _no_receipt(404)
        old = self.book.now() - payment.times[State.CREATED] >= _RECEIPT_MINUTES * MINUTE
        if old or payment.state in (State.VERIFIED, State.REVERSED, State.REFUNDED):
            return _no_receipt(404)
        return 200, {
            "HasError": False,
            "ErrorCode": 0,
            "ErrorMessage": None,
            "ValidationErrors": [],
            "Data": _receipt(payment),
        }

    def _verify(self, payload: Mapping[str, Any]) -> Answered:
        payment, code = self._payment(payload)
        if payment is None:
            return _result(code)
        if payment.state is State.PAID:
            self.book.move(payment, State.VERIFIED)
            return _result(0, payment)
        if payment.state is State.VERIFIED:
            terminal = self.terminal(payment.terminal)
            full = terminal is not None and terminal.options.get("duplicate") == "full"
            return _result(2, payment if full else None)
        return _result(-6 if payment.state is State.AUTO_REVERSED else 5)

    def _reverse(self, payload: Mapping[str, Any]) -> Answered:
        payment, code = self._payment(payload)
        if payment is None:
            return _result(code)
        if payment.state is State.VERIFIED:
            if self.book.now() - payment.times[State.PAID] > _REVERSE_MINUTES * MINUTE:
                return _result(-6)
            self.book.move(payment, State.REVERSED)
            return _result(0, payment)
        return _result(-2 if payment.state is State.PAID else 5)

    def _payment(self, payload: Mapping[str, Any]) -> tuple[Payment | None, int]:
        terminal = self.terminal(payload.get("TerminalNumber"))
        if terminal is None:
            return None, -105
        payment = self.book.by_reference(self.gateway, payload.get("RefNum", ""))
        if payment is None or payment.terminal != terminal.identity:
            return None, -2
        return payment, 0

    def _new_reference(self, rrn: str) -> str:
        return "Gm" + secrets.token_hex(12) + rrn


def _callback_fields(payment: Payment) -> dict[str, str]:
    status, state = _STATUS.get(payment.state, ("2", "OK"))
    return {
        "MID": payment.terminal,
        "TerminalId": payment.terminal,
        "State": state,
        "Status": status,
        "RefNum": payment.reference,
        "ResNum": payment.order_id,
        "RRN": payment.rrn,
        "TraceNo": payment.trace_no,
        "Amount": str(payment.amount_rial) if payment.paid else "0",
        "AffectiveAmount": str(payment.amount_rial) if payment.paid else "0",
        "Wage": "",
        "SecurePan": payment.card,
        "HashedCardNumber": CARD_HASH if payment.paid else "",
        "Token": payment.token,
    }


def _receipt(payment: Payment) -> dict[str, Any]:
    status, state = _STATUS.get(payment.state, ("2", "OK"))
    paid = payment.paid
    return {
        "State": state,
        "Status": int(status),
        "TerminalId": int(payment.terminal) if payment.terminal.isdigit() else payment.terminal,
        "Token": payment.token,
        "RefNum": payment.reference if paid else None,
        "ResNum": payment.order_id if paid else None,
        "TraceNo": payment.trace_no if paid else None,
        "Amount": payment.amount_rial if paid else 0,
        "AffectiveAmount": payment.amount_rial if paid else 0,
        "Rrn": payment.rrn if paid else None,
        "HashedCardNumber": CARD_HASH if paid else None,
    }


def _no_token(code: str, why: str) -> Answered:
    return 200, {"status": -1, "errorCode": code, "errorDesc": why}


def _no_receipt(code: int) -> Answered:
    body = {"HasError": True, "ErrorCode": code, "ErrorMessage": "", "ValidationErrors": [], "Data": None}
    return 404 if code == 404 else 200, body


def _result(code: int, payment: Payment | None = None) -> Answered:
    detail = None
    if payment is not None:
        detail = {
            "RRN": payment.rrn,
            "RefNum": payment.reference,
            "MaskedPan": CARD_MASKED,
            "HashedPan": CARD_HASH,
            "TerminalNumber": int(payment.terminal) if payment.terminal.isdigit() else payment.terminal,
            "OrginalAmount": payment.amount_rial,
            "AffectiveAmount": payment.amount_rial,
            "StraceDate": "",
            "StraceNo": payment.trace_no,
        }
    return 200, {
        "TransactionDetail": detail,
        "ResultCode": code,
        "ResultDescription": _RESULTS.get(code, ""),
        "Success": code == 0,
    }
