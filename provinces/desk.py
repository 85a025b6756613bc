"""What the shell of every staff page needs: the name of the room, where else one may go, and who one is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

from provinces import people_phrases, phrases
from provinces.access import Access
from provinces.permissions import Permission


@dataclass(frozen=True)
class DeskRoom:
    """A room of the workspaces; shown to those who hold the permission."""

    permission: Permission
    url: str
    label: Promise
    icon: str
    group: Promise | str = ""


# The addresses are fixed by the design; each room's own urls module serves them.
ROOMS = (
    DeskRoom(Permission.VIEW_DESK, "/desk/", phrases.NAV_DESK, "chart"),
    DeskRoom(Permission.VIEW_CASH, "/desk/counter/", phrases.NAV_COUNTER, "hand"),
    DeskRoom(Permission.VIEW_STOCK, "/desk/in-kind/", phrases.NAV_IN_KIND, "hand"),
    DeskRoom(Permission.VIEW_STOCK, "/desk/stock/", phrases.NAV_STOCK, "box"),
    DeskRoom(Permission.VIEW_CAMPAIGNS, "/desk/campaigns/", phrases.NAV_CAMPAIGNS, "sprout"),
    DeskRoom(Permission.MANAGE_EVENTS, "/desk/events/", phrases.NAV_EVENTS, "calendar"),
    DeskRoom(Permission.VIEW_BOXES, "/desk/boxes/", phrases.NAV_BOXES, "qr"),
    DeskRoom(Permission.MANAGE_PLACEMENTS, "/desk/codes/", phrases.NAV_CODES, "print"),
    DeskRoom(Permission.VIEW_NEEDS, "/desk/needs/", phrases.NAV_NEEDS, "heart"),
    DeskRoom(Permission.VIEW_GAPS, "/desk/map/", phrases.NAV_GAPS, "map"),
    DeskRoom(Permission.VIEW_PARTNERS, "/desk/partners/", phrases.NAV_PARTNERS, "user"),
    DeskRoom(Permission.VIEW_AGREEMENTS, "/desk/agreements/", phrases.NAV_AGREEMENTS, "receipt"),
    DeskRoom(Permission.VIEW_PARTNERS, "/desk/promises/", phrases.NAV_PROMISES, "hand"),
    DeskRoom(Permission.VIEW_PARTNERS, "/desk/neighbourhoods/", phrases.NAV_NEIGHBOURHOODS, "map"),
    DeskRoom(Permission.VIEW_CARE, "/desk/care/", phrases.NAV_CARE, "user"),
    DeskRoom(Permission.VIEW_AID, "/desk/aid/", phrases.NAV_AID, "hand"),
    DeskRoom(Permission.VIEW_VOLUNTEERS, "/desk/volunteers/", phrases.NAV_VOLUNTEERS, "users"),
    DeskRoom(Permission.VIEW_CASES, "/desk/cases/", phrases.NAV_CASES, "review"),
    DeskRoom(Permission.VIEW_PAYMENTS, "/desk/payments/", phrases.NAV_PAYMENTS, "card"),
    DeskRoom(Permission.VIEW_PAYMENTS, "/desk/refunds/", phrases.NAV_REFUNDS, "refund"),
    DeskRoom(Permission.VIEW_PAYMENTS, "/desk/statements/", phrases.NAV_STATEMENTS, "receipt"),
    DeskRoom(Permission.VIEW_PAYMENTS, "/desk/reconciliation/", phrases.NAV_RECONCILIATION, "check"),
    DeskRoom(Permission.VIEW_PAYMENTS, "/desk/claims/", phrases.NAV_CLAIMS, "phone"),
    DeskRoom(Permission.VIEW_CHANNELS, "/desk/channels/", phrases.NAV_CHANNELS, "phone"),
    DeskRoom(Permission.USE_RUNBOOK, "/desk/runbook/", phrases.NAV_RUNBOOK, "check"),
    DeskRoom(Permission.MANAGE_PEOPLE, "/desk/people/", people_phrases.PEOPLE, "users"),
    DeskRoom(Permission.VIEW_HQ, "/hq/", phrases.NAV_HQ, "map", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HQ, "/hq/report/", phrases.NAV_REPORT, "receipt", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HQ, "/hq/fair-share/", phrases.NAV_FAIR_SHARE, "users", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HQ, "/hq/small-gifts/", phrases.NAV_SMALL_GIFTS, "heart", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HQ, "/hq/public-figures/", phrases.NAV_TOLD, "review", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HQ, "/hq/map/", phrases.NAV_GAPS_HQ, "map", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HQ, "/hq/partners/", phrases.NAV_PARTNERS_HQ, "user", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HQ, "/hq/campaigns/", phrases.NAV_CAMPAIGNS_HQ, "sprout", phrases.NAV_GROUP_HQ),
    DeskRoom(
        Permission.VIEW_HQ,
        "/hq/reconciliation/",
        phrases.NAV_HQ_RECONCILIATION,
        "check",
        phrases.NAV_GROUP_HQ,
    ),
    DeskRoom(Permission.VIEW_HQ, "/hq/channels/", phrases.NAV_CHANNELS, "phone", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HQ, "/hq/runbook/", phrases.NAV_RUNBOOK, "check", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HQ, "/hq/occasions/", phrases.NAV_OCCASIONS, "calendar", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HQ, "/hq/rates/", phrases.NAV_RATES, "hand", phrases.NAV_GROUP_HQ),
    DeskRoom(
        Permission.VIEW_NETWORK, "/hq/volunteers/", phrases.NAV_VOLUNTEERS_HQ, "users", phrases.NAV_GROUP_HQ
    ),
    DeskRoom(Permission.LEAD_CARE, "/hq/care/", phrases.NAV_CARE_HQ, "user", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.LEAD_PEOPLE, "/hq/people/", people_phrases.PEOPLE_HQ, "users", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_HEALTH, "/hq/health/", phrases.NAV_HEALTH, "check", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.USE_ADMIN, "/admin/", phrases.NAV_ADMIN, "lock", phrases.NAV_GROUP_HQ),
    DeskRoom(Permission.VIEW_DESK, "/staff/reminders/", phrases.NAV_REMINDERS, "bell", phrases.NAV_GROUP_OWN),
    DeskRoom(Permission.VIEW_DESK, "/staff/password/", phrases.NAV_PASSWORD, "lock", phrases.NAV_GROUP_OWN),
    DeskRoom(
        Permission.VIEW_DESK, "/staff/sessions/", people_phrases.SESSIONS, "phone", phrases.NAV_GROUP_OWN
    ),
    DeskRoom(
        Permission.VIEW_DESK, "/staff/recovery/", people_phrases.RECOVERY, "shield", phrases.NAV_GROUP_OWN
    ),
)


def desk_context(request: HttpRequest, **more: object) -> dict[str, object]:
    """Context of templates/desk_base.html for a person who has passed the gate, and what the page adds."""
    access: Access = request.access
    return {
        "desk_title": phrases.HQ_TITLE if access.scope and access.scope.everything else phrases.NAV_DESK,
        "desk_rooms": _navigation(_current(request.path), access.permissions),
        "desk_who": {
            "name": str(request.user),
            "role": "، ".join(sorted(role.label for role in access.roles)),
            "office": access.office_name,
            "acting": access.is_acting,
        },
        **more,
    }


@lru_cache(maxsize=512)
def _navigation(current: str, permissions: frozenset[Permission]) -> SafeString:
    """The rooms one may go to, as they stand twice on every page; `current` is the address of the room one is in."""
    groups: dict[str, list[dict[str, object]]] = {}
    for room in ROOMS:
        if room.permission in permissions:
            link = {"url": room.url, "label": room.label, "icon": room.icon, "current": room.url == current}
            groups.setdefault(str(room.group), []).append(link)
    desk_nav = [{"title": title, "links": links} for title, links in groups.items()]
    return mark_safe(render_to_string("components/side_nav.html", {"desk_nav": desk_nav}))  # noqa: S308 - our own


def _current(path: str) -> str:
    """The room of the longest address that the path begins with."""
    return max((room.url for room in ROOMS if path.startswith(room.url)), key=len, default="")
