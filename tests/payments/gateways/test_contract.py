"""What every gateway keeps, asked of each adapter that is registered, at the practice bank."""

from dataclasses import replace

import pytest

from payments.gateways import GATEWAYS, gateway
from payments.gateways.base import Answer, Outcome, contradictions
from payments.sandbox_bank.book import TOKEN_MINUTES
from tests.payments.gateways.practice import AMOUNT, Practice
from tests.payments.gateways.shapes import RESHAPES

FINISHED = {"VERIFIED", "SETTLED"}
MONEY = {Outcome.SUCCESS, Outcome.ALREADY}


def test_the_registry_names_each_adapter():
    assert {name: adapter.name for name, adapter in GATEWAYS.items()} == {name: name for name in GATEWAYS}
    assert gateway("sep") is GATEWAYS["sep"]
    with pytest.raises(KeyError):
        gateway("unknown")


def test_it_asks_beyond_the_banks_own_window(practice):
    adapter = practice.adapter
    token_minutes = TOKEN_MINUTES[adapter.name]  # a payer may pay in the last of them
    assert adapter.ask_until_minutes >= token_minutes + adapter.verify_window_minutes + 5
    assert adapter.terminal_key in practice.access.credentials
    assert adapter.proof <= set(Answer.__dataclass_fields__)


def test_a_paid_gift_is_verified_once(practice):
    attempt = practice.open()
    hint = practice.pay(attempt)
    assert hint.claims_paid is True
    assert practice.question(attempt).hint_fits()

    answer = practice.claim(attempt)

    row = practice.in_book(attempt)
    assert answer.outcome is Outcome.SUCCESS
    assert practice.proven(answer, attempt)
    assert answer.reference == row["reference"]
    assert row["state"] in FINISHED
    assert row["amount_rial"] == AMOUNT


def test_asked_again_it_is_already_paid_with_the_same_evidence(practice):
    attempt = practice.open()
    practice.pay(attempt)
    first = practice.claim(attempt)
    second = practice.claim(attempt)
    third = practice.claim(attempt)
    assert [first.outcome, second.outcome, third.outcome] == [
        Outcome.SUCCESS, Outcome.ALREADY, Outcome.ALREADY,
    ]  # fmt: skip
    assert second.reference == third.reference == first.reference
    assert practice.proven(second, attempt)


@pytest.mark.parametrize(("action", "state"), [("cancel", "CANCELLED"), ("fail", "FAILED")])
def test_a_cancelled_or_refused_payment_is_not_paid(practice, action, state):
    attempt = practice.open()
    hint = practice.pay(attempt, action)
    assert hint.claims_paid is False
    assert hint.token == attempt.token
    answer = practice.claim(attempt)
    assert answer.outcome is Outcome.NOT_PAID
    assert practice.in_book(attempt)["state"] == state


def test_nothing_is_money_before_the_payer_paid(practice):
    attempt = practice.open()
    assert practice.claim(attempt).outcome in {Outcome.PENDING, Outcome.NOT_PAID, Outcome.UNKNOWN}
    assert practice.in_book(attempt)["state"] == "CREATED"


def test_a_forged_success_proves_nothing(practice):
    other = practice.open()
    genuine = practice.callback(other, "pay")["fields"]
    attempt = practice.open()
    ours = {other.token: attempt.token, other.order_id: attempt.order_id}
    attempt.hint = practice.adapter.parse_callback({k: ours.get(v, v) for k, v in genuine.items()})
    assert attempt.hint.claims_paid is True
    answer = practice.claim(attempt)
    assert answer.outcome not in MONEY
    assert practice.in_book(attempt)["state"] == "CREATED"
    assert practice.in_book(other)["state"] == "PAID"


def test_a_forged_failure_does_not_stop_the_true_success(practice):
    attempt = practice.open()
    other = practice.open()
    forged = practice.callback(other, "cancel")["fields"]
    genuine = practice.callback(attempt, "pay")["fields"]
    ours = {other.token: attempt.token, other.order_id: attempt.order_id}
    attempt.hint = practice.adapter.parse_callback({k: ours.get(v, v) for k, v in forged.items()})
    practice.adapter.look(practice.access, practice.question(attempt))
    attempt.hint = practice.adapter.parse_callback(genuine)
    answer = practice.claim(attempt)
    assert answer.outcome is Outcome.SUCCESS
    assert practice.proven(answer, attempt)


def test_the_callback_of_a_cheaper_payment_buys_nothing(practice):
    cheap, dear = practice.open(10_000), practice.open(9_000_000)
    practice.pay(cheap)
    dear.hint = cheap.hint
    answer = practice.claim(dear)
    assert answer.outcome not in MONEY
    assert practice.in_book(cheap)["state"] == "PAID"
    assert practice.claim(cheap).outcome is Outcome.SUCCESS


def test_an_amount_that_differs_from_ours_is_never_proven(practice):
    attempt = practice.open(AMOUNT)
    practice.pay(attempt)
    ours = replace(attempt, amount_rial=AMOUNT * 10)
    answer = practice.claim(ours)
    assert not practice.proven(answer, ours)
    assert answer.outcome in MONEY | {Outcome.PAID, Outcome.UNKNOWN}
    if answer.outcome in MONEY:
        assert contradictions(answer, practice.question(ours)) == ("amount_rial",)
        assert answer.amount_rial == AMOUNT
    else:
        assert practice.in_book(attempt)["state"] == "PAID"


