"""SEP, Saman's gateway (REST/JSON, direct, rial): merchant documents 3.6 and 4.1 in one adapter.

Credentials: `terminal_id`. Options: `receipt` = `auto` (default) or `off` (the terminal has no Receipt
service), `handover` = `post` (default) or `get`, `get_method` = true (3.x: callback by GET),
`token_minutes` (life of a token, 20 to 3600).

verify names only a RefNum, so a cheap receipt could be replayed on a dear order. The Receipt service
(4.1) closes this: asked by our own token it says which RefNum, ResNum and amount belong to it. It is
readable for an hour and only until verify or reverse, hence `looks_first`: look, store, then verify.
A terminal of document 3.6 has no such service; then the RefNum of a callback that speaks of our own
token and order is used, and the amount in verify's answer is for the caller to compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from payments.gateways import transport
from payments.gateways.base import (
    NO_REFERENCE,
    RECEIPT_ABSENT,
    REPLY_DIFFERS,
    Answer,
    CallbackHint,
    GatewayRefused,
    Handover,
    Order,
    Outcome,
    Question,
    TerminalAccess,
    contradictions,
    without_reference,
)
from payments.gateways.reading import code, first_text, fold, masked_card, rial, text

_TOKEN = "/onlinepg/onlinepg"  # noqa: S105 - an address
_PAGE = "/OnlinePG/OnlinePG"
_SERVICE = "/verifyTxnRandomSessionkey"
_RECEIPT = f"{_SERVICE}/api/v2/ipg/payment/receipt"
_VERIFY = f"{_SERVICE}/ipg/VerifyTransaction"
_REVERSE = f"{_SERVICE}/ipg/ReverseTransaction"
_NO_SUCH_SERVICE = frozenset({400, 403, 404, 405, 410, 500, 501})  # without its JSON; 502-504 pass by
_STATUS = {
    "0": Outcome.PENDING,
    "1": Outcome.NOT_PAID,  # cancelled by the payer
    "2": Outcome.PAID,
    "3": Outcome.NOT_PAID,
    "4": Outcome.NOT_PAID,  # no answer in time
    "5": Outcome.NOT_PAID,
    "9": Outcome.NOT_PAID,  # PIN blocked
}
_RECEIPT_REFUSALS = frozenset({"8", "12", "20"})  # address, terminal, disabled
_DUPLICATE = "2"
_VERIFY_CODES = {
    "5": Outcome.REVERSED,
    "-2": Outcome.NOT_PAID,  # no such RefNum
    "-6": Outcome.REVERSED,  # over 30 minutes old: the bank has sent it back
    "-104": Outcome.REJECTED,
    "-105": Outcome.REJECTED,
    "-106": Outcome.REJECTED,
}


class Sep:
    """The adapter; it holds no state."""

    name = "sep"
    verify_window_minutes = 30
    ask_until_minutes = 55  # the receipt can be read for 60
    looks_first = True
    terminal_key = "terminal_id"
    proof = frozenset({"reference", "amount_rial"})

    def request(self, access: TerminalAccess, order: Order) -> Handover:
        """Ask for a token; ResNum is unique per terminal for ever."""
        payload: dict[str, Any] = {
            "action": "token",
            "TerminalId": _terminal(access),
            "Amount": order.amount_rial,
            "ResNum": order.order_id,
            "RedirectUrl": order.callback_url,
        }
        if order.mobile:
            payload["CellNumber"] = order.mobile
        if access.options.get("token_minutes"):
            payload["TokenExpiryInMin"] = int(access.options["token_minutes"])
        for place in range(1, 5):  # ResNum1..4 show only in the bank's reports: campaign, province
            if order.extra.get(f"res_num{place}"):
                payload[f"ResNum{place}"] = order.extra[f"res_num{place}"][:50]
        reply = transport.post_json(access, "request", _TOKEN, payload)
        if reply.failure:
            raise transport.no_token(reply)
        found = fold(reply.body)
        token = text(found.get("token"))
        if code(found.get("status")) == "1" and token:
            return replace(self.handover(access, token), exchanges=(reply.exchange,))
        if not code(found.get("errorcode")):
            raise transport.no_token(reply)
        raise GatewayRefused(code(found.get("errorcode")), text(found.get("errordesc")), (reply.exchange,))

    def handover(self, access: TerminalAccess, token: str) -> Handover:
        """A form with `Token`, or by option the GET address."""
        if access.options.get("handover") == "get":
            path = f"/OnlinePG/SendToken?token={quote(token, safe='')}"
            return Handover(token, "GET", transport.page_url(access, path))
        fields = {"Token": token}
        if access.options.get("get_method"):
            fields["GetMethod"] = "true"
        return Handover(token, "POST", transport.page_url(access, _PAGE), fields)

    def parse_callback(self, data: Mapping[str, Any]) -> CallbackHint:
        """3.x: all fields; 4.1: `Token` and `RefNum`, which is empty when it failed."""
        fields = fold(data)
        reference = text(fields.get("refnum"))
        status = code(fields.get("status")) or text(fields.get("state"))
        claim: bool | None = None
        if status:
            claim = status == "2" or status.upper() == "OK"
        elif "refnum" in fields:
            claim = bool(reference)
        return CallbackHint(
            token=text(fields.get("token")),
            order_id=text(fields.get("resnum")),
            reference=reference,
            claims_paid=claim,
            amount_rial=rial(fields.get("amount")) or None,
            card_masked=masked_card(fields.get("securepan")),
            code=status,
        )

    def look(self, access: TerminalAccess, question: Question) -> Answer:
        """The receipt of our token. UNKNOWN with code 404: verified before, over an hour old, or unknown."""
        if access.options.get("receipt") == "off":
            return Answer(Outcome.UNKNOWN, RECEIPT_ABSENT)
        payload = {"TerminalNumber": _terminal_number(access), "Token": question.token}
        reply = transport.post_json(access, "look", _RECEIPT, payload)
        body = fold(reply.body)
        if "haserror" not in body and "data" not in body:
            answer = transport.no_answer(reply)
            return replace(answer, code=RECEIPT_ABSENT) if reply.status in _NO_SUCH_SERVICE else answer
        if reply.failure:
            return transport.no_answer(reply)
        error = code(body.get("errorcode"))
        receipt = fold(body.get("data"))
        if body.get("haserror") is True or not receipt:
            outcome = Outcome.REJECTED if error in _RECEIPT_REFUSALS else Outcome.UNKNOWN
            return Answer(outcome, error, text(body.get("errormessage")), exchanges=(reply.exchange,))
        return _receipt_answer(receipt, reply)

    def verify(self, access: TerminalAccess, question: Question) -> Answer:
        """Verify the RefNum which the receipt ties to our token; nothing is claimed on a contradiction."""
        receipt = _from_seen(question.seen)
        looked: tuple[Any, ...] = ()
        stored = receipt.reference and not contradictions(receipt, question, _terminal(access))
        if not stored and receipt.code != RECEIPT_ABSENT:
            receipt = self.look(access, question)
            looked = receipt.exchanges
        if receipt.code == RECEIPT_ABSENT:
            return self._verify_by_callback(access, question, looked)
        if receipt.outcome is not Outcome.PAID or not receipt.reference:
            return receipt
        if contradictions(receipt, question, _terminal(access)):
            return receipt
        return self._verify(access, receipt.reference, receipt, looked)

    def reverse(self, access: TerminalAccess, question: Question) -> Answer:
        """ReverseTransaction: up to 50 minutes, only after verify, the whole amount."""
        reference = question.reference or _from_seen(question.seen).reference
        if not reference:
            return Answer(Outcome.UNKNOWN, NO_REFERENCE)
        reply = self._ask(access, "reverse", _REVERSE, reference)
        if reply.failure:
            return transport.no_answer(reply)
        body = fold(reply.body)
        said = code(body.get("resultcode"))
        if (said == "0" and body.get("success") is not False) or said == "5":
            outcome = Outcome.REVERSED
        else:
            outcome = Outcome.REJECTED if said.startswith("-") else Outcome.UNKNOWN
        message = text(body.get("resultdescription"))
        return Answer(outcome, said, message, reference, exchanges=(reply.exchange,))

    def _verify_by_callback(
        self, access: TerminalAccess, question: Question, looked: tuple[Any, ...]
    ) -> Answer:
        """Document 3.6: only the callback knows the RefNum. It must speak of our token and our order."""
        answer = replace(without_reference(question), exchanges=looked)
        for reference in question.known_references():
            answer = self._verify(access, reference, None, answer.exchanges)
            if answer.outcome is not Outcome.NOT_PAID:
                break
        return answer

    def _verify(
        self, access: TerminalAccess, reference: str, receipt: Answer | None, looked: tuple[Any, ...]
    ) -> Answer:
        reply = self._ask(access, "verify", _VERIFY, reference)
        if reply.failure:
            return transport.no_answer(reply, looked)
        exchanges = (*looked, reply.exchange)
        body = fold(reply.body)
        said = code(body.get("resultcode"))
        message = text(body.get("resultdescription"))
        detail = _detail_answer(fold(body.get("transactiondetail")), receipt)
        if detail.reference and detail.reference != reference:
            return Answer(Outcome.UNKNOWN, REPLY_DIFFERS, message, exchanges=exchanges)
        if said == "0" and body.get("success") is not False:
            return replace(
                detail, outcome=Outcome.SUCCESS, code=said, message=message, reference=reference,
                exchanges=exchanges,
            )  # fmt: skip
        if said == _DUPLICATE:
            proven = detail if detail.reference or receipt is None else receipt
            return replace(proven, outcome=Outcome.ALREADY, code=said, message=message, exchanges=exchanges)
        outcome = _VERIFY_CODES.get(said, Outcome.UNKNOWN)
        if said == "-2" and receipt is not None:
            outcome = Outcome.UNKNOWN  # the receipt has just said otherwise: ask again
        return Answer(outcome, said, message, exchanges=exchanges)

    def _ask(self, access: TerminalAccess, call: str, path: str, reference: str) -> transport.Reply:
        payload = {"RefNum": reference, "TerminalNumber": _terminal_number(access)}
        return transport.post_json(access, call, path, payload)


def _terminal(access: TerminalAccess) -> str:
    return text(access.credentials.get("terminal_id"))


def _terminal_number(access: TerminalAccess) -> int | str:
    """The verify and receipt services want a number."""
    terminal = _terminal(access)
    return int(terminal) if terminal.isdecimal() else terminal


def _receipt_answer(receipt: Mapping[str, Any], reply: transport.Reply) -> Answer:
    status = code(receipt.get("status"))
    if not status:
        status = "2" if text(receipt.get("state")).upper() == "OK" else ""
    return Answer(
        _STATUS.get(status, Outcome.UNKNOWN),
        code=status,
        message=text(receipt.get("state")),
        reference=text(receipt.get("refnum")),
        rrn=text(receipt.get("rrn")),
        trace_no=text(receipt.get("traceno")),
        amount_rial=rial(receipt.get("amount")) or None,  # zero on a cancelled payment: not an amount
        order_id=text(receipt.get("resnum")),
        terminal=text(receipt.get("terminalid")),
        token=text(receipt.get("token")),
        card_hash=text(receipt.get("hashedcardnumber")),
        exchanges=(reply.exchange,),
    )


def _detail_answer(detail: Mapping[str, Any], receipt: Answer | None) -> Answer:
    """verify's own words, and from the stored receipt what verify does not say (ResNum, token)."""
    known = receipt or Answer(Outcome.UNKNOWN)
    amount = rial(first_text(detail, "orginalamount", "originalamount"))
    return Answer(
        Outcome.UNKNOWN,
        reference=text(detail.get("refnum")),
        rrn=text(detail.get("rrn")) or known.rrn,
        trace_no=first_text(detail, "straceno", "traceno") or known.trace_no,
        amount_rial=known.amount_rial if amount is None else amount,
        order_id=known.order_id,
        terminal=text(detail.get("terminalnumber")) or known.terminal,
        token=known.token,
        card_masked=masked_card(detail.get("maskedpan")),
        card_hash=text(detail.get("hashedpan")) or known.card_hash,
    )


def _from_seen(seen: Mapping[str, Any] | None) -> Answer:
    """The stored answer of an earlier look, or an empty one."""
    if not seen:
        return Answer(Outcome.UNKNOWN)
    outcome = text(seen.get("outcome"))
    return Answer(
        Outcome(outcome) if outcome in set(Outcome) else Outcome.UNKNOWN,
        code=text(seen.get("code")),
        reference=text(seen.get("reference")),
        rrn=text(seen.get("rrn")),
        trace_no=text(seen.get("trace_no")),
        amount_rial=rial(seen.get("amount_rial")),
        order_id=text(seen.get("order_id")),
        terminal=text(seen.get("terminal")),
        token=text(seen.get("token")),
        card_masked=text(seen.get("card_masked")),
        card_hash=text(seen.get("card_hash")),
    )
