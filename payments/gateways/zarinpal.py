"""ZarinPal v4 (REST/JSON, payment facilitator).

Source: ZarinPal's merchant documents v4 (request, verify, inquiry, unVerified, reverse). Money is always
sent as IRR, which is the rial we count in. Credentials: `merchant_id`. Options: none of its own.

The bank compares the amount itself: verify must repeat it and -50 is the answer when it differs, so a
verify that says yes has said the amount. 101 is the same yes, said before, with the same `ref_id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from payments.gateways import transport
from payments.gateways.base import (
    Answer,
    CallbackHint,
    GatewayRefused,
    Handover,
    Order,
    Outcome,
    Question,
    TerminalAccess,
    UnverifiedPayment,
)
from payments.gateways.reading import code, first_text, fold, masked_card, rial, text

_PAY = "/pg/v4/payment"
_OK = "100"
_ALREADY = "101"
_NOT_PAID = "-51"
_VERIFY_CODES = {
    "-9": Outcome.REJECTED,  # validation
    "-10": Outcome.REJECTED,  # address or merchant
    "-11": Outcome.REJECTED,  # inactive merchant
    "-15": Outcome.REJECTED,  # suspended
    "-16": Outcome.REJECTED,  # level
    "-17": Outcome.REJECTED,
    "-50": Outcome.PAID,  # paid, but another amount than the one asked about: not ours to claim
    _NOT_PAID: Outcome.NOT_PAID,
    "-53": Outcome.REJECTED,  # another merchant's authority
    "-54": Outcome.NOT_PAID,  # no such authority
    "-55": Outcome.NOT_PAID,  # no such payment
}
_INQUIRY_STATUS = {
    "VERIFIED": Outcome.ALREADY,
    "PAID": Outcome.PAID,
    "IN_BANK": Outcome.PENDING,
    "FAILED": Outcome.NOT_PAID,
    "REVERSED": Outcome.REVERSED,
}


class ZarinPal:
    """The adapter; it holds no state."""

    name = "zarinpal"
    verify_window_minutes = 30  # no document gives the period
    ask_until_minutes = 65
    looks_first = False
    terminal_key = "merchant_id"
    proof = frozenset({"reference", "amount_rial", "token"})

    def request(self, access: TerminalAccess, order: Order) -> Handover:
        """POST request.json; `authority` is the token."""
        metadata = {"order_id": order.order_id}
        if order.mobile:
            metadata["mobile"] = order.mobile
        payload = {
            "merchant_id": text(access.credentials.get("merchant_id")),
            "amount": order.amount_rial,
            "currency": "IRR",
            "callback_url": order.callback_url,
            "description": (order.description or order.order_id)[:500],
            "metadata": metadata,
        }
        reply = transport.post_json(access, "request", f"{_PAY}/request.json", payload)
        if reply.failure:
            raise transport.no_token(reply)
        found, said, message = _said(reply.body)
        token = text(found.get("authority"))
        if said == _OK and token:
            handover = self.handover(access, token)
            return Handover(token, handover.method, handover.url, exchanges=(reply.exchange,))
        if not said or said == _OK:
            raise transport.no_token(reply)
        raise GatewayRefused(said, message, (reply.exchange,))

    def handover(self, access: TerminalAccess, token: str) -> Handover:
        """GET StartPay."""
        return Handover(token, "GET", transport.page_url(access, f"/pg/StartPay/{quote(token, safe='')}"))

    def parse_callback(self, data: Mapping[str, Any]) -> CallbackHint:
        """`Authority` and `Status` (OK or NOK) in the address."""
        fields = fold(data)
        status = text(fields.get("status")).upper()
        claim = {"OK": True, "NOK": False}.get(status)
        return CallbackHint(token=text(fields.get("authority")), claims_paid=claim, code=status)

    def look(self, access: TerminalAccess, question: Question) -> Answer:
        """inquiry.json: the state of the payment; the documents forbid to take it for a verify."""
        reply = self._ask(access, "inquiry", question)
        if reply.failure:
            return transport.no_answer(reply)
        found, said, message = _said(reply.body)
        status = text(found.get("status")).upper()
        outcome = _INQUIRY_STATUS.get(status)
        if outcome is None or said not in (_OK, ""):
            outcome = _VERIFY_CODES.get(said, Outcome.UNKNOWN)
        return Answer(
            outcome,
            code=status or said,
            message=message,
            token=question.token,
            order_id=text(found.get("order_id")),
            amount_rial=rial(found.get("amount")),
            exchanges=(reply.exchange,),
        )

    def verify(self, access: TerminalAccess, question: Question) -> Answer:
        """verify.json; where it says "not paid", the inquiry tells a payer at the bank from a failure."""
        reply = self._ask(access, "verify", question, amount=question.amount_rial)
        if reply.failure:
            return transport.no_answer(reply)
        found, said, message = _said(reply.body)
        if said in (_OK, _ALREADY):
            return _verified(said, message, found, question, reply)
        if said == _NOT_PAID:
            return self._why_not_paid(access, question, message, reply)
        outcome = _VERIFY_CODES.get(said, Outcome.UNKNOWN)
        amount = self._amount_paid(access, question) if outcome is Outcome.PAID else None
        return Answer(
            outcome, said, message, amount_rial=amount, token=question.token, exchanges=(reply.exchange,)
        )

    def reverse(self, access: TerminalAccess, question: Question) -> Answer:
        """reverse.json: within 30 minutes of the payment, from a registered address."""
        reply = self._ask(access, "reverse", question)
        if reply.failure:
            return transport.no_answer(reply)
        _, said, message = _said(reply.body)
        if said == _OK:
            outcome = Outcome.REVERSED
        elif said == "-61":  # "not successful or already reversed": only the inquiry knows which
            outcome = self.look(access, question).outcome
            outcome = outcome if outcome is Outcome.REVERSED else Outcome.UNKNOWN
        else:
            outcome = Outcome.REJECTED if said else Outcome.UNKNOWN
        return Answer(outcome, said, message, token=question.token, exchanges=(reply.exchange,))

    def list_unverified(self, access: TerminalAccess) -> tuple[UnverifiedPayment, ...] | None:
        """unVerified.json: recent paid and unverified payments (a limited list); None: no answer."""
        payload = {"merchant_id": text(access.credentials.get("merchant_id"))}
        reply = transport.post_json(access, "unverified", f"{_PAY}/unVerified.json", payload)
        found, said, _ = _said(reply.body)
        if reply.failure or said != _OK:
            return None
        lines = found.get("authorities")
        rows = [fold(line) for line in lines if isinstance(line, Mapping)] if isinstance(lines, list) else []
        return tuple(
            UnverifiedPayment(text(row.get("authority")), rial(row.get("amount")), text(row.get("date")))
            for row in rows
        )

    def _ask(self, access: TerminalAccess, call: str, question: Question, **more: int) -> transport.Reply:
        payload = {
            "merchant_id": text(access.credentials.get("merchant_id")),
            "authority": question.token,
            **more,
        }
        return transport.post_json(access, call, f"{_PAY}/{call}.json", payload)

    def _amount_paid(self, access: TerminalAccess, question: Question) -> int | None:
        """After -50: only the list of unverified payments names the amount that was paid instead."""
        listed = self.list_unverified(access) or ()
        return next((line.amount_rial for line in listed if line.token == question.token), None)

    def _why_not_paid(
        self, access: TerminalAccess, question: Question, message: str, reply: transport.Reply
    ) -> Answer:
        """-51 is said of a payer still at the bank too, and may race with a payment just made."""
        seen = self.look(access, question)
        outcome = seen.outcome
        if outcome in (Outcome.PAID, Outcome.ALREADY):
            outcome = Outcome.UNKNOWN  # the two calls crossed a payment: ask again
        elif outcome in (Outcome.UNKNOWN, Outcome.REJECTED):
            outcome = Outcome.NOT_PAID  # no inquiry to be had: what verify said stands
        exchanges = (reply.exchange, *seen.exchanges)
        return Answer(outcome, _NOT_PAID, message, token=question.token, exchanges=exchanges)


def _verified(
    said: str, message: str, found: Mapping[str, Any], question: Question, reply: transport.Reply
) -> Answer:
    amount = rial(found.get("amount"))  # not documented; believed where a server sends it
    reference = text(found.get("ref_id"))
    return Answer(
        Outcome.SUCCESS if said == _OK else Outcome.ALREADY,
        code=said,
        message=message,
        reference=reference,
        rrn=reference,
        amount_rial=question.amount_rial if amount is None else amount,
        order_id=text(found.get("order_id")),
        token=first_text(found, "authority") or question.token,
        card_masked=masked_card(found.get("card_pan")),
        card_hash=text(found.get("card_hash")),
        exchanges=(reply.exchange,),
    )


def _said(body: Mapping[str, Any]) -> tuple[dict[str, Any], str, str]:
    """(data, code, message) of a reply; `errors` is an object or a list, and `data` then empty."""
    folded = fold(body)
    found = fold(folded.get("data"))
    said = code(found.get("code"))
    if said:
        return found, said, text(found.get("message"))
    errors = folded.get("errors")
    if isinstance(errors, list):
        errors = errors[0] if errors else {}
    error = fold(errors)
    return found, code(error.get("code")), text(error.get("message"))
