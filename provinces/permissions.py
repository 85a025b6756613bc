"""Who may do what: one table. A role that is not in a row may not."""

from enum import StrEnum

from provinces.enums import Role


class Permission(StrEnum):
    VIEW_DESK = "view_desk"
    VIEW_HQ = "view_hq"
    VIEW_CASES = "view_cases"
    DECIDE_CASES = "decide_cases"
    VIEW_PAYMENTS = "view_payments"
    REQUEST_REFUND = "request_refund"
    DECIDE_REFUND = "decide_refund"
    MANAGE_PLACEMENTS = "manage_placements"
    VIEW_VOLUNTEERS = "view_volunteers"
    USE_ADMIN = "use_admin"


_PROVINCIAL = {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.PROVINCIAL_ACCOUNTANT}
_HQ = {Role.HQ_ANALYST, Role.HQ_MANAGER, Role.HQ_ACCOUNTANT, Role.ADMINISTRATOR}

ROLES: dict[Permission, set[Role]] = {
    Permission.VIEW_DESK: {Role.COUNTY_OFFICER} | _PROVINCIAL | _HQ,
    Permission.VIEW_HQ: _HQ,
    Permission.VIEW_CASES: {
        Role.PROVINCIAL_MANAGER,
        Role.PROVINCIAL_ACCOUNTANT,
        Role.HQ_MANAGER,
        Role.HQ_ACCOUNTANT,
    },
    Permission.DECIDE_CASES: {Role.PROVINCIAL_ACCOUNTANT, Role.HQ_ACCOUNTANT},
    Permission.VIEW_PAYMENTS: {
        Role.PROVINCIAL_MANAGER,
        Role.PROVINCIAL_ACCOUNTANT,
        Role.HQ_MANAGER,
        Role.HQ_ACCOUNTANT,
    },
    Permission.REQUEST_REFUND: {Role.PROVINCIAL_ACCOUNTANT, Role.HQ_ACCOUNTANT},
    Permission.DECIDE_REFUND: {Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER, Role.HQ_ACCOUNTANT},
    Permission.MANAGE_PLACEMENTS: {
        Role.COUNTY_OFFICER,
        Role.PROVINCIAL_EXPERT,
        Role.PROVINCIAL_MANAGER,
        Role.HQ_MANAGER,
    },
    Permission.VIEW_VOLUNTEERS: {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER},
    Permission.USE_ADMIN: {Role.ADMINISTRATOR},
}


def permissions_of(roles: set[Role]) -> set[Permission]:
    """Everything that somebody with these roles may do."""
    return {permission for permission, holders in ROLES.items() if holders & roles}
