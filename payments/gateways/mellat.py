"""Behpardakht Mellat (SOAP over HTTP, direct, rial).

Source: Behpardakht's merchant guide 1.39 and its WSDL. Every reply is one element `return`: a code, or for
bpPayRequest `0,RefId`. Credentials: `terminal_id, username, password`. Options: `verify_settle` = true
(one bpVerifySettleRequest instead of two calls), `sale_reference_lookup` = true (ask
bpSaleReferenceIdRequest when the callback was lost; only where the bank confirmed that it works).

Verified money must be settled at once: the guides disagree on whether it is settled or sent back by
itself after three hours. Nothing is ever reversed on silence or on 43/45, which mean that it went well
before. Only the callback brings the SaleReferenceId; without one the bank cannot be asked at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from payments.gateways import transport
from payments.gateways.base import (
    NO_REFERENCE,
    Answer,
    CallbackHint,
    Exchange,
    GatewayRefused,
    GatewayUnavailable,
    Handover,
    Order,
    Outcome,
    Question,
    TerminalAccess,
    without_reference,
)
from payments.gateways.reading import code, fold, masked_card, rial, text

_SERVICE = "/pgwchannel/services/pgw"
_PAGE = "/pgwchannel/startpay.mellat"
_NAMESPACE = "http://interfaces.core.sw.bps.com/"
_TEHRAN = timezone(timedelta(hours=3, minutes=30))  # no daylight saving since autumn 1401
_OK, _VERIFIED_BEFORE, _SETTLED_BEFORE, _REVERSED_BEFORE = "0", "43", "45", "48"
_OUTAGES = frozenset({"34", "416"})
_VERIFY_CODES = {
    _REVERSED_BEFORE: Outcome.REVERSED,
    **dict.fromkeys((str(number) for number in (*range(11, 20), *range(111, 115))), Outcome.NOT_PAID),
    "42": Outcome.NOT_PAID,  # no such sale
    "54": Outcome.NOT_PAID,  # no such reference
    "55": Outcome.NOT_PAID,  # no such transaction
    "21": Outcome.REJECTED,
    "24": Outcome.REJECTED,
    "421": Outcome.REJECTED,
}
_INQUIRY_CODES = {  # undocumented; these are all that can be relied on
    _OK: Outcome.PAID,
    _VERIFIED_BEFORE: Outcome.PAID,  # verified, to be settled still
    _SETTLED_BEFORE: Outcome.ALREADY,
    _REVERSED_BEFORE: Outcome.REVERSED,
}


class Mellat:
    """The adapter; it holds no state."""

    name = "mellat"
    verify_window_minutes = 20
    ask_until_minutes = 45
    looks_first = False
    terminal_key = "terminal_id"
    proof = frozenset({"reference", "order_id", "terminal"})

    def request(self, access: TerminalAccess, order: Order) -> Handover:
        """bpPayRequest; orderId is unique for ever, RefId is the token."""
        now = datetime.now(_TEHRAN)
        payload = {
            **_credentials(access),
            "orderId": order.order_id,
            "amount": order.amount_rial,
            "localDate": now.strftime("%Y%m%d"),
            "localTime": now.strftime("%H%M%S"),
            "additionalData": order.description[:1000],
            "callBackUrl": order.callback_url,
            "payerId": order.extra.get("payer_id", "0"),
        }
        reply = transport.post_soap(access, "bpPayRequest", _SERVICE, _NAMESPACE, payload)
        if reply.failure:
            raise transport.no_token(reply)
        said, _, token = text(reply.body["return"]).partition(",")
        said, token = code(said), token.strip()
        if said == _OK and token:
            return replace(self.handover(access, token), exchanges=(reply.exchange,))
        if not said.isdecimal() or said == _OK:
            raise transport.no_token(reply)
        refusal = GatewayUnavailable if said in _OUTAGES else GatewayRefused
        raise refusal(said, exchanges=(reply.exchange,))

    def handover(self, access: TerminalAccess, token: str) -> Handover:
        """A form with `RefId`."""
        return Handover(token, "POST", transport.page_url(access, _PAGE), {"RefId": token})

    def parse_callback(self, data: Mapping[str, Any]) -> CallbackHint:
        """A POST. Only a paid sale brings a SaleReferenceId."""
        fields = fold(data)
        said = code(fields.get("rescode"))
        reference = text(fields.get("salereferenceid"))
        return CallbackHint(
            token=text(fields.get("refid")),
            order_id=text(fields.get("saleorderid")),
            reference="" if code(reference) == "0" else reference,
            claims_paid=(said == _OK) if said else None,
            amount_rial=rial(fields.get("finalamount")) or None,
            card_masked=masked_card(fields.get("cardholderpan")),
            code=said,
        )

    def look(self, access: TerminalAccess, question: Question) -> Answer:
        """bpInquiryRequest; PAID covers verified and unsettled too, since verify finishes both."""
        reference = next(iter(question.known_references()), "")
        if not reference:
            return without_reference(question)
        said, reply = self._ask(access, "bpInquiryRequest", question, reference)
        if reply.failure:
            return transport.no_answer(reply)
        outcome = _INQUIRY_CODES.get(said, Outcome.UNKNOWN)
        return self._answer(access, question, reference, outcome, said, (reply.exchange,))

    def verify(self, access: TerminalAccess, question: Question) -> Answer:
        """Verify, then settle; SUCCESS and ALREADY mean that both were said."""
        exchanges: tuple[Exchange, ...] = ()
        references = question.known_references()
        if not references and access.options.get("sale_reference_lookup"):
            references, exchanges = self._find_reference(access, question)
        answer = replace(without_reference(question), exchanges=exchanges)
        for reference in references:
            answer = self._verify(access, question, reference, answer.exchanges)
            if answer.outcome is not Outcome.NOT_PAID:
                break
        return answer

    def reverse(self, access: TerminalAccess, question: Question) -> Answer:
        """bpReversalRequest: only after verify, before settlement was asked for, within three hours."""
        reference = next(iter(question.known_references()), "")
        if not reference:
            return Answer(Outcome.UNKNOWN, NO_REFERENCE)
        said, reply = self._ask(access, "bpReversalRequest", question, reference)
        if reply.failure:
            return transport.no_answer(reply)
        outcome = Outcome.REVERSED if said in (_OK, _REVERSED_BEFORE) else Outcome.REJECTED
        if said in _OUTAGES or not said:
            outcome = Outcome.UNKNOWN
        return self._answer(access, question, reference, outcome, said, (reply.exchange,))

    def _verify(
        self,
        access: TerminalAccess,
        question: Question,
        reference: str,
        exchanges: tuple[Exchange, ...],
    ) -> Answer:
        at_once = bool(access.options.get("verify_settle"))
        method = "bpVerifySettleRequest" if at_once else "bpVerifyRequest"
        said, reply = self._ask(access, method, question, reference)
        exchanges = (*exchanges, reply.exchange)
        if reply.failure:
            said, exchanges = self._after_silence(access, question, reference, method, exchanges)
            if not said:
                return Answer(Outcome.UNKNOWN, reply.failure, exchanges=exchanges)
        if said == _SETTLED_BEFORE or (said == _OK and at_once):
            outcome = Outcome.SUCCESS if said == _OK else Outcome.ALREADY
            return self._answer(access, question, reference, outcome, said, exchanges)
        if said in (_OK, _VERIFIED_BEFORE):
            return self._settle(access, question, reference, said, exchanges)
        outcome = _VERIFY_CODES.get(said, Outcome.UNKNOWN)
        return Answer(outcome, said, exchanges=exchanges)

    def _after_silence(
        self,
        access: TerminalAccess,
        question: Question,
        reference: str,
        method: str,
        exchanges: tuple[Exchange, ...],
    ) -> tuple[str, tuple[Exchange, ...]]:
        """Verify gave no answer: the inquiry says what to go on with; empty: nothing is known."""
        said, reply = self._ask(access, "bpInquiryRequest", question, reference)
        exchanges = (*exchanges, reply.exchange)
        if reply.failure or said not in _INQUIRY_CODES:
            return "", exchanges
        if said != _OK:
            return said, exchanges
        said, reply = self._ask(access, method, question, reference)
        return ("" if reply.failure else said), (*exchanges, reply.exchange)

    def _settle(
        self,
        access: TerminalAccess,
        question: Question,
        reference: str,
        verified: str,
        exchanges: tuple[Exchange, ...],
    ) -> Answer:
        """Ask for settlement; unanswered, the whole dance is UNKNOWN and is danced again: 43, then settle."""
        said, reply = self._ask(access, "bpSettleRequest", question, reference)
        exchanges = (*exchanges, reply.exchange)
        if reply.failure:
            return Answer(Outcome.UNKNOWN, f"settle_{reply.failure}", exchanges=exchanges)
        if said in (_OK, _SETTLED_BEFORE):
            outcome = Outcome.SUCCESS if verified == _OK else Outcome.ALREADY
            return self._answer(access, question, reference, outcome, verified, exchanges)
        outcome = Outcome.REVERSED if said == _REVERSED_BEFORE else Outcome.UNKNOWN
        return Answer(outcome, f"settle_{said}", exchanges=exchanges)

    def _find_reference(self, access: TerminalAccess, question: Question) -> tuple[str, tuple[Exchange, ...]]:
        """The SaleReferenceId of our order, in whichever of the two forms a bank gives it."""
        payload = _credentials(access) | {"orderId": question.order_id, "saleOrderId": question.order_id}
        reply = transport.post_soap(access, "bpSaleReferenceIdRequest", _SERVICE, _NAMESPACE, payload)
        said, _, rest = text(reply.body.get("return")).partition(",")
        found = rest.strip() if code(said) == _OK else said
        return ((found,) if found.isdecimal() and len(found) >= 8 else ()), (reply.exchange,)

    def _ask(
        self, access: TerminalAccess, method: str, question: Question, reference: str
    ) -> tuple[str, transport.Reply]:
        payload = _credentials(access) | {
            "orderId": question.order_id,
            "saleOrderId": question.order_id,
            "saleReferenceId": reference,
        }
        reply = transport.post_soap(access, method, _SERVICE, _NAMESPACE, payload)
        return code(reply.body.get("return")), reply

    def _answer(
        self,
        access: TerminalAccess,
        question: Question,
        reference: str,
        outcome: Outcome,
        said: str,
        exchanges: tuple[Exchange, ...],
    ) -> Answer:
        """A yes about this order and reference at this terminal; the card is known from the callback only."""
        card = question.hint.card_masked if question.hint is not None and question.hint_fits() else ""
        return Answer(
            outcome,
            code=said,
            reference=reference,
            rrn=reference,
            order_id=question.order_id,
            terminal=text(access.credentials.get("terminal_id")),
            card_masked=card,
            exchanges=exchanges,
        )


def _credentials(access: TerminalAccess) -> dict[str, Any]:
    return {
        "terminalId": text(access.credentials.get("terminal_id")),
        "userName": str(access.credentials.get("username", "")),
        "userPassword": str(access.credentials.get("password", "")),
    }
