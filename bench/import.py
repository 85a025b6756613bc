"""A settlement file through the portal: read, each line once, matched to gifts, its payouts booked.

    ./run bench import [--lines N] [--older N] [--slow MS]

The portal has a received gift for almost every line. Of a thousand lines 960 match, 20 stand in the file twice, 10
cannot be read, 10 do not fit (5 with another amount, 4 that nobody knows, 1 taken back later). In the same run the
ceiling: COPY of the lines that were read into a table without any rule, and one hash join with the attempts. Exit
code 1 when a line is lost, is not where it belongs, or the books do not hold. `--older` puts lines of a past year under
it, which must not make it slower.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

from bench.support import cpu
from bench.support.figures import finish, say
from bench.support.filling import BLOCK, SHARES, SOURCE
from bench.support.stack import Sizes, Stack, portal

_AIMS = {"read_dedupe_match": 60, "all": 120, "memory_mb": 1024}  # for a million lines
_COPIED = """
    day, fingerprint, content, kind, amount_rial, fee_rial, occurred_at, terminal_code, rrn, trace_no, payout_ref
"""
_DURATION = re.compile(r"duration: ([0-9.]+) ms  statement: ([^\n]{0,200}(?:\n\t[^\n]{0,100}){0,3})")
_STATES = """
    SELECT CASE WHEN state = 'matched' THEN kind || ' ' || state
                WHEN attempt_id IS NOT NULL THEN 'amount_differs' ELSE 'unknown' END, count(*)
      FROM payments_statementline WHERE first_import_id = %s GROUP BY 1
"""
_LEDGER = """
    SELECT coalesce(sum(p.amount_rial), 0)::bigint FROM ledger_posting p
      JOIN ledger_account a ON a.id = p.account_id WHERE a.code LIKE %s
"""
_PAID_OUT = """
    SELECT coalesce(sum(CASE kind WHEN 'payment' THEN amount_rial ELSE -amount_rial END - fee_rial), 0)::bigint
      FROM payments_statementline WHERE first_import_id = %s AND state = 'matched'
"""


def main() -> int:
    options = _options()
    with portal(Sizes()) as stack:
        path = stack.data / "settlement.csv"
        _run(stack, "bench.support.filling", str(options.lines), str(options.older), str(path))
        say(f"a file of {options.lines} lines, {path.stat().st_size >> 20} MiB")
        if options.slow:
            stack.sql(f"ALTER SYSTEM SET log_min_duration_statement = {options.slow}")
            stack.sql("SELECT pg_reload_conf()")
        before = cpu.used(stack, ("postgres",))
        told = json.loads(_run(stack, "bench.support.taking", SOURCE, str(path)).splitlines()[-1])
        told["cpu"] |= _cpu(told["cpu"], cpu.between(before, cpu.used(stack, ("postgres",))))
        if options.slow:
            stack.sql("ALTER SYSTEM RESET log_min_duration_statement")
            stack.sql("SELECT pg_reload_conf()")
            _show_slow(stack)
        return _judge(stack, options, told)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench import")
    parser.add_argument("--lines", type=int, default=1_000_000, help=f"of the file, in steps of {BLOCK}")
    parser.add_argument("--older", type=int, default=0, help="lines of a past year that are there before")
    parser.add_argument(
        "--slow", type=int, default=0, help="show statements that take longer than so many ms"
    )
    options = parser.parse_args()
    options.lines = max(options.lines // BLOCK, 1) * BLOCK
    return options


def _show_slow(stack: Stack) -> None:
    found = _DURATION.findall(stack.data.log("postgres").read_text())
    for took, statement in sorted(((float(ms), text) for ms, text in found), reverse=True)[:40]:
        say(f"{took:10.0f} ms  {' '.join(statement.split())[:150]}")


def _run(stack: Stack, module: str, *arguments: str) -> str:
    """A module with the portal's settings, as a process of its own; what it printed."""
    log = stack.data / f"{module}.txt"
    log.unlink(missing_ok=True)
    began = time.monotonic()
    if stack.supervisor.run([sys.executable, "-m", module, *arguments], stack.environment, log):
        raise RuntimeError(f"{module}: {log.read_text()[-3000:]}")
    say(f"{module}: {time.monotonic() - began:.0f} s")
    return log.read_text()


