"""The volunteer network at full size: an old registry taken in, names searched, shifts matched, a crisis joined.

    ./run bench volunteers [--volunteers N] [--groups N] [--searches N] [--matches N] [--joins N] [--join-seconds S]
                           [--ceiling-seconds S] [--processes N]

The registry is a CSV of dirty Persian: Arabic letters, digits of three scripts, lost zeros, half-spaces at random; one
line in a hundred cannot be taken, one in a hundred stands in it twice. It goes the way of the desk: sealed, read into
lines, confirmed, taken in part by part. Then most are vetted, work is given out, and searches (names, numbers, filters)
and matches run one after another. Then people join by the short way of a crisis, in so many processes at once, each
through the portal's own pages (the seven requests of a browser, without the HTTP server), for --join-seconds at most.

Beside the import and the joining stands what the database alone does with the same rows, and the ratio. Exit code 1
when a line or a person is lost, or the books do not hold.
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
        bare = _run(stack, "bare")
        asked = _run(stack, "ask", str(options.searches), str(options.matches))
        joined = _join(stack, options)
        code, said = stack.manage("check_books")
        problems = _lost(stack, made, taken, joined, options)
        problems += [f"check_books: {said}"] if code else []
        figures = {
            "bench": "volunteers",
            "options": vars(options),
            "import": taken
            | {"postgres_cpu_seconds": round(spent["postgres"], 1)}
            | {"bare_insert_seconds": bare["seconds"]}
            | {"times_bare": round(taken["seconds"]["all"] / bare["seconds"], 1)},
            "asked_ms": asked,
            "joining": joined,
            "aims": _AIMS,
            "of_aims": _of_aims(taken, asked, joined),
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
    parser.add_argument("--join-seconds", type=int, default=420, help="joining ends after so long at most")
    parser.add_argument("--ceiling-seconds", type=int, default=10, help="of the rows of joining alone")
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
    """The short way in as many processes as asked, each with numbers of its own; before it, its rows alone."""
    if not options.joins:
        return {"people": 0}
    _run(stack, "switch")
    alone, seconds = _at_once(stack, options.processes, "rows", str(options.ceiling_seconds))
    ceiling = sum(one["people"] for one in alone) / seconds
    _run(stack, "clear")
    share = -(-options.joins // options.processes)
    before = cpu.used(stack, ("postgres",))
    told, seconds = _at_once(stack, options.processes, "join", str(share), str(options.join_seconds))
    spent = cpu.between(before, cpu.used(stack, ("postgres",)))
    people = sum(one["people"] for one in told)
    return {
        "people": people,
        "refused": sum(one["refused"] for one in told),
        "seconds": round(seconds, 1),
        "per_second": round(people / seconds, 1),
        "in_10_minutes": round(600 * people / seconds),
        "ms_a_person": told[0]["ms"],
        "cpu_ms_a_person": {
            "portal": told[0]["cpu_ms"],
            "postgres": round(1000 * spent["postgres"] / max(people, 1), 1),
        },
        "rows_alone_per_second": round(ceiling, 1),
        "of_rows_alone": round(people / seconds / ceiling, 2),
    }


def _at_once(stack: Stack, processes: int, step: str, *arguments: str) -> tuple[list[dict], float]:
    """A step in so many processes at once: what each told, and the seconds until the last had ended."""
    began = time.monotonic()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.support.network", step, str(at), *arguments],
            env=stack.environment, stdout=subprocess.PIPE, text=True,
        )
        for at in range(processes)
    ]  # fmt: skip
    told = [json.loads(process.communicate()[0].splitlines()[-1]) for process in running]
    seconds = time.monotonic() - began
    say(f"{step}: {seconds:.0f} s")
    return told, seconds


def _of_aims(taken: dict, asked: dict, joined: dict) -> dict[str, float]:
    """What was measured as a part of each aim: below 1 it is better where less is wanted, above 1 where more is."""
    measured = {
        "import_seconds": taken["seconds"]["all"],
        "search_p95_ms": asked["search"]["p95"],
        "match_p95_ms": asked["match"]["p95"],
        "joined_in_10_minutes": joined.get("in_10_minutes", 0),
    }
    return {name: round(value / _AIMS[name], 2) for name, value in measured.items()}


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
