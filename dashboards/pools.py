"""What waits to be allocated, by pool: read from the rollups, less what allocations hold. Limited to the open scope.

Its cost grows with the number of pools, never with that of gifts: the age of a pool is one look into the index of the
gifts that wait.
"""

# ruff: noqa: S608 - statements are put together from this module's own words; values are always parameters

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models import Edition, Fund, Need
from provinces.models import County, Province
from provinces.scoping import current_scope

_KEY = ("fund_id", "province_id", "county_id", "edition_id", "need_id")
_RECEIVED = """
    SELECT d.fund_id, d.province_id, d.county_id, d.edition_id, d.need_id, sum(r.total_rial)::bigint AS rial
      FROM dashboards_rollup r JOIN ledger_dimension d ON d.id = r.dimension_id
     WHERE r.grain = 'y' AND r.flow = 'in' AND r.kind = 'cash' AND {scope} GROUP BY 1, 2, 3, 4, 5
"""
_PLACED = """
    SELECT d.fund_id, d.province_id, d.county_id, d.edition_id, d.need_id, d.placed_rial,
           coalesce(a.delivered, 0)::bigint AS delivered, coalesce(a.proposed, 0)::bigint AS proposed
      FROM aid_pool d
      LEFT JOIN (SELECT pool_id, sum(delivered_rial) AS delivered,
                        sum(amount_rial) FILTER (WHERE state = 'proposed') AS proposed
                   FROM aid_allocation GROUP BY 1) a ON a.pool_id = d.id
     WHERE {scope}
"""


class PoolKey(NamedTuple):
    fund: str
    province: str | None
    county: str | None
    edition: int | None
    need: int | None


@dataclass(frozen=True)
class Pool:
    """One pool with its sums in rials: received (less refunds), held by allocations, delivered of that, proposed."""

    key: PoolKey
    fund: Fund
    received_rial: int
    placed_rial: int
    delivered_rial: int
    proposed_rial: int
    province: Province | None = None
    county: County | None = None
    edition: Edition | None = None
    need: Need | None = None

    @property
    def waiting_rial(self) -> int:
        return self.received_rial - self.placed_rial

    @property
    def allocated_rial(self) -> int:
        """Set aside and not delivered yet."""
        return self.placed_rial - self.delivered_rial


def pools(*, fund: str = "", province: str = "") -> list[Pool]:
    """The pools of the open scope that ever received something: those that wait longest past their fund's hours first,
    then by what waits."""
    where, values = _scope()
    for column, value in (("d.fund_id", fund), ("d.province_id", province)):
        if value:
            where, values = f"{where} AND {column} = %s", [*values, value]
    received = {PoolKey(*row[:5]): row[5] for row in _rows(_RECEIVED.replace("{scope}", where), values)}
    placed = {PoolKey(*row[:5]): row[5:] for row in _rows(_PLACED.replace("{scope}", where), values)}
    keys = [key for key in received.keys() | placed.keys() if received.get(key) or any(placed.get(key, ()))]
    names = _names(keys)
    found = [
        Pool(
            key,
            names[Fund][key.fund],
            received.get(key, 0),
            *placed.get(key, (0, 0, 0)),
            province=names[Province].get(key.province),
            county=names[County].get(key.county),
            edition=names[Edition].get(key.edition),
            need=names[Need].get(key.need),
        )
        for key in keys
    ]
    return sorted(found, key=lambda pool: (pool.waiting_rial <= 0, -pool.waiting_rial, str(pool.key)))


def _names(keys: Sequence[PoolKey]) -> dict[type, dict]:
    wanted = (
        zip((Fund, Province, County, Edition, Need), zip(*keys, strict=True), strict=True) if keys else ()
    )
    return {model: _rows_of(model).in_bulk({pk for pk in ids if pk is not None}) for model, ids in wanted}


def _rows_of(model: type) -> QuerySet:
    """A county is shown with its province."""
    return model.objects.select_related("province") if model is County else model.objects.all()


def waiting_since(wanted: Sequence[Pool]) -> dict[PoolKey, datetime]:
    """When the oldest gift that waits in each of these pools was received."""
    arms, values = [], []
    for number, pool in enumerate(wanted):
        parts = [f"d.{name} IS NULL" if value is None else f"d.{name} = %s" for name, value in
                 zip(_KEY, pool.key, strict=True)]  # fmt: skip
        values += [value for value in pool.key if value is not None]
        arms.append(
            f"(SELECT {number}, d.received_at FROM donations_donation d WHERE {' AND '.join(parts)} "
            "AND d.status = 'received' AND d.kind = 'cash' AND NOT d.is_allocated ORDER BY d.received_at LIMIT 1)"
        )
    rows = _rows(" UNION ALL ".join(arms), values) if arms else []
    return {wanted[number].key: at for number, at in rows}


def overdue(found: Sequence[Pool], now: datetime | None = None) -> list[tuple[Pool, datetime]]:
    """Pools in which a gift has waited longer than its fund allows, the oldest first."""
    hurried = [pool for pool in found if pool.fund.distribute_within_hours and pool.waiting_rial > 0]
    since, moment = waiting_since(hurried), now or timezone.now()
    late = [
        (pool, since[pool.key])
        for pool in hurried
        if pool.key in since and since[pool.key] + timedelta(hours=pool.fund.distribute_within_hours) < moment
    ]
    return sorted(late, key=lambda pair: pair[1])


def _scope() -> tuple[str, list]:
    scope = current_scope()
    if scope.everything:
        return "true", []
    where, values = "d.province_id = ANY(%s)", [sorted(scope.provinces)]
    if scope.counties:
        where, values = f"({where} OR d.county_id = ANY(%s))", [*values, sorted(scope.counties)]
    return where, values


def _rows(sql: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
