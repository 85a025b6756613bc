"""Dashboards over more and more gifts: how long each page takes, and the plain GROUP BY of the same question beside it.

    ./run bench dashboards [--donations N …] [--volunteers N] [--asked N] [--entries N] [--open-lines N]

At every size: dashboards, the desk's lists and its search (by name and by each number that people quote), asked for
one after another over HTTP by headquarters, by a province and by nobody in particular; the sums of six facets by the
API and by GROUP BY over the books, which must agree to the rial; new gifts folded while another transaction has written
a million statement lines and stays open; rollups made anew. Exit code 1 when a figure differs or a page does not
answer. Without `--donations` at 100,000 and 1,000,000; each size is added to the one before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2

from bench.support import dashboards as asked
from bench.support.cpu import between, used
from bench.support.figures import finish, milliseconds, say
from bench.support.http import Client
from bench.support.stack import Sizes, Stack, portal

SIZES = (100_000, 1_000_000)
DAYS, DAYS_OF_NEW = 3 * 365, 3  # over which gifts are spread, and those that are folded
WARM = 24  # requests of each page that are not measured: each thread of web asks by its own connection
AIM_MS, AIM_FOLD, AIM_REBUILD = 60, 5, 180


def main() -> int:
    options = _options()
    with portal(Sizes(web_workers=2, web_threads=4)) as stack:
        problems: list[str] = []
        spent = _timed(stack, asked.VOLUNTEERS.format(number=options.volunteers))
        say(f"{options.volunteers} volunteers in {spent['all']:.0f} s")
        sizes, there = [], 0
        for size in options.donations:
            sizes.append(_at_size(stack, options, size - there, problems))
            there = size
        figures = {
            "bench": "dashboards",
            "options": vars(options),
            "sizes": sizes,
            "slowest_p95_ms": {
                str(one["donations"]): max(p["p95"] for p in one["pages"].values()) for one in sizes
            },
            "aims": {
                "page_p95_ms": AIM_MS,
                "fold_100000_seconds": AIM_FOLD,
                "rebuild_10m_seconds": AIM_REBUILD,
            },
        }
        return finish(figures, problems)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench dashboards")
    parser.add_argument("--donations", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--volunteers", type=int, default=20_000, help="among whom names are searched")
    parser.add_argument("--cases", type=int, default=5_000, help="about the newest gifts, at each size")
    parser.add_argument("--asked", type=int, default=100, help="requests of each page")
    parser.add_argument("--entries", type=int, default=100_000, help="new gifts that are folded")
    parser.add_argument("--open-lines", type=int, default=1_000_000, help="of the import that stays open")
    return parser.parse_args()


def _at_size(stack: Stack, options: argparse.Namespace, more: int, problems: list[str]) -> dict[str, Any]:
    seeding = _timed(stack, asked.SEED.format(number=more, fold=True, days=DAYS))
    say(f"{more} gifts added in {seeding['all']:.0f} s, figures made anew in {seeding['figures']:.0f} s")
    stack.sql(asked.CASES, [options.cases])
    stack.sql("VACUUM ANALYZE")
    ((count,),) = stack.sql("SELECT count(*) FROM donations_donation")
    # They sign in anew at each size: writing ten million gifts outlasts a visit.
    people = json.loads(_shell(stack, asked.PEOPLE).splitlines()[-1])
    stack.start("web")
    before = used(stack, ("web", "postgres"))
    began = time.monotonic()
    pages = asyncio.run(_pages(stack, options.asked, people, problems))
    spent = between(before, used(stack, ("web", "postgres")))
    requests = options.asked * len(pages)
    say(f"{requests} pages in {time.monotonic() - began:.0f} s")
    plain = _plain(stack, problems)
    stack.stop("web")
    fold = _fold(stack, options)
    rebuilt = _timed(stack, asked.REBUILD)
    problems += asked.differences(_shell(stack, asked.CHECK))
    ((size,),) = stack.sql("SELECT pg_database_size(current_database())")
    rows = stack.sql(
        "SELECT (SELECT count(*) FROM dashboards_rollup), (SELECT count(*) FROM dashboards_cube)"
    )[0]
    return {
        "donations": count,
        "seconds_to_seed": round(seeding["all"], 1),
        "pages": pages,
        "cpu_ms_a_page": {role: round(1000 * spent[role] / requests, 1) for role in ("web", "postgres")},
        "cpu_share_of_other_programs": round(spent["others"] / max(sum(spent.values()), 0.01), 2),
        "plain_group_by": plain,
        "fold": fold,
        "rebuild_seconds": round(rebuilt["all"], 1),
        "rows_of_rollups_and_cubes": rows,
        "disk_mb": size >> 20,
    }


async def _pages(stack: Stack, times: int, people: dict[str, str], problems: list[str]) -> dict[str, Any]:
    """Each page `times` over, one request at a time; days differ from request to request where they can, so that no
    figure is remembered. Where a number leaves its address for a key, the address with the key is what is measured."""
    client, found = Client(), {}
    for page in asked.pages(asked.quoted(stack)):
        headers = f"Cookie: sessionid={people[page.who]}\r\n" if page.who else ""
        seconds, bad, kept = [], set(), ""
        for number in range(-WARM, times):
            answer = await client.get(stack.url + (kept or page.address(number)), headers)
            if answer.status == 302 and not kept and answer.location.startswith("/desk/"):
                kept = answer.location
                continue
            if answer.status != 200:
                bad.add(answer.status)
            if number >= 0:
                seconds.append(answer.seconds)
        if bad:
            problems.append(f"{page.name} answered {sorted(bad)}")
        found[page.name] = milliseconds(seconds)
    client.close()
    return found


def _plain(stack: Stack, problems: list[str]) -> dict[str, Any]:
    """The same sums by GROUP BY over the books, the API's answer to the same question, and how they compare."""
    found = {}
    for by in asked.PLAIN:
        seconds, rows = asked.group_by(stack, by)
        answer = asyncio.run(_ask(f"{stack.url}/api/v1/totals/?by={by}"))
        body = json.loads(answer.body)
        told = {row["key"]: (row["total_rial"], row["count"]) for row in body["rows"]}
        if told != rows or body["total_rial"] != sum(rial for rial, _ in rows.values()):
            problems.append(f"by {by} the figures and the books differ")
        found[by] = {
            "group_by_ms": round(1000 * seconds, 1),
            "api_ms": round(1000 * answer.seconds, 1),
            "ratio": round(seconds / answer.seconds, 1),
        }
    return found


