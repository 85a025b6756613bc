"""Boxes on a plain picture: tiles of places, points inside their own bounds, and an order in which to drive."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import cos, hypot, radians

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from campaigns.box_states import STANDING, WITH_CASH
from campaigns.enums import BoxState
from campaigns.models import Box

WIDTH, HEIGHT, EDGE = 640, 420, 24
MOST_POINTS = 400
_TROUBLE = (BoxState.LOST, BoxState.DAMAGED)


@dataclass(frozen=True)
class Tile:
    """How many boxes a place has, and how many of them stand, hold cash at the office, or are in trouble."""

    name: str
    url: str
    boxes: int
    standing: int
    with_cash: int
    trouble: int


@dataclass(frozen=True)
class Point:
    box: Box
    x: float
    y: float


def tiles_of(found: QuerySet[Box], *, by_province: bool) -> list[Tile]:
    """A tile for each county, or each province; boxes of a whole province stand under its name."""
    place = "province" if by_province else "county"
    rows = (
        found.order_by()
        .values(place, f"{place}__name", "province", "province__name")
        .annotate(
            boxes=Count("pk"),
            standing=Count("pk", filter=Q(state__in=STANDING)),
            with_cash=Count("pk", filter=Q(state__in=WITH_CASH)),
            trouble=Count("pk", filter=Q(state__in=_TROUBLE)),
        )
        .order_by("province__sort_key", f"{place}__sort_key")
    )
    return [
        Tile(
            row[f"{place}__name"] or row["province__name"],
            f"{reverse('boxes')}?{place}={row[place]}" if row[place] else reverse("boxes"),
            row["boxes"],
            row["standing"],
            row["with_cash"],
            row["trouble"],
        )
        for row in rows
    ]


def points_of(found: QuerySet[Box]) -> list[Point]:
    """The boxes that have a point, drawn north up inside the bounds of them all."""
    rows = list(found.exclude(latitude=None)[:MOST_POINTS])
    if not rows:
        return []
    shrink = cos(radians(float(rows[0].latitude)))
    places = [(float(box.longitude) * shrink, float(box.latitude)) for box in rows]
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    scale = min((WIDTH - 2 * EDGE) / max(east - west, 0.001), (HEIGHT - 2 * EDGE) / max(north - south, 0.001))
    left = (WIDTH - (east - west) * scale) / 2
    top = (HEIGHT - (north - south) * scale) / 2
    return [
        Point(box, round(left + (x - west) * scale, 1), round(top + (north - y) * scale, 1))
        for box, (x, y) in zip(rows, places, strict=True)
    ]


def in_order_of_way(rows: list[Box]) -> list[Box]:
    """County after county; within one, from its first box always to the nearest that is left. Boxes without a point
    come last in their county."""
    by_county: dict[str, list[Box]] = {}
    for box in rows:
        by_county.setdefault(box.county_id or "", []).append(box)
    return [box for county in sorted(by_county) for box in _way(by_county[county])]


def _way(boxes: list[Box]) -> list[Box]:
    left = [box for box in boxes if box.latitude is not None]
    way = left[:1]
    left = left[1:]
    while left:
        nearest = min(left, key=lambda box: (_distance(way[-1], box), box.number))
        left.remove(nearest)
        way.append(nearest)
    return way + [box for box in boxes if box.latitude is None]


def _distance(one: Box, other: Box) -> float:
    shrink = cos(radians(float(one.latitude)))
    return hypot(_degrees(one.longitude, other.longitude) * shrink, _degrees(one.latitude, other.latitude))


def _degrees(one: Decimal, other: Decimal) -> float:
    return float(one - other)
