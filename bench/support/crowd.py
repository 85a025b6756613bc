"""The donors of a chaos run: they follow their plans through refused connections, errors and silence."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

from bench.support.donor import Donor, Page, Refused
from bench.support.http import Client, NoAnswer
from bench.support.plans import Plan, forged_fields, plan_of
from bench.support.stack import Stack

T = TypeVar("T")
_PATIENT, _RELOADS = 60, 2  # how often a donor tries again: to give, and to come back
_PAUSE = 0.7


class GaveUp(Exception):
    """A donor lost patience at a step."""


class Crowd:
    """So many donors at once. `begun` and `gate` tie it to the killer, who lives in another thread."""

    def __init__(self, stack: Stack, seed: int, gifts: int, donors: int) -> None:
        self._stack, self._seed, self._gifts, self._donors = stack, seed, gifts, donors
        self._numbers = iter(range(gifts))
        self._late: set[asyncio.Task[None]] = set()
        self.begun = 0
        self.gate: Callable[[], float] = lambda: float("inf")
        self.codes: dict[int, str] = {}
        self.trouble: Counter[str] = Counter()
        self.plans: Counter[str] = Counter()
        self.refused: list[str] = []

    def run(self) -> None:
        """All gifts, with an event loop of its own; returns when the last late callback has been sent."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        self._client = Client(timeout=12)
        self._donor = Donor(self._client, self._stack.url, self._stack.bank_url)
        await asyncio.gather(*(self._give_again_and_again() for _ in range(self._donors)))
        await asyncio.gather(*self._late)
        self._client.close()

    async def _give_again_and_again(self) -> None:
        for number in self._numbers:
            while number >= self.gate():
                await asyncio.sleep(0.1)
            self.begun = max(self.begun, number + 1)
            plan = plan_of(self._seed, number, self._gifts)
            self.plans[f"{plan.button}, {'paid twice' if plan.second else plan.way}"] += 1
            try:
                await self._give(plan)
            except GaveUp as gave_up:
                self.trouble[f"gave up: {gave_up}"] += 1
            except Refused as refused:
                self.refused.append(f"gift {number}: {refused}")
            await asyncio.sleep(plan.pause)

    async def _give(self, plan: Plan) -> None:
        code = await self._write(plan)
        self.codes[plan.number] = code
        way = await self._at_bank(code, plan.wish.gateway, plan.button)
        if way is None:
            return
        if plan.second:
            other = await self._at_bank(code, plan.second, "pay")
            if other is not None:
                await self._come_back(other)
        await self._return_by_plan(plan, way)

    async def _write(self, plan: Plan) -> str:
        """The gift's tracking code. A program whose gateway cannot be used now lets the portal choose."""
        write = self._donor.write_by_api if plan.door == "api" else self._donor.write_by_form
        try:
            code, _ = await self._insist("create", lambda: write(plan.wish))
        except Refused as refused:
            if b"gateway_unavailable" not in refused.body:
                raise
            self.trouble["create: gateway_unavailable"] += 1
            wish = replace(plan.wish, key=f"{plan.wish.key}-any", gateway="")
            code, _ = await self._insist("create", lambda: write(wish))
        return code

    async def _at_bank(self, code: str, gateway: str, button: str) -> Page | None:
        """Go there and press; the way back, or None when there is none (the page stays open, or nothing is to
        be paid any more)."""
        try:
            page, _ = await self._insist("pay_url", lambda: self._donor.go_to_bank(code, gateway))
        except Refused as refused:
            if refused.status == 303:
                return None
            raise
        await self._insist("card page", lambda: self._donor.open_card_page(page))
        if button == "leave":
            return None
        way, _ = await self._insist("bank", lambda: self._donor.press(page, button))
        return way

    async def _return_by_plan(self, plan: Plan, way: Page) -> None:
        if plan.way == "delivered":
            await self._come_back(way)
        elif plan.way == "repeated":
            await asyncio.gather(*(self._come_back(way) for _ in range(3)))
        elif plan.way == "late":
            task = asyncio.create_task(self._come_back_later(way, plan.late))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        elif plan.way == "forged":
            await self._forge(plan, way)
            if plan.comes_after_forgery:
                await self._come_back(way)

    async def _come_back_later(self, way: Page, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._come_back(way)

    async def _come_back(self, way: Page) -> None:
        """A browser that gets no answer is reloaded once or twice, then closed: the callback is lost."""
        try:
            await self._insist("callback", lambda: self._donor.come_back(way), _RELOADS)
        except GaveUp as gave_up:
            self.trouble[f"lost: {gave_up}"] += 1

    async def _forge(self, plan: Plan, way: Page) -> None:
        """A stranger, or a donor who plays with the address, says something about this payment."""
        gateway = way.url.split("/pay/")[1].split("/")[0]
        row = await self._insist("control", lambda: self._payment_of(gateway, way))
        fields = forged_fields(gateway, row["token"], row["order_id"], plan.forged_as_paid)
        address = way.url.partition("?")[0]
        await self._come_back(Page(address, "POST", fields))

    async def _payment_of(self, gateway: str, way: Page) -> dict[str, Any]:
        """The bank's row of a payment on its way back."""
        said = way.fields or dict(parse_qsl(urlsplit(way.url).query))
        token = next(
            said[name] for name in ("Authority", "trackId", "Token", "token", "RefId") if name in said
        )
        answer = await self._client.get(
            f"{self._stack.bank_url}/control/payment?gateway={gateway}&token={quote(token)}"
        )
        if answer.status != 200:
            raise Refused("control", answer)
        return json.loads(answer.body)

    async def _insist(self, step: str, work: Callable[[], Awaitable[T]], tries: int = _PATIENT) -> T:
        """Again after no answer and after an error of the server; GaveUp when it is enough. What is refused
        for good (below 500) is raised as it is."""
        for attempt in itertools.count(1):
            try:
                return await work()
            except NoAnswer:
                self.trouble[f"{step}: no answer"] += 1
            except Refused as refused:
                if refused.status < 500:
                    raise
                self.trouble[f"{step}: HTTP {refused.status}"] += 1
            if attempt >= tries:
                raise GaveUp(step)
            await asyncio.sleep(_PAUSE)
        raise AssertionError
