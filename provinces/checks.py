"""What must be true of people and their work."""

from __future__ import annotations

from collections.abc import Iterator

from core.invariants import invariant
from provinces.access import Access, access_by, in_force
from provinces.models import Membership
from provinces.scoping import all_provinces
from provinces.work import Owned, owned_kinds


@invariant("people: open work belongs to somebody in office where it lies, or to nobody")
@all_provinces("looking for orphaned work")
def open_work_has_an_owner_in_office() -> Iterator[str]:
    """Two queries and one for each kind. What nobody owns stands in the queue of its office; an account that never
    held an office has none to leave."""
    found = []
    once = set(Membership.objects.values_list("user", flat=True))
    accesses = _accesses()
    for kind in owned_kinds():
        for pk, owner, place in _owned_rows(kind):
            if owner in once and not _is_there(kind, place, accesses.get(owner, Access())):
                found.append(f"{kind.key} #{pk}: person {owner} has no membership there")
    return iter(found)


def _is_there(kind: Owned, place: tuple[str | None, str | None], access: Access) -> bool:
    """Whether the person works where the row lies; what exactly they may do is asked when work is handed over."""
    if access.scope is None:
        return False
    return access.scope.holds(*place) or (kind.by_province and place[0] in access.home_provinces)


def _owned_rows(kind: Owned) -> Iterator[tuple[int, int, tuple]]:
    province, county = kind.places()
    rows = kind.rows(**{f"{kind.field}__isnull": False})
    for pk, owner, *place in rows.values_list("pk", kind.field, province, *([county] if county else [])):
        yield pk, owner, (*place, None)[:2]


def _accesses() -> dict[int, Access]:
    """What each person in office may do today."""
    people: dict[int, list[Membership]] = {}
    living = Membership.objects.filter(in_force(), user__is_active=True).select_related("office")
    for membership in living.order_by("starts_on"):
        people.setdefault(membership.user_id, []).append(membership)
    return {user: access_by(memberships) for user, memberships in people.items()}
