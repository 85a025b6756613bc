"""The very statements that gifts make, recorded from the server's log, as a script for pgbench.

Whatever differs from gift to gift is found by its value and becomes a variable: ids that the database gives
(caught with \\gset), codes that the portal makes, tokens and references that the bank makes.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from dataclasses import dataclass

from bench.support.donor import GATEWAYS, Donor, Wish
from bench.support.http import Client
from bench.support.stack import Stack

_STATEMENT = re.compile(r"^\S+ \S+ \S+ \[(\d+)\] LOG:  statement: (.*)$")
_OURS = re.compile(r"^(ALTER SYSTEM|SELECT pg_reload_conf|SET |SELECT set_config|SHOW )")
# So far apart that no other number in a statement can be mistaken for an id.
_FIRST_IDS = {
    "donations_donation": 41_000_000,
    "payments_attempt": 42_000_000,
    "payments_callback": 43_000_000,
}
_PREFIX = {"donations_donation": "d", "payments_attempt": "a", "payments_callback": "c"}
# The functions that write a row of each.
_WRITERS = {
    "donations_donation": "donations_write_gift",
    "payments_attempt": "payments_open_first",
    "payments_callback": "payments_take_in",
}
_INBOX = "payments_callback"
_FACTS = """
    SELECT d.id::text, a.id::text, c.id::text, a.order_id::text, d.tracking_code, a.token, a.reference,
           r.token, r.code, coalesce(k.key_hash, '')
      FROM donations_donation d
      JOIN payments_attempt a ON a.donation_id = d.id
      JOIN payments_callback c ON c.attempt_id = a.id
      JOIN donations_receipt r ON r.donation_id = d.id
      LEFT JOIN donations_idempotencykey k ON k.donation_id = d.id
     WHERE d.id >= %s ORDER BY d.id
"""


@dataclass(frozen=True)
class Recording:
    """Statements in the order they were made. Web and worker never ran at the same time."""

    gifts: int
    web: list[str]
    worker: list[str]
    script: str


def record(stack: Stack, gifts: int, door: str, gateway: str = "") -> Recording:
    """Let donors give so many gifts whose callbacks one worker process then handles together.

    Wants bank, web and a worker of one process running, no beat, and everybody warm.
    """
    for table, first in _FIRST_IDS.items():
        stack.sql("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first])
    log = stack.data.log("postgres")
    _log_statements(stack, "all")
    _signal(stack, "worker", signal.SIGSTOP)
    start = log.stat().st_size
    asyncio.run(_give(stack, gifts, door, gateway))
    time.sleep(0.5)
    middle = log.stat().st_size
    _signal(stack, "worker", signal.SIGCONT)
    _wait_until_received(stack, gifts)
    _log_statements(stack, "none")
    with log.open("rb") as text:
        text.seek(start)
        web, worker = text.read(middle - start), text.read()
    web_statements, worker_statements = _statements(web.decode()), _without_idle(_statements(worker.decode()))
    facts = stack.sql(_FACTS, [_FIRST_IDS["donations_donation"]])
    return Recording(
        gifts, web_statements, worker_statements, script_of(web_statements + worker_statements, facts)
    )


def _log_statements(stack: Stack, what: str) -> None:
    stack.sql(f"ALTER SYSTEM SET log_statement = '{what}'")
    stack.sql("SELECT pg_reload_conf()")
    time.sleep(0.5)


def _signal(stack: Stack, role: str, number: int) -> None:
    for pid in stack.members(role):
        os.kill(pid, number)


async def _give(stack: Stack, gifts: int, door: str, gateway: str) -> None:
    client = Client()
    donor = Donor(client, stack.url, stack.bank_url)
    for number in range(gifts):
        chosen = gateway or GATEWAYS[number % len(GATEWAYS)]
        wish = Wish(f"traced-{number}", 500_000, gateway=chosen)
        code, _ = await (donor.write_by_form if door == "form" else donor.write_by_api)(wish)
        page, _ = await donor.go_to_bank(code, chosen)
        way, _ = await donor.press(page)
        await donor.come_back(way)
    client.close()


def _wait_until_received(stack: Stack, gifts: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if len(stack.sql(_FACTS, [_FIRST_IDS["donations_donation"]])) == gifts:
            time.sleep(1)  # the worker looks for more before it rests
            return
        time.sleep(0.2)
    raise RuntimeError("the traced gifts were not received")


def _statements(log: str) -> list[str]:
    """Statements of a stretch of the log; a statement may have many lines."""
    found: list[str] = []
    goes_on = False
    for line in log.splitlines():
        if match := _STATEMENT.match(line):
            goes_on = not _OURS.match(match[2]) and "donations_idempotencykey k" not in match[2]
            if goes_on:
                found.append(match[2])
        elif goes_on and line.startswith("\t"):
            found[-1] += "\n" + line[1:]
        else:
            goes_on = False
    return found


def _without_idle(statements: list[str]) -> list[str]:
    """Without our own looking whether it is done."""
    result: list[str] = []
    for statement in statements:
        if "JOIN payments_callback c ON c.attempt_id = a.id" not in statement:
            result.append(statement)
    return result


def _as_many(text: str, gifts: int) -> str:
    """The worker takes whatever waits in the inbox; a client of pgbench as many as it put there itself."""
    return re.sub(r"(payments_lease_callbacks\(.*), \d+\)$", rf"\1, {gifts})", text)


def script_of(statements: list[str], facts: list[tuple[str, ...]]) -> str:
    """A pgbench script. `facts` are, gift by gift: the ids of donation, attempt and callback, the order id, and
    whatever else must be new each time."""
    lines = ["\\set n random(100000000000, 999999999999)"]
    seen = dict.fromkeys(_PREFIX, 0)
    for statement in statements:
        text = statement.rstrip().rstrip(";")
        for number, (donation, attempt, callback, order, *others) in enumerate(facts):
            text = re.sub(rf"'attempt:{order}'", f"('attempt:' || :a{number}_order_id)", text)
            for value, name in ((order, "order_id"), (attempt, "id")):
                text = re.sub(rf"\b{value}\b", f":a{number}_{name}", text)
            text = re.sub(rf"\b{donation}\b", f":d{number}_id", text)
            text = re.sub(rf"\b{callback}\b", f":c{number}_id", text)
            for value in filter(None, others):
                text = text.replace(value, f"9{number}:n" if value.isdigit() else f"T{number}x:n")
        table = next((t for t, writer in _WRITERS.items() if f"{writer}(" in text), None)
        if table is None:
            lines.append(f"{_as_many(text, len(facts))};")
            continue
        name = f"{_PREFIX[table]}{seen[table]}_"
        seen[table] += 1
        if table == _INBOX:  # gives no id back
            lines.append(f"{text};")
            text = f"SELECT currval(pg_get_serial_sequence('{table}', 'id')) AS id"
        lines.append(f"{text} \\gset {name}")
    return "\n".join(lines) + "\n"
