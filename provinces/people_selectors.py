"""Reading who works where, within the open scope."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.jalali import tehran_today
from core.models import User
from provinces.access import in_force, memberships_of, scope_of
from provinces.enums import ROLES_BY_LEVEL, InvitationState, OfficeLevel, ResetState, Role
from provinces.models import FactorReset, HandOver, Invitation, Membership, Office, SecondFactor
from provinces.permissions import MAY_GIVE, permissions_of
from provinces.scoping import all_provinces
from provinces.work import waiting_kinds


def memberships_in_scope(*, state: str = "", role: str = "", province: str = "") -> QuerySet[Membership]:
    """Memberships of the open scope: in force today, or "coming", or "ended"; with person, office and whether the
    person has an authenticator."""
    today = tehran_today()
    condition = {"coming": Q(starts_on__gt=today), "ended": Q(ends_on__lt=today)}.get(state, in_force(today))
    rows = Membership.objects.filter(condition)
    if role:
        rows = rows.filter(role=role)
    if province:
        rows = rows.filter(office__province=province)
    factor = SecondFactor.objects.filter(user=OuterRef("user"), confirmed=True)
    return (
        rows.select_related("user", "office")
        .annotate(has_factor=Exists(factor))
        .order_by("office__level", "office__province", "office__name", "role", "user__display_name", "pk")
    )


def waiting_invitations() -> QuerySet[Invitation]:
    """Invitations of the open scope that nobody has answered."""
    rows = Invitation.objects.filter(state=InvitationState.WAITING)
    return rows.select_related("office", "invited_by")


def roles_one_may_give(user: User) -> list[Role]:
    """The roles that the person's memberships of today allow giving, in the order of the enum."""
    may = {role for own in memberships_of(user) for role in MAY_GIVE.get(Role(own.role), ())}
    return [role for role in Role if role in may]


def offices_one_may_fill(user: User) -> QuerySet[Office]:
    """The offices of the open scope in which the person may give at least one role; headquarters first."""
    roles = roles_one_may_give(user)
    levels = [level for level in OfficeLevel if set(roles) & ROLES_BY_LEVEL[level]]
    rows = Office.objects.filter(level__in=levels)
    givers = [own for own in memberships_of(user) if MAY_GIVE.get(Role(own.role))]
    scope = scope_of(givers)
    if not scope.everything:
        rows = rows.filter(scope.condition("province", "county"))
    return rows.order_by("province__sort_key", "level", "name")


def waiting_resets() -> QuerySet[FactorReset]:
    """Lost authenticators that wait for an administrator."""
    return FactorReset.objects.filter(state=ResetState.ASKED).select_related("user", "requested_by")


def unseen_hand_overs() -> QuerySet[HandOver]:
    """Hand-overs of the open scope in which something fell to the queue and that nobody has looked at."""
    return (
        HandOver.objects.filter(seen_at=None)
        .exclude(counts={})
        .select_related("membership__user", "membership__office", "handed_to")
    )


def undecided_after(membership: Membership) -> list[str]:
    """Labels of decisions that nobody in the office could take, were this membership over: headquarters would."""
    with all_provinces("who else is in an office"):
        others = Membership.objects.filter(in_force(), office=membership.office, user__is_active=True)
        roles = {Role(role) for role in others.exclude(pk=membership.pk).values_list("role", flat=True)}
    left, mine = permissions_of(roles), permissions_of({Role(membership.role)})
    return [str(kind.label) for kind in waiting_kinds() if kind.permission in mine - left]
