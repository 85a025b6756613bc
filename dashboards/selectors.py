"""What dashboards read besides sums: the newest gifts, printed codes with what they brought, the state of the house."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Subquery

from campaigns.box_states import STANDING
from campaigns.models import Box, Branch, Channel, Edition, Placement
from cases.enums import CaseState
from cases.models import Case
from core.reference import remembered
from dashboards.models import PlacementTotal
from donations.models import Donation
from payments.models import BoxCount

# One short walk of an index for each place, however many gifts there are: a condition that may or may not name a county
# would read all of the province.
_NEWEST = """
    SELECT newest.id, newest.received_at FROM unnest(%s::text[]) AS place (code) CROSS JOIN LATERAL (
        SELECT id, received_at FROM donations_donation d
         WHERE status = 'received' AND {place}_id = place.code ORDER BY received_at DESC LIMIT %s) newest
"""
_NEWEST_NATIONAL = """
    (SELECT id, received_at FROM donations_donation
      WHERE status = 'received' AND province_id IS NULL ORDER BY received_at DESC LIMIT %s)
"""


def newest_gifts(
    places: Sequence[tuple[str, str | None]], *, with_national: bool = False, limit: int = 10
) -> list[Donation]:
    """The gifts received last in these places, each (province, county or None for the whole province), and those of
    no province when asked for. The open scope applies on top."""
    arms: list[tuple[str, list]] = []
    if whole := [province for province, county in places if county is None]:
        arms.append((_NEWEST.format(place="province"), [whole, limit]))
    if parts := [county for _, county in places if county is not None]:
        arms.append((_NEWEST.format(place="county"), [parts, limit]))
    if with_national:
        arms.append((_NEWEST_NATIONAL, [limit]))
    if not arms:
        return []
    values = [value for _, of_arm in arms for value in of_arm]
    sql = " UNION ALL ".join(arm for arm, _ in arms)
    with connection.cursor() as cursor:
        newest = f"SELECT id FROM ({sql}) found ORDER BY received_at DESC LIMIT %s"  # noqa: S608 - our own words
        cursor.execute(newest, [*values, limit])
        ids = [pk for (pk,) in cursor.fetchall()]
    found = Donation.objects.filter(pk__in=ids).select_related("fund", "province", "county", "placement")
    return sorted(found, key=lambda gift: gift.received_at, reverse=True)


def placements_by_total(**place: str) -> QuerySet[Placement]:
    """Printed codes of the open scope, those that brought most first, with their box."""
    total = PlacementTotal.objects.filter(placement_id=OuterRef("pk")).values("total_rial")
    return (
        Placement.objects.filter(**place)
        .select_related("box", "province", "county", "edition")
        .annotate(total_rial=Subquery(total, output_field=BigIntegerField()))
        .order_by(F("total_rial").desc(nulls_last=True), "-pk")
    )


def silent_boxes(boxes: QuerySet[Box]) -> QuerySet[Box]:
    """Those of these boxes that stand and have brought nothing yet: no gift by their code, no cash that was counted."""
    by_code = PlacementTotal.objects.filter(placement_id=OuterRef("placement_id"))
    by_cash = BoxCount.objects.filter(box=OuterRef("pk"), second_rial__gt=0)
    return boxes.filter(~Exists(by_code), ~Exists(by_cash), state__in=STANDING)


def open_cases(**place: str) -> int:
    """How many cases of the open scope wait for a person."""
    return Case.objects.filter(state=CaseState.OPEN, **place).count()


def branches_here(province_code: str, editions: Sequence[Edition]) -> dict[int, Branch]:
    """{edition id: its branch in this province}."""
    found = Branch.objects.filter(province=province_code, edition__in=editions).select_related("province")
    return {branch.edition_id: branch for branch in found}


@remembered(Channel)
def governmental_channels() -> frozenset[str]:
    """The codes of the ways to give that government bodies use."""
    return frozenset(Channel.objects.filter(is_governmental=True).values_list("code", flat=True))


def box_count(**place: str) -> int:
    """How many boxes the open scope holds."""
    return Box.objects.filter(**place).count()
