"""Many volunteers at once, to see how the network bears them: made up, waiting to be vetted, with their consents."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from core.crypto import keyed_hash
from core.text import persian_digits, search_key
from dashboards import phrases
from provinces.models import County
from volunteers.enums import Availability, ConsentKind, JoinSource, Section
from volunteers.models import Consent, Volunteer
from volunteers.skills import all_skills

BATCH = 5_000
TEXT_VERSION = "volume"
_NUMBER = "+98999{number:07d}"  # no network gives such numbers out
_MOST = 10_000_000
_YEARS = 3


def seed_volunteers(number: int, report: Callable[[str], None], *, seed: int = 1405) -> None:
    """Add `number` volunteers of all counties, by their people. Repeatable: each call adds as many, up to ten million
    in all; no message is sent, and nobody is approved."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    counties = list(County.objects.filter(is_active=True).select_related("province"))
    weights = [county.province.population_1395 for county in counties]
    skills, now = [skill.code for skill in all_skills().values()], timezone.now()
    first = Volunteer.objects.filter(consents__text_version=TEXT_VERSION).distinct().count()
    for begin in range(first, min(first + number, _MOST), BATCH):
        numbers = range(begin, min(begin + BATCH, first + number, _MOST))
        places = dice.choices(counties, weights, k=len(numbers))
        rows = [_volunteer(at, county, dice, skills, now) for at, county in zip(numbers, places, strict=True)]
        with transaction.atomic():
            Volunteer.objects.bulk_create(rows, batch_size=1_000)
            Consent.objects.bulk_create(
                [
                    Consent(volunteer=row, kind=kind, text_version=TEXT_VERSION, given_at=row.joined_at)
                    for row in rows
                    for kind in (ConsentKind.DATA, ConsentKind.CONDUCT, ConsentKind.CONTACT)
                ],
                batch_size=5_000,
            )
        report(f"volunteers {numbers.stop - first} of {number}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE volunteers_volunteer, volunteers_consent")


def _volunteer(number: int, county: County, dice: random.Random, skills: list[str], now) -> Volunteer:
    mobile = _NUMBER.format(number=number)
    name = phrases.VOLUME_NAME.format(number=persian_digits(number))
    sections = dice.sample(Section.values, dice.randint(1, 2))
    return Volunteer(
        name=name,
        name_key=search_key(name)[:160],
        mobile=mobile,
        mobile_hash=keyed_hash(mobile, "mobile"),
        province_id=county.province_id,
        county=county,
        section=sections[0],
        sections=sections,
        skills=dice.sample(skills, dice.randint(0, 3)),
        availability=dice.sample(Availability.values, 1),
        joined_at=now - timedelta(seconds=int(dice.random() * _YEARS * 365 * 86_400)),
        source=JoinSource.IMPORT,
    )
