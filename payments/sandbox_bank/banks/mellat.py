"""Behpardakht Mellat as the bank speaks it: SOAP, one `return`, verify then settle, 41/43/45/48."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from payments.sandbox_bank.banks.base import (
    CARD_MASKED,
    SMALLEST_RIAL,
    Answered,
    PracticeBank,
    Return,
    falsified,
    whole,
)
from payments.sandbox_bank.book import MINUTE, DuplicateOrder, Payment, State
from payments.sandbox_bank.terminals import Terminal

NAMESPACE = "http://interfaces.core.sw.bps.com/"
_METHODS = {
    "bpPayRequest": "request",
    "bpVerifyRequest": "verify",
    "bpSettleRequest": "settle",
    "bpVerifySettleRequest": "verify_settle",
    "bpInquiryRequest": "look",
    "bpReversalRequest": "reverse",
    "bpSaleReferenceIdRequest": "sale_reference",
}
_CALLS = {call: method for method, call in _METHODS.items()}
_FAULT = "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>bad request</faultstring></soap:Fault>"
_REVERSAL_MINUTES = 180
_BACK = (State.AUTO_REVERSED, State.REVERSED, State.REFUNDED)
_UNPAID = (State.CREATED, State.FAILED, State.CANCELLED)
_RES_CODES = {State.CANCELLED: "17", State.FAILED: "12", State.CREATED: "17"}


class MellatBank(PracticeBank):
    """Money that is verified and not settled stays so here, to be found by whoever compares books."""

    gateway = "mellat"
    paths = {"/pgwchannel/services/pgw": "soap"}
    handover_paths = (("POST", "/pgwchannel/startpay.mellat"),)
    token_field = "refid"
    callback_names = {
        "wrong_amount": ("FinalAmount",),
        "wrong_order": ("SaleOrderId",),
        "wrong_token": ("RefId",),
    }

    def read(self, call: str, content: bytes) -> tuple[str, Mapping[str, Any]] | None:
        try:
            root = ElementTree.fromstring(content.decode())
        except (ValueError, ElementTree.ParseError):
            return None
        body = next((child for child in root if child.tag.endswith("}Body")), None)
        if body is None or not len(body):
            return None
        method = body[0].tag.rpartition("}")[2]
        if method not in _METHODS or body[0].tag != f"{{{NAMESPACE}}}{method}":
            return None
        return _METHODS[method], {field.tag: (field.text or "").strip() for field in body[0]}

    def encode(self, call: str, answered: Answered) -> tuple[int, bytes, str]:
        status, body = answered
        inner = _FAULT
        if "return" in body:
            name = f"{_CALLS[call]}Response"
            said = escape(body["return"])
            inner = f'<ns1:{name} xmlns:ns1="{NAMESPACE}"><return>{said}</return></ns1:{name}>'
        content = (
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
            f"<soap:Body>{inner}</soap:Body></soap:Envelope>"
        )
        return status, content.encode(), "text/xml"

    def unreadable(self, call: str) -> Answered:
        return 500, {}

    def refusal(self, call: str, code: str) -> Answered:
        return _said(code)

    def bent(self, call: str, kind: str, answered: Answered) -> Answered:
        if call == "request" and kind == "wrong_token":
            return answered[0], {"return": falsified(answered[1]["return"])}
        return _said({"wrong_amount": "25", "wrong_order": "42", "wrong_token": "55"}[kind])

    def order_of(self, call: str, payload: Mapping[str, Any]) -> str:
        return str(payload.get("orderId" if call == "request" else "saleOrderId", ""))

    def way_back(self, payment: Payment) -> Return:
        fields = {
            "RefId": payment.token,
            "ResCode": "0" if payment.paid else _RES_CODES[payment.state],
            "SaleOrderId": payment.order_id,
        }
        if payment.paid:
            fields |= {
                "SaleReferenceId": payment.reference,
                "CardHolderPan": CARD_MASKED,
                "CreditCardSaleResponseDetail": "",
                "FinalAmount": str(payment.amount_rial),
            }
        return Return("POST", payment.callback_url, fields)

    def _request(self, payload: Mapping[str, Any]) -> Answered:
        terminal, refusal = self._merchant(payload)
        if terminal is None:
            return _said(refusal)
        amount = whole(payload.get("amount"))
        order = whole(payload.get("orderId"))
        if amount is None or amount < SMALLEST_RIAL:
            return _said("25")
        date, time = str(payload.get("localDate", "")), str(payload.get("localTime", ""))
        if order is None or not payload.get("payerId", "").isdigit():
            return _said("32")
        if not (len(date) == 8 and date.isdigit() and len(time) == 6 and time.isdigit()):
            return _said("35")
        if not self.callback_allowed(payload.get("callBackUrl")):
            return _said("62")
        token = secrets.token_hex(10).upper()
        try:
            self.book.open(
                gateway=self.gateway,
                terminal=terminal.identity,
                order_id=str(order),
                token=token,
                amount_rial=amount,
                callback_url=payload["callBackUrl"],
                description=payload.get("additionalData", ""),
            )
        except DuplicateOrder:
            return _said("41")
        return _said(f"0,{token}")

    def _verify(self, payload: Mapping[str, Any]) -> Answered:
        payment, code = self._sale(payload)
        if payment is None:
            return _said(code)
        if payment.state is State.PAID:
            self.book.move(payment, State.VERIFIED)
            return _said("0")
        return _said("43")

    def _settle(self, payload: Mapping[str, Any]) -> Answered:
        payment, code = self._sale(payload)
        if payment is None:
            return _said(code)
        if payment.state is State.VERIFIED:
            self.book.move(payment, State.SETTLED)
            return _said("0")
        return _said("45" if payment.state is State.SETTLED else "44")

    def _verify_settle(self, payload: Mapping[str, Any]) -> Answered:
        payment, code = self._sale(payload)
        if payment is None:
            return _said(code)
        if payment.state is State.PAID:
            self.book.move(payment, State.VERIFIED)
            self.book.move(payment, State.SETTLED)
            return _said("0")
        return _said("45" if payment.state is State.SETTLED else "43")

    def _look(self, payload: Mapping[str, Any]) -> Answered:
        payment, code = self._sale(payload)
        if payment is None:
            return _said(code)
        return _said({State.PAID: "0", State.VERIFIED: "43", State.SETTLED: "45"}[payment.state])

    def _reverse(self, payload: Mapping[str, Any]) -> Answered:
        payment, code = self._sale(payload)
        if payment is None:
            return _said(code)
        if payment.state is not State.VERIFIED:
            return _said("45" if payment.state is State.SETTLED else "44")
        if self.book.now() - payment.times[State.VERIFIED] > _REVERSAL_MINUTES * MINUTE:
            return _said("34")
        self.book.move(payment, State.REVERSED)
        return _said("0")

    def _sale_reference(self, payload: Mapping[str, Any]) -> Answered:
        terminal, refusal = self._merchant(payload)
        if terminal is None:
            return _said(refusal)
        payment = self.book.by_order(self.gateway, terminal.identity, payload.get("saleOrderId"))
        return _said(f"0,{payment.reference}" if payment and payment.reference else "42")

    def _merchant(self, payload: Mapping[str, Any]) -> tuple[Terminal | None, str]:
        terminal = self.terminal(payload.get("terminalId"))
        if terminal is None:
            return None, "21"
        given = (payload.get("userName"), payload.get("userPassword"))
        if given != (terminal.credentials["username"], terminal.credentials["password"]):
            return None, "24"
        return terminal, ""

    def _sale(self, payload: Mapping[str, Any]) -> tuple[Payment | None, str]:
        """The paid sale meant, or the code that says why there is none."""
        terminal, refusal = self._merchant(payload)
        if terminal is None:
            return None, refusal
        payment = self.book.by_order(self.gateway, terminal.identity, payload.get("saleOrderId"))
        if payment is None or payment.state in _UNPAID:
            return None, "42"
        if payment.reference != payload.get("saleReferenceId"):
            return None, "55"
        return (None, "48") if payment.state in _BACK else (payment, "")


def _said(code: str) -> Answered:
    return 200, {"return": code}