@pytest.mark.parametrize("kind", ["wrong_amount", "wrong_order", "wrong_token"])
def test_a_reply_about_something_else_is_never_proven_and_the_next_one_counts(practice, kind):
    attempt = practice.open()
    practice.pay(attempt)
    practice.fault("verify", kind)
    answer = practice.claim(attempt)
    assert not practice.proven(answer, attempt)
    again = practice.claim(attempt)
    assert practice.proven(again, attempt)
    assert again.reference == practice.in_book(attempt)["reference"]


@pytest.mark.parametrize("fault", ["timeout_before:2", "close_before", "http_502"])
def test_silence_before_the_effect_is_asked_again(practice, fault):
    attempt = practice.open()
    practice.pay(attempt)
    practice.fault("verify", fault)
    first = practice.claim_in_silence(attempt)
    if first.outcome is not Outcome.SUCCESS:  # a gateway with an inquiry may find out by itself
        assert first.outcome is Outcome.UNKNOWN
        assert practice.in_book(attempt)["state"] == "PAID"
        assert practice.claim(attempt).outcome is Outcome.SUCCESS
    assert practice.in_book(attempt)["state"] in FINISHED


@pytest.mark.parametrize("fault", ["timeout_after:2", "close_after", "http_502_after", "malformed"])
def test_silence_after_the_effect_ends_as_already_paid(practice, fault):
    attempt = practice.open()
    practice.pay(attempt)
    practice.fault("verify", fault)
    first = practice.claim_in_silence(attempt)
    assert first.outcome in {Outcome.UNKNOWN, Outcome.ALREADY}
    second = practice.claim(attempt)
    assert second.outcome is Outcome.ALREADY
    assert practice.proven(second, attempt)
    assert practice.in_book(attempt)["state"] in FINISHED


def test_a_duplicate_code_at_the_first_asking_is_a_success_with_evidence(practice):
    attempt = practice.open()
    practice.pay(attempt)
    practice.fault("verify", "duplicate_code")
    answer = practice.claim(attempt)
    assert answer.outcome is Outcome.ALREADY
    assert practice.proven(answer, attempt)


def test_past_the_banks_window_the_money_is_back_on_the_card(practice):
    attempt = practice.open()
    practice.pay(attempt)
    practice.bank.control("POST", "clock", advance_seconds=practice.adapter.verify_window_minutes * 60 + 1)
    answer = practice.claim(attempt)
    assert answer.outcome is Outcome.REVERSED
    assert practice.in_book(attempt)["state"] == "AUTO_REVERSED"


@pytest.mark.parametrize("reshape", RESHAPES, ids=lambda reshape: reshape.__name__)
def test_codes_and_names_come_in_any_shape(practice, replies, reshape):
    replies.rewrite(practice.access.base_url, reshape)
    shaped = Practice(practice.adapter, practice.bank, base_url=replies.url)
    attempt = shaped.open()
    shaped.pay(attempt)
    first, second = shaped.claim(attempt), shaped.claim(attempt)
    assert [first.outcome, second.outcome] == [Outcome.SUCCESS, Outcome.ALREADY]
    assert shaped.proven(first, attempt)
    assert shaped.proven(second, attempt)
    assert first.reference == practice.in_book(attempt)["reference"]


@pytest.mark.parametrize("action", ["pay", "cancel"])
def test_callback_fields_come_in_any_letter_case_and_digits(practice, action):
    attempt = practice.open()
    fields = practice.callback(attempt, action)["fields"]
    parse = practice.adapter.parse_callback
    hint = parse(fields)
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    assert parse({name.lower(): value for name, value in fields.items()}) == hint
    assert parse({name.upper(): value for name, value in fields.items()}) == hint
    assert parse({name: value.translate(persian) for name, value in fields.items()}) == hint
    assert parse({name: f" {value}\x00" for name, value in fields.items()}) == hint


def test_a_callback_without_sense_claims_nothing(practice):
    parse = practice.adapter.parse_callback
    for fields in ({}, {"x": "y"}, {"token": None, "Status": ["1"], "Authority": {}}):
        hint = parse(fields)
        assert hint.claims_paid is not True
        assert hint.reference == hint.token == hint.order_id == ""


def test_evidence_holds_no_secret(practice):
    attempt = practice.open()
    practice.pay(attempt)
    answer = practice.claim(attempt)
    kept = repr(answer.exchanges)
    assert answer.exchanges
    secrets = {"key", "username", "password", "merchant_id", "merchant"} - {
        "merchant_id" if practice.adapter.name == "sadad" else ""
    }
    for name, value in practice.access.credentials.items():
        assert name not in secrets or f"'{value}'" not in kept
    assert all(exchange.milliseconds >= 0 for exchange in answer.exchanges)


def test_reversing_after_verify_gives_the_money_back_where_it_is_offered(practice):
    attempt = practice.open()
    practice.pay(attempt)
    answer = practice.claim(attempt)
    question = replace(practice.question(attempt), reference=answer.reference)
    reversed_ = practice.adapter.reverse(practice.access, question)
    state = practice.in_book(attempt)["state"]
    expected = {
        "zarinpal": (Outcome.REVERSED, "REVERSED"),
        "sep": (Outcome.REVERSED, "REVERSED"),
        "mellat": (Outcome.REJECTED, "SETTLED"),  # settlement was asked for: too late to reverse
    }
    assert (reversed_.outcome, state) == expected.get(practice.adapter.name, (Outcome.REJECTED, "VERIFIED"))
