"""ZarinPal v4 as the bank speaks it: 100, then 101 with the same ref_id; another amount is -50."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from payments.sandbox_bank.banks.base import (
    CARD_HASH,
    SMALLEST_RIAL,
    Answered,
    PracticeBank,
    Return,
    falsified,
    whole,
)
from payments.sandbox_bank.book import DuplicateOrder, Payment, State

_MESSAGES = {
    -9: "The input params invalid, validation error.",
    -10: "Terminal is not valid, please check merchant_id or ip address.",
    -14: "The callback URL domain does not match the registered terminal domain.",
    -50: "Session is not valid, amounts values is not the same.",
    -51: "Session is not valid, session is not active paid try.",
    -53: "Session is not this merchant_id session.",
    -54: "Invalid authority.",
    -61: "Session is not in success status or already reversed.",
}
_STATUS = {
    State.CREATED: "IN_BANK",
    State.PAID: "PAID",
    State.VERIFIED: "VERIFIED",
    State.FAILED: "FAILED",
    State.CANCELLED: "FAILED",
    State.AUTO_REVERSED: "REVERSED",
    State.REVERSED: "REVERSED",
    State.REFUNDED: "REVERSED",
}


class ZarinPalBank(PracticeBank):
    """Amounts in IRR unless the request says IRT."""

    gateway = "zarinpal"
    paths = {
        "/pg/v4/payment/request.json": "request",
        "/pg/v4/payment/verify.json": "verify",
        "/pg/v4/payment/inquiry.json": "look",
        "/pg/v4/payment/unVerified.json": "unverified",
        "/pg/v4/payment/reverse.json": "reverse",
    }
    handover_paths = (("GET", "/pg/StartPay/{token}"),)
    token_field = "token"
    callback_names = {"wrong_amount": (), "wrong_order": ("Authority",), "wrong_token": ("Authority",)}

    def refusal(self, call: str, code: str) -> Answered:
        return _error(int(code))

    def bent(self, call: str, kind: str, answered: Answered) -> Answered:
        if kind == "wrong_amount":
            return _error(-50)
        status, body = answered
        data = dict(body.get("data") or {})
        if kind == "wrong_token" and "authority" not in data:
            return _error(-53)
        name = "authority" if kind == "wrong_token" else "order_id"
        return status, body | {"data": data | {name: falsified(data.get(name) or "1000")}}

    def order_of(self, call: str, payload: Mapping[str, Any]) -> str:
        if call == "request":
            metadata = payload.get("metadata")
            return str(metadata.get("order_id", "")) if isinstance(metadata, dict) else ""
        payment = self.book.by_token(self.gateway, payload.get("authority"))
        return payment.order_id if payment else ""

    def way_back(self, payment: Payment) -> Return:
        fields = {"Authority": payment.token, "Status": "OK" if payment.paid else "NOK"}
        return Return("GET", payment.callback_url, fields)

    def _request(self, payload: Mapping[str, Any]) -> Answered:
        terminal = self.terminal(payload.get("merchant_id"))
        if terminal is None:
            return _error(-10)
        amount = whole(payload.get("amount"))
        currency = payload.get("currency") or "IRT"
        if amount is None or currency not in ("IRR", "IRT") or not payload.get("description"):
            return _error(-9)
        amount *= 10 if currency == "IRT" else 1
        if amount < SMALLEST_RIAL:
            return _error(-9)
        if not self.callback_allowed(payload.get("callback_url")):
            return _error(-14)
        token = "A" + secrets.token_hex(18)[:35].upper()
        metadata = payload.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        try:
            self.book.open(
                gateway=self.gateway,
                terminal=terminal.identity,
                order_id=str(metadata.get("order_id") or token),
                token=token,
                amount_rial=amount,
                callback_url=payload["callback_url"],
                description=str(payload["description"]),
                mobile=str(metadata.get("mobile") or ""),
                extra={"currency": currency},
            )
        except DuplicateOrder:  # stricter than the real one, which takes any order_id
            return _error(-9)
        return _ok(authority=token, fee_type="Merchant", fee=1200)

    def _verify(self, payload: Mapping[str, Any]) -> Answered:
        payment = self._payment(payload)
        if isinstance(payment, tuple):
            return payment
        if payment.state not in (State.PAID, State.VERIFIED):
            return _error(-51)
        amount = whole(payload.get("amount"))
        if (
            amount is None
            or amount * (10 if payment.extra["currency"] == "IRT" else 1) != payment.amount_rial
        ):
            return _error(-50)
        code = 101 if payment.state is State.VERIFIED else 100
        if code == 100:
            self.book.move(payment, State.VERIFIED)
        return _ok(
            code=code,
            message="Verified" if code == 101 else "Paid",
            ref_id=int(payment.reference),
            card_pan=payment.card,
            card_hash=CARD_HASH,
            fee_type="Merchant",
            fee=1200,
            order_id=payment.order_id,
        )

    def _look(self, payload: Mapping[str, Any]) -> Answered:
        payment = self._payment(payload)
        return payment if isinstance(payment, tuple) else _ok(status=_STATUS[payment.state])

    def _unverified(self, payload: Mapping[str, Any]) -> Answered:
        terminal = self.terminal(payload.get("merchant_id"))
        if terminal is None:
            return _error(-10)
        waiting = self.book.unclaimed(self.gateway, terminal.identity)
        rows = [
            {
                "authority": payment.token,
                "amount": payment.amount_rial,
                "callback_url": payment.callback_url,
                "referer": "",
                "date": payment.times[State.PAID],
            }
            for payment in waiting[-100:]
        ]
        return _ok(authorities=rows)

    def _reverse(self, payload: Mapping[str, Any]) -> Answered:
        payment = self._payment(payload)
        if isinstance(payment, tuple):
            return payment
        if payment.state is not State.VERIFIED:
            return _error(-61)
        self.book.move(payment, State.REVERSED)
        return _ok(message="Reversed")

    def _payment(self, payload: Mapping[str, Any]) -> Payment | Answered:
        terminal = self.terminal(payload.get("merchant_id"))
        if terminal is None:
            return _error(-10)
        payment = self.book.by_token(self.gateway, payload.get("authority"))
        if payment is None:
            return _error(-54)
        return payment if payment.terminal == terminal.identity else _error(-53)


def _ok(code: int = 100, message: str = "Success", **data: Any) -> Answered:
    return 200, {"data": {"code": code, "message": message, **data}, "errors": []}


def _error(code: int) -> Answered:
    error = {"code": code, "message": _MESSAGES.get(code, "Error"), "validations": []}
    return 422 if code == -9 else 200, {"data": [], "errors": error}
