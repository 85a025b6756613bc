"""HTTP to the banks: one pooled client for all adapters, and replies read without trust.

Nothing is retried here: a payment call that got no answer may have had its effect, so whoever asked
decides when to ask again. No exception leaves this module; what went wrong is a word in `Reply.failure`.
Threads share the pools; a forked child starts with pools of its own, because two processes must never
talk over one connection.
"""

from __future__ import annotations

import json
import os
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import urllib3

from payments.gateways.base import Answer, Exchange, GatewayUnavailable, Outcome, TerminalAccess
from payments.gateways.evidence import redacted

CONNECT_SECONDS = 4.0
READ_SECONDS = 12.0
LARGEST_REPLY = 256 * 1024
CONNECTIONS_PER_HOST = 64
_CHUNK = 64 * 1024

_JSON_HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "Accept": "application/json",
    "User-Agent": "behzisti-portal",
}
_SOAP_HEADERS = {
    "Content-Type": "text/xml; charset=utf-8",
    "Accept": "text/xml",
    "SOAPAction": '""',
    "User-Agent": "behzisti-portal",
}

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

_NO_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
_pools: dict[tuple[str, str, int | None], urllib3.HTTPConnectionPool] = {}
_pools_lock = threading.Lock()


@dataclass(frozen=True)
class Reply:
    """What came back. Either `failure` names what went wrong, or `body` holds what could be read.

    `failure`: `unreachable` (nothing was sent), `timeout`, `broken` (connection lost on the way),
    `http_<status>`, `malformed`, `oversized`, `bad_address`. `body` is a JSON object, or for SOAP
    `{"return": text}`; `status` is None when no HTTP answer came.
    """

    exchange: Exchange
    status: int | None = None
    failure: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Raw:
    status: int | None = None
    failure: str = ""
    content: bytes = b""
    milliseconds: int = 0


def post_json(access: TerminalAccess, call: str, path: str, payload: Mapping[str, Any]) -> Reply:
    """POST a JSON object; a JSON object is expected, with any HTTP status below 500."""
    body = _ENCODER.encode(payload).encode("utf-8", "replace")
    raw = _post(access, path, body, _JSON_HEADERS)
    return _reply(call, payload, raw, _read_json)


def post_soap(
    access: TerminalAccess, call: str, path: str, namespace: str, payload: Mapping[str, Any]
) -> Reply:
    """Call a document/literal method with unqualified children whose answer is one element `return`."""
    fields = "".join(f"<{name}>{_escaped(value)}</{name}>" for name, value in payload.items())
    body = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
        f' xmlns:bank="{namespace}"><soapenv:Header/><soapenv:Body>'
        f"<bank:{call}>{fields}</bank:{call}></soapenv:Body></soapenv:Envelope>"
    ).encode("utf-8", "replace")
    raw = _post(access, path, body, _SOAP_HEADERS)
    return _reply(call, payload, raw, _read_soap)


def _escaped(value: Any) -> str:
    """XML has no place for control characters, escaped or not."""
    return escape(str(value).translate(_NO_CONTROLS))


def no_answer(reply: Reply, before: tuple[Exchange, ...] = ()) -> Answer:
    """Silence or garbage, as an answer: nothing is known, and that is all that is known."""
    return Answer(Outcome.UNKNOWN, code=reply.failure or "malformed", exchanges=(*before, reply.exchange))


def no_token(reply: Reply) -> GatewayUnavailable:
    """Silence or garbage where a token was asked for: nothing was sold, another gateway may be tried."""
    return GatewayUnavailable(reply.failure or "malformed", exchanges=(reply.exchange,))


def page_url(access: TerminalAccess, path: str) -> str:
    """An address at the bank for the payer's browser."""
    return access.base_url.rstrip("/") + path


def close_all() -> None:
    """Forget every pooled connection (after a fork, and at the end of a test)."""
    global _pools_lock
    _pools_lock = threading.Lock()
    for pool in list(_pools.values()):
        pool.close()
    _pools.clear()


def _forget_after_fork() -> None:
    """The child drops the parent's pools without closing: the sockets belong to the parent."""
    global _pools_lock
    _pools_lock = threading.Lock()
    _inherited.extend(_pools.values())
    _pools.clear()


_inherited: list[urllib3.HTTPConnectionPool] = []  # kept, so that no finaliser writes to the parent's sockets
os.register_at_fork(after_in_child=_forget_after_fork)


