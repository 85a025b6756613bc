"""ZarinPal: its codes, in both shapes of its errors, and its list of unverified payments."""

import json

import pytest

from payments.gateways.base import GatewayRefused, Outcome, Question, UnverifiedPayment, contradictions
from payments.gateways.zarinpal import ZarinPal
from tests.payments.gateways.practice import AMOUNT, CALLBACK, Practice

TOKEN = "A00000000000000000000000000000123456"
QUESTION = Question("7", AMOUNT, TOKEN)
MERCHANT = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def zarinpal(bank):
    return Practice(ZarinPal(), bank)


@pytest.fixture
def paper(zarinpal, replies):
    zarinpal.base_url = replies.url
    return zarinpal


def test_the_token_request_is_as_documented(paper, replies):
    replies.say({"data": {"code": 100, "authority": TOKEN, "fee": 0, "message": "Success"}, "errors": []})
    order = paper.order(50_000)
    handover = paper.adapter.request(paper.access, order)
    path, body = replies.asked[0]
    assert path == "/pg/v4/payment/request.json"
    assert json.loads(body) == {
        "merchant_id": MERCHANT,
        "amount": 50_000,
        "currency": "IRR",
        "callback_url": CALLBACK,
        "description": "هدیه",
        "metadata": {"order_id": order.order_id, "mobile": "09120000000"},
    }
    assert (handover.method, handover.url) == ("GET", f"{replies.url}/pg/StartPay/{TOKEN}")


def test_verify_is_as_documented(paper, replies):
    replies.say({"data": {"code": 100, "ref_id": 201, "card_pan": "502229******5995"}, "errors": []})
    answer = paper.adapter.verify(paper.access, QUESTION)
    assert replies.asked == [
        (
            "/pg/v4/payment/verify.json",
            f'{{"merchant_id":"{MERCHANT}","authority":"{TOKEN}","amount":{AMOUNT}}}',
        )
    ]
    assert (answer.outcome, answer.reference, answer.amount_rial) == (Outcome.SUCCESS, "201", AMOUNT)
    assert (answer.token, answer.card_masked) == (TOKEN, "502229******5995")


@pytest.mark.parametrize("status", [200, 401, 422])
@pytest.mark.parametrize("as_list", [True, False])
@pytest.mark.parametrize("data", [[], {}, None])
def test_errors_come_as_object_or_list_under_any_status(paper, replies, status, as_list, data):
    error = {"code": -11, "message": "not active", "validations": []}
    replies.say({"data": data, "errors": [error] if as_list else error}, status=status)
    with pytest.raises(GatewayRefused) as refused:
        paper.adapter.request(paper.access, paper.order())
    assert (refused.value.code, refused.value.message) == ("-11", "not active")
    answer = paper.adapter.verify(paper.access, QUESTION)
    assert (answer.outcome, answer.code) == (Outcome.REJECTED, "-11")


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (-9, Outcome.REJECTED),
        (-12, Outcome.UNKNOWN),
        ("-50", Outcome.PAID),
        (-52, Outcome.UNKNOWN),
        (-53, Outcome.REJECTED),
        (-54, Outcome.NOT_PAID),
        (-55, Outcome.NOT_PAID),
        (-99, Outcome.UNKNOWN),
    ],
)
def test_verify_codes(paper, replies, code, outcome):
    replies.say({"data": [], "errors": {"code": code, "message": ""}})
    answer = paper.adapter.verify(paper.access, QUESTION)
    assert (answer.outcome, answer.code) == (outcome, str(code))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("IN_BANK", Outcome.PENDING),
        ("FAILED", Outcome.NOT_PAID),
        ("REVERSED", Outcome.REVERSED),
        ("PAID", Outcome.UNKNOWN),  # the two calls crossed a payment
        ("VERIFIED", Outcome.UNKNOWN),
        ("", Outcome.NOT_PAID),
    ],
)
def test_not_paid_is_looked_into(paper, replies, status, outcome):
    replies.say({"data": [], "errors": {"code": -51, "message": ""}})
    replies.say({"data": {"code": 100, "status": status}, "errors": []})
    answer = paper.adapter.verify(paper.access, QUESTION)
    assert (answer.outcome, answer.code, len(answer.exchanges)) == (outcome, "-51", 2)
    assert [path for path, _ in replies.asked] == [
        "/pg/v4/payment/verify.json",
        "/pg/v4/payment/inquiry.json",
    ]


