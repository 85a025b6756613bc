"""kill -9 by seed: which process, how much of it, when, and for how long it stays away."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress

from bench.support.figures import say
from bench.support.stack import ROLES, Stack

WITH_CHILDREN = ("web", "worker", "postgres")
_AWAY_SECONDS = (0.1, 2.0)
_WAITS_FOR_RECOVERY = 0.7  # in the other cases two may be down at once
_PATIENCE = 40.0


class Killer:
    """Call `look_after` again and again from the thread that owns the stack.

    Kills are tied to how many gifts have begun, so that a run can be repeated: `gate` is the first gift that
    must wait for the next kill.
    """

    def __init__(self, stack: Stack, seed: int, kills: int, gifts: int, slack: int) -> None:
        self._stack, self._slack = stack, slack
        self._dice = random.Random(f"kills:{seed}")
        self._victims = self._deck(kills)
        spread = (gifts - slack) / max(kills, 1)
        self._at = [int(spread * (number + self._dice.random())) for number in range(kills)]
        self._since = 0.0
        self._last = ""
        self._must_recover = False
        self.done: Counter[str] = Counter()
        self.rebirths: Counter[str] = Counter()

    def _deck(self, kills: int) -> list[str]:
        """Each process once before any comes again."""
        deck: list[str] = []
        while len(deck) < kills:
            deck += self._dice.sample(ROLES, len(ROLES))
        return deck[:kills]

    @property
    def gate(self) -> float:
        """Gifts from this number on wait; infinite when no kill is left."""
        return self._at[0] + self._slack if self._at else float("inf")

    def look_after(self, begun: int) -> None:
        """Let the supervisor work, and kill when it is time."""
        self.tick()
        if not self._at or begun < self._at[0]:
            return
        is_overdue = time.monotonic() - self._since > _PATIENCE
        if self._last and self._must_recover and not is_overdue and not self._stack.is_up(self._last):
            return
        self._kill(self._victims[len(self._victims) - len(self._at)])
        self._at.pop(0)

    def tick(self) -> None:
        """Start again what died; how long it was away is ours to say."""
        self._stack.supervisor.tick()
        for name, child in self._stack.supervisor.children.items():
            if child.restart_at is not None and child.deaths:
                child.restart_at = time.monotonic() + self._dice.uniform(*_AWAY_SECONDS)
                child.deaths = 0
                self.rebirths[name] += 1

    def _kill(self, role: str) -> None:
        """All of its processes at once, only the first one, or only one of its children."""
        members = self._stack.members(role)
        leader = self._stack.supervisor.children[role].process.pid
        children = sorted(set(members) - {leader})
        how = self._dice.choices(("whole", "leader", "child"), (0.5, 0.2, 0.3))[0]
        if how == "child" and role in WITH_CHILDREN and children:
            members = [self._dice.choice(children)]
        elif how == "leader":
            members = [leader]
        else:
            how = "whole"
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.done[role] += 1
        self._last, self._since = role, time.monotonic()
        self._must_recover = self._dice.random() < _WAITS_FOR_RECOVERY
        say(f"kill -9 {role} ({how})")
