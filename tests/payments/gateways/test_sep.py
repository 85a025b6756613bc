"""SEP: the receipt binds, and what happens where there is none."""

from dataclasses import replace

import pytest

from payments.gateways.base import (
    CALLBACK_DIFFERS,
    CALLBACK_SAYS_UNPAID,
    NO_REFERENCE,
    REPLY_DIFFERS,
    CallbackHint,
    Outcome,
    Question,
    contradictions,
)
from payments.gateways.sep import RECEIPT_ABSENT, Sep
from tests.payments.gateways.practice import AMOUNT, Practice


@pytest.fixture
def sep(bank):
    return Practice(Sep(), bank)


@pytest.fixture
def terminal(bank):
    """Add a terminal with other habits; returns a Practice at it."""

    def added(number: str, **options: str) -> Practice:
        row = {"gateway": "sep", "credentials": {"terminal_id": number}, "options": options}
        bank.control("POST", "terminals", **row)
        return Practice(Sep(), bank, credentials={"terminal_id": number})

    return added


def test_look_tells_our_tokens_receipt_until_it_is_verified(sep):
    attempt = sep.open()
    sep.pay(attempt)
    look = sep.adapter.look(sep.access, sep.question(attempt))
    row = sep.in_book(attempt)
    assert look.outcome is Outcome.PAID
    assert (look.reference, look.order_id, look.token) == (row["reference"], attempt.order_id, attempt.token)
    assert (look.amount_rial, look.terminal, look.rrn) == (AMOUNT, "21000001", row["rrn"])
    attempt.seen = look.seen()
    sep.claim(attempt)
    gone = sep.adapter.look(sep.access, sep.question(attempt))
    assert (gone.outcome, gone.code, gone.reference) == (Outcome.UNKNOWN, "404", "")


def test_a_lost_callback_is_found_by_the_token_alone(sep):
    attempt = sep.open()
    sep.pay(attempt)
    attempt.hint = None
    answer = sep.claim(attempt)
    assert answer.outcome is Outcome.SUCCESS
    assert sep.proven(answer, attempt)


def test_a_forged_refnum_is_not_verified_when_the_receipt_says_otherwise(sep):
    cheap, dear = sep.open(10_000), sep.open(9_000_000)
    sep.pay(cheap)
    sep.pay(dear)
    dear.hint = replace(dear.hint, reference=cheap.hint.reference)
    answer = sep.claim(dear)
    assert answer.reference == sep.in_book(dear)["reference"]
    assert sep.proven(answer, dear)
    assert sep.in_book(cheap)["state"] == "PAID"


def test_a_receipt_that_contradicts_the_order_is_not_verified(sep):
    attempt = sep.open()
    sep.pay(attempt)
    for fault, name in (
        ("wrong_amount", "amount_rial"),
        ("wrong_order", "order_id"),
        ("wrong_token", "token"),
    ):
        sep.fault("look", fault, times=2)
        attempt.seen = None
        answer = sep.claim(attempt)
        assert answer.outcome is Outcome.PAID
        assert contradictions(answer, sep.question(attempt)) == (name,)
    assert sep.in_book(attempt)["state"] == "PAID"
    assert sep.claim(attempt).outcome is Outcome.SUCCESS  # the next receipt is true again


def test_a_duplicate_without_receipt_or_detail_is_already_with_nothing(sep):
    attempt = sep.open()
    sep.pay(attempt)
    sep.claim(attempt)
    sep.options["receipt"] = "off"
    attempt.seen = None
    answer = sep.claim(attempt)
    assert (answer.outcome, answer.code, answer.reference) == (Outcome.ALREADY, "2", "")
    assert not sep.proven(answer, attempt)


def test_a_duplicate_with_detail_is_evidence(terminal):
    sep = terminal("21000101", duplicate="full")
    attempt = sep.open()
    sep.pay(attempt)
    sep.claim(attempt)
    sep.options["receipt"] = "off"
    attempt.seen = None
    answer = sep.claim(attempt)
    assert answer.outcome is Outcome.ALREADY
    assert sep.proven(answer, attempt)


