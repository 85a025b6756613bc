"""Books with known content, and people of staff who are signed in."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from campaigns.models import Channel, Edition
from core.jalali import from_jalali, tehran_day, tehran_today
from dashboards.rollups import fold_all
from ledger.accounts import INCOME, SUSPENSE
from ledger.dimensions import Facet
from ledger.enums import EntryKind, GiftKind
from ledger.posting import Leg, NewEntry, post, reverse
from provinces.enums import Role
from provinces.models import County, Membership, Office, SecondFactor

FARS, TEHRAN, MARKAZI = "07", "23", "00"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Booked:
    """One income leg as a test wrote it, to be added up by hand."""

    day: date
    kind: str
    rial: int
    gifts: int
    fund: str
    province: str | None
    county: str | None
    campaign: str | None
    edition: str | None
    channel: str | None

    def key(self, facet: str) -> str | None:
        return getattr(self, facet)


def book(rial: int, at: datetime, **where) -> tuple[int, Booked]:
    """Post one gift; returns the entry's id and what was written."""
    entry, booked = gift(rial, at, **where)
    return post([entry])[entry.source], booked


def gift(
    rial: int,
    at: datetime,
    *,
    fund: str = "general",
    province: str | None = None,
    county: str | None = None,
    edition: Edition | None = None,
    channel: str | None = "web",
    kind: str = GiftKind.CASH,
    placement_id: int | None = None,
) -> tuple[NewEntry, Booked]:
    """A gift to be posted, and what will be written."""
    channel_id = Channel.objects.get(code=channel).pk if channel else None
    facet = Facet(fund, province, county, edition.pk if edition else None, None, channel_id)
    legs = (Leg(SUSPENSE, rial, facet), Leg(INCOME[GiftKind(kind)], -rial, facet))
    return NewEntry(EntryKind.GIFT, f"test:{next(_numbers)}", at, legs, placement_id), Booked(
        tehran_day(at),
        str(kind),
        rial,
        1,
        fund,
        province,
        county,
        edition.campaign.slug if edition else None,
        str(edition.pk) if edition else None,
        channel,
    )


@pytest.fixture
def random_books(db, country) -> list[Booked]:
    """Two hundred gifts of three Jalali years over all facets, some of them reversed today; folded."""
    dice = random.Random(1405)
    editions = [None, None, *Edition.objects.select_related("campaign")]
    counties = list(County.objects.filter(province__in=[FARS, TEHRAN, MARKAZI]))
    first = from_jalali(1403, 1, 1)
    written = []
    for _ in range(200):
        county = dice.choice(counties)
        has_place = dice.random() < 0.8
        day = first + timedelta(days=dice.randint(0, (tehran_today() - first).days - 1))
        written.append(
            gift(
                dice.randint(1, 10 ** dice.randint(4, 12)),
                datetime(day.year, day.month, day.day, dice.randint(0, 23), dice.randint(0, 59), tzinfo=UTC),
                fund=dice.choice(["general", "sadaqah", "fitriyeh_general", "dowry"]),
                province=county.province_id if has_place else None,
                county=county.code if has_place and dice.random() < 0.5 else None,
                edition=dice.choice(editions),
                channel=dice.choice(["web", "qr", None]),
                kind=dice.choice([GiftKind.CASH, GiftKind.CASH, GiftKind.IN_KIND, GiftKind.SERVICE]),
            )
        )
    entries = post([entry for entry, _ in written])
    booked = [row for _, row in written]
    for entry, row in written[::20]:
        reverse(entries[entry.source], source=f"reversal:{entry.source}", memo="test")
        booked.append(replace(row, day=tehran_today(), rial=-row.rial, gifts=-1))
    fold_all()
    return booked


@pytest.fixture
def noon() -> Callable[..., datetime]:
    """Noon in Tehran (without summer time) of a Jalali day, in UTC."""

    def at(jy: int, jm: int, jd: int) -> datetime:
        day = from_jalali(jy, jm, jd)
        return datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC)

    return at


@pytest.fixture
def staff(db, country) -> Callable[..., Client]:
    """staff((role, province or county code or None), …): a client signed in with both factors.

    None is headquarters, two digits a province's general office, four a county's office.
    """

    def sign_in(*places: tuple[Role, str | None], is_acting: bool = False) -> Client:
        number = next(_numbers)
        user = get_user_model().objects.create(username=f"staff{number}", display_name=f"همکار {number}")
        for role, code in places:
            Membership.objects.create(
                user=user, office=_office(code), role=role, starts_on=date(2025, 1, 1), is_acting=is_acting
            )
        device = SecondFactor.objects.create(user=user, name="phone", confirmed=True)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
        return client

    return sign_in


def _office(code: str | None) -> Office:
    if code is None:
        return Office.objects.get(level="hq")
    if len(code) == 2:
        return Office.objects.get(level="province", province=code)
    county = County.objects.get(code=code)
    made, _ = Office.objects.get_or_create(
        level="county", county=county, province=county.province, defaults={"name": f"ادارهٔ {county.name}"}
    )
    return made
