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
_SELECT = """
    SELECT id FROM ledger_dimension
     WHERE fund_id = %s AND province_id IS NOT DISTINCT FROM %s AND county_id IS NOT DISTINCT FROM %s
       AND edition_id IS NOT DISTINCT FROM %s AND branch_id IS NOT DISTINCT FROM %s
       AND channel_id IS NOT DISTINCT FROM %s AND need_id IS NOT DISTINCT FROM %s
"""
_MOST_REMEMBERED = 200_000
_remembered: dict[Facet, int] = {}


def dimension_ids(facets: Iterable[Facet]) -> dict[Facet, int]:
    """The ids of these combinations, created where missing. Usually no query at all."""
    return {facet: _remembered.get(facet) or _find(facet) for facet in set(facets)}


def _find(facet: Facet) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, facet)
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_INSERT, facet)
            row = cursor.fetchone()
            if row is None:  # another transaction made it and has just committed
                cursor.execute(_SELECT, facet)
                row = cursor.fetchone()
    # A row made in a transaction that rolls back must not be remembered.
    transaction.on_commit(lambda: _remember(facet, row[0]))
    return row[0]


def _remember(facet: Facet, dimension: int) -> None:
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[facet] = dimension


def forget_remembered() -> None:
    """For tests that change databases under a running process."""
    _remembered.clear()
