"""Boxes, and a place of one's own for files."""

from __future__ import annotations

import pytest

from provinces.enums import Role
from provinces.models import County, Province
from provinces.scoping import all_provinces
from tests.factories.people import TEHRAN, person


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def tehran(db) -> Province:
    return Province.objects.get(code=TEHRAN)


@pytest.fixture
def manager(db):
    return person(Role.PROVINCIAL_MANAGER, TEHRAN)


@pytest.fixture
def make_boxes(manager):
    """Make so many boxes in a province, without a permit unless one is given."""
    from campaigns.services.placements import create_boxes

    def make(count=1, province=TEHRAN, county="", **facts):
        with all_provinces("test"):
            place = {"province": Province.objects.get(code=province)}
            if county:
                place["county"] = County.objects.get(code=county)
            return create_boxes(count, actor=manager, **(place | facts))

    return make
