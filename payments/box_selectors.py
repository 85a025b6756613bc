"""Reading the cash of boxes within the open scope."""

from __future__ import annotations

from django.db.models import QuerySet, Sum

from campaigns.models import Box
from core.models import User
from payments.counter_selectors import own_offices
from payments.enums import CountState
from payments.models import BoxCount
from provinces.models import Office


def count_of_round(box: Box) -> BoxCount | None:
    """The count of the box's present round that was not refused."""
    return (
        BoxCount.objects.select_related("counted_by", "decided_by", "deposit", "office")
        .filter(box=box, round=box.round)
        .exclude(state=CountState.REFUSED)
        .first()
    )


def counts_to_bank(office: Office) -> QuerySet[BoxCount]:
    """Counted money of boxes that lies in an office and was not carried to the bank."""
    return (
        BoxCount.objects.select_related("box__county", "box__province")
        .filter(office=office, state=CountState.CONFIRMED, deposit=None, second_rial__gt=0)
        .order_by("pk")
    )


def cash_of_boxes(box_ids: list[int]) -> dict[int, int]:
    """Whole rials that were counted in each of these boxes since it exists; boxes never counted are left out."""
    counts = BoxCount.objects.filter(box__in=box_ids, state=CountState.CONFIRMED)
    return dict(counts.values_list("box").annotate(Sum("second_rial")).order_by())


def office_for_box(user: User, box: Box) -> Office | None:
    """Which of a person's offices takes the cash of a box: that of its county, else of its province, else the first."""
    offices = own_offices(user)
    nearest = sorted(
        offices,
        key=lambda o: (
            o.county_id != box.county_id or not o.county_id,
            o.province_id != box.province_id,
            o.pk,
        ),
    )
    return nearest[0] if nearest else None
