"""Donors' matters."""

from __future__ import annotations

import itertools
import secrets

from cases.models import CareCase, CareCategory
from cases.services.care import Asked, ask
from donations.models import Donation
from provinces.models import Province
from provinces.scoping import all_provinces

_numbers = itertools.count(1)


def some_mobile() -> str:
    """A number nobody else counts against: what is counted outlives a test."""
    return f"+98912{secrets.randbelow(10**7):07d}"


def care_case(
    category: str = "gift_question", *, province: str | None = "23", donation: Donation | None = None, **more
) -> CareCase:
    """A matter told on the public page, of a province unless None is said."""
    said = {
        "mobile": some_mobile(),
        "text": f"کمک من به کجا رسید؟ {next(_numbers)}",
        "name": "نیکوکار",
    } | more
    with all_provinces("test"):
        asked = Asked(
            category=CareCategory.objects.get(pk=category),
            province=Province.objects.get(pk=province) if province else None,
            donation=donation,
            **said,
        )
        return ask(asked, address=some_mobile())
