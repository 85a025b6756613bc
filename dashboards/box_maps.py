"""Boxes on a plain picture: tiles of places, points over the provinces' outlines, and an order in which to drive."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from math import cos, hypot, radians
from typing import Any

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Q, QuerySet, Value
from django.urls import reverse

from campaigns import box_phrases as phrases
from campaigns.box_states import STANDING, WITH_CASH
from campaigns.enums import BoxState
from campaigns.models import Box
from campaigns.services.box_life import Spot
from core.text import persian_digits
from provinces.map_outlines import outlines

WIDTH, HEIGHT, EDGE = 440, 340, 36
MOST_POINTS = 400
KM_A_DEGREE = 111.2
LEAST_DEGREES = 0.004  # one box alone stands in half a kilometre, not in a point
LEAST_FOR_OUTLINES_KM = 60  # nearer, an outline of whole kilometres says nothing
BARS_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
# The outlines are degrees stretched evenly: the country's corners in degrees, and where they are drawn.
OUTLINE_WEST, OUTLINE_NORTH, OUTLINE_LEFT, OUTLINE_TOP = 44.04, 39.78, 13, 32
OUTLINE_X_A_DEGREE, OUTLINE_Y_A_DEGREE = 52.05, 61.07
_TROUBLE = (BoxState.LOST, BoxState.DAMAGED)
SHAPES = {
    **dict.fromkeys((BoxState.PLANNED, BoxState.PRINTED), "ring"),
    **dict.fromkeys((BoxState.PLACED, BoxState.SEALED), "dot"),
    **dict.fromkeys(WITH_CASH, "square"),
    BoxState.RECONCILED: "diamond",
    **dict.fromkeys(_TROUBLE, "triangle"),
}


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
    """A box on the drawing. Its state is a shape as well as a colour; `km` says how far away it is."""

    box: Box
    x: float
    y: float
    shape: str
    km: float | None = None

    @property
    def away(self) -> str:
        return "" if self.km is None else distance_words(self.km)


@dataclass(frozen=True)
class Drawing:
    """Points over outlines; `here` is the place from which distances are counted, `bar` the length of `bar_words`."""

    points: list[Point] = field(default_factory=list)
    here: tuple[float, float] | None = None
    outlines: list[dict[str, Any]] = field(default_factory=list)
    outline_transform: str = ""
    bar: float = 0
    bar_words: str = ""


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


def drawing_of(found: QuerySet[Box], near: Spot | None = None) -> Drawing:
    """The boxes that have a point, north up inside the bounds of them all and of `near`, which is drawn too; over the
    provinces' outlines where the drawing is wide enough for them to say something. With `near` the nearest first."""
    rows = nearest(found, near, MOST_POINTS) if near else list(found.exclude(latitude=None)[:MOST_POINTS])
    if not rows:
        return Drawing()
    spots = [(float(box.longitude), float(box.latitude)) for box in rows]
    here = (float(near.longitude), float(near.latitude)) if near else None
    frame = _Frame.around([*spots, here] if here else spots)
    points = [
        Point(box, *frame.place(*spot), SHAPES[BoxState(box.state)], _km(here, spot) if here else None)
        for box, spot in zip(rows, spots, strict=True)
    ]
    outlines = [] if frame.km_wide < LEAST_FOR_OUTLINES_KM else _outlines({box.province_id for box in rows})
    return Drawing(
        points, frame.place(*here) if here else None, outlines, frame.outline_transform, *frame.scale_bar()
    )


def nearest(found: QuerySet[Box], near: Spot, most: int) -> list[Box]:
    """Those that have a point, in the order of their distance."""
    shrink = Decimal(cos(radians(float(near.latitude)))) ** 2
    north, east = F("latitude") - near.latitude, F("longitude") - near.longitude
    away = ExpressionWrapper(
        north * north + east * east * Value(shrink),
        output_field=DecimalField(max_digits=20, decimal_places=10),
    )
    return list(found.exclude(latitude=None).order_by(away, "number")[:most])


@dataclass(frozen=True)
class _Frame:
    """How degrees become units of the drawing: equal scales north and east, all spots inside."""

    west: float
    north: float
    shrink: float
    scale: float  # units of the drawing for a degree of latitude
    left: float
    top: float

    @classmethod
    def around(cls, spots: list[tuple[float, float]]) -> _Frame:
        shrink = cos(radians(spots[0][1]))
        west, east = min(x for x, _ in spots), max(x for x, _ in spots)
        south, north = min(y for _, y in spots), max(y for _, y in spots)
        wide, high = max((east - west) * shrink, LEAST_DEGREES), max(north - south, LEAST_DEGREES)
        scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
        left = (WIDTH - (east - west) * shrink * scale) / 2
        return cls(west, north, shrink, scale, left, (HEIGHT - (north - south) * scale) / 2)

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self.left + (longitude - self.west) * self.shrink * self.scale
        return round(x, 1), round(self.top + (self.north - latitude) * self.scale, 1)

    @property
    def km_wide(self) -> float:
        return WIDTH / self.scale * KM_A_DEGREE

    @property
    def outline_transform(self) -> str:
        """Puts the outlines of `provinces.map_outlines` (degrees, evenly stretched) under the points."""
        zoom_x = self.shrink * self.scale / OUTLINE_X_A_DEGREE
        zoom_y = self.scale / OUTLINE_Y_A_DEGREE
        corner_x, corner_y = self.place(OUTLINE_WEST, OUTLINE_NORTH)
        move_x, move_y = corner_x - OUTLINE_LEFT * zoom_x, corner_y - OUTLINE_TOP * zoom_y
        return f"translate({move_x:.1f} {move_y:.1f}) scale({zoom_x:.4f} {zoom_y:.4f})"

    def scale_bar(self) -> tuple[float, str]:
        """A length of round kilometres that is at most a third of the drawing: (units, words)."""
        units_a_km = self.scale / KM_A_DEGREE
        km = max((km for km in BARS_KM if km * units_a_km <= WIDTH / 3), default=BARS_KM[0])
        return round(km * units_a_km, 1), distance_words(km)


def distance_words(km: float) -> str:
    """«۳۰۰ متر», «۱٫۲ کیلومتر», «۱۲ کیلومتر»."""
    if km < 1:
        return persian_digits(phrases.METRES.format(count=round(km * 100) * 10))
    shown = f"{km:.1f}".removesuffix(".0") if km < 10 else f"{km:.0f}"
    return persian_digits(phrases.KILOMETRES.format(count=shown.replace(".", "٫")))


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    return hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1]) * KM_A_DEGREE


def _outlines(own: set[str]) -> list[dict[str, Any]]:
    """Every province; those of the boxes are marked."""
    return [
        {"path": outline["path"], "is_own": code in own} for code, outline in outlines()["provinces"].items()
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
