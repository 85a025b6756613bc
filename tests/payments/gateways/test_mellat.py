"""Mellat: verify, settle, and the ways in which the two can be half done."""

from dataclasses import replace

import pytest

from payments.gateways.base import (
    CALLBACK_DIFFERS,
    CALLBACK_SAYS_UNPAID,
    NO_REFERENCE,
    CallbackHint,
    GatewayRefused,
    GatewayUnavailable,
    Outcome,
    Question,
)
from payments.gateways.mellat import Mellat
from tests.payments.gateways.practice import AMOUNT, CALLBACK, Attempt, Practice

REFERENCE = "123456789012"
QUESTION = Question("7", AMOUNT, "T", reference=REFERENCE)


@pytest.fixture
def mellat(bank):
    return Practice(Mellat(), bank)


@pytest.fixture
def paper(mellat, replies):
    """Mellat at a bank that says these codes, one a call."""

    def says(*codes: str) -> Practice:
        for code in codes:
            if code.startswith("!"):
                replies.say(b"<html>bad gateway</html>", status=int(code[1:]), kind="text/html")
            else:
                replies.say_soap(code)
        mellat.base_url = replies.url
        return mellat

    return says


def methods(replies) -> list[str]:
    """The SOAP methods that were called."""
    return [body.partition("<bank:")[2].partition(">")[0] for _, body in replies.asked]


VERIFY, SETTLE, INQUIRY, REVERSAL = (
    "bpVerifyRequest", "bpSettleRequest", "bpInquiryRequest", "bpReversalRequest",
)  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "outcome", "code", "called"),
    [
        (["0", "0"], Outcome.SUCCESS, "0", [VERIFY, SETTLE]),
        (["0", "45"], Outcome.SUCCESS, "0", [VERIFY, SETTLE]),
        (["43", "0"], Outcome.ALREADY, "43", [VERIFY, SETTLE]),
        (["43", "45"], Outcome.ALREADY, "43", [VERIFY, SETTLE]),
        (["45"], Outcome.ALREADY, "45", [VERIFY]),
        (["48"], Outcome.REVERSED, "48", [VERIFY]),
        (["0", "48"], Outcome.REVERSED, "settle_48", [VERIFY, SETTLE]),
        (["0", "!502"], Outcome.UNKNOWN, "settle_http_502", [VERIFY, SETTLE]),
        (["0", "46"], Outcome.UNKNOWN, "settle_46", [VERIFY, SETTLE]),
        (["43", "47"], Outcome.UNKNOWN, "settle_47", [VERIFY, SETTLE]),
        (["0", "61"], Outcome.UNKNOWN, "settle_61", [VERIFY, SETTLE]),
        (["!502", "!502"], Outcome.UNKNOWN, "http_502", [VERIFY, INQUIRY]),
        (["!502", "45"], Outcome.ALREADY, "45", [VERIFY, INQUIRY]),
        (["!502", "43", "0"], Outcome.ALREADY, "43", [VERIFY, INQUIRY, SETTLE]),
        (["!502", "48"], Outcome.REVERSED, "48", [VERIFY, INQUIRY]),
        (["!502", "0", "0", "0"], Outcome.SUCCESS, "0", [VERIFY, INQUIRY, VERIFY, SETTLE]),
        (["!502", "0", "43", "0"], Outcome.ALREADY, "43", [VERIFY, INQUIRY, VERIFY, SETTLE]),
        (["!502", "0", "!502"], Outcome.UNKNOWN, "http_502", [VERIFY, INQUIRY, VERIFY]),
        (["!502", "42"], Outcome.UNKNOWN, "http_502", [VERIFY, INQUIRY]),
        (["17"], Outcome.NOT_PAID, "17", [VERIFY]),
        (["42"], Outcome.NOT_PAID, "42", [VERIFY]),
        (["55"], Outcome.NOT_PAID, "55", [VERIFY]),
        (["24"], Outcome.REJECTED, "24", [VERIFY]),
        (["421"], Outcome.REJECTED, "421", [VERIFY]),
        (["34"], Outcome.UNKNOWN, "34", [VERIFY]),
        (["415"], Outcome.UNKNOWN, "415", [VERIFY]),
    ],
)
def test_the_dance(paper, replies, codes, outcome, code, called):
    mellat = paper(*codes)
    answer = mellat.adapter.verify(mellat.access, QUESTION)
    assert (answer.outcome, answer.code) == (outcome, code)
    assert methods(replies) == called  # and so never a reversal
    assert len(answer.exchanges) == len(called)
    proven = mellat.proven(answer, Attempt("7", "T", AMOUNT))
    assert proven is (outcome in (Outcome.SUCCESS, Outcome.ALREADY))


