"""Sadad as the bank speaks it: signed request and verify, 100 with the same body when asked again."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

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
from payments.sandbox_bank.terminals import Terminal

_CALLS = {
    "/api/v0/Request/PaymentRequest": "request",
    "/api/v0/PaymentByIdentity/PaymentRequest": "request_with_identity",
    "/api/v0/Advice/Verify": "verify",
}
_LONGEST_IDENTITY = 30


class SadadBank(PracticeBank):
    """Paths stand with and without /VPG, as they do at the real one."""

    gateway = "sadad"
    paths = _CALLS | {f"/VPG{path}": call for path, call in _CALLS.items()}
    handover_paths = (("GET", "/Purchase"), ("GET", "/VPG/Purchase"))
    token_field = "token"
    callback_names = {"wrong_amount": (), "wrong_order": ("OrderId",), "wrong_token": ("token",)}

    def refusal(self, call: str, code: str) -> Answered:
        return _said(int(code))

    def bent(self, call: str, kind: str, answered: Answered) -> Answered:
        status, body = answered
        name = {"wrong_amount": "Amount", "wrong_order": "OrderId", "wrong_token": "Token"}[kind]
        if body.get(name) is None:
            return _said(1103) if kind == "wrong_token" else answered
        return status, body | {name: falsified(body[name])}

    def order_of(self, call: str, payload: Mapping[str, Any]) -> str:
        if call.startswith("request"):
            return str(payload.get("OrderId", ""))
        payment = self.book.by_token(self.gateway, payload.get("Token"))
        return payment.order_id if payment else ""

    def way_back(self, payment: Payment) -> Return:
        fields = {
            "OrderId": payment.order_id,
            "token": payment.token,
            "ResCode": "0" if payment.paid else "-1",
            "SwitchResCode": "00" if payment.paid else "",
            "PrimaryAccNo": payment.card,
            "HashedCardNo": CARD_HASH if payment.paid else "",
            "CardHolderFullName": "",
        }
        return Return("POST", payment.callback_url, fields)

    def _request(self, payload: Mapping[str, Any]) -> Answered:
        terminal = self.terminal(payload.get("TerminalId"))
        if terminal is None or terminal.credentials["merchant_id"] != str(payload.get("MerchantId")):
            return _said(3, "پذیرنده کارت فروشگاه نامعتبر است")
        amount, order = whole(payload.get("Amount")), whole(payload.get("OrderId"))
        if amount is None or amount < SMALLEST_RIAL:
            return _said(1101, "مبلغ نامعتبر است")
        if order is None or not payload.get("LocalDateTime"):
            return _said(1006, "پارامترهای ارسالی نامعتبر است")
        line = f"{terminal.identity};{payload['OrderId']};{payload['Amount']}"
        if _signed_line(terminal, payload.get("SignData")) != line:
            return _said(1012, "امضای ارسالی نامعتبر است")
        if not self.callback_allowed(payload.get("ReturnUrl")):
            return _said(1023, "آدرس بازگشت پذیرنده نامعتبر است")
        return self._open(payload, terminal, amount, order)

    def _open(self, payload: Mapping[str, Any], terminal: Terminal, amount: int, order: int) -> Answered:
        extra = {"PaymentIdentity": payload["PaymentIdentity"]} if payload.get("PaymentIdentity") else {}
        token = "00" + secrets.token_hex(23).upper()
        try:
            self.book.open(
                gateway=self.gateway,
                terminal=terminal.identity,
                order_id=str(order),
                token=token,
                amount_rial=amount,
                callback_url=payload["ReturnUrl"],
                description=str(payload.get("AdditionalData") or ""),
                mobile=str(payload.get("UserId") or ""),
                extra=extra,
            )
        except DuplicateOrder:
            return _said(1011, "درخواست تکراری: شماره سفارش تکراری است")
        return 200, {"ResCode": 0, "Token": token, "Description": "عملیات با موفقیت انجام شد"}

    def _request_with_identity(self, payload: Mapping[str, Any]) -> Answered:
        terminal = self.terminal(payload.get("TerminalId"))
        identity = str(payload.get("PaymentIdentity") or "")
        accepted = terminal.options.get("payment_identities") if terminal else None
        fits = identity.isdigit() and len(identity) <= _LONGEST_IDENTITY
        if not fits or (accepted and identity not in accepted):
            return _said(1026, "شناسه پرداخت نامعتبر است")
        return self._request(payload)

    def _verify(self, payload: Mapping[str, Any]) -> Answered:
        payment = self.book.by_token(self.gateway, payload.get("Token"))
        if payment is None:
            return _said(-1, "پارامترهای ارسالی صحیح نیست یا تراکنش در سیستم وجود ندارد")
        terminal = self.terminal(payment.terminal)
        if terminal is None or _signed_line(terminal, payload.get("SignData")) != payment.token:
            return _said(1012, "امضای ارسالی نامعتبر است")
        if payment.state is State.PAID:
            self.book.move(payment, State.VERIFIED)
            return _verified(0, payment)
        if payment.state is State.VERIFIED:
            return _verified(100, payment)
        if payment.state is State.AUTO_REVERSED:
            return _said(101, "مهلت ارسال تراکنش به پایان رسیده است")
        if payment.state in (State.REVERSED, State.REFUNDED):
            return _said(1105, "تراکنش برگشت خورده است")
        return _said(-1, "پارامترهای ارسالی صحیح نیست یا تراکنش در سیستم وجود ندارد")


def _verified(code: int, payment: Payment) -> Answered:
    return 200, {
        "ResCode": code,
        "Amount": payment.amount_rial,
        "Description": "عملیات با موفقیت انجام شد",
        "RetrivalRefNo": payment.reference,
        "SystemTraceNo": payment.trace_no,
        "OrderId": int(payment.order_id),
        "SwitchResCode": "00",
        "TransactionDate": "",
        "AdditionalData": payment.description,
        "CardHolderFullName": "",
    }


def _said(code: int, why: str = "") -> Answered:
    return 200, {"ResCode": code, "Token": None, "Description": why, "Amount": None, "OrderId": None}


def _signed_line(terminal: Terminal, sign_data: Any) -> str | None:
    """What was signed, read back with the terminal's key; None when it was signed with another."""
    key = base64.b64decode(terminal.credentials["key"])
    try:
        signed = base64.b64decode(str(sign_data), validate=True)
        decryptor = Cipher(TripleDES(key if len(key) == 24 else key + key[:8]), modes.ECB()).decryptor()
        plain = decryptor.update(signed) + decryptor.finalize()
        padding = plain[-1]
        if not 1 <= padding <= 8 or plain[-padding:] != bytes([padding]) * padding:
            return None
        return plain[:-padding].decode()
    except (binascii.Error, ValueError, IndexError):
        return None
