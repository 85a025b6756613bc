"""Closed days: which they are, closing and opening them, and on which day a late entry is booked.

A poster holds its past days by a shared lock until its transaction ends (the database's trigger takes it); closing
holds the day alone. So a day closes after whoever is booking into it, and nobody books into it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.db.utils import OperationalError

from core.errors import DomainError
from core.jalali import day_bounds, month_bounds, tehran_today, to_jalali
from core.locks import Lock
from core.models import User
from ledger.models import ClosedDay, ClosedMonth

OVER_FOR = timedelta(hours=1)  # the trigger spares entries of the day itself the lock
_EPOCH = date(2000, 1, 1)  # as in the trigger
_PATIENCE = "5s"


def open_days(wanted: Sequence[tuple[date, Iterable[str | None]]]) -> list[date]:
    """For each (day, provinces of the legs) the first day, from that one on, that is closed for none of them.

    Entries of today ask nothing of the database.
    """
    today = tehran_today()
    past = [day for day, _ in wanted if day < today]
    if not past:
        return [day for day, _ in wanted]
    closed = set(
        ClosedDay.objects.filter(day__gte=min(past), day__lt=today).values_list("province_code", "day")
    )
    return [_first_open(day, {p or "" for p in provinces}, closed) for day, provinces in wanted]


def _first_open(day: date, provinces: set[str], closed: set[tuple[str, date]]) -> date:
    while any((province, day) in closed for province in provinces):
        day += timedelta(days=1)
    return day


def hold_day(day: date) -> None:
    """Wait until nobody books into a day and keep everybody out until the transaction ends.

    DomainError: day_not_over, posting_under_way (somebody still books into it: try again).
    """
    if datetime.now(UTC) < day_bounds(day)[1] + OVER_FOR:
        raise DomainError("day_not_over")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.DAY, (day - _EPOCH).days])
        except OperationalError as error:
            raise DomainError("posting_under_way", status=409) from error
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")


def close_day(province_code: str, day: date, *, by: User, reason: str = "") -> bool:
    """Close a day that the caller holds (`hold_day`); False when it was closed before."""
    _, created = ClosedDay.objects.get_or_create(
        province_code=province_code, day=day, defaults={"closed_by": by, "reason": reason[:300]}
    )
    return created


def reopen_day(province_code: str, day: date) -> bool:
    """Open a day, and its month with it; False when it was open."""
    ClosedMonth.objects.filter(province_code=province_code, starts_on=_month(day)[0]).delete()
    deleted, _ = ClosedDay.objects.filter(province_code=province_code, day=day).delete()
    return bool(deleted)


def close_month(province_code: str, first: date, *, by: User) -> bool:
    """Close a Jalali month (by its first day). DomainError: month_has_open_days. False when it was closed before."""
    first, last = _month(first)
    shut = ClosedDay.objects.filter(province_code=province_code, day__range=(first, last)).count()
    if shut != (last - first).days + 1:
        raise DomainError("month_has_open_days")
    _, created = ClosedMonth.objects.get_or_create(
        province_code=province_code, starts_on=first, defaults={"closed_by": by}
    )
    return created


def closed_days(province_code: str, first: date, last: date) -> dict[date, ClosedDay]:
    """The closed days of a period, both ends inclusive, with who closed them."""
    rows = ClosedDay.objects.select_related("closed_by").filter(
        province_code=province_code, day__range=(first, last)
    )
    return {row.day: row for row in rows}


def closed_month(province_code: str, day: date) -> ClosedMonth | None:
    """The closing of the Jalali month in which a day falls, when it is closed."""
    return ClosedMonth.objects.filter(province_code=province_code, starts_on=_month(day)[0]).first()


def last_closed_days() -> dict[str, date]:
    """By province code, the newest closed day."""
    rows = ClosedDay.objects.order_by("province_code", "-day").distinct("province_code")
    return dict(rows.values_list("province_code", "day"))


def count_closed(day: date, province_codes: Sequence[str]) -> int:
    """How many of these places ("" for what belongs to no province) have closed a day."""
    return ClosedDay.objects.filter(province_code__in=province_codes, day=day).count()


def _month(day: date) -> tuple[date, date]:
    jalali = to_jalali(day)
    return month_bounds(jalali.year, jalali.month)
