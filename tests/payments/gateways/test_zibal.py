"""Zibal: 201 counts only with the inquiry's words, 202 is looked into."""

import json

import pytest

from payments.gateways.base import NOT_OFFERED, CallbackHint, Outcome, Question, contradictions
from payments.gateways.zibal import Zibal
from tests.payments.gateways.practice import AMOUNT, CALLBACK, Attempt, Practice

QUESTION = Question("7", AMOUNT, "15966442233311")
PAID = {
    "result": 100, "status": 1, "amount": AMOUNT, "orderId": "7", "refNumber": 123456789012,
    "cardNumber": "62741****44", "message": "success",
}  # fmt: skip


@pytest.fixture
def zibal(bank):
    return Practice(Zibal(), bank)


@pytest.fixture
def paper(zibal, replies):
    zibal.base_url = replies.url
    return zibal


def test_the_token_request_is_as_documented(paper, replies):
    replies.say({"result": "100", "trackId": "15966442233311", "message": "success"})
    order = paper.order(50_000)
    handover = paper.adapter.request(paper.access, order)
    path, body = replies.asked[0]
    assert path == "/v1/request"
    assert json.loads(body) == {
        "merchant": "zibal",
        "amount": 50_000,
        "callbackUrl": CALLBACK,
        "orderId": order.order_id,
        "description": "هدیه",
        "mobile": "09120000000",
    }
    assert (handover.method, handover.url) == ("GET", f"{replies.url}/start/15966442233311")


def test_verify_gives_the_banks_amount_and_order_to_compare(paper, replies):
    replies.say(PAID | {"amount": AMOUNT + 10, "orderId": "8"})
    answer = paper.adapter.verify(paper.access, QUESTION)
    assert replies.asked == [("/v1/verify", '{"merchant":"zibal","trackId":15966442233311}')]
    assert answer.outcome is Outcome.SUCCESS
    assert contradictions(answer, QUESTION) == ("amount_rial", "order_id")


@pytest.mark.parametrize(
    ("inquiry", "outcome", "proven"),
    [
        (PAID, Outcome.ALREADY, True),
        (PAID | {"status": "1", "amount": str(AMOUNT)}, Outcome.ALREADY, True),
        (PAID | {"amount": AMOUNT - 10}, Outcome.ALREADY, False),
        (PAID | {"orderId": "8"}, Outcome.ALREADY, False),
        (PAID | {"amount": None}, Outcome.ALREADY, False),
        (PAID | {"status": 2}, Outcome.UNKNOWN, False),
        (PAID | {"status": 3}, Outcome.UNKNOWN, False),
        (PAID | {"status": 18}, Outcome.REVERSED, False),
        (PAID | {"status": 15}, Outcome.REVERSED, False),
        ({"result": 203}, Outcome.UNKNOWN, False),
        ({"result": 102}, Outcome.UNKNOWN, False),
    ],
)
def test_verified_before_counts_by_the_inquiry(paper, replies, inquiry, outcome, proven):
    replies.say({"result": 201, "message": "already verified"})
    replies.say(inquiry)
    answer = paper.adapter.verify(paper.access, QUESTION)
    assert answer.outcome is outcome
    assert paper.proven(answer, Attempt("7", QUESTION.token, AMOUNT)) is proven
    assert [path for path, _ in replies.asked] == ["/v1/verify", "/v1/inquiry"]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"result": 201}, Outcome.UNKNOWN),
        ({"result": 201, "amount": AMOUNT}, Outcome.UNKNOWN),
        (PAID | {"result": 201}, Outcome.ALREADY),
        (PAID | {"result": 201, "status": 18}, Outcome.UNKNOWN),
    ],
)
def test_without_an_inquiry_only_a_whole_reply_counts(paper, replies, body, outcome):
    replies.say(body)
    replies.say(b"not found", status=404)
    assert paper.adapter.verify(paper.access, QUESTION).outcome is outcome


@pytest.mark.parametrize(
    ("verify", "inquiry", "outcome"),
    [
        ({"result": 202, "status": -1}, None, Outcome.PENDING),
        ({"result": 202, "status": "3"}, None, Outcome.NOT_PAID),
        ({"result": 202, "status": 5}, None, Outcome.NOT_PAID),
        ({"result": 202, "status": 18}, None, Outcome.REVERSED),
        ({"result": 202, "status": 2}, None, Outcome.UNKNOWN),
        ({"result": 202}, {"result": 100, "status": -1}, Outcome.PENDING),
        ({"result": 202}, {"result": 100, "status": 3}, Outcome.NOT_PAID),
        ({"result": 202}, {"result": 100, "status": 2}, Outcome.UNKNOWN),
        ({"result": 202}, {"oops": 1}, Outcome.NOT_PAID),
        ({"result": 203}, None, Outcome.NOT_PAID),
        ({"result": 103}, None, Outcome.REJECTED),
        ({"result": 115}, None, Outcome.REJECTED),
        ({"result": -2}, None, Outcome.UNKNOWN),
        (PAID | {"status": 2}, None, Outcome.UNKNOWN),
    ],
)
def test_verify_codes(paper, replies, verify, inquiry, outcome):
    replies.say(verify)
    if inquiry:
        replies.say(inquiry)
    assert paper.adapter.verify(paper.access, QUESTION).outcome is outcome
    assert len(replies.asked) == (2 if inquiry else 1)


def test_the_track_is_the_reference_where_the_switch_gave_none(paper, replies):
    replies.say(PAID | {"refNumber": None})
    answer = paper.adapter.verify(paper.access, QUESTION)
    assert (answer.reference, answer.rrn) == (QUESTION.token, "")


@pytest.mark.parametrize(
    ("fields", "claims", "code"),
    [
        ({"success": "1", "status": "2"}, True, "2"),
        ({"success": 0, "status": 3}, False, "3"),
        ({"success": True}, True, "1"),
        ({"success": False}, False, "0"),
        ({"success": "yes"}, None, "yes"),
    ],
)
def test_callbacks_by_address_or_as_json(fields, claims, code):
    hint = Zibal().parse_callback({"trackId": 123, "orderId": "7", **fields})
    assert hint == CallbackHint("123", "7", claims_paid=claims, code=code)


def test_a_refund_is_not_offered_here(zibal):
    assert zibal.adapter.reverse(zibal.access, QUESTION).code == NOT_OFFERED