def test_verified_and_settled_in_one_call_by_option(paper, replies):
    mellat = paper("0", "43", "0", "45", "48")
    mellat.options["verify_settle"] = True
    outcomes = [mellat.adapter.verify(mellat.access, QUESTION).outcome for _ in range(4)]
    assert outcomes == [Outcome.SUCCESS, Outcome.ALREADY, Outcome.ALREADY, Outcome.REVERSED]
    both = "bpVerifySettleRequest"
    assert methods(replies) == [both, both, SETTLE, both, both]


@pytest.mark.parametrize(
    "fault", ["timeout_before:2", "timeout_after:2", "close_after", "malformed", "http_502"]
)
def test_a_settlement_without_answer_is_asked_for_again(mellat, fault):
    attempt = mellat.open()
    mellat.pay(attempt)
    mellat.fault("settle", fault)
    first = mellat.claim_in_silence(attempt)
    assert first.outcome is Outcome.UNKNOWN
    assert first.code.startswith("settle_")
    second = mellat.claim(attempt)
    assert second.outcome is Outcome.ALREADY
    assert mellat.proven(second, attempt)
    assert mellat.in_book(attempt)["state"] == "SETTLED"


def test_one_call_settles_at_the_practice_bank_too(mellat):
    mellat.options["verify_settle"] = True
    attempt = mellat.open()
    mellat.pay(attempt)
    assert mellat.claim(attempt).outcome is Outcome.SUCCESS
    assert mellat.in_book(attempt)["state"] == "SETTLED"
    assert mellat.claim(attempt).code == "45"


def test_a_lost_callback_leaves_nothing_to_ask_by(mellat):
    attempt = mellat.open()
    mellat.pay(attempt)
    attempt.hint = None
    answer = mellat.claim(attempt)
    assert (answer.outcome, answer.code, answer.exchanges) == (Outcome.UNKNOWN, NO_REFERENCE, ())
    mellat.options["sale_reference_lookup"] = True
    answer = mellat.claim(attempt)
    assert answer.outcome is Outcome.SUCCESS
    assert answer.reference == mellat.in_book(attempt)["reference"]


@pytest.mark.parametrize("returned", ["42", "0,", "0,12", "none", ""])
def test_a_lookup_that_finds_nothing(paper, replies, returned):
    mellat = paper(returned)
    mellat.options["sale_reference_lookup"] = True
    answer = mellat.adapter.verify(mellat.access, Question("7", AMOUNT, "T"))
    assert (answer.outcome, answer.code) == (Outcome.UNKNOWN, NO_REFERENCE)
    assert methods(replies) == ["bpSaleReferenceIdRequest"]


def test_only_an_unpaid_callback_says_that_nothing_was_paid(mellat):
    attempt = mellat.open()
    mellat.pay(attempt, "cancel")
    assert attempt.hint == CallbackHint(attempt.token, attempt.order_id, claims_paid=False, code="17")
    for answer in (mellat.claim(attempt), mellat.adapter.look(mellat.access, mellat.question(attempt))):
        assert (answer.outcome, answer.code, answer.message) == (Outcome.NOT_PAID, CALLBACK_SAYS_UNPAID, "17")


@pytest.mark.parametrize("strange", [{"token": "X"}, {"order_id": "8"}, {"amount_rial": 1}])
def test_a_callback_of_another_sale_is_not_verified(mellat, replies, strange):
    hint = replace(CallbackHint("T", "7", REFERENCE, True, AMOUNT), **strange)
    mellat.base_url = replies.url
    for question in (Question("7", AMOUNT, "T", hint=hint), replace(QUESTION, hint=hint)):
        answer = mellat.adapter.verify(mellat.access, question)
        assert (answer.outcome, answer.code) == (Outcome.UNKNOWN, CALLBACK_DIFFERS)
    assert replies.asked == []


