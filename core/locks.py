"""Advisory locks by name, never renumbered. All are held by a transaction (PgBouncer shares sessions)."""

from enum import IntEnum


class Lock(IntEnum):
    FOLD = 7_201
    SEED = 7_202
    DAY = 7_203
    STATEMENT_SOURCE = 7_204
    BACKUP = 7_205
