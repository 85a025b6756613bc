"""What the parts could do by themselves: the same SQL without the portal, a view that does nothing."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from typing import Any

from bench.support import cpu
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
