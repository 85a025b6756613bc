"""What waits for a person, for the head of a workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from aid.stock_selectors import expiring_lots
from campaigns.channels import Standing, looked_after, with_standing
from campaigns.occasions import reminders_for
from campaigns.plan_selectors import branches_to_decide
from cases.care_selectors import late_care
from core.jalali import tehran_today
from dashboards import phrases
from payments.reconciliation_selectors import unsettled
from provinces.access import Access
from provinces.permissions import Permission
from provinces.scoping import Scope, current_scope
from provinces.work import Statement, read_counts, statement_of

_STATEMENTS = 256  # that a process keeps
_PLANS = {"waiting": phrases.BRANCHES_TO_DECIDE, "edit": phrases.EDITS_TO_DECIDE}


@dataclass(frozen=True)
class Notice:
    """Rows of the open scope that somebody should see to, and where they do."""

    text: str
    url: str
    rows: Callable[[], QuerySet]


def for_desk(access: Access) -> list[dict[str, Any]]:
    """What an office has to see to: {text, url, count} each, only where there is something. One query."""
    return _counted("desk", access)


def for_headquarters(access: Access, province: str | None = None) -> list[dict[str, Any]]:
    """The same for headquarters; with `province` only what is said of one. One query."""
    return _counted("province" if province else "country", access, province)


def volunteers_waiting(access: Access, count: int) -> list[dict[str, Any]]:
    """That so many volunteers wait for a look at them, for whoever looks after the network."""
    if not count or not access.may(Permission.VIEW_NETWORK):
        return []
    return [{"text": phrases.VOLUNTEERS_WAITING, "url": reverse("hq-volunteers"), "count": count}]


def reminders(access: Access) -> list[dict[str, Any]]:
    """What the calendar of occasions calls to mind for the roles of the person now."""
    found = reminders_for(access.roles)
    if access.may(Permission.VIEW_HQ):
        return [
            {
                "text": act.text,
                "url": reverse("hq-occasion", args=[act.occasion_id]),
                "label": str(act.occasion.name),
            }
            for act in found
        ]
    return [{"text": act.text, "url": "", "label": str(act.occasion.name)} for act in found]


def _counted(page: str, access: Access, province: str | None = None) -> list[dict[str, Any]]:
    permissions = access.permissions
    found = read_counts(_statement(page, permissions, province, current_scope(), tehran_today()))
    return [
        {"text": notice.text, "url": notice.url, "count": found[key]}
        for key, notice in _notices(page, permissions, province).items()
        if found.get(key)
    ]


@lru_cache(maxsize=_STATEMENTS)
def _statement(
    page: str, permissions: frozenset[Permission], province: str | None, scope: Scope, today: date
) -> Statement | None:
    """Kept for what a person may do, the open scope and a day: putting it together costs more than asking it."""
    return statement_of({key: notice.rows() for key, notice in _notices(page, permissions, province).items()})


def _notices(page: str, permissions: frozenset[Permission], province: str | None) -> dict[str, Notice]:
    if page == "desk":
        return {
            **_plans(permissions),
            **_channels(permissions),
            **_care(permissions),
            **_stock(permissions),
        }
    of_channels = _channels(permissions, province)
    return of_channels if province else {**of_channels, **_discrepancies(permissions), **_care(permissions)}


def _plans(permissions: frozenset[Permission]) -> dict[str, Notice]:
    """Branches, and changes of approved ones, that wait for somebody's yes."""
    if Permission.APPROVE_BRANCH not in permissions:
        return {}
    url = reverse("hq-campaigns" if Permission.VIEW_HQ in permissions else "campaigns-desk")
    return {
        f"plan:{standing}": Notice(text, f"{url}?standing={standing}", _plan_rows(standing))
        for standing, text in _PLANS.items()
    }


def _plan_rows(standing: str) -> Callable[[], QuerySet]:
    return lambda: branches_to_decide()[standing]


def _channels(permissions: frozenset[Permission], province: str | None = None) -> dict[str, Notice]:
    """Ways to give that have not been checked for long, and, for headquarters, those that wait for its word."""
    if Permission.VIEW_HQ in permissions:
        url = reverse("hq-channels")
    elif Permission.VIEW_CHANNELS in permissions:
        url = reverse("channels-desk")
    else:
        return {}
    found = {Standing.STALE: phrases.STALE_CHANNELS}
    if Permission.VERIFY_CHANNELS in permissions:
        found[Standing.WAITING] = phrases.WAITING_CHANNELS
    place = {"province": province} if province else {}
    return {
        f"channel:{standing}": Notice(
            text, f"{url}?{urlencode({'standing': standing, **place})}", _channel_rows(standing, province)
        )
        for standing, text in found.items()
    }


def _channel_rows(standing: Standing, province: str | None) -> Callable[[], QuerySet]:
    place = {"office__province": province} if province else {}
    return lambda: with_standing(looked_after().filter(**place), standing)


def _care(permissions: frozenset[Permission]) -> dict[str, Notice]:
    """Donors who have waited longer than was promised; for headquarters' task force, what it looks after."""
    if Permission.LEAD_CARE in permissions:
        rows, url = lambda: late_care(at_headquarters=True), reverse("hq-care")
    elif Permission.ANSWER_DONORS in permissions:
        rows, url = late_care, f"{reverse('care-desk')}?late=on"
    else:
        return {}
    return {"care": Notice(phrases.LATE_CARE, url, rows)}


def _stock(permissions: frozenset[Permission]) -> dict[str, Notice]:
    """Goods that expire soon, or have expired and still lie there."""
    if Permission.VIEW_STOCK not in permissions:
        return {}
    return {"stock": Notice(phrases.GOODS_EXPIRE, reverse("stock"), expiring_lots)}


def _discrepancies(permissions: frozenset[Permission]) -> dict[str, Notice]:
    """What does not agree with a bank's word."""
    if Permission.VIEW_HQ not in permissions:
        return {}
    url = reverse("hq-reconciliation")
    return {"discrepancy": Notice(phrases.OPEN_DISCREPANCIES, url, unsettled)}