def _post(access: TerminalAccess, path: str, body: bytes, headers: Mapping[str, str]) -> _Raw:
    started = time.monotonic()
    read_seconds = float(access.options.get("read_timeout") or READ_SECONDS)
    connect_seconds = float(access.options.get("connect_timeout") or CONNECT_SECONDS)
    status: int | None = None
    content = b""
    try:
        scheme, host, port, prefix = _place(access.base_url)
        response = _pool(scheme, host, port).urlopen(
            "POST",
            prefix + path,
            body=body,
            headers=headers,
            retries=False,
            redirect=False,
            assert_same_host=False,
            timeout=urllib3.Timeout(connect=connect_seconds, read=read_seconds),
            preload_content=False,
        )
        status = response.status
        content, failure = _content(response, started + connect_seconds + read_seconds)
    except urllib3.exceptions.ReadTimeoutError:
        failure = "timeout"
    except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError):
        failure = "unreachable"
    except urllib3.exceptions.SSLError:
        failure = "unreachable"
    except urllib3.exceptions.LocationValueError:
        failure = "bad_address"
    except (urllib3.exceptions.HTTPError, OSError):
        failure = "broken"
    except ValueError:
        failure = "bad_address"
    return _Raw(status, failure, content, int((time.monotonic() - started) * 1000))


def _content(response: urllib3.BaseHTTPResponse, deadline: float) -> tuple[bytes, str]:
    """The whole body, unless it is larger or drips slower than any bank's answer may."""
    parts: list[bytes] = []
    size = 0
    while chunk := response.read1(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > LARGEST_REPLY or time.monotonic() > deadline:
            response.close()
            return b"".join(parts)[:LARGEST_REPLY], "oversized" if size > LARGEST_REPLY else "timeout"
    response.release_conn()
    return b"".join(parts), ""


@lru_cache(maxsize=256)
def _place(base_url: str) -> tuple[str, str, int | None, str]:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a base address is scheme://host[:port][/prefix]")
    return parts.scheme, parts.hostname, parts.port, parts.path.rstrip("/")


class _Together:
    """Head and body of a request in one packet: one system call less here, one awakening less there."""

    _held: list[bytes] | None = None

    def request(self, *arguments: Any, **named: Any) -> None:
        self._held = held = []
        try:
            super().request(*arguments, **named)  # type: ignore[misc]
        finally:
            self._held = None
        super().send(b"".join(held))  # type: ignore[misc]

    def send(self, data: bytes) -> None:
        if self._held is None:
            super().send(data)  # type: ignore[misc]
        else:
            self._held.append(data)


class _Connection(_Together, urllib3.connection.HTTPConnection):
    pass


class _SecureConnection(_Together, urllib3.connection.HTTPSConnection):
    pass


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def _pool(scheme: str, host: str, port: int | None) -> urllib3.HTTPConnectionPool:
    key = (scheme, host, port)
    pool = _pools.get(key)
    if pool is None:
        with _pools_lock:
            pool = _pools.get(key) or _new_pool(scheme, host, port)
            _pools[key] = pool
    return pool


def _new_pool(scheme: str, host: str, port: int | None) -> urllib3.HTTPConnectionPool:
    if scheme == "https":
        trust = ssl.create_default_context()
        return _SecurePool(host, port, maxsize=CONNECTIONS_PER_HOST, ssl_context=trust)
    return _Pool(host, port, maxsize=CONNECTIONS_PER_HOST)


def _reply(call: str, payload: Mapping[str, Any], raw: _Raw, read: Any) -> Reply:
    failure = raw.failure
    body: Mapping[str, Any] | None = None
    if not failure:
        body = read(raw.content)
        if raw.status is not None and raw.status >= 500:
            failure = f"http_{raw.status}"
        elif body is None:
            failure = "malformed" if raw.status == 200 else f"http_{raw.status}"
    shown = redacted(body) if body is not None else redacted(raw.content.decode("utf-8", "replace"))
    exchange = Exchange(call, redacted(payload), raw.status, shown or failure, raw.milliseconds)
    return Reply(exchange, raw.status, failure, body or {})


def _read_json(content: bytes) -> dict[str, Any] | None:
    try:
        found = _DECODER.decode(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _read_soap(content: bytes) -> dict[str, str] | None:
    """The one element `return`; a document type, and with it every entity trick, is refused."""
    try:
        document = content.decode()
        if "<!DOCTYPE" in document:
            return None
        root = ElementTree.fromstring(document)  # noqa: S314 - no document type, bounded size
    except (ValueError, ElementTree.ParseError):
        return None
    for element in root.iter():
        if element.tag.rpartition("}")[2] == "return":
            return {"return": (element.text or "").strip()}
    return None
