"""What the shell of every staff page needs: the name of the room, where else one may go, and who one is."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from provinces import phrases
from provinces.access import Access
from provinces.permissions import Permission
from provinces.rooms import GROUPS


def desk_context(request: HttpRequest, **more: object) -> dict[str, object]:
    """Context of templates/desk_base.html for a person who has passed the gate, and what the page adds."""
    access: Access = request.access
    return {
        "desk_title": phrases.HQ_TITLE if access.scope and access.scope.everything else phrases.NAV_DESK,
        "desk_rooms": _navigation(_room_of(request.path), access.permissions),
        "desk_who": {
            "name": str(request.user),
            "role": "، ".join(sorted(role.label for role in access.roles)),
            "office": access.office_name,
            "acting": access.is_acting,
        },
        **more,
    }


@lru_cache(maxsize=512)
def _navigation(here: str, permissions: frozenset[Permission]) -> SafeString:
    """The rooms one may go to, as they stand twice on every page; `here` is the address of the room one is in."""
    desk_nav = []
    for group in GROUPS:
        links = [
            {"url": room.url, "label": room.label, "icon": room.icon, "current": room.url == here}
            for room in group.rooms
            if room.permission in permissions
        ]
        if links:
            desk_nav.append({"title": group.title, "links": links})
    return mark_safe(render_to_string("components/side_nav.html", {"desk_nav": desk_nav}))  # noqa: S308 - our own


def _room_of(path: str) -> str:
    """The longest address of a room that the path begins with."""
    return max(
        (r.url for group in GROUPS for r in group.rooms if path.startswith(r.url)), key=len, default=""
    )
