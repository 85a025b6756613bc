"""Donors giving at once: as fast as the portal lets them (closed loop), or at a given rate (open loop)."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

import psycopg2

from bench.support.donor import GATEWAYS, Donor, Refused, Wish
from bench.support.http import Client, NoAnswer
from bench.support.stack import Stack

STEPS = ("create", "pay_url", "bank", "callback")
LOOK_EVERY = 0.05
PATIENCE = 30.0
# Asked twenty times a second and charged to PostgreSQL like everything else: only about those that are waited for.
_RECEIVED = (
    "SELECT tracking_code FROM donations_donation WHERE tracking_code = ANY (%s) AND status = 'received'"
)
_COMMITTED = """
    SELECT d.tracking_code, extract(epoch FROM pg_xact_commit_timestamp(r.xmin))::float
      FROM donations_receipt r JOIN donations_donation d ON d.id = r.donation_id
"""


@dataclass(frozen=True)
class Choice:
    """What the donors of a run have in common. No gateway: all five in turn."""

    door: str = "form"
    gateway: str = ""
    status_page: bool = False


@dataclass
class Phase:
    """What happened between two moments (wall clock)."""

    began: float = 0.0
    ended: float = 0.0
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    back_at: dict[str, float] = field(default_factory=dict)  # tracking code -> when the callback was sent
    errors: Counter[str] = field(default_factory=Counter)


class Load:
    """The donors of one portal. Runs in an event loop of its own; one instance a run."""

    def __init__(self, stack: Stack, choice: Choice, seed: int) -> None:
        self._client = Client()
        self._donor = Donor(self._client, stack.url, stack.bank_url)
        self._stack, self._choice, self._seed = stack, choice, seed
        self._numbers = itertools.count()
        self._received: dict[str, asyncio.Event] = {}
        self.phase = Phase()

    async def closed(self, donors: int, seconds: float) -> Phase:
        """So many donors, each giving again as soon as its gift is received."""
        self.phase = phase = Phase(began=time.time())
        until = phase.began + seconds

        async def give_again_and_again() -> None:
            while time.time() < until:
                await self._give(wait=True)

        return await self._watched(asyncio.gather(*(give_again_and_again() for _ in range(donors))), until)

    async def opened(self, rate: float, seconds: float) -> Phase:
        """Gifts begin at random moments, so many a second, whether or not the portal keeps up."""
        self.phase = phase = Phase(began=time.time())
        until, dice = phase.began + seconds, random.Random(self._seed)

        async def arrive() -> None:
            gifts, due = set(), phase.began
            while (due := due + dice.expovariate(rate)) < until:
                await asyncio.sleep(max(due - time.time(), 0))
                gifts.add(asyncio.create_task(self._give(wait=False)))
            await asyncio.gather(*gifts)

        return await self._watched(arrive(), until)

    async def _watched(self, work, until: float) -> Phase:
        watching = asyncio.create_task(self._watch())
        try:
            await work
            deadline = time.time() + PATIENCE
            while self._received and time.time() < deadline:
                await asyncio.sleep(LOOK_EVERY)
            self.phase.errors["not received in time"] += len(self._received)
            self._received.clear()
        finally:
            watching.cancel()
        self.phase.ended = until
        return self.phase

    async def _give(self, *, wait: bool) -> None:
        number = next(self._numbers)
        phase, donor = self.phase, self._donor
        gateway = self._choice.gateway or GATEWAYS[number % len(GATEWAYS)]
        wish = Wish(f"bench-{self._seed}-{number}", 100_000 + 10_000 * (number % 50), gateway=gateway)
        write = donor.write_by_form if self._choice.door == "form" else donor.write_by_api
        try:
            code, answer = await write(wish)
            phase.steps["create"].append(answer.seconds)
            page, answer = await donor.go_to_bank(code, gateway)
            phase.steps["pay_url"].append(answer.seconds)
            way, answer = await donor.press(page)
            phase.steps["bank"].append(answer.seconds)
            self._received[code] = done = asyncio.Event()
            phase.back_at[code] = time.time()
            answer = await donor.come_back(way)
            phase.steps["callback"].append(answer.seconds)
            if self._choice.status_page:
                page_of_gift = await self._client.get(f"{self._stack.url}{answer.location}")
                phase.steps["status_page"].append(page_of_gift.seconds)
            if wait:
                await asyncio.wait_for(done.wait(), PATIENCE)
        except (NoAnswer, Refused) as error:
            phase.errors[f"{type(error).__name__}: {error}"[:120]] += 1
        except TimeoutError:
            pass  # counted at the end, with all that were not received

    async def _watch(self) -> None:
        """Tell each donor when the receipt is there; one small query a look for all of them."""
        with closing(psycopg2.connect(self._stack.environment["DATABASE_URL"])) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            look = _looker(cursor)
            while True:
                if waiting := list(self._received):
                    for code in await asyncio.to_thread(look, waiting):
                        if event := self._received.pop(code, None):
                            event.set()
                await asyncio.sleep(LOOK_EVERY)

    def close(self) -> None:
        self._client.close()


def _looker(cursor) -> Callable[[list[str]], list[str]]:
    def look(codes: list[str]) -> list[str]:
        cursor.execute(_RECEIVED, [codes])
        return [row[0] for row in cursor.fetchall()]

    return look


def received_times(stack: Stack) -> dict[str, float]:
    """When each receipt was committed, by the server's own record (track_commit_timestamp)."""
    return dict(stack.sql(_COMMITTED))
