"""Reading the capitals of counties and neighbourhoods within the open scope."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from core.text import search_key
from partnerships.models import CommunityAsset
from provinces.models import Neighbourhood


def find_assets(
    *, q: str = "", capital: str = "", use: str = "", county: str = "", neighbourhood: int | str = ""
) -> QuerySet[CommunityAsset]:
    """What there is, by words (however they were typed), capital, the need it is useful for, and place."""
    found = CommunityAsset.objects.filter(is_active=True).select_related("county__province", "neighbourhood")
    if words := search_key(q):
        found = found.filter(search_key__contains=words)
    if capital:
        found = found.filter(capital=capital)
    if use:
        found = found.filter(useful_for__contains=[use])
    if county:
        found = found.filter(county=county)
    if neighbourhood:
        found = found.filter(neighbourhood=neighbourhood)
    return found.order_by("county__province__sort_key", "county__sort_key", "capital", "title", "pk")


def capitals_of(found: QuerySet[CommunityAsset]) -> dict[str, int]:
    """How many of these there are of each capital."""
    return dict(found.order_by().values_list("capital").annotate(Count("pk")))


def neighbourhoods_in_scope() -> QuerySet[Neighbourhood]:
    rows = Neighbourhood.objects.filter(is_active=True).select_related("county__province")
    return rows.order_by("county__province__sort_key", "county__sort_key", "sort_key")


def useful_for(uses: Iterable[str], *, county: str) -> list[CommunityAsset]:
    """What a county has that is useful for one of these needs."""
    rows = CommunityAsset.objects.filter(is_active=True, county=county, useful_for__overlap=list(uses))
    return list(rows.select_related("neighbourhood").order_by("capital", "title"))
