"""Needs, found by one and verified by another, with fitting values unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from campaigns.enums import NeedState, Urgency
from campaigns.models import Fund, Need
from campaigns.services.needs import Facts, Item, find_need, publish_need, verify_need
from core.models import User
from provinces.enums import Role
from provinces.models import County, Province
from provinces.scoping import all_provinces
from tests.factories.people import TEHRAN, person


def facts(
    kind: str = "livelihood",
    *,
    province: str = TEHRAN,
    county_id: str | None = None,
    fund: str = "",
    goal_rial: int | None = 400_000_000,
    title: str = "بستهٔ معیشتی برای چهل نفر",
    story: str = "",
    persons: int = 40,
    urgency: int = Urgency.ORDINARY,
    wanted_by: date | None = None,
    surplus_rule: str = "به نیاز همانند در همان استان می‌رسد",
    centre_code: str = "",
    items: Sequence[Item] = (),
) -> Facts:
    return Facts(
        kind=kind,
        title=title,
        province=Province.objects.get(code=province),
        county=County.objects.get(code=county_id) if county_id else None,
        fund=Fund.objects.get(code=fund or kind),
        persons=persons,
        surplus_rule=surplus_rule,
        story=story,
        urgency=urgency,
        goal_rial=goal_rial,
        wanted_by=wanted_by,
        centre_code=centre_code,
        items=items,
    )


def need(
    kind: str = "livelihood",
    *,
    state: str = NeedState.PUBLISHED,
    province: str = TEHRAN,
    found_by: User | None = None,
    verified_by: User | None = None,
    **more,
) -> Need:
    """A need of forty people; published unless `state` says otherwise."""
    with all_provinces("test"):
        found = find_need(
            facts(kind, province=province, **more), actor=found_by or person(Role.COUNTY_OFFICER, province)
        )
        if state in (NeedState.FOUND, NeedState.REFUSED):
            Need.objects.filter(pk=found.pk).update(state=state)
            return Need.objects.get(pk=found.pk)
        verifier = verified_by or person(Role.PROVINCIAL_EXPERT, province)
        verify_need(found.pk, actor=verifier)
        if state != NeedState.VERIFIED:
            publish_need(found.pk, actor=verifier, traits_seen=True)
        if state not in (NeedState.VERIFIED, NeedState.PUBLISHED):
            Need.objects.filter(pk=found.pk).update(state=state)
        return Need.objects.get(pk=found.pk)
