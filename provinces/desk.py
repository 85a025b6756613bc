"""What the shell of every staff page needs: the name of the room, where else one may go, and who one is."""

from __future__ import annotations

from django.http import HttpRequest

from provinces import phrases
from provinces.access import Access
from provinces.rooms import GROUPS


def desk_context(request: HttpRequest, **more: object) -> dict[str, object]:
    """Context of templates/desk_base.html for a person who has passed the gate, and what the page adds."""
    access: Access = request.access
    return {
        "desk_title": phrases.HQ_TITLE if access.scope and access.scope.everything else phrases.NAV_DESK,
        "desk_nav": _navigation(request.path, access),
        "desk_who": {
            "name": str(request.user),
            "role": "، ".join(sorted(role.label for role in access.roles)),
            "office": access.office_name,
            "acting": access.is_acting,
        },
        **more,
    }


def _navigation(path: str, access: Access) -> list[dict[str, object]]:
    here = _room_of(path)
    groups = []
    for group in GROUPS:
        links = [
            {"url": room.url, "label": room.label, "icon": room.icon, "current": room.url == here}
            for room in group.rooms
            if access.may(room.permission)
        ]
        if links:
            groups.append({"title": group.title, "links": links})
    return groups


def _room_of(path: str) -> str:
    """The longest address of a room that the path begins with."""
    return max(
        (r.url for group in GROUPS for r in group.rooms if path.startswith(r.url)), key=len, default=""
    )
