"""What must always be true. Each room registers its checks in its `checks` module; `check_books` runs them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction

MOST_FINDINGS = 20

_checks: dict[str, Callable[[], Iterable[str]]] = {}


@dataclass(frozen=True)
class Result:
    """A check's name and what it found; nothing found means that it holds."""

    name: str
    findings: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.findings


def invariant(name: str):
    """Register a function that yields one sentence for each violation, naming the row."""

    def register(function: Callable[[], Iterable[str]]):
        _checks[name] = function
        return function

    return register


def violations(sql: str, sentence: str, values: list | None = None) -> Iterator[str]:
    """Run a query whose rows are violations and say each with `sentence` formatted by the row's columns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or [])
        names = [column.name for column in cursor.description]
        for row in cursor.fetchmany(MOST_FINDINGS):
            yield sentence.format(**dict(zip(names, row, strict=True)))


@transaction.atomic
def run_checks(about: str = "") -> list[Result]:
    """Run every check, or those whose name begins so, on one snapshot of the database: gifts that arrive meanwhile
    disturb nothing.

    Must be the outermost transaction to set its isolation; inside another one it takes that one's.
    """
    with connection.cursor() as cursor:
        if len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    wanted = [(name, check) for name, check in sorted(_checks.items()) if name.startswith(about)]
    return [Result(name, tuple(islice(check(), MOST_FINDINGS))) for name, check in wanted]
