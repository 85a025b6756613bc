"""Which dimension row a gift belongs to. Rows never change, so their ids are remembered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection, transaction


class Facet(NamedTuple):
    """The place and purpose of a leg; None means "none of these"."""

    fund: str
    province: str | None = None
    county: str | None = None
    edition: int | None = None
    branch: int | None = None
    channel: int | None = None
    need: int | None = None


_INSERT = """
    INSERT INTO ledger_dimension (fund_id, province_id, county_id, edition_id, branch_id, channel_id, need_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
"""
_COLUMNS = ("fund_id", "province_id", "county_id", "edition_id", "branch_id", "channel_id", "need_id")
_TYPES = ("text", "text", "text", "bigint", "bigint", "bigint", "bigint")
_AT_ONCE = 5_000
_MOST_REMEMBERED = 200_000
_remembered: dict[Facet, int] = {}


def dimension_ids(facets: Iterable[Facet]) -> dict[Facet, int]:
    """The ids of these combinations, created where missing. Usually no query at all."""
    wanted = set(facets)
    found = {facet: _remembered[facet] for facet in wanted if facet in _remembered}
    missing = wanted - found.keys()
    if missing:
        fresh = _find(missing)
        for facet in sorted(missing - fresh.keys(), key=str):
            fresh[facet] = _make(facet)
        # A row made in a transaction that rolls back must not be remembered.
        transaction.on_commit(lambda: _remember(fresh))
        found |= fresh
    return found


def _find(facets: Iterable[Facet]) -> dict[Facet, int]:
    """The rows that are there, in one query for all facets that leave the same columns empty: only then does
    the database compare by its index."""
    alike: dict[tuple[bool, ...], list[Facet]] = {}
    for facet in facets:
        alike.setdefault(tuple(value is None for value in facet), []).append(facet)
    found: dict[Facet, int] = {}
    with connection.cursor() as cursor:
        for empty, group in alike.items():
            sql = _select(empty)
            for at in range(0, len(group), _AT_ONCE):
                values = zip(*group[at : at + _AT_ONCE], strict=True)
                given = [list(column) for column, none in zip(values, empty, strict=True) if not none]
                cursor.execute(sql, given)
                found |= {Facet(*row): pk for pk, *row in cursor.fetchall()}
    return found


def _select(empty: tuple[bool, ...]) -> str:
    given = [(column, kind) for column, kind, none in zip(_COLUMNS, _TYPES, empty, strict=True) if not none]
    same = [
        f"d.{column} IS NULL" if none else f"d.{column} = f.{column}"
        for column, none in zip(_COLUMNS, empty, strict=True)
    ]
    return f"""
        SELECT d.id, {", ".join(f"d.{column}" for column in _COLUMNS)}
          FROM unnest({", ".join(f"%s::{kind}[]" for _, kind in given)}) AS f ({", ".join(c for c, _ in given)})
          JOIN ledger_dimension d ON {" AND ".join(same)}
    """  # noqa: S608 - its own words


def _make(facet: Facet) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, facet)
        row = cursor.fetchone()
    # Without a row another transaction made it and has just committed.
    return row[0] if row else _find([facet])[facet]


def _remember(found: dict[Facet, int]) -> None:
    if len(_remembered) + len(found) > _MOST_REMEMBERED:
        _remembered.clear()
    _remembered.update(found)


def forget_remembered() -> None:
    """For tests that change databases under a running process."""
    _remembered.clear()
