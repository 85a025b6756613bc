"""Small gifts, and people who gave again, counted each night for the months and years that may have changed.

This reads gifts themselves: a median and a person who came back cannot be added up from days. Pages read the rows.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection, transaction

from core.jalali import (
    day_bounds,
    month_bounds,
    month_start,
    tehran_day,
    tehran_today,
    to_jalali,
    year_bounds,
    year_start,
)
from dashboards.habits import SMALL_RIAL
from dashboards.models import GivingHabit

# A person came back when they gave on these days and had given before that gift: known by the number they left.
_COUNT = """
    WITH given AS (
        SELECT edition_id, channel_id, amount_rial, donor_id, received_at FROM donations_donation
         WHERE status = 'received' AND kind = 'cash' AND received_at >= %(start)s AND received_at < %(end)s
    ), since AS (
        SELECT donor_id, min(received_at) AS first_at FROM donations_donation
         WHERE status = 'received' AND donor_id IN (SELECT donor_id FROM given) GROUP BY 1
    )
    INSERT INTO dashboards_givinghabit (grain, starts_on, facet, key, gifts, total_rial, small_gifts, small_rial,
           median_rial, givers, came_back)
    SELECT %(grain)s, %(day)s,
           CASE grouping(edition_id, channel_id) WHEN 1 THEN 'edition' WHEN 2 THEN 'channel' ELSE 'all' END,
           coalesce(edition_id::text, channel_id::text, ''), count(*), coalesce(sum(amount_rial), 0),
           count(*) FILTER (WHERE amount_rial <= %(small)s),
           coalesce(sum(amount_rial) FILTER (WHERE amount_rial <= %(small)s), 0),
           coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY amount_rial), 0),
           count(DISTINCT donor_id), count(DISTINCT donor_id) FILTER (WHERE first_at < received_at)
      FROM given LEFT JOIN since USING (donor_id)
     GROUP BY GROUPING SETS ((), (edition_id), (channel_id))
"""


def count_habits(today: date | None = None) -> int:
    """Make the rows of this month and year and of the ones before anew, and those of all older ones that are missing;
    returns how many months and years were counted. Safe to repeat."""
    today = today or tehran_today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(received_at) FROM donations_donation WHERE status = 'received'")
        (first,) = cursor.fetchone()
    if first is None:
        return 0
    known = set(GivingHabit.objects.filter(facet="all").values_list("grain", "starts_on"))
    counted = 0
    for grain, start, end in _periods(tehran_day(first), today):
        if (grain, start) in known and end < _unsettled_since(grain, today):
            continue
        _count(grain, start, end)
        counted += 1
    return counted


@transaction.atomic
def _count(grain: str, start: date, end: date) -> None:
    GivingHabit.objects.filter(grain=grain, starts_on=start).delete()
    values = {
        "grain": grain,
        "day": start,
        "start": day_bounds(start)[0],
        "end": day_bounds(end)[1],
        "small": SMALL_RIAL,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)


def _unsettled_since(grain: str, today: date) -> date:
    """What ended before this day is not counted again by itself."""
    return (month_start if grain == "m" else year_start)(today) - timedelta(days=1)


def _periods(first: date, today: date) -> list[tuple[str, date, date]]:
    found = []
    for year in range(to_jalali(first).year, to_jalali(today).year + 1):
        found.append(("y", *year_bounds(year)))
        found += [("m", *month_bounds(year, month)) for month in range(1, 13)]
    return [(grain, start, end) for grain, start, end in found if end >= first and start <= today]
