"""The control room: the payer's part, callbacks that go astray, the clock and the book."""

import http.server
import threading
import time
import urllib.request

import pytest

from payments.gateways import GATEWAYS
from payments.gateways.base import Order
from tests.payments.gateways.practice import AMOUNT, Practice, new_order_id


@pytest.fixture
def merchant():
    """A merchant's callback address that writes down what arrives."""
    arrived = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            arrived.append((self.command, self.path, self.rfile.read(length).decode()))
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    server.arrived = arrived
    server.url = f"http://127.0.0.1:{server.server_port}/pay/"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def sep(bank):
    return Practice(GATEWAYS["sep"], bank)


def token_at(practice: Practice, merchant) -> str:
    order = Order(new_order_id(), AMOUNT, merchant.url)
    return practice.adapter.request(practice.access, order).token


def test_the_payer_pays_by_order_id_too(bank, sep):
    attempt = sep.open()
    found = bank.control("POST", "pay", order_id=attempt.order_id)
    assert found["payment"]["token"] == attempt.token
    assert found["payment"]["state"] == "PAID"
    assert found["delivered"] == []
    assert bank.control("GET", "payment", order_id=attempt.order_id) == found["payment"]


def test_an_order_id_at_two_gateways_needs_its_gateway(bank, sep):
    sadad = Practice(GATEWAYS["sadad"], bank)
    order = sep.order()
    for practice in (sep, sadad):
        practice.adapter.request(practice.access, order)
    assert bank.try_control("POST", "pay", order_id=order.order_id)[0] == 400
    found = bank.control("POST", "pay", order_id=order.order_id, gateway="sadad")
    assert found["payment"]["gateway"] == "sadad"


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({}, 400),
        ({"token": "none"}, 404),
        ({"order_id": "none", "gateway": "sep"}, 404),
        ({"token": "none", "gateway": "none"}, 404),
    ],
)
def test_a_payment_that_is_not_there(bank, row, status):
    assert bank.try_control("POST", "pay", **row)[0] == status


def test_an_unknown_action_is_refused(bank, sep):
    attempt = sep.open()
    assert bank.try_control("POST", "pay", token=attempt.token, action="steal")[0] == 400
    assert sep.in_book(attempt)["state"] == "CREATED"


def test_the_bank_delivers_callbacks_itself_where_asked(bank, merchant):
    sep, zibal = Practice(GATEWAYS["sep"], bank), Practice(GATEWAYS["zibal"], bank)
    posted = bank.control("POST", "pay", token=token_at(sep, merchant), deliver=True)
    got = bank.control("POST", "pay", token=token_at(zibal, merchant), deliver=3)
    assert posted["delivered"] == [302]
    assert got["delivered"] == [302] * 3
    methods = [method for method, _, _ in merchant.arrived]
    assert sorted(methods) == ["GET", "GET", "GET", "POST"]
    assert "Token=" in next(body for method, _, body in merchant.arrived if method == "POST")
    assert all("trackId=" in path for method, path, _ in merchant.arrived if method == "GET")


def test_a_merchant_that_is_gone(bank, sep, merchant):
    token = token_at(sep, merchant)
    merchant.shutdown()
    merchant.server_close()
    assert bank.control("POST", "pay", token=token, deliver=True)["delivered"] == [0]


def test_callbacks_get_lost_late_and_doubled(bank, sep, merchant):
    bank.fault("sep", "callback", "dropped")
    assert bank.control("POST", "pay", token=token_at(sep, merchant), deliver=True)["delivered"] == []
    assert merchant.arrived == []
    bank.fault("sep", "callback", "delayed:0.2")
    started = time.monotonic()
    assert bank.control("POST", "pay", token=token_at(sep, merchant), deliver=True)["delivered"] == [302]
    assert time.monotonic() - started >= 0.2
    merchant.arrived.clear()
    bank.fault("sep", "callback", "repeated:2")
    assert bank.control("POST", "pay", token=token_at(sep, merchant), deliver=True)["delivered"] == [302]
    deadline = time.monotonic() + 5
    while len(merchant.arrived) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(merchant.arrived) == 3
    assert len(set(merchant.arrived)) == 1


