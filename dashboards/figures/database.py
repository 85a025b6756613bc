"""Where figures are read: of one moment, from a replica when there is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connections, transaction

_own_transaction: ContextVar[bool] = ContextVar("figures_of_own_transaction", default=False)


@contextmanager
def one_moment() -> Iterator[None]:
    """Figures read inside belong to one state of the books, so that all numbers of a page agree with each other.

    Nothing may be written inside. Within a transaction that has begun already it takes that one's view.
    """
    alias = _database()
    if connections[alias].in_atomic_block:
        yield
        return
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def of_own_transaction() -> Iterator[None]:
    """Figures read inside come from where the caller writes, with what its transaction has folded, replica or not."""
    token = _own_transaction.set(True)
    try:
        yield
    finally:
        _own_transaction.reset(token)


def rows(sql: str, values: list) -> list[tuple]:
    with connections[_database()].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _database() -> str:
    """Figures may be read from a replica; `as_of` then says how far it has followed."""
    return "replica" if "replica" in settings.DATABASES and not _own_transaction.get() else "default"
