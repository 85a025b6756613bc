"""HTTP for many donors at little cost: keep-alive, the status, one header, the body, and nothing else.

The load shares two cores with all that is measured, so every microsecond here is taken from there.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from time import perf_counter
from typing import NamedTuple

TIMEOUT = 30.0


class NoAnswer(Exception):
    """Refused, broken off or too slow: whether the request had its effect is not known."""


class Answer(NamedTuple):
    """`location` is empty when there is none."""

    status: int
    location: str
    body: bytes
    seconds: float


class Client:
    """Connections to any number of origins, kept open. Requests are sent once and never repeated, except
    where a kept connection had been closed by the server before it saw anything."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._idle: dict[str, list[_Line]] = defaultdict(list)
        self._timeout = timeout

    async def get(self, url: str, headers: str = "") -> Answer:
        return await self._ask("GET", url, headers, b"")

    async def post(self, url: str, body: bytes, content_type: str, headers: str = "") -> Answer:
        return await self._ask("POST", url, f"Content-Type: {content_type}\r\n{headers}", body)

    async def post_form(self, url: str, body: bytes) -> Answer:
        return await self.post(url, body, "application/x-www-form-urlencoded")

    async def _ask(self, method: str, url: str, headers: str, body: bytes) -> Answer:
        origin, path = _split(url)
        length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
        packet = f"{method} {path} HTTP/1.1\r\nHost: {origin}\r\n{length}{headers}\r\n".encode() + body
        started = perf_counter()
        try:
            async with asyncio.timeout(self._timeout):
                status, location, content = await self._send(origin, packet)
        except (OSError, EOFError, TimeoutError) as error:
            raise NoAnswer(f"{method} {path[:60]}: {type(error).__name__}") from error
        return Answer(status, location, content, perf_counter() - started)

    async def _send(self, origin: str, packet: bytes) -> tuple[int, str, bytes]:
        idle = self._idle[origin]
        while idle:
            line = idle.pop()
            if line.is_open:
                try:
                    return await self._over(line, packet, idle)
                except _ClosedUnseen:
                    continue
        host, _, port = origin.partition(":")
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(_Line, host, int(port or 80))
        try:
            return await self._over(line, packet, idle)
        except _ClosedUnseen as error:
            raise EOFError from error

    async def _over(self, line: _Line, packet: bytes, idle: list[_Line]) -> tuple[int, str, bytes]:
        try:
            answer = await line.exchange(packet)
        except BaseException:
            line.close()
            raise
        if line.is_open:
            idle.append(line)
        return answer

    def close(self) -> None:
        """Let all connections go."""
        for lines in self._idle.values():
            for line in lines:
                line.close()
        self._idle.clear()


class _ClosedUnseen(Exception):
    """The server closed before it answered a single byte."""


class _Line(asyncio.Protocol):
    """One connection, one exchange at a time."""

    def __init__(self) -> None:
        self.is_open = False
        self._transport: asyncio.Transport | None = None
        self._got = bytearray()
        self._head_end, self._whole = -1, -1
        self._answer: asyncio.Future[tuple[int, str, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self.is_open = transport, True  # type: ignore[assignment]

    def exchange(self, packet: bytes) -> asyncio.Future[tuple[int, str, bytes]]:
        self._got.clear()
        self._head_end = self._whole = -1
        self._answer = asyncio.get_running_loop().create_future()
        assert self._transport is not None
        self._transport.write(packet)
        return self._answer

    def data_received(self, data: bytes) -> None:
        got = self._got
        got += data
        if self._head_end < 0:
            self._head_end = got.find(b"\r\n\r\n")
            if self._head_end < 0:
                return
            length = _header(got, self._head_end, b"content-length:")
            self._whole = self._head_end + 4 + int(length) if length else -1
        if self._whole < 0:
            if not got.endswith(b"\r\n0\r\n\r\n"):
                return
        elif len(got) < self._whole:
            return
        self._finish()

    def _finish(self) -> None:
        got, end = self._got, self._head_end
        if _header(got, end, b"connection:").lower() == "close":
            self.close()
        if self._answer is not None and not self._answer.done():
            location = _header(got, end, b"location:")
            self._answer.set_result((int(got[9:12]), location, bytes(got[end + 4 :])))
        self._answer = None

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(EOFError("closed") if self._got else _ClosedUnseen())

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()


def _header(got: bytearray, end: int, name: bytes) -> str:
    """A header's value in either of the two spellings that servers use; empty when it is missing."""
    for spelling in (name, name.title()):
        at = got.find(b"\r\n" + spelling, 0, end)
        if at >= 0:
            stop = got.find(b"\r\n", at + 2)
            return got[at + 2 + len(name) : stop].decode("latin-1").strip()
    return ""


def _split(url: str) -> tuple[str, str]:
    """(host:port, path with query) of an http address."""
    origin, _, path = url.removeprefix("http://").partition("/")
    return origin, f"/{path}"
