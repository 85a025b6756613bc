"""Sadad: the signature, the deposit id, and the codes."""

import json

import pytest

from payments.gateways.base import NOT_OFFERED, GatewayRefused, GatewayUnavailable, Outcome, Question
from payments.gateways.sadad import Sadad
from payments.gateways.signing import sign
from payments.sandbox_bank.terminals import SADAD_KEY
from tests.payments.gateways.practice import AMOUNT, CALLBACK, Practice


@pytest.fixture
def sadad(bank):
    return Practice(Sadad(), bank)


@pytest.mark.parametrize(
    ("key", "line", "signed"),
    [
        # made with another implementation: openssl enc -des-ede3 -K <key in hex>
        (SADAD_KEY, "24001234;1000001;50000", "LBI0LuPNka4S8rr5DsIKwJkry7qgOL4E"),
        (SADAD_KEY, "12345678", "Fkph1ExqtxXiMoyaOAznKw=="),
        ("MDEyMzQ1Njc4OWFiY2RlZg==", "24001234;1000001;50000", "YC3Gv1sud/1spYzoEUxg1Xz1PzbLFeee"),
        (SADAD_KEY, "", "4jKMmjgM5ys="),
    ],
)
def test_signature_known_answers(key, line, signed):
    assert sign(key, line) == signed


@pytest.mark.parametrize("key", ["", "not base64!", "c2hvcnQ=", "کلید"])
def test_a_key_that_is_none(sadad, key):
    with pytest.raises(ValueError):
        sign(key, "x")
    sadad.credentials = {"merchant_id": "1", "terminal_id": "24000001", "key": key}
    with pytest.raises(GatewayRefused) as refused:
        sadad.adapter.request(sadad.access, sadad.order())
    assert refused.value.code == "bad_key"
    answer = sadad.adapter.verify(sadad.access, Question("1", AMOUNT, "T"))
    assert (answer.outcome, answer.code) == (Outcome.REJECTED, "bad_key")


def test_another_terminals_key_is_refused_by_the_bank(sadad):
    attempt = sadad.open()
    sadad.pay(attempt)
    sadad.credentials = dict(sadad.access.credentials) | {"key": "MDEyMzQ1Njc4OWFiY2RlZg=="}
    with pytest.raises(GatewayRefused) as refused:
        sadad.adapter.request(sadad.access, sadad.order())
    assert refused.value.code == "1012"
    answer = sadad.claim(attempt)
    assert (answer.outcome, answer.code) == (Outcome.REJECTED, "1012")
    assert sadad.in_book(attempt)["state"] == "PAID"


def test_the_token_request_is_as_documented(sadad, replies):
    replies.say({"ResCode": "0", "Token": "T1", "Description": ""})
    sadad.base_url = f"{replies.url}/VPG/"
    order = sadad.order(50_000)
    handover = sadad.adapter.request(sadad.access, order)
    path, body = replies.asked[0]
    sent = json.loads(body)
    assert path == "/VPG/api/v0/Request/PaymentRequest"
    assert len(sent.pop("LocalDateTime")) == len("01/31/2026 23:59:59")
    assert sent == {
        "MerchantId": "000000140000001",
        "TerminalId": "24000001",
        "Amount": 50_000,
        "OrderId": int(order.order_id),
        "ReturnUrl": CALLBACK,
        "SignData": sign(SADAD_KEY, f"24000001;{order.order_id};50000"),
        "AdditionalData": "هدیه",
        "UserId": "09120000000",
    }
    assert (handover.method, handover.url) == ("GET", f"{replies.url}/VPG/Purchase?Token=T1")


def test_a_deposit_id_goes_by_its_own_call(sadad):
    identity = "250112300000000000000000000017"
    order = sadad.order(payment_identity=identity)
    handover = sadad.adapter.request(sadad.access, order)
    assert handover.exchanges[0].request["PaymentIdentity"] == identity
    row = sadad.bank.payment("sadad", handover.token)
    assert row["extra"] == {"PaymentIdentity": identity}
    with pytest.raises(GatewayRefused) as refused:
        sadad.adapter.request(sadad.access, sadad.order(payment_identity="12ab"))
    assert refused.value.code == "1026"


def test_only_the_terminals_own_deposit_ids_pass(sadad):
    credentials = {"merchant_id": "77", "terminal_id": "24000077", "key": SADAD_KEY}
    options = {"payment_identities": ["1234"]}
    sadad.bank.control("POST", "terminals", gateway="sadad", credentials=credentials, options=options)
    sadad.credentials = credentials
    assert sadad.adapter.request(sadad.access, sadad.order(payment_identity="1234")).token
    with pytest.raises(GatewayRefused):
        sadad.adapter.request(sadad.access, sadad.order(payment_identity="1235"))


@pytest.mark.parametrize("prefix", ["", "/VPG"])
def test_the_prefix_is_part_of_the_base_address(sadad, prefix):
    sadad.base_url = f"{sadad.bank.url}/sadad{prefix}"
    attempt = sadad.open()
    sadad.pay(attempt)
    assert sadad.claim(attempt).outcome is Outcome.SUCCESS


def test_a_cancelled_callback_with_its_own_spelling():
    hint = Sadad().parse_callback(
        {"OrderId": "7", "Token": "T", "ResCode": "-1", "PrimaryAccNo": "6037991234567890"}
    )
    assert (hint.order_id, hint.token, hint.claims_paid, hint.code) == ("7", "T", False, "-1")
    assert hint.card_masked == "603799******7890"


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (-1, Outcome.NOT_PAID),
        ("101", Outcome.REVERSED),
        (1105, Outcome.REVERSED),
        (1012, Outcome.REJECTED),
        ("1030", Outcome.REJECTED),
        (1060, Outcome.UNKNOWN),
        ("weird", Outcome.UNKNOWN),
        (None, Outcome.UNKNOWN),
    ],
)
def test_verify_codes(sadad, replies, code, outcome):
    replies.say({"ResCode": code, "Amount": None})
    sadad.base_url = replies.url
    assert sadad.adapter.verify(sadad.access, Question("1", AMOUNT, "T")).outcome is outcome
    assert json.loads(replies.asked[0][1]) == {"Token": "T", "SignData": sign(SADAD_KEY, "T")}


def test_an_outage_code_is_unavailable_not_refused(sadad, replies):
    replies.say({"ResCode": 1057, "Description": "down"})
    sadad.base_url = replies.url
    with pytest.raises(GatewayUnavailable) as unavailable:
        sadad.adapter.request(sadad.access, sadad.order())
    assert (unavailable.value.code, unavailable.value.message) == ("1057", "down")


def test_what_sadad_does_not_offer_asks_no_bank(sadad):
    sadad.base_url = "http://127.0.0.1:9"
    question = Question("1", AMOUNT, "T")
    assert sadad.adapter.look(sadad.access, question).code == NOT_OFFERED
    assert sadad.adapter.reverse(sadad.access, question).code == NOT_OFFERED
