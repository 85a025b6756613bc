"""Boxes on their way, made by the services."""

from __future__ import annotations

from campaigns.models import Box, Fund
from campaigns.services.box_life import collect_box, place_box, seal_box
from campaigns.services.placements import create_box
from core.jalali import tehran_today
from core.models import User
from payments.models import BoxCount
from payments.services.box_counts import confirm_count, count_box
from provinces.models import County, Office, Province
from tests.factories.counter import notes_for
from tests.factories.people import TEHRAN, person


def planned(province: str = TEHRAN, county: str = "", *, actor: User | None = None, **facts) -> Box:
    """A box with a permit that is valid today."""
    facts = {"permit_no": "۱", "permit_valid_until": tehran_today(), "fund": "fitriyeh_sadat"} | facts
    return create_box(
        province=Province.objects.get(code=province),
        county=County.objects.get(code=county) if county else None,
        fund=Fund.objects.get(code=facts.pop("fund")),
        actor=actor or person(),
        **facts,
    )


def sealed(province: str = TEHRAN, county: str = "", *, actor: User | None = None, **facts) -> Box:
    """A box that stands in a street."""
    who = actor or person()
    box = planned(province, county, actor=who, **facts)
    place_box(box, actor=who)
    return seal_box(box, seal_no="1", actor=who)


def collected(province: str = TEHRAN, county: str = "", *, actor: User | None = None, **facts) -> Box:
    """A box that came in from the street."""
    who = actor or person()
    return collect_box(sealed(province, county, actor=who, **facts), seal_no="1", actor=who)


def counted(box: Box, where: Office, amount_rial: int = 500_000) -> BoxCount:
    """Counted by two people who found the same."""
    count = count_box(box, where, notes_for(amount_rial), actor=person())
    return confirm_count(count.pk, notes_for(amount_rial), actor=person())