@pytest.mark.parametrize(
    ("fault", "name"), [("wrong_amount", "Amount"), ("wrong_order", "ResNum"), ("wrong_token", "Token")]
)
def test_callbacks_are_falsified(bank, sep, merchant, fault, name):
    bank.fault("sep", "callback", fault)
    token = token_at(sep, merchant)
    sent = bank.control("POST", "pay", token=token, deliver=True)["callback"]["fields"]
    true = bank.control("POST", "pay", token=token, action="none")["callback"]["fields"]
    assert {key for key in true if sent[key] != true[key]} - {"AffectiveAmount"} == {name}


def test_the_clock_goes_forward_only(bank):
    before = bank.control("GET", "clock")["now"]
    assert 30 <= bank.control("POST", "clock", advance_seconds=30)["now"] - before < 60
    assert bank.try_control("POST", "clock", advance_seconds=-1)[0] == 400
    assert bank.try_control("POST", "clock")[0] == 400


def test_the_book_is_whole_and_holds_no_card(bank, sep):
    attempt = sep.open()
    sep.pay(attempt)
    row = next(row for row in bank.control("GET", "book", gateway="sep") if row["token"] == attempt.token)
    assert {key: row[key] for key in ("gateway", "terminal", "order_id", "amount_rial", "state")} == {
        "gateway": "sep", "terminal": "21000001", "order_id": attempt.order_id, "amount_rial": AMOUNT,
        "state": "PAID",
    }  # fmt: skip
    assert set(row["times"]) == {"created_at", "paid_at"}
    assert row["reference"].startswith("Gm")
    with urllib.request.urlopen(f"{bank.url}/control/book?format=lines&state=PAID", timeout=10) as answer:
        content = answer.read().decode()
    assert attempt.token in content
    assert "603799" not in content
    assert "0912" not in content
    assert content.count("\n") == len(bank.control("GET", "book", state="PAID"))


def test_money_that_goes_back_late(bank, sep):
    attempt = sep.open()
    sep.pay(attempt)
    assert bank.try_control("POST", "refund", token=attempt.token)[0] == 400
    sep.claim(attempt)
    assert bank.control("POST", "refund", token=attempt.token)["state"] == "REFUNDED"


def test_calls_are_counted(bank, sep):
    before = bank.control("GET", "calls")
    attempt = sep.open()
    sep.pay(attempt)
    sep.claim(attempt)
    after = bank.control("GET", "calls")
    grown = {name: count - before.get(name, 0) for name, count in after.items()}
    assert {name: count for name, count in grown.items() if count} == {
        "sep.request": 1, "sep.look": 1, "sep.verify": 1,
    }  # fmt: skip


def test_faults_are_listed_and_cleared(bank):
    bank.fault("mellat", "settle", "slow:0.1", times=None, probability=0.5, seed=1)
    (row,) = bank.control("GET", "faults")
    assert (row["fault"], row["call"], row["probability"], row["hits"]) == ("slow:0.1", "settle", 0.5, 0)
    assert bank.control("DELETE", "faults") == []
    assert bank.control("GET", "faults") == []
    assert bank.try_control("POST", "faults", fault="none")[0] == 400


def test_a_slow_bank_answers_in_the_end(bank, sep):
    bank.fault("sep", "request", "slow:0.2")
    started = time.monotonic()
    assert sep.open().token
    assert time.monotonic() - started >= 0.2


def test_an_unfit_terminal_is_refused(bank):
    for row in ({}, {"gateway": "sep"}, {"gateway": "sadad", "credentials": {"terminal_id": "1"}}):
        assert bank.try_control("POST", "terminals", **row)[0] == 400
