"""Reading needs: what staff look after, and what the public may see of them.

A person is never shown, and no place so small that it points to one: below `NEED_LEAST_PERSONS` a need is not shown
at all, below `NEED_COUNTY_PERSONS` only its province is.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import F, QuerySet

from campaigns.enums import NeedState
from campaigns.models import Need
from campaigns.need_states import SHOWN
from core.codes import parse_placement_code
from core.errors import DomainError
from core.listing import between
from core.text import search_key
from provinces.models import County
from provinces.scoping import all_provinces


def shown_county(need: Need) -> County | None:
    """The county that may be shown: None where too few people of the need live there, so that only the province is.
    A gift to the need stands in this place too, or the sums by county would tell what the page does not."""
    return need.county if need.county_id and need.persons >= settings.NEED_COUNTY_PERSONS else None


def place_of(need: Need) -> str:
    """The place as the public reads it."""
    county = shown_county(need)
    return f"{county.name}، {need.province.name}" if county else need.province.name


def shown_needs() -> QuerySet[Need]:
    """Needs that the public may see in any way, with their place and items."""
    return (
        Need.objects.filter(state__in=SHOWN, persons__gte=settings.NEED_LEAST_PERSONS)
        .select_related("province", "county", "fund")
        .prefetch_related("wanted_items")
    )


def open_needs(*, kind: str = "", province: str = "", urgency: int | str = "", q: str = "") -> QuerySet[Need]:
    """Published needs, the most urgent first. `q` finds words however they were typed; it never looks at places."""
    found = shown_needs().filter(state=NeedState.PUBLISHED)
    if kind:
        found = found.filter(kind=kind)
    if province:
        found = found.filter(province=province)
    if urgency:
        found = found.filter(urgency=urgency)
    if words := search_key(q):
        found = found.filter(search_key__contains=words)
    return found.order_by("-urgency", F("wanted_by").asc(nulls_last=True), "-published_at", "-pk")


@all_provinces("published needs are public")
def find_shown_need(code: str) -> Need:
    """A need whose page the public may open, also one that was withdrawn later. DomainError unknown_need."""
    try:
        canonical = parse_placement_code(code)
    except DomainError as error:
        raise DomainError("unknown_need", field="need") from error
    need = (
        Need.objects.filter(
            code=canonical,
            state__in=[*SHOWN, NeedState.WITHDRAWN],
            published_at__isnull=False,
            persons__gte=settings.NEED_LEAST_PERSONS,
        )
        .select_related("province", "county__province", "fund")
        .prefetch_related("wanted_items")
        .first()
    )
    if need is None:
        raise DomainError("unknown_need", field="need")
    return need


def find_open_need(code: str) -> Need:
    """The published need of a code; DomainError unknown_need, or need_closed when it takes no gifts any more."""
    need = find_shown_need(code)
    if need.state != NeedState.PUBLISHED:
        raise DomainError("need_closed", field="need")
    return need


def needs_in_scope(
    *,
    state: str = "",
    kind: str = "",
    urgency: int | str = "",
    province: str = "",
    q: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Need]:
    """What the open scope looks after, in every state, written down between these days; the most urgent first."""
    found = between(Need.objects.select_related("province", "county", "fund"), "found_at", since, until)
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    if urgency:
        found = found.filter(urgency=urgency)
    if province:
        found = found.filter(province=province)
    if q:
        try:
            found = found.filter(code=parse_placement_code(q))
        except DomainError:
            found = found.filter(search_key__contains=search_key(q))
    return found.order_by("-urgency", F("wanted_by").asc(nulls_last=True), "-pk")
