"""How the house stands beside its figures: the ways to give, what agrees with the banks, the network of volunteers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse

from campaigns.channels import Standing, count_standings
from core.jalali import tehran_today
from core.money import group_digits
from dashboards import phrases
from dashboards.remembering import remembered
from ledger.closing import count_closed
from payments.reconciliation_selectors import unsettled
from provinces.access import Access
from provinces.models import Province
from provinces.permissions import Permission
from volunteers.desk_selectors import member_count, waiting_count

_FRESH = 10.0  # seconds: counting the whole network costs more than the figures


@dataclass(frozen=True)
class House:
    """Counts of the whole country. `closed` of `places` (provinces and headquarters) have closed yesterday."""

    channels: dict[Standing, int]
    discrepancies: int
    closed: int
    places: int
    members: int
    members_waiting: int


def read_house(provinces: Sequence[Province]) -> House:
    """The state of everything, of the last seconds."""
    places = ["", *(province.code for province in provinces)]
    return remembered("house", lambda: _counted(places), fresh=_FRESH)


def _counted(places: Sequence[str]) -> House:
    return House(
        channels=count_standings(),
        discrepancies=unsettled().count(),
        closed=count_closed(tehran_today() - timedelta(days=1), places),
        places=len(places),
        members=member_count(),
        members_waiting=waiting_count(),
    )


def facts_of(house: House, access: Access) -> list[dict[str, Any]]:
    """Rows for components/facts.html, each leading to the room that looks after it."""
    channels = {name.value: group_digits(count) for name, count in house.channels.items()}
    return [
        {
            "label": phrases.HOUSE_CHANNELS,
            "value": phrases.HOUSE_CHANNELS_NOW.format(**channels),
            "url": reverse("hq-channels"),
        },
        {
            "label": phrases.HOUSE_BOOKS,
            "value": phrases.HOUSE_BOOKS_NOW.format(
                open=group_digits(house.discrepancies),
                closed=group_digits(house.closed),
                places=group_digits(house.places),
            ),
            "url": reverse("hq-reconciliation"),
        },
        {
            "label": phrases.HOUSE_VOLUNTEERS,
            "value": phrases.HOUSE_VOLUNTEERS_NOW.format(
                count=group_digits(house.members), waiting=group_digits(house.members_waiting)
            ),
            "url": reverse("hq-volunteers") if access.may(Permission.VIEW_NETWORK) else "",
        },
    ]