@pytest.mark.parametrize("how", ["option", "service off", "html 404"])
def test_a_terminal_of_document_3_verifies_by_its_callback(terminal, replies, how):
    sep = terminal("21000102", receipt="off" if how == "service off" else "on")
    if how == "option":
        sep.options["receipt"] = "off"
    if how == "html 404":
        replies.rewrite(sep.access.base_url, lambda value: value, absent="/receipt")
        sep.base_url = replies.url
    attempt = sep.open()
    unpaid = sep.claim(attempt)
    assert (unpaid.outcome, unpaid.code) == (Outcome.UNKNOWN, NO_REFERENCE)
    assert attempt.seen["code"] == RECEIPT_ABSENT
    sep.pay(attempt)
    answer = sep.claim(attempt)
    assert answer.outcome is Outcome.SUCCESS
    assert sep.proven(answer, attempt)
    assert (answer.amount_rial, answer.order_id, answer.token) == (AMOUNT, "", "")


def test_without_receipts_a_cancelled_callback_is_the_only_word(terminal):
    sep = terminal("21000103", receipt="off")
    attempt = sep.open()
    sep.pay(attempt, "cancel")
    answer = sep.claim(attempt)
    assert (answer.outcome, answer.code) == (Outcome.NOT_PAID, CALLBACK_SAYS_UNPAID)


def test_without_receipts_a_strange_callback_is_not_verified(terminal):
    sep = terminal("21000104", receipt="off")
    cheap, dear = sep.open(10_000), sep.open(9_000_000)
    sep.pay(cheap)
    dear.hint = cheap.hint
    answer = sep.claim(dear)
    assert (answer.outcome, answer.code) == (Outcome.UNKNOWN, CALLBACK_DIFFERS)
    forged = replace(cheap.hint, token=dear.token, order_id=dear.order_id, amount_rial=dear.amount_rial)
    dear.hint = forged  # everything forged but the reference: only the amount tells
    answer = sep.claim(dear)
    assert answer.outcome is Outcome.SUCCESS
    assert answer.amount_rial == 10_000
    assert not sep.proven(answer, dear)


def test_a_stored_reference_outlives_a_later_forged_callback(terminal):
    sep = terminal("21000105", receipt="off")
    attempt = sep.open()
    genuine = sep.pay(attempt)
    forged = CallbackHint(token="other", reference="forged", claims_paid=True)
    question = Question(
        attempt.order_id, AMOUNT, attempt.token, reference=genuine.reference, hint=forged, seen=None
    )
    assert sep.adapter.verify(sep.access, question).outcome is Outcome.SUCCESS


def test_without_receipts_a_forged_reference_does_not_hide_the_true_one(terminal):
    sep = terminal("21000107", receipt="off")
    attempt = sep.open()
    true = sep.pay(attempt)
    question = replace(sep.question(attempt), reference="forged", hint=true)
    answer = sep.adapter.verify(sep.access, question)
    assert (answer.outcome, answer.reference) == (Outcome.SUCCESS, true.reference)


def test_a_busy_receipt_service_is_asked_again_not_gone_around(sep):
    attempt = sep.open()
    sep.pay(attempt)
    sep.fault("look", "http_502", times=2)
    answer = sep.claim(attempt)
    assert (answer.outcome, answer.code) == (Outcome.UNKNOWN, "http_502")
    assert sep.in_book(attempt)["state"] == "PAID"
    assert sep.claim(attempt).outcome is Outcome.SUCCESS


def test_the_callback_of_document_4_has_token_and_refnum_only(terminal):
    sep = terminal("21000106", document="4.1")
    paid, cancelled = sep.open(), sep.open()
    callback = sep.callback(paid, "pay")
    assert callback["method"] == "GET"
    assert set(callback["fields"]) == {"Token", "RefNum"}
    hint = sep.adapter.parse_callback(callback["fields"])
    assert hint == CallbackHint(paid.token, reference=callback["fields"]["RefNum"], claims_paid=True)
    hint = sep.adapter.parse_callback(sep.callback(cancelled, "cancel")["fields"])
    assert hint == CallbackHint(cancelled.token, claims_paid=False)
    assert sep.claim(paid).outcome is Outcome.SUCCESS
    assert sep.claim(cancelled).outcome is Outcome.NOT_PAID


