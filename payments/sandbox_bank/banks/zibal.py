"""Zibal as the bank speaks it: 100, then 201 without amount and reference; the inquiry says them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from payments.sandbox_bank.banks.base import (
    CARD_HASH,
    CARD_MASKED,
    SMALLEST_RIAL,
    Answered,
    PracticeBank,
    Return,
    digits,
    falsified,
    whole,
)
from payments.sandbox_bank.book import DuplicateOrder, Payment, State

_STATUS = {
    State.CREATED: -1,
    State.PAID: 2,
    State.VERIFIED: 1,
    State.CANCELLED: 3,
    State.FAILED: 9,
    State.AUTO_REVERSED: 18,
    State.REVERSED: 18,
    State.REFUNDED: 15,
}
_MESSAGES = {100: "success", 201: "already verified", 202: "order is not paid or unsuccessful"}


class ZibalBank(PracticeBank):
    """The trackId is a number."""

    gateway = "zibal"
    paths = {"/v1/request": "request", "/v1/verify": "verify", "/v1/inquiry": "look"}
    handover_paths = (("GET", "/start/{token}"), ("GET", "/start/{token}/direct"))
    token_field = "token"
    callback_names = {"wrong_amount": (), "wrong_order": ("orderId",), "wrong_token": ("trackId",)}

    def refusal(self, call: str, code: str) -> Answered:
        return _said(int(code))

    def bent(self, call: str, kind: str, answered: Answered) -> Answered:
        status, body = answered
        name = {"wrong_amount": "amount", "wrong_order": "orderId", "wrong_token": "trackId"}[kind]
        if name not in body:
            return _said(203) if kind == "wrong_token" else answered
        return status, body | {name: falsified(body[name])}

    def order_of(self, call: str, payload: Mapping[str, Any]) -> str:
        if call == "request":
            return str(payload.get("orderId", ""))
        payment = self.book.by_token(self.gateway, payload.get("trackId"))
        return payment.order_id if payment else ""

    def way_back(self, payment: Payment) -> Return:
        fields = {
            "success": "1" if payment.paid else "0",
            "trackId": payment.token,
            "orderId": payment.order_id,
            "status": str(_STATUS[payment.state]),
        }
        return Return("GET", payment.callback_url, fields)

    def _request(self, payload: Mapping[str, Any]) -> Answered:
        terminal = self.terminal(payload.get("merchant"))
        if terminal is None:
            return _said(102)
        amount = whole(payload.get("amount"))
        if amount is None or amount <= SMALLEST_RIAL:
            return _said(105)
        if not self.callback_allowed(payload.get("callbackUrl")):
            return _said(106)
        token = digits(11)
        try:
            self.book.open(
                gateway=self.gateway,
                terminal=terminal.identity,
                order_id=str(payload.get("orderId") or token),
                token=token,
                amount_rial=amount,
                callback_url=payload["callbackUrl"],
                description=str(payload.get("description") or ""),
                mobile=str(payload.get("mobile") or ""),
            )
        except DuplicateOrder:  # stricter than the real one, which takes any orderId
            return _said(113)
        return _said(100, trackId=int(token))

    def _verify(self, payload: Mapping[str, Any]) -> Answered:
        payment, code = self._payment(payload)
        if payment is None:
            return _said(code)
        if payment.state is State.PAID:
            self.book.move(payment, State.VERIFIED)
            return _said(100, **_facts(payment))
        if payment.state is State.VERIFIED:
            return _said(201)
        return _said(202, status=_STATUS[payment.state])

    def _look(self, payload: Mapping[str, Any]) -> Answered:
        payment, code = self._payment(payload)
        if payment is None:
            return _said(code)
        more = {"createdAt": _moment(payment, State.CREATED), "verifiedAt": _moment(payment, State.VERIFIED)}
        return _said(100, **_facts(payment), **more, wage=0)

    def _payment(self, payload: Mapping[str, Any]) -> tuple[Payment | None, int]:
        terminal = self.terminal(payload.get("merchant"))
        if terminal is None:
            return None, 102
        payment = self.book.by_token(self.gateway, payload.get("trackId"))
        if payment is None or payment.terminal != terminal.identity:
            return None, 203
        return payment, 100


def _facts(payment: Payment) -> dict[str, Any]:
    return {
        "paidAt": _moment(payment, State.PAID),
        "amount": payment.amount_rial,
        "status": _STATUS[payment.state],
        "refNumber": int(payment.reference) if payment.paid else None,
        "cardNumber": CARD_MASKED if payment.paid else None,
        "hashedCardNumber": CARD_HASH if payment.paid else None,
        "orderId": payment.order_id,
        "description": payment.description,
        "multiplexingInfos": [],
    }


def _moment(payment: Payment, state: State) -> str | None:
    at = payment.times.get(state)
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()


def _said(result: int, **more: Any) -> Answered:
    return 200, {"result": result, "message": _MESSAGES.get(result, "error"), **more}
