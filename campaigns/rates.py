"""Reading the announced rates: which hold on a day, and what looks odd about a new one.

Rates belong to a Hijri year, never to a Jalali one: 1405 saw two Eids of Fitr.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from campaigns.enums import RateKind
from campaigns.models import GivingRate, Occasion
from core.jalali import tehran_today

RAMADAN, EID_FITR = "ramadan", "eid_fitr"
# Iran announces by sighting: a day that nobody has confirmed may come one day later.
UNCERTAIN = timedelta(days=1)
_MOST_TIMES, _LEAST_TIMES, _TIMES_IN_RIAL = 3, 0.5, 8
DELIBERATE_TIMES = (
    60  # in every announcement read so far; the two are still stored apart, and this is a warning
)


@dataclass(frozen=True)
class Season:
    """The coming Eid of Fitr: its Hijri year (None: none is known), and whether its Ramadan has begun."""

    year: int | None = None
    has_begun: bool = False


@dataclass(frozen=True)
class Rates:
    """The rates that the giving form offers, by what they are announced for, the one to begin with first.

    `year` is that of the coming Eid; a rate says its own, which may be the year before.
    """

    year: int | None
    of: dict[RateKind, list[GivingRate]] = field(default_factory=dict)


def season_on(day: date | None = None) -> Season:
    """The coming Eid as seen from a day (one query). An estimated Eid counts one day longer."""
    day = day or tehran_today()
    found = Occasion.objects.filter(code__in=(RAMADAN, EID_FITR), ends_on__gte=day - UNCERTAIN)
    coming = list(found.order_by("starts_on"))
    eid = next((o for o in coming if o.code == EID_FITR and last_day_of(o) >= day), None)
    if eid is None:
        return Season()
    ramadan = next((o for o in coming if o.code == RAMADAN and o.hijri_year == eid.hijri_year), None)
    # A Ramadan that is over, while its Eid is still to come, is not among them.
    return Season(eid.hijri_year, ramadan is None or ramadan.starts_on <= day)


def last_day_of(occasion: Occasion) -> date:
    """The last day on which it may still be that occasion."""
    return occasion.ends_on if occasion.is_confirmed else occasion.ends_on + UNCERTAIN


def giving_year(on: date | None = None) -> int | None:
    """The Hijri year of the Eid al-Fitr that has not passed; None if none is known."""
    return season_on(on).year


def rates_on(day: date | None = None) -> Rates:
    """What holds on a day (two queries).

    Of each kind the rates of the coming Eid's year, once announced. Until then those of the year before hold on:
    kaffarah and fidyah until there are new ones, fitriyeh (for whoever is late) until the new Ramadan begins. Older
    ones are never offered.
    """
    season = season_on(day)
    if season.year is None:
        return Rates(None)
    years: dict[tuple[str, int], list[GivingRate]] = {}
    found = current_rates().filter(hijri_year__in=(season.year, season.year - 1))
    for rate in found.order_by("-is_default", "region", "amount_rial"):
        years.setdefault((rate.kind, rate.hijri_year), []).append(rate)
    of = {}
    for kind in RateKind:
        rates = years.get((kind, season.year))
        if not rates and not (kind == RateKind.FITRIYEH and season.has_begun):
            rates = years.get((kind, season.year - 1))
        if rates:
            of[kind] = rates
    return Rates(season.year, of)


def first_rate(rates: list[GivingRate], region: str = "") -> GivingRate:
    """The rate that the form begins with: the default of the donor's region, else the country's."""
    return next((rate for rate in rates if region and rate.region == region and rate.is_default), rates[0])


def current_rates() -> QuerySet[GivingRate]:
    """Every rate that has not been superseded."""
    return GivingRate.objects.filter(superseded_at=None)


def known_years() -> list[int]:
    """Hijri years that have an Eid or a rate, newest first."""
    eids = Occasion.objects.filter(code=EID_FITR).values_list("hijri_year", flat=True)
    return sorted({*eids, *GivingRate.objects.values_list("hijri_year", flat=True)}, reverse=True)


def words_used(name: str) -> list[str]:
    """What has been written in a field of rates so far, the most used first."""
    seen: dict[str, int] = {}
    for word in GivingRate.objects.exclude(**{name: ""}).values_list(name, flat=True):
        seen[word] = seen.get(word, 0) + 1
    return sorted(seen, key=lambda word: (-seen[word], word))


@dataclass(frozen=True)
class Oddity:
    """Something to look at twice before a rate is announced; never a refusal. `code` has its sentence in
    `rate_phrases.ODDITIES`."""

    code: str
    data: dict[str, Any]


def oddities(
    *, hijri_year: int, kind: str, marja: str, staple: str, region: str, amount_rial: int
) -> list[Oddity]:
    """What looks odd about a rate: beside the year before, and beside the other kind of kaffarah."""
    found = []
    before = _year_before(hijri_year, kind, marja, staple, region)
    if before is not None:
        times = amount_rial / before.amount_rial
        if times >= _TIMES_IN_RIAL:
            found.append(Oddity("perhaps_rial", {"before": before, "times": times}))
        elif not _LEAST_TIMES <= times <= _MOST_TIMES:
            found.append(Oddity("far_from_last_year", {"before": before, "times": times}))
    return [*found, *_kaffarah_oddity(hijri_year, kind, marja, staple, region, amount_rial)]


def _year_before(year: int, kind: str, marja: str, staple: str, region: str) -> GivingRate | None:
    """The most alike rate of an earlier year: same staple and marja, then same staple, then same marja."""
    rates = list(
        current_rates()
        .filter(kind=kind, hijri_year__lt=year, hijri_year__gte=year - 3)
        .order_by("-hijri_year")
    )

    def alike(rate: GivingRate) -> tuple:
        return (rate.staple == staple, rate.marja == marja, rate.region == region, rate.hijri_year)

    return max(rates, key=alike, default=None)


def _kaffarah_oddity(
    year: int, kind: str, marja: str, staple: str, region: str, amount_rial: int
) -> list[Oddity]:
    pair = {
        RateKind.KAFFARAH_DELIBERATE: RateKind.KAFFARAH_NON_DELIBERATE,
        RateKind.KAFFARAH_NON_DELIBERATE: RateKind.KAFFARAH_DELIBERATE,
    }
    if kind not in pair:
        return []
    other = (
        current_rates()
        .filter(hijri_year=year, kind=pair[kind], marja=marja, staple=staple, region=region)
        .first()
    )
    if other is None:
        return []
    deliberate, light = amount_rial, other.amount_rial
    if kind == RateKind.KAFFARAH_NON_DELIBERATE:
        deliberate, light = light, deliberate
    if deliberate == light * DELIBERATE_TIMES:
        return []
    return [Oddity("not_sixty_times", {"other": other, "due_rial": light * DELIBERATE_TIMES})]
