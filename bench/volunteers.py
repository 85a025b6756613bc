"""The volunteer network at full size: an old registry taken in, names searched, shifts matched, a crisis joined.

    ./run bench volunteers [--volunteers N] [--groups N] [--searches N] [--matches N] [--joins N] [--processes N]

The registry is a CSV of dirty Persian: Arabic letters, digits of three scripts, lost zeros, half-spaces at random; one
line in a hundred cannot be taken, one in a hundred stands in it twice. It goes the way of the desk: sealed, read into
lines, confirmed, taken in part by part. Then most are vetted, work is given out, and searches (names, numbers, filters)
and matches run one after another. Then people join by the short way of a crisis, in so many processes at once, each
through the portal's own pages (four requests a person, without the HTTP server). Exit code 1 when a line or a person
is lost, or the books do not hold.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time

from bench.support import cpu
from bench.support.figures import finish, say
from bench.support.stack import Sizes, Stack, portal

_AIMS = {"import_seconds": 30, "search_p95_ms": 50, "match_p95_ms": 50, "joined_in_10_minutes": 23_000}


def main() -> int:
    options = _options()
    with portal(Sizes()) as stack:
        path = stack.data / "registry.csv"
        made = _run(stack, "make", str(path), str(options.volunteers), str(options.groups))
        before = cpu.used(stack, ("postgres",))
        taken = _run(stack, "take", str(path))
        spent = cpu.between(before, cpu.used(stack, ("postgres",)))
        asked = _run(stack, "ask", str(options.searches), str(options.matches))
        joined = _join(stack, options)
        code, said = stack.manage("check_books")
        problems = _lost(stack, made, taken, joined, options)
        problems += [f"check_books: {said}"] if code else []
        figures = {
            "bench": "volunteers",
            "options": vars(options),
            "import": taken | {"postgres_cpu_seconds": round(spent["postgres"], 1)},
            "asked_ms": asked,
            "joining": joined,
            "aims": _AIMS,
            "check_books": said.strip().rpartition("\n")[2],
        }
        return finish(figures, problems)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench volunteers")
    parser.add_argument("--volunteers", type=int, default=130_000, help="lines of the registry")
    parser.add_argument("--groups", type=int, default=11_000)
    parser.add_argument("--searches", type=int, default=400)
    parser.add_argument("--matches", type=int, default=200)
    parser.add_argument("--joins", type=int, default=23_000)
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def _run(stack: Stack, *arguments: str) -> dict:
    """A step with the portal's settings, as a process of its own; what it printed in its last line."""
    log = stack.data / f"{arguments[0]}.txt"
    log.unlink(missing_ok=True)
    began = time.monotonic()
    if stack.supervisor.run(
        [sys.executable, "-m", "bench.support.network", *arguments], stack.environment, log
    ):
        raise RuntimeError(f"{arguments[0]}: {log.read_text()[-3000:]}")
    say(f"{arguments[0]}: {time.monotonic() - began:.0f} s")
    return json.loads(log.read_text().splitlines()[-1])


def _join(stack: Stack, options: argparse.Namespace) -> dict:
    """The short way in as many processes as asked, each with numbers of its own."""
    if not options.joins:
        return {"people": 0}
    share = -(-options.joins // options.processes)
    command = [sys.executable, "-m", "bench.support.network", "join"]
    _run(stack, "switch")
    began = time.monotonic()
    running = [
        subprocess.Popen(
            [*command, str(at), str(share)], env=stack.environment, stdout=subprocess.PIPE, text=True
        )
        for at in range(options.processes)
    ]
    told = [json.loads(process.communicate()[0].splitlines()[-1]) for process in running]
    seconds = time.monotonic() - began
    people = sum(one["people"] for one in told)
    return {
        "people": people,
        "refused": sum(one["refused"] for one in told),
        "seconds": round(seconds, 1),
        "per_second": round(people / seconds, 1),
        "in_10_minutes": round(600 * people / seconds),
        "ms_a_person": told[0]["ms"],
    }


def _lost(stack: Stack, made: dict, taken: dict, joined: dict, options: argparse.Namespace) -> list[str]:
    """Every line is where it belongs, and everybody who joined is there."""
    problems = []
    counts = taken["counts"]
    for name in ("lines", "taken", "twin", "refused"):
        if counts.get(name, 0) != made[name]:
            problems.append(f"{counts.get(name, 0)} lines are {name}, not {made[name]}")
    there = dict(stack.sql("SELECT source, count(*) FROM volunteers_volunteer GROUP BY source"))
    if there.get("import", 0) != made["taken"]:
        problems.append(f"{there.get('import', 0)} volunteers came from the registry, not {made['taken']}")
    if there.get("surge", 0) != joined["people"] or joined.get("refused"):
        problems.append(f"{there.get('surge', 0)} joined, not {joined['people']}")
    groups = stack.sql("SELECT count(*) FROM volunteers_volunteergroup")[0][0]
    if groups != made["groups"]:
        problems.append(f"{groups} groups, not {made['groups']}")
    return problems


if __name__ == "__main__":
    sys.exit(main())
