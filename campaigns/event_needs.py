"""Which need a gift by an event's code is for."""

from __future__ import annotations

from campaigns.enums import NeedState, PlacementKind
from campaigns.models import Fund, Need, Placement
from campaigns.need_progress import Progress, progress_of
from campaigns.need_selectors import shown_needs
from provinces.scoping import all_provinces


@all_provinces("published needs are public")
def need_of_event(place: Placement | None, fund: Fund | None = None) -> Need | None:
    """Of the needs that the code's event is held for: the most urgent that takes gifts and lacks the greatest part,
    payable from `fund` when that is given. None: the code is no event's, or its needs have all they ask for."""
    if place is None or place.kind != PlacementKind.EVENT:
        return None
    found = [
        need
        for need in shown_needs().filter(state=NeedState.PUBLISHED, events__placement=place)
        if fund is None or need.kind in fund.spendable_on
    ]
    progress = progress_of(found)
    waiting = [need for need in found if not progress[need.pk].is_reached]
    return min(waiting, key=lambda need: _order(need, progress[need.pk]), default=None)


def _order(need: Need, progress: Progress) -> tuple[int, int, int]:
    return -need.urgency, progress.percent or 0, need.pk
