"""How good a part of the portal is, and the limits between."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    GOOD = "ok"
    WATCH = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Limits:
    """From `watch` on somebody should look, from `bad` on something is wrong."""

    watch: float
    bad: float

    def level(self, value: float) -> Level:
        if value >= self.bad:
            return Level.BAD
        return Level.WATCH if value >= self.watch else Level.GOOD


ATTEMPT_AGE = Limits(3_600, 24 * 3_600)  # seconds; the sweeper asks until then
CALLBACK_AGE = Limits(10, 60)
OUTBOX_AGE = Limits(120, 3_600)
SMS_FAILED = Limits(1, 50)
FOLD_AGE = Limits(5, 60)
BACKUP_AGE = Limits(26 * 3_600, 50 * 3_600)
DISK_USED = Limits(0.80, 0.92)
CONNECTIONS_USED = Limits(0.7, 0.9)
CASES = Limits(1, 100)
REPORT_AGE_DAYS = Limits(3, 7)
