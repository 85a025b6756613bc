"""Boxes on a drawing: north up, in scale, over the outlines when it is wide; from where one stands, nearest first."""

from __future__ import annotations

from decimal import Decimal

import pytest

from campaigns.models import Box
from campaigns.services.box_life import Spot
from dashboards.box_maps import HEIGHT, KM_A_DEGREE, WIDTH, distance_words, drawing_of
from provinces.enums import Role
from tests.factories.boxes import sealed
from tests.factories.campaigns import put_back
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")
TAJRISH, RAY, AHVAZ = (35.804, 51.434), (35.577, 51.462), (31.318, 48.671)


def box_at(spot: tuple[float, float], province: str = TEHRAN, **facts) -> Box:
    box = sealed(province, **facts)
    latitude, longitude = (Decimal(str(number)) for number in spot)
    Box.objects.filter(pk=box.pk).update(latitude=latitude, longitude=longitude)
    return Box.objects.get(pk=box.pk)


def test_north_is_up_and_lengths_are_true():
    north, south = box_at(TAJRISH), box_at(RAY)
    drawing = drawing_of(Box.objects.all())
    at = {point.box: point for point in drawing.points}
    assert at[north].y < at[south].y
    assert all(0 < p.x < WIDTH and 0 < p.y < HEIGHT for p in drawing.points)
    km = (TAJRISH[0] - RAY[0]) * KM_A_DEGREE
    units_a_km = (at[south].y - at[north].y) / km
    bar_km = {"۱۰ کیلومتر": 10, "۵ کیلومتر": 5}[drawing.bar_words]
    assert drawing.bar == pytest.approx(bar_km * units_a_km, rel=0.01)
    assert drawing.outlines == [], "a city is smaller than what the outlines know"


def test_a_wide_drawing_has_the_outlines_under_its_points():
    box_at(TAJRISH)
    box_at(AHVAZ, KHUZESTAN)
    drawing = drawing_of(Box.objects.all())
    assert len(drawing.outlines) == 31
    assert sum(outline["is_own"] for outline in drawing.outlines) == 2
    assert drawing.outline_transform.startswith("translate(")


def test_the_nearest_first_and_how_far():
    far, near = box_at(TAJRISH), box_at(RAY)
    drawing = drawing_of(Box.objects.all(), Spot(Decimal("35.58"), Decimal("51.46")))
    assert [point.box for point in drawing.points] == [near, far]
    assert [point.away for point in drawing.points] == ["۳۸۰ متر", "۲۵ کیلومتر"]
    assert drawing.here is not None


def test_a_state_is_a_shape():
    dot, lost = box_at(TAJRISH), box_at(RAY)
    put_back(Box.objects.filter(pk=lost.pk), state="lost")
    shapes = {point.box.pk: point.shape for point in drawing_of(Box.objects.all()).points}
    assert shapes == {dot.pk: "dot", lost.pk: "triangle"}


@pytest.mark.parametrize(
    ("km", "words"), [(0.38, "۳۸۰ متر"), (1, "۱ کیلومتر"), (1.24, "۱٫۲ کیلومتر"), (25.3, "۲۵ کیلومتر")]
)
def test_distances_are_said(km, words):
    assert distance_words(km) == words


@pytest.mark.parametrize("typed", ["35.58, 51.46", "۳۵٫۵۸، ۵۱٫۴۶", "35.58 51.46"])
def test_one_types_a_point_or_the_number_of_a_box(typed):
    far, near = box_at(TAJRISH), box_at(RAY)
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    order = lambda said: [  # noqa: E731
        point.box for point in browser.get("/desk/boxes/map/", {"near": said}).context["drawing"].points
    ]
    assert order(typed) == [near, far]
    assert order(str(far.number)) == [far, near]


def test_what_cannot_be_found_is_said_and_the_map_stays():
    box_at(TAJRISH)
    sealed()
    page = browser_of(person(Role.PROVINCIAL_EXPERT)).get("/desk/boxes/map/", {"near": "۹۹۹"})
    assert "این صندوق نقطه ندارد" in page.content.decode()
    assert len(page.context["drawing"].points) == 1
    assert "۱ صندوق هنوز نقطه ندارد" in page.content.decode()
    outside = browser_of(person(Role.PROVINCIAL_EXPERT)).get("/desk/boxes/map/", {"near": "10.0, 10.0"})
    assert "near" in outside.context["near_form"].errors
