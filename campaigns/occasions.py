"""Reading the calendar of occasions: what comes, what is public, and which day an act or a task falls on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import DateField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import Case, When

from campaigns.enums import Anchor, OccasionActKind
from campaigns.models import Occasion, OccasionAct
from core.jalali import tehran_today
from core.reference import remembered

SEASON_KINDS = (OccasionActKind.SEASON_STARTS, OccasionActKind.SEASON_ENDS)
_FAR = timedelta(days=400)
_SOON = timedelta(days=45)


def day_of(occasion: Occasion, anchor: str, offset_days: int) -> date:
    """The day that lies so many days after the start or the end of an occasion."""
    from_day = occasion.starts_on if anchor == Anchor.START else occasion.ends_on
    return from_day + timedelta(days=offset_days)


def day_in_database(occasion: str = "occasion") -> Case:
    """The same as an expression, for rows with `anchor`, `offset_days` and a way to their occasion."""

    def day(end: str) -> ExpressionWrapper:
        return ExpressionWrapper(F(f"{occasion}__{end}") + F("offset_days"), output_field=DateField())

    return Case(
        When(anchor=Anchor.START, then=day("starts_on")), default=day("ends_on"), output_field=DateField()
    )


def occasion_of_days(coming: Iterable[Occasion], today: date) -> Occasion | None:
    """Of `coming_occasions` the one of these days, or the next one when its time to be shown has come."""
    return next((o for o in coming if o.starts_on - timedelta(days=o.shown_days) <= today), None)


def coming_occasions(today: date | None = None, limit: int | None = None) -> list[Occasion]:
    """Public occasions that are not over, the next one first."""
    today = today or tehran_today()
    found = (
        Occasion.objects.filter(is_public=True, ends_on__gte=today, starts_on__lte=today + _FAR)
        .select_related("fund")
        .order_by("starts_on", "ends_on")
    )
    return list(found[:limit] if limit else found)


def waiting_for_confirmation(today: date) -> QuerySet[Occasion]:
    """Estimated occasions that are near, or whose estimated day has come and gone."""
    return Occasion.objects.filter(
        is_confirmed=False, starts_on__lte=today + _SOON, ends_on__gte=today - _SOON
    ).order_by("starts_on")


def due_acts(today: date) -> QuerySet[OccasionAct]:
    """Acts whose day has come and that are not done; those that wait for a confirmed day only after it."""
    return (
        OccasionAct.objects.filter(done_at=None)
        .exclude(kind__in=SEASON_KINDS)
        .annotate(due_on=day_in_database())
        .filter(due_on__lte=today)
        .filter(Q(waits_for_confirmation=False) | Q(occasion__is_confirmed=True))
    )


def reminders_for(roles: Iterable[str], today: date | None = None) -> list[OccasionAct]:
    """What people of these roles are to be reminded of now."""
    return list(_reminders(frozenset(roles), today or tehran_today()))


@remembered(Occasion, OccasionAct)
def _reminders(roles: frozenset[str], today: date) -> tuple[OccasionAct, ...]:
    found = due_acts(today).filter(kind=OccasionActKind.REMIND, role__in=list(roles))
    return tuple(found.select_related("occasion").order_by("due_on", "pk"))
