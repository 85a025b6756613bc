"""Closing days and months: nothing is booked into them any more.

A province (or "" for what belongs to none) closes a day when its accounts are clean; a manager may close one that
is not, with a reason that stays. Only headquarters opens a day again.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from core import audit
from core.errors import DomainError
from core.models import User
from ledger import closing
from payments.cash_selectors import open_differences
from payments.enums import DayState, ImportState
from payments.models import DayBalance, StatementImport
from payments.services.reconciliation import accounts, look_for_missing, refresh
from provinces.enums import OfficeLevel
from provinces.models import Office
from provinces.scoping import check_write, current_scope

NOT_CLEAN = (DayState.DIFFERS, DayState.WAITING)


@transaction.atomic
def close_day(province: str, day: date, *, actor: User, reason: str = "", may_override: bool = False) -> bool:
    """Close a day of a province ("": of no province); False when it was closed. Holds the day; audited.

    DomainError: not_found, day_not_over, posting_under_way, day_not_clean (with `accounts`, the codes of those that are
    not), reason_required (a manager closes it all the same and must say why).
    """
    check_write(province or None)
    closing.hold_day(day)
    bad = not_clean(province, day)
    if bad and not may_override:
        raise DomainError("day_not_clean", accounts=bad)
    if bad and not reason.strip():
        raise DomainError("reason_required", field="reason")
    closed = closing.close_day(province, day, by=actor, reason=reason.strip())
    if closed:
        _record("day.close", province, actor, reason, day=day.isoformat(), not_clean=bad)
    return closed


@transaction.atomic
def close_month(province: str, first: date, *, actor: User) -> bool:
    """Close a Jalali month whose days are closed; False when it was closed. Audited.
    DomainError: not_found, month_has_open_days."""
    check_write(province or None)
    closed = closing.close_month(province, first, by=actor)
    if closed:
        _record("month.close", province, actor, "", month=first.isoformat())
    return closed


@transaction.atomic
def reopen_day(province: str, day: date, *, actor: User, reason: str) -> bool:
    """Open a day again (and its month), by headquarters only; False when it was open. Audited.
    DomainError: not_allowed, reason_required."""
    if not current_scope().everything:
        raise DomainError("not_allowed", status=403)
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    opened = closing.reopen_day(province, day)
    if opened:
        _record("day.reopen", province, actor, reason, day=day.isoformat())
    return opened


def not_clean(province: str, day: date) -> list[str]:
    """The accounts of a province that do not fit on a day, its counts of cash whose difference nobody decided, and its
    imports that are under way; renews the summary."""
    offices = offices_of(province)
    chosen = accounts(offices)
    for account in chosen:
        look_for_missing(account, day)
        refresh(account, day, day)
    bad = DayBalance.objects.filter(account__in=[a.code for a in chosen], day=day, state__in=NOT_CLEAN)
    under_way = StatementImport.objects.filter(
        source__office__in=offices, state__in=[ImportState.READING, ImportState.READ], lines__day=day
    )
    return [
        *bad.order_by("account").values_list("account", flat=True),
        *(f"cash_count:{found.count.pk}" for found in open_differences(offices, day, day)),
        *(f"import:{pk}" for pk in under_way.order_by("pk").values_list("pk", flat=True).distinct()),
    ]


def offices_of(province: str) -> list[int]:
    """The offices whose accounts a province answers for; headquarters for ""."""
    offices = (
        Office.objects.filter(province=province) if province else Office.objects.filter(level=OfficeLevel.HQ)
    )
    return list(offices.values_list("pk", flat=True))


def _record(action: str, province: str, actor: User, reason: str, **data: object) -> None:
    office = Office.objects.get(pk=offices_of(province)[0])
    audit.record(action, office, actor=actor, province_code=province, reason=reason.strip()[:300], **data)
