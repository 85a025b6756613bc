"""What the parts could do by themselves: the same SQL without the portal, a view that does nothing; and what the
usual small donation site does on this machine."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from typing import Any
from urllib.parse import urlencode

from bench.support import cpu
from bench.support.donor import Donor, Page
from bench.support.figures import milliseconds
from bench.support.http import Client
from bench.support.stack import Stack, answers
from bench.support.trace import Recording
from runner import processes
from runner.ports import free_port
from runner.postgres import binary
from runner.supervisor import Program

_TPS = re.compile(r"^tps = ([0-9.]+)", re.M)
_LATENCY = re.compile(r"^latency average = ([0-9.]+)", re.M)
_USUAL_TABLES = """
    CREATE TABLE yardstick_setting (id serial PRIMARY KEY, gateway text UNIQUE, merchant text, is_active boolean);
    CREATE TABLE yardstick_donation (
        id bigserial PRIMARY KEY, code uuid UNIQUE, amount bigint, purpose text, mobile text, name text, state text,
        created_at timestamptz, paid_at timestamptz);
    CREATE TABLE yardstick_bank (
        id bigserial PRIMARY KEY, donation_id bigint REFERENCES yardstick_donation (id), gateway text,
        token text UNIQUE, amount bigint, state text, reference text, card text, returned text,
        created_at timestamptz, updated_at timestamptz);
    CREATE INDEX ON yardstick_donation (state, created_at);
    CREATE INDEX ON yardstick_bank (donation_id);
    INSERT INTO yardstick_setting (gateway, merchant, is_active)
    VALUES ('zarinpal', '11111111-1111-4111-8111-111111111111', true);
"""


def same_sql(stack: Stack, recording: Recording, seconds: int, clients: tuple[int, ...]) -> dict[str, Any]:
    """Gifts a second when nothing but the recorded statements is done, at the best number of clients."""
    script = stack.data / "gift.sql"
    script.write_text(recording.script)
    best: dict[str, Any] = {"gifts_per_second": 0.0}
    for count in clients:
        before = cpu.used(stack)
        done = subprocess.run(
            [
                binary("pgbench"), "--no-vacuum", "--protocol", "simple", "--file", str(script),
                "--client", str(count), "--jobs", "1", "--time", str(seconds), stack.environment["DATABASE_URL"],
            ],
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode or not (found := _TPS.search(done.stdout)):
            raise RuntimeError(f"pgbench: {done.stdout[-1500:]}{done.stderr[-1500:]}")
        spent = cpu.between(before, cpu.used(stack))
        rate = float(found[1]) * recording.gifts
        if rate > best["gifts_per_second"]:
            latency = _LATENCY.search(done.stdout)
            best = {
                "gifts_per_second": round(rate, 1),
                "clients": count,
                "ms_per_gift": round(float(latency[1]) / recording.gifts, 1) if latency else None,
                "postgres_cpu_ms_per_gift": round(1000 * spent["postgres"] / (rate * seconds), 2),
            }
    return best


def nothing_view(stack: Stack, seconds: float, donors: int) -> dict[str, Any]:
    """Requests a second of an empty view: alone in a Django without middleware, and the portal's own /healthz
    behind all of the portal's."""
    port = free_port({stack.web_port})
    command = [*processes.web(f"127.0.0.1:{port}"), "--application", "bench.support.nothing:application"]
    stack.supervisor.start(
        Program("nothing", processes.with_python(command), stack.environment, stack.data.log("nothing"))
    )
    stack.supervisor.wait_until(lambda: answers(port, "/"), "The empty view", 30)
    found = {
        "bare": _ask_for(stack, "nothing", f"http://127.0.0.1:{port}/", seconds, donors),
        "healthz": _ask_for(stack, "web", f"{stack.url}/healthz", seconds, donors),
    }
    stack.stop("nothing")
    return found


def _ask_for(stack: Stack, role: str, url: str, seconds: float, donors: int) -> dict[str, Any]:
    before = cpu.used(stack, (role,))
    times = asyncio.run(_closed_loop(url, seconds, donors))
    spent = cpu.between(before, cpu.used(stack, (role,)))
    return {
        "requests_per_second": round(len(times) / seconds, 1),
        "cpu_ms_per_request": round(1000 * spent[role] / max(len(times), 1), 3),
        "ms": milliseconds(times),
    }


async def _closed_loop(url: str, seconds: float, donors: int) -> list[float]:
    client = Client()
    until = time.monotonic() + seconds
    times: list[float] = []

    async def ask() -> None:
        while time.monotonic() < until:
            answer = await client.get(url)
            if answer.status != 200:
                raise RuntimeError(f"{url}: {answer.status}")
            times.append(answer.seconds)

    await asyncio.gather(*(ask() for _ in range(donors)))
    client.close()
    return times


def usual_site(stack: Stack, seconds: float, donors: tuple[int, ...]) -> dict[str, Any]:
    """Gifts a second of `bench.support.yardstick` under the portal's server, bank and load, at the best number of
    donors. The portal's own processes are stopped meanwhile; the gifts stay out of its books."""
    port = free_port({stack.web_port})
    url = f"http://127.0.0.1:{port}"
    stack.sql(_USUAL_TABLES)
    command = [*processes.web(f"127.0.0.1:{port}"), "--application", "bench.support.yardstick:application"]
    environment = stack.environment | {"YARDSTICK_URL": url, "YARDSTICK_BANK": stack.bank_url}
    stack.supervisor.start(
        Program("yardstick", processes.with_python(command), environment, stack.data.log("yardstick"))
    )
    stack.supervisor.wait_until(lambda: answers(port, "/"), "The usual site", 30)
    best: dict[str, Any] = {"gifts_per_second": 0.0}
    asyncio.run(_give_there(url, stack.bank_url, 2, 4))
    for count in donors:
        before = cpu.used(stack, ("yardstick", "postgres", "bank"))
        paid = asyncio.run(_give_there(url, stack.bank_url, seconds, count))
        spent = cpu.between(before, cpu.used(stack, ("yardstick", "postgres", "bank")))
        if paid / seconds > best["gifts_per_second"]:
            each = {role: round(1000 * spent[role] / paid, 2) for role in ("yardstick", "postgres", "bank")}
            best = {"gifts_per_second": round(paid / seconds, 1), "donors": count, "cpu_ms_per_gift": each}
    stack.stop("yardstick")
    return best


async def _give_there(url: str, bank_url: str, seconds: float, donors: int) -> int:
    client = Client()
    donor, until, paid = Donor(client, url, bank_url), time.monotonic() + seconds, 0
    body = urlencode({"amount": 500_000, "purpose": "general", "name": "", "mobile": ""}).encode()

    async def give_again_and_again() -> None:
        nonlocal paid
        while time.monotonic() < until:
            answer = await client.post_form(f"{url}/give/", body)
            way, _ = await donor.press(Page(answer.location))
            answer = await client.get(way.url)
            if b" paid " not in b" " + answer.body.replace(b"<p>", b" "):
                raise RuntimeError(f"the usual site: {answer.status} {answer.body[:200]!r}")
            paid += 1

    await asyncio.gather(*(give_again_and_again() for _ in range(donors)))
    client.close()
    return paid