def test_not_paid_stands_where_there_is_no_inquiry(paper, replies):
    replies.say({"data": [], "errors": {"code": -51, "message": ""}})
    replies.say(b"not found", status=404)
    assert paper.adapter.verify(paper.access, QUESTION).outcome is Outcome.NOT_PAID


def test_the_inquiry_is_never_a_verify(zarinpal):
    attempt = zarinpal.open()
    look = zarinpal.adapter.look
    assert look(zarinpal.access, zarinpal.question(attempt)).outcome is Outcome.PENDING
    zarinpal.pay(attempt)
    assert look(zarinpal.access, zarinpal.question(attempt)).outcome is Outcome.PAID
    assert zarinpal.in_book(attempt)["state"] == "PAID"
    zarinpal.claim(attempt)
    seen = look(zarinpal.access, zarinpal.question(attempt))
    assert seen.outcome is Outcome.ALREADY
    assert not zarinpal.proven(seen, attempt)  # it names no reference


def test_another_amount_is_paid_and_not_ours(zarinpal):
    attempt = zarinpal.open()
    zarinpal.pay(attempt)
    attempt.amount_rial += 10
    answer = zarinpal.claim(attempt)
    assert (answer.outcome, answer.code, answer.amount_rial) == (Outcome.PAID, "-50", AMOUNT)
    assert contradictions(answer, zarinpal.question(attempt)) == ("amount_rial",)
    assert zarinpal.in_book(attempt)["state"] == "PAID"


def test_the_unverified_are_listed(zarinpal):
    paid, verified, waiting = zarinpal.open(), zarinpal.open(70_000), zarinpal.open()
    zarinpal.pay(paid)
    zarinpal.pay(verified)
    zarinpal.claim(verified)
    listed = zarinpal.adapter.list_unverified(zarinpal.access)
    tokens = [payment.token for payment in listed]
    assert paid.token in tokens
    assert verified.token not in tokens
    assert waiting.token not in tokens
    assert {type(payment) for payment in listed} == {UnverifiedPayment}
    assert next(payment.amount_rial for payment in listed if payment.token == paid.token) == AMOUNT


@pytest.mark.parametrize("body", [{"data": {"code": "100", "authorities": []}}, {"data": {"code": 100}}])
def test_nothing_unverified(paper, replies, body):
    replies.say(body)
    assert paper.adapter.list_unverified(paper.access) == ()


@pytest.mark.parametrize("body", [{"errors": [{"code": -10}]}, b"<html>"])
def test_an_unanswered_list_is_no_empty_list(paper, replies, body):
    replies.say(body)
    assert paper.adapter.list_unverified(paper.access) is None


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ({"data": {"code": 100, "message": "Reversed"}}, None, Outcome.REVERSED),
        ({"errors": {"code": -63}}, None, Outcome.REJECTED),
        ({"errors": {"code": -61}}, {"data": {"code": 100, "status": "REVERSED"}}, Outcome.REVERSED),
        ({"errors": {"code": -61}}, {"data": {"code": 100, "status": "IN_BANK"}}, Outcome.UNKNOWN),
        ({"x": 1}, None, Outcome.UNKNOWN),
    ],
)
def test_reverse(paper, replies, first, second, outcome):
    replies.say(first)
    if second:
        replies.say(second)
    assert paper.adapter.reverse(paper.access, QUESTION).outcome is outcome
