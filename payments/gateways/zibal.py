"""Zibal (REST/JSON, payment facilitator, rial).

Source: Zibal's IPG documents v1 (request, verify, inquiry). Credentials: `merchant`. Options: none of its
own. verify sends no amount, so the amount and order in the reply are for the caller to compare; 201
("verified before") may come without them, and then the inquiry says them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from payments.gateways import transport
from payments.gateways.base import (
    NOT_OFFERED,
    Answer,
    CallbackHint,
    Exchange,
    GatewayRefused,
    Handover,
    Order,
    Outcome,
    Question,
    TerminalAccess,
)
from payments.gateways.reading import code, fold, masked_card, rial, text

_OK, _VERIFIED_BEFORE, _NOT_PAID, _NO_SUCH_TRACK = "100", "201", "202", "203"
_REFUSALS = frozenset({"102", "103", "104", "115"})
_STATUS = {
    "-1": Outcome.PENDING,
    "1": Outcome.ALREADY,  # paid and verified
    "2": Outcome.PAID,  # paid, not verified
    "3": Outcome.NOT_PAID,  # cancelled
    **dict.fromkeys((str(number) for number in range(4, 13)), Outcome.NOT_PAID),
    "15": Outcome.REVERSED,
    "16": Outcome.REVERSED,
    "18": Outcome.REVERSED,
}


class Zibal:
    """The adapter; it holds no state."""

    name = "zibal"
    verify_window_minutes = 10  # no document gives the period
    ask_until_minutes = 45
    looks_first = False
    terminal_key = "merchant"
    proof = frozenset({"reference", "amount_rial", "order_id"})

    def request(self, access: TerminalAccess, order: Order) -> Handover:
        """`trackId` is the token. A second request after silence makes a second trackId: the caller's rows
        keep both."""
        payload: dict[str, Any] = {
            "merchant": text(access.credentials.get("merchant")),
            "amount": order.amount_rial,
            "callbackUrl": order.callback_url,
            "orderId": order.order_id,
            "description": order.description,
        }
        if order.mobile:
            payload["mobile"] = order.mobile
        reply = transport.post_json(access, "request", "/v1/request", payload)
        if reply.failure:
            raise transport.no_token(reply)
        found = fold(reply.body)
        said, token = code(found.get("result")), text(found.get("trackid"))
        if said == _OK and token:
            return replace(self.handover(access, token), exchanges=(reply.exchange,))
        if not said or said == _OK:
            raise transport.no_token(reply)
        raise GatewayRefused(said, text(found.get("message")), (reply.exchange,))

    def handover(self, access: TerminalAccess, token: str) -> Handover:
        """GET start."""
        return Handover(token, "GET", transport.page_url(access, f"/start/{quote(token, safe='')}"))

    def parse_callback(self, data: Mapping[str, Any]) -> CallbackHint:
        """`success`, `trackId`, `orderId`, `status`; by GET, or as JSON in the lazy form."""
        fields = fold(data)
        success = code(fields.get("success"))
        if isinstance(fields.get("success"), bool):
            success = "1" if fields["success"] else "0"
        return CallbackHint(
            token=text(fields.get("trackid")),
            order_id=text(fields.get("orderid")),
            claims_paid={"1": True, "0": False}.get(success),
            amount_rial=rial(fields.get("amount")),
            card_masked=masked_card(fields.get("cardnumber")),
            code=code(fields.get("status")) or success,
        )

    def look(self, access: TerminalAccess, question: Question) -> Answer:
        """The inquiry, with amount, order and reference."""
        reply = self._ask(access, "inquiry", question)
        if reply.failure:
            return transport.no_answer(reply)
        found = fold(reply.body)
        said, status = code(found.get("result")), code(found.get("status"))
        outcome = Outcome.UNKNOWN
        if said in (_OK, _VERIFIED_BEFORE, _NOT_PAID):
            outcome = _STATUS.get(status, Outcome.UNKNOWN)
        elif said == _NO_SUCH_TRACK:
            outcome = Outcome.NOT_PAID
        elif said in _REFUSALS:
            outcome = Outcome.REJECTED
        return _answer(outcome, status or said, found, question, (reply.exchange,))

    def verify(self, access: TerminalAccess, question: Question) -> Answer:
        """Verify by trackId. 201 counts only with what the inquiry says; 202 is looked into."""
        reply = self._ask(access, "verify", question)
        if reply.failure:
            return transport.no_answer(reply)
        found = fold(reply.body)
        said, status = code(found.get("result")), code(found.get("status"))
        exchanges = (reply.exchange,)
        if said == _OK:
            outcome = Outcome.SUCCESS if status in ("1", "") else Outcome.UNKNOWN
            return _answer(outcome, said, found, question, exchanges)
        if said == _VERIFIED_BEFORE:
            return self._verified_before(access, question, found, exchanges)
        if said == _NOT_PAID:
            return self._why_not_paid(access, question, status, found, exchanges)
        outcome = Outcome.REJECTED if said in _REFUSALS else Outcome.UNKNOWN
        if said == _NO_SUCH_TRACK:
            outcome = Outcome.NOT_PAID
        return _answer(outcome, said, found, question, exchanges)

    def reverse(self, access: TerminalAccess, question: Question) -> Answer:
        """Refunds go over Zibal's wallet service at another address; no bank is asked."""
        return Answer(Outcome.REJECTED, NOT_OFFERED)

    def _verified_before(
        self,
        access: TerminalAccess,
        question: Question,
        found: Mapping[str, Any],
        exchanges: tuple[Exchange, ...],
    ) -> Answer:
        """201: the inquiry must say paid and verified. Where there is none, a whole reply says it itself."""
        seen = self.look(access, question)
        exchanges = (*exchanges, *seen.exchanges)
        if seen.outcome is Outcome.ALREADY:
            return replace(seen, code=_VERIFIED_BEFORE, exchanges=exchanges)
        if seen.outcome is Outcome.REVERSED:
            return replace(seen, exchanges=exchanges)
        own = _answer(Outcome.ALREADY, _VERIFIED_BEFORE, found, question, exchanges)
        whole = own.amount_rial is not None and own.order_id and code(found.get("status")) in ("1", "")
        if seen.outcome is Outcome.UNKNOWN and whole:
            return own
        return Answer(Outcome.UNKNOWN, _VERIFIED_BEFORE, seen.code, exchanges=exchanges)

    def _why_not_paid(
        self,
        access: TerminalAccess,
        question: Question,
        status: str,
        found: Mapping[str, Any],
        exchanges: tuple[Exchange, ...],
    ) -> Answer:
        """202 covers waiting, failed and sent back; the status beside it or the inquiry's tells which."""
        outcome = _STATUS.get(status)
        if outcome is None:
            seen = self.look(access, question)
            outcome, exchanges = seen.outcome, (*exchanges, *seen.exchanges)
            if outcome in (Outcome.UNKNOWN, Outcome.REJECTED):
                outcome = Outcome.NOT_PAID  # no inquiry to be had: what verify said stands
        if outcome in (Outcome.PAID, Outcome.ALREADY):
            outcome = Outcome.UNKNOWN  # the two calls crossed a payment: ask again
        return _answer(outcome, _NOT_PAID, found, question, exchanges)

    def _ask(self, access: TerminalAccess, call: str, question: Question) -> transport.Reply:
        token = question.token
        payload = {
            "merchant": text(access.credentials.get("merchant")),
            "trackId": int(token) if token.isdecimal() and token[0] != "0" else token,
        }
        return transport.post_json(access, call, f"/v1/{call}", payload)


def _answer(
    outcome: Outcome,
    said: str,
    found: Mapping[str, Any],
    question: Question,
    exchanges: tuple[Exchange, ...],
) -> Answer:
    """A reply's own words. The trackId, unique for ever too, is the reference where the switch gave none."""
    number = text(found.get("refnumber"))
    proves = outcome in (Outcome.SUCCESS, Outcome.ALREADY, Outcome.PAID)
    return Answer(
        outcome,
        code=said,
        message=text(found.get("message")),
        reference=number or (question.token if proves else ""),
        rrn=number,
        amount_rial=rial(found.get("amount")),
        order_id=text(found.get("orderid")),
        token=text(found.get("trackid")) or question.token,
        card_masked=masked_card(found.get("cardnumber")),
        card_hash=text(found.get("hashedcardnumber")),
        exchanges=exchanges,
    )
