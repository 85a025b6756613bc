"""Applications of volunteers, with fitting values unless a test says otherwise."""

from __future__ import annotations

from datetime import date

from provinces.models import County, Province
from volunteers.enums import ConsentKind, Section, VolunteerRole
from volunteers.services.joining import Application


def national_id(first: str = "123456789") -> str:
    """A national ID whose check digit fits."""
    rest = sum(int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)) % 11
    return f"{first}{rest if rest < 2 else 11 - rest}"


def application(**changes) -> Application:
    county = County.objects.filter(province="07").first()
    return Application(
        **{
            "name": "علی‌رضا کریمی",
            "national_id": national_id(),
            "born_on": date(1990, 5, 1),
            "province": Province.objects.get(code="07"),
            "county": county,
            "sections": [Section.HEALTH],
            "role": VolunteerRole.SPECIALIST,
            "skills": ["nursing"],
            "languages": ["fa"],
            "availability": ["weekends"],
            "consents": [ConsentKind.DATA, ConsentKind.CONDUCT],
        }
        | changes
    )
