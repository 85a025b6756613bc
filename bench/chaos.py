"""Gifts while everything is killed: does the portal's book equal the bank's, gift by gift?

    ./run bench chaos --gifts N --seed S [--kills K] [--donors D]

Donors come over HTTP through all five gateways; callbacks are delivered, dropped, repeated, forged or late; the bank
misbehaves; web, worker, beat, bank, Valkey and PostgreSQL are killed with -9 and come back. Then it is quiet, and
the two books are compared; so are the rollups, as they were folded all the while, with those that are made anew. The
last line is JSON; exit code 1 when anything is lost, invented or undecided, or a figure differs. What is done is
decided by the seed, how processes interleave is not.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
import time
from typing import Any

from bench.support import books
from bench.support.crowd import Crowd
from bench.support.donor import Donor, Refused
from bench.support.figures import finish, say
from bench.support.http import Client, NoAnswer
from bench.support.killer import Killer
from bench.support.misbehaviour import behave, is_misbehaving, misbehave
from bench.support.quiet import Quiet
from bench.support.rollups import rebuilt
from bench.support.stack import ROLES, Sizes, Stack, keep_logs, portal

_SHORT_TIMEOUTS = {"GATEWAY_CONNECT_TIMEOUT": "1", "GATEWAY_READ_TIMEOUT": "2"}
_GIFTS_A_KILL = 20


def main() -> int:
    options = _options()
    with portal(Sizes(environment=_SHORT_TIMEOUTS)) as stack:
        stack.start("bank", "web", "worker", "beat")
        began = time.monotonic()
        crowd, killer = _chaos(stack, options)
        chaos_seconds = round(time.monotonic() - began, 1)
        quiet = Quiet(stack, killer.tick)
        quiet.run(options.natural, options.patience)
        figures, problems = _compare(stack, crowd)
        problems += [f"{count} {what}" for what in ("undecided", "still_waiting_in_queues")
                     if (count := quiet.figures[what])]  # fmt: skip
        of_rollups, differ = rebuilt(stack)
        problems += differ
        figures = {
            "bench": "chaos",
            "gifts": options.gifts,
            "seed": options.seed,
            "kills": dict(killer.done),
            "chaos_seconds": chaos_seconds,
            **figures,
            **of_rollups,
            **quiet.figures,
            "came_back_after_death": dict(killer.rebirths),
            "plans": dict(crowd.plans),
            "what_donors_met": dict(crowd.trouble),
        }
        if problems:
            keep_logs(stack)
        return finish(figures, problems)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench chaos")
    parser.add_argument("--gifts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, help=f"default: one for {_GIFTS_A_KILL} gifts, at least 6")
    parser.add_argument("--donors", type=int, default=8, help="at the same time")
    parser.add_argument("--natural", type=float, default=20, help="quiet seconds before any clock is moved")
    parser.add_argument("--patience", type=float, default=150, help="seconds for each step of the quiet")
    options = parser.parse_args()
    if options.kills is None:
        options.kills = max(options.gifts // _GIFTS_A_KILL, 6)
    return options


def _chaos(stack: Stack, options: argparse.Namespace) -> tuple[Crowd, Killer]:
    """Donors in a thread of their own; this one owns the processes and kills them."""
    crowd = Crowd(stack, options.seed, options.gifts, options.donors)
    killer = Killer(stack, options.seed, options.kills, options.gifts, options.donors)
    crowd.gate = lambda: killer.gate
    life = 0
    misbehave(stack, options.seed, life)
    donors = threading.Thread(target=crowd.run, name="donors", daemon=True)
    donors.start()
    while donors.is_alive():
        killer.look_after(crowd.begun)
        if stack.is_up("bank") and not is_misbehaving(stack):
            life += 1
            misbehave(stack, options.seed, life)
        donors.join(0.1)
    while missing := stack.missing(ROLES):
        say(f"waiting for {missing}")
        killer.tick()
        time.sleep(0.5)
    behave(stack)
    return crowd, killer


def _compare(stack: Stack, crowd: Crowd) -> tuple[dict[str, Any], list[str]]:
    attempts = books.portal_attempts(stack)
    found = books.compare(books.bank_book(stack), attempts)
    told = asyncio.run(_statuses(stack, list(crowd.codes.values())))
    here = dict(stack.sql("SELECT tracking_code, status FROM donations_donation"))
    lost = sorted(set(crowd.codes.values()) - set(here))
    contradicted = [f"{code}: said {told[code]}, is {here[code]}" for code in here
                    if code in told and told[code] != here[code]]  # fmt: skip
    code, said = stack.manage("check_books")
    figures = found.figures | {
        "written_and_lost": len(lost),
        "donor_told_otherwise": len(contradicted),
        "gifts_by_status": dict(stack.sql("SELECT status, count(*) FROM donations_donation GROUP BY 1")),
        "attempts_by_state": dict(stack.sql("SELECT state, count(*) FROM payments_attempt GROUP BY 1")),
        "cases": dict(stack.sql("SELECT kind, count(*) FROM cases_case GROUP BY 1")),
        "check_books": said.strip().rpartition("\n")[2],
    }
    problems = [*found.problems, *crowd.refused, *contradicted, *(f"lost: {code}" for code in lost)]
    return figures, problems + ([f"check_books: {said}"] if code else [])


async def _statuses(stack: Stack, codes: list[str]) -> dict[str, str]:
    """What each donor is told when they ask."""
    client = Client()
    donor = Donor(client, stack.url, stack.bank_url)
    told: dict[str, str] = {}
    for code in codes:
        try:
            told[code] = await donor.status(code)
        except (NoAnswer, Refused) as error:
            told[code] = str(error)
    client.close()
    return told


if __name__ == "__main__":
    sys.exit(main())
