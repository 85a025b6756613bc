"""Gifts a second, end to end: written down, to the bank, back, verified, booked, receipted. With the practice bank
and the load on the same cores.

    ./run bench giving [--seconds S] [--donors N] [--workers N] [--threads N] [--tasks N] [--gateway NAME]
                       [--door form|api] [--batch N] [--status-page] [--no-ceilings]

First more and more donors who give again as soon as their gift is received (the maximum), then donors who come at
random at half that rate (what each of them waits for). In the same run the ceilings: the same SQL by pgbench, a view
that does nothing; and as a yardstick the usual small site without books. Exit code 1 when a gift that was paid is not
received exactly once.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from collections import Counter
from typing import Any

from bench.support import books, ceilings, cpu, trace
from bench.support.figures import finish, milliseconds, percentile, say
from bench.support.load import STEPS, Choice, Load, Phase, received_times
from bench.support.stack import Sizes, Stack, portal

RAMP = (4, 8, 16, 24, 32, 48, 64, 96, 128)
SLICE = 5.0
PORTAL_ROLES = ("web", "worker", "beat", "postgres", "valkey")


def main() -> int:
    options = _options()
    sizes = Sizes(options.workers, options.threads, 1)
    with portal(sizes) as stack:
        stack.configure_database(track_commit_timestamp="on")
        stack.start("bank", "web", "worker")
        return _measure(stack, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench giving")
    parser.add_argument("--seconds", type=float, default=30, help="of each of the two measured phases")
    parser.add_argument(
        "--donors", type=int, default=0, help="in the closed loop; default: the best of a ramp"
    )
    parser.add_argument("--rate", type=float, default=0, help="of the open loop; default: half the maximum")
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.add_argument("--threads", type=int, default=8, help="threads of each")
    parser.add_argument("--tasks", type=int, default=2, help="processes of the Celery worker")
    parser.add_argument("--gateway", default="", help="one for all; default: the five in turn")
    parser.add_argument("--door", choices=("form", "api"), default="form")
    parser.add_argument("--batch", type=int, default=1, help="gifts handled together in the recorded SQL")
    parser.add_argument("--status-page", action="store_true", help="donors follow the callback's redirect")
    parser.add_argument("--no-ceilings", action="store_true", help="skip pgbench and the empty view")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _measure(stack: Stack, options: argparse.Namespace) -> int:
    choice = Choice(options.door, options.gateway, options.status_page)
    load = Load(stack, choice, options.seed)
    asyncio.run(_warm(load))
    recording = (
        None if options.no_ceilings else trace.record(stack, options.batch, options.door, options.gateway)
    )
    _use_all_tasks(stack, options.tasks)
    stack.start("beat")
    figures, problems = asyncio.run(_give(stack, load, options))
    compared = books.compare(books.bank_book(stack), books.portal_attempts(stack))
    code, said = stack.manage("check_books")
    figures |= {"books": compared.figures, "check_books": said.strip().rpartition("\n")[2]}
    problems += compared.problems + ([f"check_books: {said}"] if code else [])
    if recording is not None:
        figures["ceilings"] = _ceilings(stack, options, recording, figures)
    return finish(_described(options) | figures, problems)


async def _warm(load: Load) -> None:
    await load.closed(4, 6)
    load.close()


def _use_all_tasks(stack: Stack, processes: int) -> None:
    stack.stop("worker")
    stack.sizes = Sizes(stack.sizes.web_workers, stack.sizes.web_threads, processes)
    stack.start("worker")


async def _give(stack: Stack, load: Load, options: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    await load.closed(8, 4)
    figures: dict[str, Any] = {}
    donors = options.donors
    if not donors:
        figures["ramp"] = await _ramp(stack, load)
        donors = max(figures["ramp"], key=lambda step: step["gifts_per_second"])["donors"]
    before = cpu.used(stack)
    phase = await load.closed(donors, options.seconds)
    top = _phase(stack, phase, cpu.between(before, cpu.used(stack)))
    figures["closed"] = {"donors": donors} | top
    say(f"closed loop: {figures['closed']}")
    rate = options.rate or top["gifts_per_second"] / 2
    before = cpu.used(stack)
    half = await load.opened(rate, options.seconds)
    figures["open"] = {"rate": round(rate, 1)} | _phase(stack, half, cpu.between(before, cpu.used(stack)))
    say(f"open loop: {figures['open']}")
    load.close()
    errors = phase.errors + half.errors
    return figures, [f"{count} × {error}" for error, count in errors.items() if count]


async def _ramp(stack: Stack, load: Load) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for donors in RAMP:
        phase = await load.closed(donors, SLICE)
        rate = _received_in(phase, received_times(stack), phase.began, phase.ended) / SLICE
        steps.append({"donors": donors, "gifts_per_second": round(rate, 1)})
        say(f"{donors} donors: {rate:.1f} gifts a second")
    return steps


def _received_in(phase: Phase, committed: dict[str, float], start: float, end: float) -> int:
    return sum(start <= committed.get(code, 0.0) < end for code in phase.back_at)


def _phase(stack: Stack, phase: Phase, spent: dict[str, float]) -> dict[str, Any]:
    """Rates by the receipts' commits within the phase; processor time over all its gifts, late ones too."""
    committed = received_times(stack)
    starts = [phase.began + SLICE * number for number in range(int((phase.ended - phase.began) // SLICE))]
    slices = [_received_in(phase, committed, start, start + SLICE) / SLICE for start in starts]
    waited = [committed[code] - at for code, at in phase.back_at.items() if code in committed]
    gifts = max(len(waited), 1)
    each = {role: round(1000 * seconds / gifts, 2) for role, seconds in spent.items() if role != "others"}
    ours = sum(spent[role] for role in spent if role != "others")
    return {
        "gifts": len(waited),
        "gifts_per_second": round(statistics.median(slices or [0.0]), 1),
        "slices": [round(value, 1) for value in slices],
        "ms": {step: milliseconds(phase.steps[step]) for step in (*STEPS, "status_page") if phase.steps[step]}
        | {"received": milliseconds(waited)},
        "slowest_received_ms": round(1000 * percentile(waited, 1.0), 1),
        "cpu_ms_per_gift": each,
        "cpu_ms_per_gift_of_web_worker_and_postgres": round(
            sum(each[role] for role in ("web", "worker", "postgres")), 2
        ),
        "cpu_share_of_other_programs": round(spent["others"] / max(spent["others"] + ours, 0.01), 2),
    }


def _ceilings(
    stack: Stack, options: argparse.Namespace, recording: trace.Recording, figures: dict[str, Any]
) -> dict[str, Any]:
    empty = ceilings.nothing_view(stack, 6, 16)
    stack.stop("beat", "worker", "web")
    usual = ceilings.usual_site(stack, 10, (8, 16, 32))
    sql = ceilings.same_sql(stack, recording, 10, (2, 4, 8))
    rate = figures["closed"]["gifts_per_second"]
    return {
        "statements_per_gift": {
            "web": round(len(recording.web) / recording.gifts, 1),
            "worker": round(len(recording.worker) / recording.gifts, 1),
            "batch": recording.gifts,
        },
        "same_sql": sql,
        "nothing": empty,
        "usual_site": usual,
        "ratio_to_usual_site": round(rate / usual["gifts_per_second"], 2),
        "ratio_to_same_sql": round(rate / sql["gifts_per_second"], 3),
        "ratio_to_bare_view": round(rate / empty["bare"]["requests_per_second"], 3),
        "ratio_to_healthz": round(rate / empty["healthz"]["requests_per_second"], 3),
        "kinds_of_statements": dict(Counter(s.split(None, 1)[0] for s in recording.web + recording.worker)),
    }


def _described(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "bench": "giving",
        "options": {name: value for name, value in vars(options).items() if value not in ("", 0, False)},
    }


if __name__ == "__main__":
    sys.exit(main())
