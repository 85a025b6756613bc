"""Sadad, the gateway of Bank Melli (REST/JSON with a 3DES signature, direct, rial).

Source: Sadad's merchant guide and adapters in use; paths stand with and without the prefix `/VPG`, which
is part of the base address here. Credentials: `merchant_id, terminal_id, key` (Base64). Options: none of
its own. `Order.extra["payment_identity"]` (a deposit id) chooses PaymentByIdentity.

There is no inquiry: verify is asked again with the stored token, and 100 repeats the body of the first
yes. The retrieval reference number is the reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

from payments.gateways import transport
from payments.gateways.base import (
    NOT_OFFERED,
    Answer,
    CallbackHint,
    GatewayRefused,
    GatewayUnavailable,
    Handover,
    Order,
    Outcome,
    Question,
    TerminalAccess,
)
from payments.gateways.reading import code, first_text, fold, masked_card, rial, text
from payments.gateways.signing import sign

_REQUEST = "/api/v0/Request/PaymentRequest"
_REQUEST_WITH_IDENTITY = "/api/v0/PaymentByIdentity/PaymentRequest"
_VERIFY = "/api/v0/Advice/Verify"
_TEHRAN = timezone(timedelta(hours=3, minutes=30))  # no daylight saving since autumn 1401
_BAD_KEY = "bad_key"
_OUTAGES = frozenset({"1031", *(str(number) for number in range(1056, 1069))})
_VERIFY_CODES = {
    "0": Outcome.SUCCESS,
    "100": Outcome.ALREADY,
    "-1": Outcome.NOT_PAID,  # bad or not found
    "101": Outcome.REVERSED,  # the deadline of the advice is over
    "1105": Outcome.REVERSED,
    "3": Outcome.REJECTED,
    "23": Outcome.REJECTED,
    "1012": Outcome.REJECTED,  # signature
    "1020": Outcome.REJECTED,
    "1025": Outcome.REJECTED,  # signature
    "1029": Outcome.REJECTED,
    "1030": Outcome.REJECTED,
    "1103": Outcome.NOT_PAID,  # no such token
}


class Sadad:
    """The adapter; it holds no state."""

    name = "sadad"
    verify_window_minutes = 15
    ask_until_minutes = 35
    looks_first = False
    terminal_key = "terminal_id"
    proof = frozenset({"reference", "amount_rial", "order_id"})

    def request(self, access: TerminalAccess, order: Order) -> Handover:
        """PaymentRequest, signed over `TerminalId;OrderId;Amount`; OrderId is numeric and unique."""
        terminal = text(access.credentials.get("terminal_id"))
        payload: dict[str, Any] = {
            "MerchantId": text(access.credentials.get("merchant_id")),
            "TerminalId": terminal,
            "Amount": order.amount_rial,
            "OrderId": _number(order.order_id),
            "LocalDateTime": datetime.now(_TEHRAN).strftime("%m/%d/%Y %H:%M:%S"),
            "ReturnUrl": order.callback_url,
            "SignData": "",
            "AdditionalData": order.description,
            "UserId": order.mobile,
        }
        path = _REQUEST
        if order.extra.get("payment_identity"):
            payload["PaymentIdentity"] = order.extra["payment_identity"]
            path = _REQUEST_WITH_IDENTITY
        try:
            payload["SignData"] = _sign(access, f"{terminal};{order.order_id};{order.amount_rial}")
        except ValueError as error:
            raise GatewayRefused(_BAD_KEY, str(error)) from error
        reply = transport.post_json(access, "request", path, payload)
        if reply.failure:
            raise transport.no_token(reply)
        return self._token(access, reply)

    def handover(self, access: TerminalAccess, token: str) -> Handover:
        """GET Purchase."""
        return Handover(token, "GET", transport.page_url(access, f"/Purchase?Token={quote(token, safe='')}"))

    def parse_callback(self, data: Mapping[str, Any]) -> CallbackHint:
        """A POST with `OrderId`, `Token` and `ResCode`; zero claims success."""
        fields = fold(data)
        said = code(fields.get("rescode"))
        return CallbackHint(
            token=text(fields.get("token")),
            order_id=text(fields.get("orderid")),
            claims_paid=(said == "0") if said else None,
            amount_rial=rial(fields.get("amount")),
            card_masked=masked_card(fields.get("primaryaccno")),
            code=said,
        )

    def look(self, access: TerminalAccess, question: Question) -> Answer:
        """Sadad has no inquiry; no bank is asked."""
        return Answer(Outcome.UNKNOWN, NOT_OFFERED)

    def verify(self, access: TerminalAccess, question: Question) -> Answer:
        """Advice/Verify by our token, signed over the token; needs nothing of the callback."""
        try:
            payload = {"Token": question.token, "SignData": _sign(access, question.token)}
        except ValueError as error:
            return Answer(Outcome.REJECTED, _BAD_KEY, str(error))
        reply = transport.post_json(access, "verify", _VERIFY, payload)
        if reply.failure:
            return transport.no_answer(reply)
        found = fold(reply.body)
        said = code(found.get("rescode"))
        return Answer(
            _VERIFY_CODES.get(said, Outcome.UNKNOWN),
            code=said,
            message=text(found.get("description")),
            reference=first_text(found, "retrivalrefno", "retrievalrefno"),
            rrn=first_text(found, "retrivalrefno", "retrievalrefno"),
            trace_no=text(found.get("systemtraceno")),
            amount_rial=rial(found.get("amount")),
            order_id=text(found.get("orderid")),
            token=text(found.get("token")) or question.token,
            card_masked=masked_card(found.get("primaryaccno")),
            card_hash=text(found.get("hashedcardno")),
            exchanges=(reply.exchange,),
        )

    def reverse(self, access: TerminalAccess, question: Question) -> Answer:
        """Refunds of Sadad run over a service of their own, on contract; no bank is asked."""
        return Answer(Outcome.REJECTED, NOT_OFFERED)

    def _token(self, access: TerminalAccess, reply: transport.Reply) -> Handover:
        found = fold(reply.body)
        said = code(found.get("rescode"))
        token = text(found.get("token"))
        if said == "0" and token:
            return replace(self.handover(access, token), exchanges=(reply.exchange,))
        message = text(found.get("description"))
        if not said or said == "0":
            raise transport.no_token(reply)
        if said in _OUTAGES:
            raise GatewayUnavailable(said, message, (reply.exchange,))
        raise GatewayRefused(said, message, (reply.exchange,))


def _number(order_id: str) -> int | str:
    """Order ids are JSON numbers; one that would not come back the same stays as it is."""
    return int(order_id) if order_id.isdecimal() and order_id[0] != "0" else order_id


def _sign(access: TerminalAccess, line: str) -> str:
    return sign(text(access.credentials.get("key")), line)
