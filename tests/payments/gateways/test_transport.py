"""The pooled client: connections are kept, patience has an end, evidence is clean."""

import multiprocessing
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from payments.gateways import transport
from payments.gateways.base import TerminalAccess
from payments.gateways.evidence import redacted


def access(url: str, **options: float) -> TerminalAccess:
    return TerminalAccess("zibal", url, {}, options)


def ask(url: str, **options: float) -> transport.Reply:
    return transport.post_json(access(url, **options), "verify", "/v1", {"a": 1})


def test_connections_are_kept_and_shared(replies):
    replies.say({"ok": 1})
    for _ in range(5):
        assert ask(replies.url).body == {"ok": 1}
    assert replies.connections == 1


def test_a_reply_that_cannot_be_read_does_not_spoil_the_connection(replies):
    for body in (b"<html>", b"{", b'{"ok":1}', b'{"ok":1}'):
        replies.say(body)
    assert [ask(replies.url).failure for _ in range(4)] == ["malformed", "malformed", "", ""]
    assert replies.connections == 1


def test_many_threads_at_once(replies):
    replies.answer = lambda path, body, headers: (200, body, "application/json")

    def one(number: int) -> bool:
        reply = transport.post_json(access(replies.url), "verify", "/v1", {"n": number})
        return reply.body == {"n": number}

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(one, range(200)))
    assert replies.connections <= 16


def test_a_connection_closed_by_the_bank_is_replaced(replies):
    transport.close_all()  # only this test's connection is in the pools
    replies.say({"ok": 1})
    assert not ask(replies.url).failure
    for pool in transport._pools.values():
        connection = pool._get_conn()
        connection.sock.shutdown(socket.SHUT_RDWR)
        pool._put_conn(connection)
    assert not ask(replies.url).failure
    assert replies.connections == 2


@pytest.fixture
def raw_server():
    """A server of bytes: `serve(*chunks)` sends them with pauses; returns its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads = []

    def serve(chunks: list[bytes], pause: float = 0.0) -> str:
        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                asked = b""
                while not asked.endswith(b"}"):  # all of it: a close with unread bytes would be a reset
                    asked += connection.recv(65536)
                try:
                    for chunk in chunks:
                        connection.sendall(chunk)
                        time.sleep(pause)
                except OSError:
                    return

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    transport.close_all()
    for thread in threads:
        thread.join()
    listener.close()


def test_a_dripping_reply_ends_with_our_patience(raw_server):
    drops = [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", *[b" "] * 40]
    url = raw_server(drops, pause=0.05)
    started = time.monotonic()
    reply = ask(url, connect_timeout=0.1, read_timeout=0.3)
    assert reply.failure == "timeout"
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    ("chunks", "failure"),
    [
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"], "broken"),
        ([b"nonsense\r\n\r\n"], "broken"),
        ([b""], "broken"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"], "broken"),
        ([b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"], "broken"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"], ""),
        ([b"HTTP/1.0 200 OK\r\n\r\n{}"], ""),
        ([b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n{}"], "broken"),
    ],
)
def test_broken_http(raw_server, chunks, failure):
    reply = ask(raw_server(chunks), read_timeout=2.0)
    assert reply.failure == failure


def test_https_without_trust_sends_nothing(replies):
    assert ask(replies.url.replace("http:", "https:"), read_timeout=1.0).failure == "unreachable"
    assert replies.asked == []


def _child(url: str, answers: multiprocessing.Queue) -> None:
    answers.put((len(transport._pools), ask(url).body))
    transport.close_all()


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_child_opens_its_own_connection(replies):
    replies.say({"ok": 1})
    ask(replies.url)
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=_child, args=(replies.url, answers))
    child.start()
    assert answers.get(timeout=10) == (0, {"ok": 1})
    child.join()
    answers.close()
    answers.join_thread()
    assert ask(replies.url).body == {"ok": 1}
    assert replies.connections == 2


def test_secrets_and_cards_are_taken_out():
    kept = redacted(
        {
            "merchant_id": "m",
            "userPassword": "p",
            "SignData": "s",
            "CardNumber": "6037991234567890",
            "cardPan": 6037991234567890,
            "message": "card 6037701689095443 refused",
            "OrderId": "6037701689095443",
            "data": [{"merchant": 7, "amount": 5}],
        }
    )
    assert kept == {
        "merchant_id": "***",
        "userPassword": "***",
        "SignData": "***",
        "CardNumber": "603799******7890",
        "cardPan": "603799******7890",
        "message": "card 603770******5443 refused",
        "OrderId": "6037701689095443",
        "data": [{"merchant": "***", "amount": 5}],
    }


def test_evidence_has_a_size():
    kept = redacted(
        {"x": "y" * 5000, "rows": list(range(500)), "deep": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}}
    )
    assert len(kept["x"]) == 1000
    assert len(kept["rows"]) == 20
    assert "..." in str(kept["deep"])
