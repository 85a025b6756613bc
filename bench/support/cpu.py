"""Processor time by role, from /proc: what living processes used, and what reaped children left to them."""

from __future__ import annotations

import os
from pathlib import Path

from bench.support.stack import ROLES, Stack
from runner.sessions import stat_fields

_TICKS = os.sysconf("SC_CLK_TCK")


def used(stack: Stack, roles: tuple[str, ...] = ROLES) -> dict[str, float]:
    """Seconds each role has used since its processes started; `load` is this very process; `machine` is all
    that was used on all cores by anybody."""
    seconds = {
        role: sum(_of(pid) for pid in stack.members(role))
        for role in roles
        if role in stack.supervisor.children
    }
    own = os.times()
    return seconds | {"load": own.user + own.system, "machine": _machine()}


def between(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """What was used in between, by role; `others` is what other programs of the machine used."""
    spent = {role: max(after[role] - before.get(role, 0.0), 0.0) for role in after}
    machine = spent.pop("machine")
    return spent | {"others": max(machine - sum(spent.values()), 0.0)}


def _of(pid: int) -> float:
    """User and system time of a process and of the children it has waited for."""
    fields = stat_fields(pid)
    return sum(map(int, fields[11:15])) / _TICKS if fields else 0.0


def _machine() -> float:
    user, nice, system, _idle, _wait, irq, softirq, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) / _TICKS
