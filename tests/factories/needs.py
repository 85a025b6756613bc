"""Needs, found by one and verified by another, with fitting values unless a test says otherwise."""

from __future__ import annotations

from django.utils import timezone

from campaigns.enums import NeedState
from campaigns.models import Fund, Need
from core.codes import new_placement_code
from provinces.enums import Role
from tests.factories.people import TEHRAN, person


def need(
    kind: str = "livelihood", *, state: str = NeedState.PUBLISHED, province: str = TEHRAN, **more
) -> Need:
    """A need of forty people; published unless `state` says otherwise."""
    facts = {
        "code": new_placement_code(),
        "title": "بستهٔ معیشتی برای چهل نفر",
        "province_id": province,
        "fund": Fund.objects.get(code=more.pop("fund", kind)),
        "persons": 40,
        "goal_rial": 400_000_000,
        "surplus_rule": "به نیاز همانند در همان استان می‌رسد",
    }
    if state not in (NeedState.FOUND, NeedState.REFUSED):
        facts |= {
            "found_by": person(Role.COUNTY_OFFICER, province),
            "verified_by": person(Role.PROVINCIAL_EXPERT, province),
            "verified_at": timezone.now(),
        }
    return Need.objects.create(kind=kind, state=state, **facts | more)
