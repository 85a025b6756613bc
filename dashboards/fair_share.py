"""Who gets how much for whom: receipts, deliveries and outcomes beside the number of clients of a place.

Totals favour large places; per thousand clients they can be compared. Counts of clients are aggregates of the
organisation's own systems, and a count so small that it would speak of a person is not shown.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Sum

from aid.enums import Outcome
from aid.models import DeliveryReference
from dashboards import figures
from dashboards.enums import ClientGroup, Support
from dashboards.figures import Period
from dashboards.models import ClientCount, ClientFile, Flow
from provinces.models import Province
from provinces.selectors import counties_of, provinces_in_order

SMALLEST = 10  # a count below it is not shown


@dataclass(frozen=True)
class Share:
    """One province or county in a period; rials, and persons by support and group."""

    key: str
    name: str
    slug: str
    received_rial: int
    delivered_rial: int
    clients: int = 0
    support: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)

    def per_thousand(self, rial: int) -> int | None:
        """Rials for each thousand clients, cut to whole tomans; None where there are too few of them to say."""
        return rial * 100 // self.clients * 10 if self.clients >= SMALLEST else None

    @property
    def good_outcomes(self) -> int:
        """People on their way out of support, and those who left it."""
        return sum(self.outcomes.get(outcome, 0) for outcome in (Outcome.EMPOWERMENT, Outcome.INDEPENDENT))

    @property
    def rial_per_outcome(self) -> int | None:
        """What was delivered for each of them, cut to whole tomans."""
        return self.delivered_rial // (10 * self.good_outcomes) * 10 if self.good_outcomes > 0 else None


def newest_file() -> ClientFile | None:
    """The counts that hold now."""
    return ClientFile.objects.order_by("-as_of", "-pk").first()


def shares(period: Period, file: ClientFile | None, province: Province | None = None) -> list[Share]:
    """Provinces of the country, or counties of a province; those with the least per thousand clients first, those of
    which no clients are known at the end. A fixed number of queries."""
    facet, filters = ("county", {"province": province.code}) if province else ("province", {})
    with figures.one_moment():
        received = _by_key(figures.sheet(period, facet, **filters)[facet])
        delivered = _by_key(figures.sheet(period, facet, flow=Flow.OUT, **filters)[facet])
        counts = _counts(file, facet, province)
        outcomes = _outcomes(period, facet, province)
    places = [(one.code, one.name, "") for one in counties_of(province)] if province else [
        (one.code, one.name, one.slug) for one in provinces_in_order()
    ]  # fmt: skip
    found = [
        Share(
            code,
            name,
            slug,
            received.get(code, 0),
            delivered.get(code, 0),
            sum(counts[code]["support"].values()),
            counts[code]["support"],
            counts[code]["group"],
            outcomes[code],
        )
        for code, name, slug in places
    ]
    return sorted(found, key=_least_first)


def shown_count(persons: int) -> int | None:
    """A count as it may be shown: None when it is so small that it would speak of persons."""
    return None if 0 < persons < SMALLEST else persons


def _least_first(share: Share) -> tuple[bool, int]:
    rate = share.per_thousand(share.received_rial)
    return rate is None, rate or 0


def _by_key(rows) -> dict[str | None, int]:
    return {row.key: row.total_rial for row in rows}


def _counts(
    file: ClientFile | None, facet: str, province: Province | None
) -> dict[str, dict[str, dict[str, int]]]:
    """{place: {"support": {…: persons}, "group": {…: persons}}}."""
    found: dict = defaultdict(lambda: {"support": defaultdict(int), "group": defaultdict(int)})
    rows = ClientCount.objects.filter(file=file).order_by()
    if province is not None:
        rows = rows.filter(province=province)
    for place, group, support, persons in rows.values_list(facet, "group", "support").annotate(
        Sum("persons")
    ):
        found[place]["support"][Support(support)] += persons
        found[place]["group"][ClientGroup(group)] += persons
    return found


def _outcomes(period: Period, facet: str, province: Province | None) -> dict[str, dict[str, int]]:
    """{place: {outcome: cases}} of what was noted on these days; a case that received twice is one."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = DeliveryReference.objects.filter(
        is_active=True, outcome_on__range=(period.start, period.end)
    ).exclude(outcome="")
    if province is not None:
        rows = rows.filter(delivery__province=province)
    place = f"delivery__{facet}"
    counted = rows.order_by().values_list(place, "outcome").annotate(Count("reference_hash", distinct=True))
    for key, outcome, count in counted:
        if key is not None:
            found[key][outcome] = count
    return found
