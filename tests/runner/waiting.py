"""Waiting for what another process does."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def eventually(answer: Callable[[], Result], patience: float = 10.0) -> Result:
    """The first true answer; fails when there is none in time."""
    until = time.monotonic() + patience
    while not (found := answer()):
        assert time.monotonic() < until, "this did not happen in time"
        time.sleep(0.02)
    return found
