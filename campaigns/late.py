"""What is late in a season: boxes that wait too long for their next step, and tasks past their day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, Subquery

from campaigns.box_states import STANDING
from campaigns.enums import BoxState
from campaigns.models import Box, BoxEvent, RunbookTask
from campaigns.runbook import with_due
from core.jalali import tehran_today

AFTER_THE_SEASON = timedelta(days=3)  # by then a box of a season has come in from the street
AT_MOST = {
    BoxState.COLLECTED: timedelta(days=2),
    BoxState.COUNTED: timedelta(days=2),
    BoxState.DEPOSITED: timedelta(days=7),  # until the bank's line is there
}
_TEHRAN = ZoneInfo("Asia/Tehran")


def late_boxes(boxes: QuerySet[Box], on: date | None = None) -> QuerySet[Box]:
    """Those of these boxes that stand after their season or without a valid permit, or wait too long for counting, for
    the bank, or to be seen there."""
    today = on or tehran_today()
    moved = BoxEvent.objects.filter(box=OuterRef("pk")).order_by("-pk").values("at")[:1]
    waits = Q()
    for state, most in AT_MOST.items():
        waits |= Q(state=state, moved_at__lt=_midnight(today - most))
    return boxes.annotate(moved_at=Subquery(moved, output_field=DateTimeField())).filter(
        waits | Q(state__in=STANDING, permit_valid_until__lt=today) | _left_outside(today)
    )


def boxes_left_outside(boxes: QuerySet[Box], on: date | None = None) -> QuerySet[Box]:
    """Those that stand although their season is over: their custodians wait for somebody to fetch them."""
    return boxes.filter(_left_outside(on or tehran_today()))


def late_tasks(on: date | None = None) -> QuerySet[RunbookTask]:
    """Tasks of the open scope that are past their day, the oldest first."""
    today = on or tehran_today()
    found = with_due(RunbookTask.objects.filter(done_at=None, dropped_at=None))
    return found.filter(due_on__lt=today).select_related("runbook").order_by(F("due_on"), "pk")


def _left_outside(today: date) -> Q:
    return Q(state__in=STANDING, placement__edition__season_ends_on__lt=today - AFTER_THE_SEASON)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=_TEHRAN)
