"""The rooms of the workspaces, in the order of a day's work; each is shown to those who hold its permission.

The addresses are fixed by the design; each room's own urls module serves them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from provinces import people_phrases, phrases
from provinces.permissions import Permission


@dataclass(frozen=True)
class DeskRoom:
    """One link of the navigation."""

    permission: Permission
    url: str
    label: Promise
    icon: str


@dataclass(frozen=True)
class RoomGroup:
    """Rooms of one kind of work; the first group needs no title."""

    title: Promise | str
    rooms: tuple[DeskRoom, ...]


GROUPS = (
    RoomGroup(
        "",
        (
            DeskRoom(Permission.VIEW_DESK, "/desk/", phrases.NAV_DESK, "chart"),
            DeskRoom(Permission.VIEW_CASES, "/desk/cases/", phrases.NAV_CASES, "review"),
        ),
    ),
    RoomGroup(
        phrases.NAV_GROUP_HQ,
        (
            DeskRoom(Permission.VIEW_HQ, "/hq/", phrases.NAV_HQ, "map"),
            DeskRoom(Permission.VIEW_HQ, "/hq/report/", phrases.NAV_REPORT, "receipt"),
            DeskRoom(Permission.VIEW_HQ, "/hq/fair-share/", phrases.NAV_FAIR_SHARE, "users"),
            DeskRoom(Permission.VIEW_HQ, "/hq/small-gifts/", phrases.NAV_SMALL_GIFTS, "heart"),
            DeskRoom(Permission.VIEW_HQ, "/hq/public-figures/", phrases.NAV_TOLD, "review"),
            DeskRoom(Permission.VIEW_HQ, "/hq/map/", phrases.NAV_GAPS_HQ, "map"),
            DeskRoom(Permission.VIEW_HQ, "/hq/partners/", phrases.NAV_PARTNERS_HQ, "user"),
            DeskRoom(Permission.VIEW_NETWORK, "/hq/volunteers/", phrases.NAV_VOLUNTEERS_HQ, "users"),
            DeskRoom(Permission.LEAD_CARE, "/hq/care/", phrases.NAV_CARE_HQ, "user"),
            DeskRoom(Permission.VIEW_HQ, "/hq/reconciliation/", phrases.NAV_HQ_RECONCILIATION, "check"),
        ),
    ),
    RoomGroup(
        phrases.NAV_GROUP_HQ_SEASON,
        (
            DeskRoom(Permission.VIEW_HQ, "/hq/campaigns/", phrases.NAV_CAMPAIGNS_HQ, "sprout"),
            DeskRoom(Permission.VIEW_HQ, "/hq/runbook/", phrases.NAV_RUNBOOK, "check"),
            DeskRoom(Permission.VIEW_HQ, "/hq/occasions/", phrases.NAV_OCCASIONS, "calendar"),
            DeskRoom(Permission.VIEW_HQ, "/hq/rates/", phrases.NAV_RATES, "hand"),
            DeskRoom(Permission.VIEW_HQ, "/hq/channels/", phrases.NAV_CHANNELS, "phone"),
        ),
    ),
    RoomGroup(
        phrases.NAV_GROUP_MONEY,
        (
            DeskRoom(Permission.VIEW_CASH, "/desk/counter/", phrases.NAV_COUNTER, "hand"),
            DeskRoom(Permission.VIEW_PAYMENTS, "/desk/payments/", phrases.NAV_PAYMENTS, "card"),
            DeskRoom(Permission.VIEW_PAYMENTS, "/desk/refunds/", phrases.NAV_REFUNDS, "refund"),
            DeskRoom(Permission.VIEW_PAYMENTS, "/desk/statements/", phrases.NAV_STATEMENTS, "receipt"),
            DeskRoom(Permission.VIEW_PAYMENTS, "/desk/reconciliation/", phrases.NAV_RECONCILIATION, "check"),
            DeskRoom(Permission.VIEW_PAYMENTS, "/desk/claims/", phrases.NAV_CLAIMS, "phone"),
            DeskRoom(Permission.VIEW_CHANNELS, "/desk/channels/", phrases.NAV_CHANNELS, "phone"),
        ),
    ),
    RoomGroup(
        phrases.NAV_GROUP_SEASON,
        (
            DeskRoom(Permission.VIEW_CAMPAIGNS, "/desk/campaigns/", phrases.NAV_CAMPAIGNS, "sprout"),
            DeskRoom(Permission.USE_RUNBOOK, "/desk/runbook/", phrases.NAV_RUNBOOK, "check"),
            DeskRoom(Permission.MANAGE_EVENTS, "/desk/events/", phrases.NAV_EVENTS, "calendar"),
            DeskRoom(Permission.VIEW_BOXES, "/desk/boxes/", phrases.NAV_BOXES, "qr"),
            DeskRoom(Permission.MANAGE_PLACEMENTS, "/desk/codes/", phrases.NAV_CODES, "print"),
        ),
    ),
    RoomGroup(
        phrases.NAV_GROUP_AID,
        (
            DeskRoom(Permission.VIEW_NEEDS, "/desk/needs/", phrases.NAV_NEEDS, "heart"),
            DeskRoom(Permission.VIEW_AID, "/desk/aid/", phrases.NAV_AID, "hand"),
            DeskRoom(Permission.VIEW_STOCK, "/desk/in-kind/", phrases.NAV_IN_KIND, "sprout"),
            DeskRoom(Permission.VIEW_STOCK, "/desk/stock/", phrases.NAV_STOCK, "box"),
            DeskRoom(Permission.VIEW_GAPS, "/desk/map/", phrases.NAV_GAPS, "map"),
        ),
    ),
    RoomGroup(
        phrases.NAV_GROUP_PEOPLE,
        (
            DeskRoom(Permission.VIEW_CARE, "/desk/care/", phrases.NAV_CARE, "user"),
            DeskRoom(Permission.VIEW_VOLUNTEERS, "/desk/volunteers/", phrases.NAV_VOLUNTEERS, "users"),
            DeskRoom(Permission.VIEW_PARTNERS, "/desk/partners/", phrases.NAV_PARTNERS, "user"),
            DeskRoom(Permission.VIEW_AGREEMENTS, "/desk/agreements/", phrases.NAV_AGREEMENTS, "receipt"),
            DeskRoom(Permission.VIEW_PARTNERS, "/desk/promises/", phrases.NAV_PROMISES, "hand"),
            DeskRoom(Permission.VIEW_PARTNERS, "/desk/neighbourhoods/", phrases.NAV_NEIGHBOURHOODS, "map"),
            DeskRoom(Permission.MANAGE_PEOPLE, "/desk/people/", people_phrases.PEOPLE, "users"),
        ),
    ),
    RoomGroup(
        phrases.NAV_GROUP_ADMIN,
        (
            DeskRoom(Permission.LEAD_PEOPLE, "/hq/people/", people_phrases.PEOPLE_HQ, "users"),
            DeskRoom(Permission.VIEW_HEALTH, "/hq/health/", phrases.NAV_HEALTH, "check"),
            DeskRoom(Permission.USE_ADMIN, "/admin/", phrases.NAV_ADMIN, "lock"),
        ),
    ),
    RoomGroup(
        phrases.NAV_GROUP_OWN,
        (
            DeskRoom(Permission.VIEW_DESK, "/staff/reminders/", phrases.NAV_REMINDERS, "bell"),
            DeskRoom(Permission.VIEW_DESK, "/staff/password/", phrases.NAV_PASSWORD, "lock"),
            DeskRoom(Permission.VIEW_DESK, "/staff/sessions/", people_phrases.SESSIONS, "phone"),
            DeskRoom(Permission.VIEW_DESK, "/staff/recovery/", people_phrases.RECOVERY, "shield"),
        ),
    ),
)