def test_the_token_request_is_as_documented(sep, replies):
    replies.say({"status": 1, "token": "t0ken"})
    sep.base_url = replies.url
    sep.options = {"token_minutes": 30}
    order = sep.order(50_000, res_num1="ramadan", res_num2="23")
    handover = sep.adapter.request(sep.access, order)
    assert replies.asked == [
        (
            "/onlinepg/onlinepg",
            '{"action":"token","TerminalId":"21000001","Amount":50000,'
            f'"ResNum":"{order.order_id}","RedirectUrl":"{order.callback_url}","CellNumber":"09120000000",'
            '"TokenExpiryInMin":30,"ResNum1":"ramadan","ResNum2":"23"}',
        )
    ]
    assert (handover.method, handover.url) == ("POST", f"{replies.url}/OnlinePG/OnlinePG")
    assert handover.fields == {"Token": "t0ken"}


def test_the_handover_may_be_a_plain_address(sep):
    sep.base_url = "https://sep.example/"
    sep.options = {"handover": "get"}
    handover = sep.adapter.handover(sep.access, "a b&c")
    assert handover.url == "https://sep.example/OnlinePG/SendToken?token=a%20b%26c"
    assert (handover.method, handover.fields) == ("GET", {})


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ({"ResultCode": "5", "Success": False}, Outcome.REVERSED),
        ({"ResultCode": -6}, Outcome.REVERSED),
        ({"ResultCode": -2}, Outcome.UNKNOWN),  # against the receipt that was just read
        ({"ResultCode": -104}, Outcome.REJECTED),
        ({"ResultCode": "-105"}, Outcome.REJECTED),
        ({"ResultCode": -106}, Outcome.REJECTED),
        ({"ResultCode": 0, "Success": False}, Outcome.UNKNOWN),
        ({"ResultCode": 77}, Outcome.UNKNOWN),
        ({"Success": True}, Outcome.UNKNOWN),
    ],
)
def test_verify_codes(sep, replies, reply, outcome):
    replies.say(reply)
    sep.base_url = replies.url
    seen = {"outcome": "paid", "reference": "R1", "amount_rial": AMOUNT, "order_id": "7", "token": "T"}
    question = Question("7", AMOUNT, "T", seen=seen)
    assert sep.adapter.verify(sep.access, question).outcome is outcome
    assert replies.asked == [
        (
            "/verifyTxnRandomSessionkey/ipg/VerifyTransaction",
            '{"RefNum":"R1","TerminalNumber":21000001}',
        )
    ]


def test_an_answer_about_another_refnum_is_no_answer(sep, replies):
    replies.say({"Success": True, "ResultCode": 0, "TransactionDetail": {"RefNum": "R2", "OrginalAmount": 1}})
    sep.base_url = replies.url
    seen = {"outcome": "paid", "reference": "R1", "amount_rial": AMOUNT, "order_id": "7", "token": "T"}
    answer = sep.adapter.verify(sep.access, Question("7", AMOUNT, "T", seen=seen))
    assert (answer.outcome, answer.code) == (Outcome.UNKNOWN, REPLY_DIFFERS)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(8, Outcome.REJECTED), ("12", Outcome.REJECTED), (20, Outcome.REJECTED), (404, Outcome.UNKNOWN)],
)
def test_receipt_errors(sep, replies, error, outcome):
    replies.say({"HasError": True, "ErrorCode": error, "Data": None})
    sep.base_url = replies.url
    answer = sep.adapter.verify(sep.access, Question("7", AMOUNT, "T", hint=CallbackHint(reference="R1")))
    assert (answer.outcome, answer.code) == (outcome, str(error))
    assert len(replies.asked) == 1  # the callback's RefNum was not verified
