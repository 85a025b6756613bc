"""Is the portal ready to serve: migrated, seeded, and its figures abreast of the books?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import Error

LAG_SECONDS = 5
PROVINCES = 31

_SEEDS = """
    SELECT (SELECT count(*) FROM provinces_province) >= %s
       AND EXISTS (SELECT 1 FROM provinces_county)
       AND EXISTS (SELECT 1 FROM provinces_office WHERE level = 'hq')
       AND EXISTS (SELECT 1 FROM campaigns_fund WHERE is_active)
       AND (SELECT count(*) FROM campaigns_channel WHERE code IN ('web', 'qr')) = 2
       AND (SELECT count(*) FROM ledger_account WHERE type = 'income') >= 3
       AND EXISTS (SELECT 1 FROM payments_gatewaysetting)
"""
# The queue is in the order of entries, so its first one is the oldest.
_FOLD = """
    SELECT (SELECT count(*) FROM ledger_foldrow),
           coalesce((SELECT extract(epoch FROM clock_timestamp() - e.posted_at) FROM ledger_entry e
                      WHERE e.id = (SELECT min(entry_id) FROM ledger_foldrow)), 0)::float,
           coalesce((SELECT extract(epoch FROM clock_timestamp() - folded_at)
                       FROM dashboards_foldstate WHERE id = 1), 0)::float
"""


@dataclass(frozen=True)
class FoldLag:
    """How many entries the figures have not taken in, how old the oldest is, and when they last took in any."""

    waiting: int
    oldest_seconds: float
    folded_seconds_ago: float

    @property
    def is_abreast(self) -> bool:
        """Nothing waits, or what waits is a few seconds old and somebody is folding."""
        return self.waiting == 0 or max(self.oldest_seconds, self.folded_seconds_ago) <= LAG_SECONDS


def fold_lag() -> FoldLag:
    with connection.cursor() as cursor:
        cursor.execute(_FOLD)
        waiting, oldest, folded = cursor.fetchone()
    return FoldLag(waiting, max(oldest, 0.0), max(folded, 0.0))


def missing() -> dict[str, str]:
    """What keeps the portal from being ready, {part: why}; empty when it is ready. Never raises."""
    try:
        if unapplied := _unapplied():
            return {"migrations": f"{len(unapplied)} not applied"}
        with connection.cursor() as cursor:
            cursor.execute(_SEEDS, [PROVINCES])
            if not cursor.fetchone()[0]:
                return {"seeds": "reference data is not complete"}
        lag = fold_lag()
        if not lag.is_abreast:
            return {"rollups": f"{lag.waiting} waiting, the oldest for {lag.oldest_seconds:.0f} s"}
    except Error as error:
        return {"database": type(error).__name__}
    return {}


def _unapplied() -> set[tuple[str, str]]:
    return _on_disk() - set(MigrationRecorder(connection).applied_migrations())


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)