def _cpu(own: dict[str, float], spent: dict[str, float]) -> dict[str, float]:
    """What the database used, and how much of all that the machine did was other programs' work."""
    ours = spent["postgres"] + sum(own.values())
    everything = spent["others"] + spent["postgres"]  # the worker counts among the others here
    return {
        "postgres": round(spent["postgres"], 1),
        "others_share": round(1 - ours / max(everything, ours), 2),
    }


def _judge(stack: Stack, options: argparse.Namespace, told: dict[str, Any]) -> int:
    seconds, lines = told["seconds"], options.lines
    problems = _lost(stack, lines, told)
    code, said = stack.manage("check_books")
    problems += [f"check_books: {said}"] if code else []
    ceiling = _ceiling(stack, told["import"])
    first = seconds["read"] + seconds["dedupe"] + seconds["match"]
    figures = {
        "bench": "import",
        "lines": lines,
        "older": options.older,
        "counts": told["counts"],
        "seconds": seconds | {"read_dedupe_match": round(first, 2), "all": round(first + seconds["post"], 2)},
        "lines_per_second": {step: round(lines / max(value, 0.01)) for step, value in seconds.items()}
        | {"read_dedupe_match": round(lines / first), "all": round(lines / (first + seconds["post"]))},
        "memory_mb": told["memory_mb"],
        "cpu_seconds": told["cpu"],
        "ceiling": ceiling,
        "ratio_to_ceiling": round(ceiling["seconds"] / first, 3),
        "aims_for_a_million": _AIMS,
        "check_books": said.strip().rpartition("\n")[2],
    }
    return finish(figures, problems)


def _lost(stack: Stack, lines: int, told: dict[str, Any]) -> list[str]:
    """Every line of the file is where it belongs, and the payouts carry what the matched lines say."""
    blocks, counts = lines // BLOCK, told["counts"]
    wanted = {name: blocks * share for name, share in SHARES.items()}
    found = dict(stack.sql(_STATES, [told["import"]]))
    there = {
        "matched": found.get("payment matched", 0),
        "reversal": found.get("reversal matched", 0),
        "amount_differs": found.get("amount_differs", 0),
        "unknown": found.get("unknown", 0),
        "known": counts.get("known", 0),
        "unread": stack.sql("SELECT count(*) FROM payments_unreadline")[0][0],
    }
    problems = [
        f"{name}: {there[name]} lines, not {count}" for name, count in wanted.items() if there[name] != count
    ]
    if told["state"] != "posted":
        problems.append(f"the file is {told['state']}")
    ((booked,),), ((paid,),) = stack.sql(_LEDGER, ["transit:%"]), stack.sql(_PAID_OUT, [told["import"]])
    if booked != paid:
        problems.append(f"{paid} rial were paid out, {booked} are booked")
    held = stack.sql("SELECT count(*) FROM payments_discrepancy WHERE settled_at IS NULL")[0][0]
    suggested = stack.sql("SELECT count(*) FROM payments_statementline WHERE state = 'suggested'")[0][0]
    if held + suggested != wanted["amount_differs"] + wanted["unknown"]:
        problems.append(f"{held} discrepancies and {suggested} suggested lines")
    return problems


def _ceiling(stack: Stack, import_id: int) -> dict[str, Any]:
    """The same data with nothing asked of it: COPY into a bare table, and one hash join."""
    path = stack.data / "lines.copy"
    with (
        closing(psycopg2.connect(stack.environment["DATABASE_URL"])) as connection,
        connection.cursor() as cursor,
    ):
        _dump(cursor, path, import_id)
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute(f"CREATE TEMP TABLE bare AS SELECT {_COPIED} FROM payments_statementline WHERE false")
        began = time.monotonic()
        with path.open("rb") as file:
            cursor.copy_expert(f"COPY bare ({_COPIED}) FROM STDIN", file)
        copied = time.monotonic()
        cursor.execute(
            "SELECT count(*) FROM bare l JOIN payments_attempt a ON ltrim(a.rrn, '0') = ltrim(l.rrn, '0')"
        )
        joined = time.monotonic()
        found = cursor.fetchone()[0]
    return {
        "copy_seconds": round(copied - began, 2),
        "join_seconds": round(joined - copied, 2),
        "seconds": round(joined - began, 2),
        "joined": found,
    }


def _dump(cursor, path: Path, import_id: int) -> None:
    query = f"SELECT {_COPIED} FROM payments_statementline WHERE first_import_id = {int(import_id)}"
    with path.open("wb") as file:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT", file)


if __name__ == "__main__":
    sys.exit(main())
