"""The payer's way back, and everything that can happen on it."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from payments.sandbox_bank.banks.base import PracticeBank, Return
from payments.sandbox_bank.book import Payment
from payments.sandbox_bank.faults import Faults

_TIMEOUT = aiohttp.ClientTimeout(total=15)


class Messenger:
    """Carries callbacks, in the browser's place where asked, and applies callback faults."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._session: aiohttp.ClientSession | None = None
        self._errands: set[asyncio.Task[Any]] = set()

    async def on_the_way(self, bank: PracticeBank, payment: Payment, back: Return) -> Return | None:
        """The callback after the faults in force; None when it gets lost.

        A repeated callback is sent by the bank itself that many times more, beside the browser's.
        """
        fault = None
        if self._faults.rules:
            fault = self._faults.strike(bank.gateway, "callback", payment.order_id)
        if fault is None:
            return back
        if fault.kind == "dropped":
            return None
        if fault.kind == "delayed":
            await asyncio.sleep(fault.seconds(0))
        elif fault.kind == "repeated":
            self._in_background(back, int(fault.seconds(1)))
        else:
            return bank.bent_way_back(fault.kind, back)
        return back

    async def deliver(self, back: Return, times: int = 1) -> list[int]:
        """Send the callback as a browser would, all at once; the merchant's HTTP statuses (0: none came)."""
        return list(await asyncio.gather(*(self._send(back) for _ in range(times))))

    async def close(self, app: Any = None) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()

    def _in_background(self, back: Return, times: int) -> None:
        task = asyncio.create_task(self.deliver(back, times))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _send(self, back: Return) -> int:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())
        url = back.address if back.method == "GET" else back.url
        data = None if back.method == "GET" else dict(back.fields)
        try:
            async with self._session.request(back.method, url, data=data, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0
