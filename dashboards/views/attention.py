"""What waits for a person, for the head of a workspace."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from aid.stock_selectors import expiring_lots
from campaigns.channels import Standing, count_standings
from campaigns.occasions import reminders_for
from campaigns.plan_selectors import count_to_decide
from cases.care_selectors import late_care_count
from dashboards import phrases
from provinces.access import Access
from provinces.permissions import Permission


def channels_to_look_after(access: Access, province: str | None = None) -> list[dict[str, Any]]:
    """Ways to give that have not been checked for long, and, for headquarters, those that wait for its word;
    of the open scope, or of one province for headquarters."""
    if access.may(Permission.VIEW_HQ):
        url = reverse("hq-channels")
    elif access.may(Permission.VIEW_CHANNELS):
        url = reverse("channels-desk")
    else:
        return []
    counts = count_standings(province)
    found = [(counts[Standing.STALE], phrases.STALE_CHANNELS, Standing.STALE)]
    if access.may(Permission.VERIFY_CHANNELS):
        found.append((counts[Standing.WAITING], phrases.WAITING_CHANNELS, Standing.WAITING))
    place = {"province": province} if province else {}
    return [
        {"text": text, "url": f"{url}?{urlencode({'standing': standing, **place})}", "count": count}
        for count, text, standing in found
        if count
    ]


def plans_to_decide(access: Access) -> list[dict[str, Any]]:
    """Branches, and changes of approved ones, that wait for somebody's yes; of the open scope."""
    if not access.may(Permission.APPROVE_BRANCH):
        return []
    url = reverse("hq-campaigns" if access.may(Permission.VIEW_HQ) else "campaigns-desk")
    words = {"waiting": phrases.BRANCHES_TO_DECIDE, "edit": phrases.EDITS_TO_DECIDE}
    return [
        {"text": words[standing], "url": f"{url}?standing={standing}", "count": count}
        for standing, count in count_to_decide().items()
        if count
    ]


def late_care(access: Access) -> list[dict[str, Any]]:
    """Donors who have waited longer than was promised; for headquarters' task force, what it looks after."""
    if access.may(Permission.LEAD_CARE):
        late, url = late_care_count(at_headquarters=True), reverse("hq-care")
    elif access.may(Permission.ANSWER_DONORS):
        late, url = late_care_count(), f"{reverse('care-desk')}?late=on"
    else:
        return []
    return [{"text": phrases.LATE_CARE, "url": url, "count": late}] if late else []


def goods_that_expire(access: Access) -> list[dict[str, Any]]:
    """Goods of the open scope that expire soon, or have expired and still lie there."""
    if not access.may(Permission.VIEW_STOCK):
        return []
    count = expiring_lots().count()
    return [{"text": phrases.GOODS_EXPIRE, "url": reverse("stock"), "count": count}] if count else []


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
