"""Percentiles, and the last line that programs read."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any


def say(text: str) -> None:
    """A line for people; the figures alone go to standard output."""
    print(text, file=sys.stderr, flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies (nearest rank); 0 when there is none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99 of times, in milliseconds."""
    return {
        name: round(1000 * percentile(seconds, share), 1)
        for name, share in (("p50", 0.50), ("p95", 0.95), ("p99", 0.99))
    }


def finish(figures: dict[str, Any], problems: list[str]) -> int:
    """Print everything as one line of JSON; the exit code."""
    for problem in problems:
        say(f"PROBLEM: {problem}")
    print(json.dumps(figures | {"problems": problems}, ensure_ascii=False), flush=True)
    return 1 if problems else 0
