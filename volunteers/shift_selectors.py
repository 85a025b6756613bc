"""Reading opportunities, shifts and places."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from core.listing import between
from core.text import search_key
from volunteers.enums import AssignmentState, GroupState, OpportunityState
from volunteers.models import Assignment, Certificate, Opportunity, Shift, Volunteer, VolunteerGroup
from volunteers.states import TAKES_A_PLACE


def opportunities_in_scope(
    *, state: str = "", purpose: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Opportunity]:
    """Opportunities with their places, the newest first; with days, those that have a shift on one of them."""
    rows = Opportunity.objects.select_related("province", "county").annotate(
        places=Sum("shifts__capacity", default=0), filled=Sum("shifts__taken", default=0)
    )
    if state:
        rows = rows.filter(state=state)
    if purpose:
        rows = rows.filter(purpose=purpose)
    if since or until:
        on_them = between(Shift.objects.filter(opportunity=OuterRef("pk")), "starts_at", since, until)
        rows = rows.filter(Exists(on_them))
    return rows.order_by("-pk")


def shifts_of(opportunity: Opportunity) -> QuerySet[Shift]:
    """The shifts of an opportunity with how many were invited and came."""
    return (
        Shift.objects.filter(opportunity=opportunity)
        .select_related("leader")
        .annotate(
            invited=Count("assignments", filter=Q(assignments__invited_at__isnull=False)),
            came=Count("assignments", filter=Q(assignments__state=AssignmentState.PRESENT)),
        )
        .order_by("starts_at", "pk")
    )


def places_of(shift: Shift) -> list[Assignment]:
    """Everybody of a shift: who comes or came first, then who was invited, then who does not come."""
    order = {"signed_up": 0, "present": 0, "absent": 0, "invited": 1}
    rows = Assignment.objects.filter(shift=shift).select_related("volunteer", "shift", "confirmed_by")
    return sorted(rows.order_by("pk"), key=lambda row: order.get(row.state, 2))


def place_by_code(code: str) -> Assignment | None:
    """Somebody's place by the code they show at the door."""
    rows = Assignment.objects.select_related(
        "volunteer", "shift__opportunity__group", "shift__opportunity__province", "shift__opportunity__county"
    )
    return rows.filter(code=code, volunteer__isnull=False).first()


def expected(places: list[Assignment]) -> list[Assignment]:
    """Those whose presence can be said."""
    return [place for place in places if place.state in TAKES_A_PLACE]


def open_opportunities(*, limit: int = 12, province: str = "") -> list[Opportunity]:
    """What everybody may see: open, public, with a shift to come that has room; the next one first."""
    now = timezone.now()
    rows = Opportunity.objects.filter(
        state=OpportunityState.OPEN,
        is_public=True,
        shifts__starts_at__gt=now,
        shifts__taken__lt=F("shifts__capacity"),
    )
    if province:
        rows = rows.filter(province=province)
    found = rows.select_related("province", "county").annotate(free=Count("shifts"))
    return list(found.order_by("-pk")[:limit])


def public_opportunity(opportunity_id: int) -> Opportunity | None:
    """An opportunity that everybody may see, open or not."""
    rows = Opportunity.objects.filter(is_public=True).exclude(state=OpportunityState.CANCELLED)
    return rows.select_related("province", "county").filter(pk=opportunity_id).first()


def coming_shifts(opportunity: Opportunity) -> list[Shift]:
    return list(
        Shift.objects.filter(opportunity=opportunity, starts_at__gt=timezone.now()).order_by("starts_at")
    )


def places_of_volunteer(volunteer: Volunteer) -> list[Assignment]:
    """All places of a volunteer, the latest first."""
    rows = Assignment.objects.filter(volunteer=volunteer)
    return list(rows.select_related("shift__opportunity__province").order_by("-shift__starts_at", "-pk"))


def shifts_led_by(volunteer: Volunteer) -> list[Shift]:
    """Shifts a volunteer leads, themselves or as the leader of the group, of the last month and to come."""
    since = timezone.now() - timedelta(days=31)
    rows = Shift.objects.filter(
        Q(leader=volunteer) | Q(opportunity__group__leader=volunteer), ends_at__gt=since
    ).exclude(opportunity__state=OpportunityState.CANCELLED)
    return list(rows.select_related("opportunity__group").order_by("starts_at", "pk"))


def confirmed_minutes(volunteer: Volunteer) -> int:
    """The minutes of a volunteer that somebody else confirmed."""
    return Assignment.objects.filter(volunteer=volunteer).aggregate(m=Sum("confirmed_minutes", default=0))[
        "m"
    ]


def certificate_by_code(code: str) -> Certificate | None:
    """A certificate by its public code."""
    rows = Certificate.objects.select_related("opportunity__province")
    return rows.filter(code=code).first()


def groups_in_scope(
    *, q: str = "", state: str = "", kind: str = "", section: str = ""
) -> QuerySet[VolunteerGroup]:
    """Groups by name (however it is typed) and what is filtered; who is silent longest first."""
    rows = VolunteerGroup.objects.select_related("county__province", "leader")
    for name, value in {"state": state, "kind": kind, "section": section}.items():
        if value:
            rows = rows.filter(**{name: value})
    if q:
        rows = rows.filter(name_key__contains=search_key(q))
    return rows.order_by("last_active_at", "pk")


def groups_near(volunteer: Volunteer) -> list[VolunteerGroup]:
    """The groups of a volunteer's county that they could join."""
    joined = volunteer.memberships.filter(left_at=None).values("group")
    rows = VolunteerGroup.objects.filter(county=volunteer.county_id).exclude(state=GroupState.CLOSED)
    return list(rows.exclude(pk__in=joined).order_by("name_key")[:200])
