"""Asking for a token: what every gateway keeps, and what no bank may make it do."""

import socket
from dataclasses import replace

import pytest

from payments.gateways.base import Gateway, GatewayRefused, GatewayUnavailable, Outcome
from tests.payments.gateways.practice import AMOUNT, Attempt


def anything(adapter: Gateway) -> Attempt:
    """An attempt with all that a question can carry, for a bank that is not there."""
    hint = adapter.parse_callback(
        {"refnum": "R", "salereferenceid": "12345678", "rescode": "0", "status": "2"}
    )
    return Attempt("1", "T", AMOUNT, hint=hint)


def test_a_handover_can_be_made_again_without_the_bank(practice):
    handover = practice.adapter.request(practice.access, practice.order())
    again = practice.adapter.handover(practice.access, handover.token)
    assert replace(handover, exchanges=()) == again
    assert handover.method in ("GET", "POST")
    assert handover.url.startswith(practice.access.base_url + "/")


def test_a_refused_token_request_says_the_banks_code(practice):
    order = practice.order()
    practice.fault("request", "refuse:23", order_id=order.order_id)
    with pytest.raises(GatewayRefused) as refused:
        practice.adapter.request(practice.access, order)
    assert refused.value.code == "23"
    assert len(refused.value.exchanges) == 1


def test_strange_credentials_are_refused(practice):
    stranger = dict.fromkeys(practice.access.credentials, "999")
    practice.credentials = stranger
    with pytest.raises(GatewayRefused):
        practice.adapter.request(practice.access, practice.order())
    practice.credentials = {"none": ""}
    with pytest.raises(GatewayRefused):
        practice.adapter.request(practice.access, practice.order())


def test_a_stranger_host_is_no_callback_address(practice):
    order = replace(practice.order(), callback_url="https://stranger.example/pay/")
    with pytest.raises(GatewayRefused):
        practice.adapter.request(practice.access, order)


def test_any_description_can_be_sent(practice):
    for words in ("", "الف<b>&\"'", "\x00\x0b\ud800", "ن" * 3000):
        order = replace(practice.order(), description=words, mobile="")
        assert practice.adapter.request(practice.access, order).token


def test_an_order_id_is_used_once(practice):
    order = practice.order()
    practice.adapter.request(practice.access, order)
    with pytest.raises(GatewayRefused):
        practice.adapter.request(practice.access, order)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("timeout_before:2", "timeout"),
        ("timeout_after:2", "timeout"),
        ("close_before", "broken"),
        ("http_502", "http_502"),
        ("malformed", "malformed"),
    ],
)
def test_no_answer_to_a_token_request_is_unavailable(practice, fault, code):
    practice.options["read_timeout"] = 0.25
    practice.fault("request", fault)
    with pytest.raises(GatewayUnavailable) as unavailable:
        practice.adapter.request(practice.access, practice.order())
    assert unavailable.value.code == code


def test_a_closed_door_is_unavailable_and_unknown(practice):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        practice.base_url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(GatewayUnavailable) as unavailable:
            practice.adapter.request(practice.access, practice.order())
        assert unavailable.value.code == "unreachable"
        attempt = anything(practice.adapter)
        assert practice.claim(attempt).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "address", ["", "ftp://bank", "http://", "http://[", "http://a b/", "http://x:99999"]
)
def test_a_senseless_address_is_unavailable_and_unknown(practice, address):
    practice.base_url = address or "-"
    with pytest.raises(GatewayUnavailable):
        practice.adapter.request(practice.access, practice.order())
    assert practice.claim(anything(practice.adapter)).outcome is Outcome.UNKNOWN
