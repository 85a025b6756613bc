"""What the person who is signed in may do and see: the gate before every staff page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from core.jalali import tehran_today
from provinces.enums import OfficeLevel, Role
from provinces.models import Membership
from provinces.permissions import Permission, permissions_of
from provinces.scoping import Scope, all_provinces


@dataclass(frozen=True)
class Access:
    """The permissions and the scope a person holds today, by memberships that are in force."""

    permissions: frozenset[Permission] = frozenset()
    scope: Scope | None = None
    roles: frozenset[Role] = frozenset()
    is_acting: bool = False
    office_name: str = ""
    home_provinces: frozenset[str] = frozenset()

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def access_of(user) -> Access:
    """Read a person's memberships of today (one query) and add up what they give. Nobody: nothing."""
    if not user.is_authenticated or not user.is_active:
        return Access()
    return access_by(memberships_of(user))


def memberships_of(user) -> list[Membership]:
    """The memberships of a person that are in force today, wherever they are."""
    with all_provinces("reading one's own memberships"):
        found = Membership.objects.filter(in_force(), user=user)
        return list(found.select_related("office").order_by("starts_on"))


def in_force(day: date | None = None) -> Q:
    """The condition of memberships that are in force on a day (today)."""
    day = day or tehran_today()
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def access_by(memberships: Sequence[Membership]) -> Access:
    """What these memberships, with their offices, give together."""
    if not memberships:
        return Access()
    roles = frozenset(Role(m.role) for m in memberships)
    return Access(
        permissions=frozenset(permissions_of(set(roles))),
        scope=scope_of(memberships),
        roles=roles,
        is_acting=any(m.is_acting for m in memberships),
        office_name=memberships[-1].office.name,
        home_provinces=frozenset(m.office.province_id for m in memberships if m.office.province_id),
    )


def scope_of(memberships: Sequence[Membership]) -> Scope:
    """Where these memberships reach."""
    offices = [m.office for m in memberships]
    return Scope(
        everything=any(o.level == OfficeLevel.HQ for o in offices),
        provinces=frozenset(o.province_id for o in offices if o.level == OfficeLevel.PROVINCE),
        counties=frozenset(o.county_id for o in offices if o.level == OfficeLevel.COUNTY),
        reason="memberships",
    )


def needs(permission: Permission) -> Callable:
    """Let only staff with `permission` in: strangers and those without a second factor go to /login/,
    others get 403."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not is_signed_in_with_second_factor(request.user):
                return redirect_to_login(request.get_full_path())
            if not request.access.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return decorate


def is_signed_in_with_second_factor(user) -> bool:
    return user.is_authenticated and user.is_active and user.is_verified()
