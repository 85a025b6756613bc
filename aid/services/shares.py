"""Which gifts an allocation is made of, and which of them a delivery has used: set by set, in SQL.

Callers hold the pool's row, so one allocation of a pool is made at a time. Gifts that somebody else holds at this
moment (a refund) are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.utils import OperationalError

from aid.enums import Attribution
from aid.models import Allocation, Delivery, Pool
from core.errors import DomainError

# ruff: noqa: S608 - statements are put together from this module's own words; values are always parameters

_FIRST_TRY = 1_000
_KEY = ("fund", "province", "county", "edition", "need")

_WAITING = """
    SELECT d.id, d.received_at, d.amount_rial - coalesce(held.rial, 0) AS left_rial
      FROM donations_donation d
      LEFT JOIN LATERAL (SELECT sum(amount_rial) AS rial FROM aid_allocationshare WHERE donation_id = d.id) held ON true
     WHERE {pool} AND d.status = 'received' AND d.kind = 'cash' AND NOT d.is_allocated {more}
     ORDER BY d.received_at, d.id {limit}
       FOR NO KEY UPDATE OF d SKIP LOCKED
"""
_IN_ORDER = """
    SELECT id, least(left_rial, %(rial)s - before)::bigint AS rial
      FROM (SELECT id, left_rial, sum(left_rial) OVER (ORDER BY received_at, id) - left_rial AS before FROM waiting) w
     WHERE before < %(rial)s
"""
# Cut after every gift, so that the parts add up exactly and none is more than its gift.
_BY_SHARE = """
    SELECT id, (floor(upto * %(rial)s / total) - floor((upto - left_rial) * %(rial)s / total))::bigint AS rial
      FROM (SELECT id, left_rial::numeric AS left_rial, sum(left_rial) OVER (ORDER BY received_at, id) AS upto,
                   sum(left_rial) OVER () AS total FROM waiting) w
"""
_TAKE = """
    WITH waiting AS ({waiting}), part AS ({parts}), taken AS (
        INSERT INTO aid_allocationshare (allocation_id, donation_id, amount_rial)
        SELECT %(allocation)s, id, rial FROM part WHERE rial > 0 ORDER BY id RETURNING amount_rial
    )
    SELECT coalesce(sum(amount_rial), 0)::bigint FROM taken
"""
_OPEN = """
    SELECT s.donation_id AS id, min(s.id) AS first,
           sum(s.amount_rial) - coalesce((SELECT sum(u.amount_rial) FROM aid_deliveryshare u
                                           WHERE u.allocation_id = %(allocation)s AND u.donation_id = s.donation_id),
                                         0) AS left_rial
      FROM aid_allocationshare s WHERE s.allocation_id = %(allocation)s
     GROUP BY s.donation_id
