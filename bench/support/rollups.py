"""Whether figures that were folded while everything was killed are those that the books give when made anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.support.stack import Stack

FOLD = "from dashboards.rollups import fold_all; fold_all()"
_NAMED = 10  # of the rows that differ
# table -> what its rows say; a row's own number says nothing
TABLES = {
    "dashboards_rollup": "dimension_id, grain, starts_on, flow, kind, total_rial, gifts",
    "dashboards_cube": "cube, grain, starts_on, first, second, flow, kind, total_rial, gifts",
    "dashboards_placementtotal": "placement_id, total_rial, gifts",
    "dashboards_placementhour": "placement_id, hour, total_rial, gifts",
    "dashboards_placementneed": "placement_id, need_id, total_rial, gifts",
}
Rows = Mapping[str, set[tuple]]


def rebuilt(stack: Stack) -> tuple[dict[str, Any], list[str]]:
    """Fold what waits, make everything anew, and compare row by row: figures, and what is wrong. Worker and beat end
    here, so that nobody folds meanwhile."""
    stack.stop("worker", "beat")
    _run(stack, "shell", "-v", "0", "-c", FOLD)
    folded = _rows(stack)
    _run(stack, "rebuild_rollups")
    differ = differences(folded, _rows(stack))
    figures = {"rollups_compared": sum(map(len, folded.values())), "rollups_differ": len(differ)}
    return figures, differ[:_NAMED]


def differences(folded: Rows, anew: Rows) -> list[str]:
    """Each row that only one of the two has; one whose sums differ is in both lists."""
    found = []
    for table in TABLES:
        found += [f"{table}: folded only {row}" for row in sorted(folded[table] - anew[table], key=str)]
        found += [f"{table}: rebuilt only {row}" for row in sorted(anew[table] - folded[table], key=str)]
    return found


def _rows(stack: Stack) -> dict[str, set[tuple]]:
    return {table: set(stack.sql(f"SELECT {columns} FROM {table}")) for table, columns in TABLES.items()}


def _run(stack: Stack, *arguments: str) -> None:
    code, said = stack.manage(*arguments)
    if code:
        raise RuntimeError(said[-3000:])
