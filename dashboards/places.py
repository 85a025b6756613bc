"""Where a person of staff may look, and where they look now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from core.text import ascii_digits, normalise
from dashboards import phrases
from provinces.models import County, Province
from provinces.scoping import Scope


@dataclass(frozen=True)
class Place:
    """A province, a county of it, or (neither) all that the person's scope holds; then `is_sum`."""

    title: str
    province: str = ""
    county: str = ""

    @property
    def is_sum(self) -> bool:
        return not self.province

    @property
    def filters(self) -> dict[str, str]:
        """For figures, selectors and addresses: the most exact part is enough."""
        if self.county:
            return {"county": self.county}
        return {"province": self.province} if self.province else {}


@dataclass(frozen=True)
class Places:
    """Everything a scope holds by name, whole provinces first."""

    provinces: tuple[Province, ...]
    counties: tuple[County, ...]
    is_country: bool

    def choose(self, query: Mapping[str, str]) -> Place | None:
        """The place of `county` or `province` in an address, else the person's own; None when it is not theirs."""
        if county := query.get("county", ""):
            return self._county(county)
        if province := query.get("province", ""):
            found = next((p for p in self.provinces if province in (p.code, p.slug)), None)
            return None if found is None else _whole(found)
        if self.is_country:
            return Place(phrases.WHOLE_COUNTRY)
        if len(self.provinces) + len(self.counties) == 1:
            return _whole(self.provinces[0]) if self.provinces else _part(self.counties[0])
        return Place(phrases.ALL_MINE)

    def parts(self, place: Place) -> list[tuple[str, str | None]]:
        """A place as (province, county or None) pairs, a sum as all of them."""
        if not place.is_sum:
            return [(place.province, place.county or None)]
        whole = [(province.code, None) for province in self.provinces]
        return [*whole, *((county.province_id, county.code) for county in self.counties)]

    def switch(self, current: Place, **others: str) -> list[dict[str, Any]]:
        """Tabs between the places; none when there is only one. A whole country is chosen from a list instead."""
        if self.is_country or len(self.provinces) + len(self.counties) < 2:
            return []
        places = [
            Place(phrases.ALL_MINE),
            *map(_whole, self.provinces),
            *(_part(county) for county in self.counties),
        ]
        return [
            {
                "label": place.title,
                "url": "?" + urlencode({**place.filters, **others}),
                "current": place == current,
            }
            for place in places
        ]

    def _county(self, typed: str) -> Place | None:
        code = ascii_digits(normalise(typed))
        own = next((county for county in self.counties if county.code == code), None)
        if own is not None:
            return _part(own)
        codes = {province.code for province in self.provinces}
        found = County.objects.filter(code=code, province__in=codes).select_related("province").first()
        return None if found is None else _part(found)


def places_of(scope: Scope) -> Places:
    """The places of a scope, by name."""
    provinces = (
        Province.objects.all() if scope.everything else Province.objects.filter(code__in=scope.provinces)
    )
    counties = (
        County.objects.filter(code__in=scope.counties).select_related("province") if scope.counties else ()
    )
    return Places(tuple(provinces), tuple(counties), scope.everything)


def _whole(province: Province) -> Place:
    return Place(phrases.PROVINCE.format(name=province.name), province.code)


def _part(county: County) -> Place:
    title = phrases.COUNTY_OF.format(county=county.name, province=county.province.name)
    return Place(title, county.province_id, county.code)