"""


def take(allocation: Allocation, rial: int, *, without: int | None = None) -> int:
    """Make an allocation of gifts of its pool, up to `rial`; returns how much was found.

    Oldest gifts first; or of every gift its share; or of the named gifts only. `without` leaves a gift out.
    """
    if rial <= 0:
        return 0
    more, values = "", {"allocation": allocation.pk, "rial": rial}
    if allocation.attribution == Attribution.CHOSEN:
        more, values["chosen"] = "AND d.id = ANY(%(chosen)s)", list(allocation.chosen)
    if without is not None:
        more, values["without"] = f"{more} AND d.id <> %(without)s", without
    condition, of_pool = _pool_condition(allocation.pool)
    waiting = _WAITING.replace("{pool}", condition).replace("{more}", more)
    values |= of_pool
    if allocation.attribution == Attribution.SHARE:
        # A share of everything that waits; where it waits for less than is asked, all of it.
        found = _sum(waiting, "", values)
        values["rial"] = min(rial, found)
        return _run(waiting.replace("{limit}", ""), _BY_SHARE, values) if found else 0
    limit = _FIRST_TRY
    while True:
        found, rows = _sum_and_count(waiting, f"LIMIT {limit}", values)
        if found >= rial or rows < limit:
            break
        limit *= 4
    return _run(waiting.replace("{limit}", f"LIMIT {limit}"), _IN_ORDER, values)


def give_back(allocation: Allocation) -> int:
    """Return to the pool all that an allocation holds and has not delivered; returns how much.

    DomainError("try_again") where a refund holds one of its gifts: it may itself wait for the pool.
    """
    _hold_gifts(allocation)
    return _execute(
        f"""WITH open AS ({_OPEN}), back AS (
                INSERT INTO aid_allocationshare (allocation_id, donation_id, amount_rial)
                SELECT %(allocation)s, id, -left_rial FROM open WHERE left_rial > 0 ORDER BY id RETURNING amount_rial)
            SELECT coalesce(-sum(amount_rial), 0)::bigint FROM back""",
        {"allocation": allocation.pk},
    )


def deliver(delivery: Delivery, rial: int) -> int:
    """Say whose gifts a delivery has used: in the order in which they joined the allocation, or by share; returns the
    sum."""
    by_share = delivery.allocation.attribution == Attribution.SHARE
    parts = (_BY_SHARE if by_share else _IN_ORDER).replace("received_at, id", "first, id")
    return _execute(
        f"""WITH waiting AS (SELECT * FROM ({_OPEN}) o WHERE left_rial > 0), part AS ({parts}), used AS (
                INSERT INTO aid_deliveryshare (delivery_id, allocation_id, donation_id, amount_rial)
                SELECT %(delivery)s, %(allocation)s, id, rial FROM part WHERE rial > 0 ORDER BY id
                RETURNING amount_rial)
            SELECT coalesce(sum(amount_rial), 0)::bigint FROM used""",
        {"delivery": delivery.pk, "allocation": delivery.allocation_id, "rial": rial},
    )


def undo(delivery: Delivery) -> int:
    """Take back what a delivery has used; returns the sum."""
    return _execute(
        """WITH back AS (
               INSERT INTO aid_deliveryshare (delivery_id, allocation_id, donation_id, amount_rial)
               SELECT delivery_id, allocation_id, donation_id, -sum(amount_rial) FROM aid_deliveryshare
                WHERE delivery_id = %(delivery)s GROUP BY 1, 2, 3 HAVING sum(amount_rial) <> 0
               RETURNING amount_rial)
           SELECT coalesce(-sum(amount_rial), 0)::bigint FROM back""",
        {"delivery": delivery.pk},
    )


def waiting_rial(pool: Pool, *, chosen: Sequence[int] = ()) -> int:
    """What gifts of a pool (or only the named ones) hold that is not allocated. Reads the gifts that wait."""
    condition, values = _pool_condition(pool)
    if chosen:
        condition, values["chosen"] = f"{condition} AND d.id = ANY(%(chosen)s)", list(chosen)
    return _execute(
        f"""SELECT (coalesce(sum(d.amount_rial), 0)
                    - coalesce(sum((SELECT sum(amount_rial) FROM aid_allocationshare WHERE donation_id = d.id)), 0)
                   )::bigint
              FROM donations_donation d
             WHERE {condition} AND d.status = 'received' AND d.kind = 'cash' AND NOT d.is_allocated""",
        values,
    )


def _pool_condition(pool: Pool) -> tuple[str, dict[str, object]]:
    """SQL that a plain index can answer: `=` for what the pool names, IS NULL for what it leaves open."""
    parts, values = [], {}
    for name in _KEY:
        value = getattr(pool, f"{name}_id")
        if value is None:
            parts.append(f"d.{name}_id IS NULL")
        else:
            parts.append(f"d.{name}_id = %({name})s")
            values[name] = value
    return " AND ".join(parts), values


def _sum(waiting: str, limit: str, values: dict) -> int:
    return _sum_and_count(waiting, limit, values)[0]


def _sum_and_count(waiting: str, limit: str, values: dict) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(left_rial), 0)::bigint, count(*) "
            f"FROM ({waiting.replace('{limit}', limit)}) w",
            values,
        )
        return cursor.fetchone()


def _run(waiting: str, parts: str, values: dict) -> int:
    return _execute(_TAKE.replace("{waiting}", waiting).replace("{parts}", parts), values)


def _hold_gifts(allocation: Allocation) -> None:
    with connection.cursor() as cursor:
        try:
            cursor.execute(
                """SELECT 1 FROM donations_donation
                    WHERE id IN (SELECT donation_id FROM aid_allocationshare WHERE allocation_id = %s)
                    ORDER BY id FOR NO KEY UPDATE NOWAIT""",
                [allocation.pk],
            )
        except OperationalError as error:
            raise DomainError("try_again", status=409) from error


def _execute(sql: str, values: dict) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]