async def _ask(url: str):
    client = Client()
    try:
        return await client.get(url)
    finally:
        client.close()


def _fold(stack: Stack, options: argparse.Namespace) -> dict[str, Any]:
    _shell(stack, asked.SEED.format(number=options.entries, fold=False, days=DAYS_OF_NEW))
    with _open_import(stack, options.open_lines) as written:
        spent = _timed(stack, asked.FOLD)
    return {"entries": options.entries, "open_import_lines": written, "seconds": round(spent["all"], 2)}


@contextmanager
def _open_import(stack: Stack, lines: int) -> Iterator[int]:
    """A transaction that has written so many statement lines and neither commits nor ends meanwhile."""
    with (
        closing(psycopg2.connect(stack.environment["DATABASE_URL"])) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(asked.OPEN_IMPORT, {"lines": lines})
        say(f"an import of {cursor.rowcount} lines is open")
        yield cursor.rowcount
        connection.rollback()


def _timed(stack: Stack, script: str) -> dict[str, float]:
    """What a script of the portal printed last: its own seconds."""
    return json.loads(_shell(stack, script).splitlines()[-1])


def _shell(stack: Stack, script: str) -> str:
    code, said = stack.manage("shell", "-v", "0", "-c", script)
    if code:
        raise RuntimeError(said[-3000:])
    return said


if __name__ == "__main__":
    sys.exit(main())