def test_a_strange_callback_does_not_spoil_the_stored_reference(mellat):
    attempt = mellat.open()
    genuine = mellat.pay(attempt)
    strange = CallbackHint("other", "8", "999999999999", True)
    question = Question(attempt.order_id, AMOUNT, attempt.token, genuine.reference, strange)
    assert mellat.adapter.verify(mellat.access, question).outcome is Outcome.SUCCESS


@pytest.mark.parametrize("forged_first", [True, False])
def test_a_forged_reference_does_not_hide_the_true_one(mellat, forged_first):
    attempt = mellat.open()
    true = mellat.pay(attempt)
    forged = "999999999999"
    stored, said = (forged, true.reference) if forged_first else (true.reference, forged)
    question = replace(mellat.question(attempt), reference=stored, hint=replace(true, reference=said))
    answer = mellat.adapter.verify(mellat.access, question)
    assert (answer.outcome, answer.reference) == (Outcome.SUCCESS, true.reference)
    assert len(answer.exchanges) == (3 if forged_first else 2)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("0", Outcome.PAID),
        ("43", Outcome.PAID),
        ("45", Outcome.ALREADY),
        ("48", Outcome.REVERSED),
        ("42", Outcome.UNKNOWN),
        ("17", Outcome.UNKNOWN),
    ],
)
def test_the_inquiry_says_little(paper, code, outcome):
    mellat = paper(code)
    assert mellat.adapter.look(mellat.access, QUESTION).outcome is outcome


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("0", Outcome.REVERSED),
        ("48", Outcome.REVERSED),
        ("45", Outcome.REJECTED),
        ("34", Outcome.UNKNOWN),
        ("!500", Outcome.UNKNOWN),
    ],
)
def test_reversal(paper, replies, code, outcome):
    mellat = paper(code)
    assert mellat.adapter.reverse(mellat.access, QUESTION).outcome is outcome
    assert methods(replies) == [REVERSAL]
    assert mellat.adapter.reverse(mellat.access, Question("7", AMOUNT, "T")).code == NO_REFERENCE


def test_the_token_request_is_as_documented(paper, replies):
    mellat = paper("0, AF82041a2Bf68989c7ff9")
    order = replace(mellat.order(50_000), description="a<b&c")
    handover = mellat.adapter.request(mellat.access, order)
    path, body = replies.asked[0]
    names = [part.partition(">")[0] for part in body.split("<") if part[:1] not in ("/", "?")][1:]
    assert path == "/pgwchannel/services/pgw"
    assert 'xmlns:bank="http://interfaces.core.sw.bps.com/"' in body
    assert names[4:] == [
        "terminalId", "userName", "userPassword", "orderId", "amount", "localDate", "localTime",
        "additionalData", "callBackUrl", "payerId",
    ]  # fmt: skip
    assert f"<orderId>{order.order_id}</orderId><amount>50000</amount>" in body
    assert f"<additionalData>a&lt;b&amp;c</additionalData><callBackUrl>{CALLBACK}</callBackUrl>" in body
    assert handover.fields == {"RefId": "AF82041a2Bf68989c7ff9"}
    assert (handover.method, handover.url) == ("POST", f"{replies.url}/pgwchannel/startpay.mellat")


@pytest.mark.parametrize(
    ("returned", "error", "code"),
    [
        ("41", GatewayRefused, "41"),
        ("421", GatewayRefused, "421"),
        ("62", GatewayRefused, "62"),
        ("34", GatewayUnavailable, "34"),
        ("0", GatewayUnavailable, "malformed"),
        ("0,", GatewayUnavailable, "malformed"),
        ("hello", GatewayUnavailable, "malformed"),
    ],
)
def test_no_token(paper, returned, error, code):
    mellat = paper(returned)
    with pytest.raises(error) as raised:
        mellat.adapter.request(mellat.access, mellat.order())
    assert raised.value.code == code
