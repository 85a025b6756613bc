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
    IMPORT_STATEMENTS = "import_statements"
    VIEW_CASH = "view_cash"
    TAKE_CASH = "take_cash"
    CONFIRM_CASH = "confirm_cash"
    RECONCILE = "reconcile"
    DECIDE_MATCH = "decide_match"
    CLOSE_DAY = "close_day"
    CLOSE_UNCLEAN_DAY = "close_unclean_day"
    REOPEN_DAY = "reopen_day"
    MANAGE_PLACEMENTS = "manage_placements"
    VIEW_BOXES = "view_boxes"
    COUNT_BOXES = "count_boxes"
    MANAGE_EVENTS = "manage_events"
    VIEW_CHANNELS = "view_channels"
    PROPOSE_CHANNELS = "propose_channels"
    VERIFY_CHANNELS = "verify_channels"
    MANAGE_RATES = "manage_rates"
    MANAGE_OCCASIONS = "manage_occasions"
    USE_RUNBOOK = "use_runbook"
    MANAGE_RUNBOOK = "manage_runbook"
    VIEW_AID = "view_aid"
    ALLOCATE = "allocate"
    APPROVE_ALLOCATION = "approve_allocation"
    DELIVER = "deliver"
    VIEW_EVIDENCE = "view_evidence"
    VIEW_HEALTH = "view_health"
    VIEW_VOLUNTEERS = "view_volunteers"
    VET_VOLUNTEERS = "vet_volunteers"
    SHOW_NUMBERS = "show_numbers"
    VIEW_SHOWN_NUMBERS = "view_shown_numbers"
    WRITE_TO_VOLUNTEERS = "write_to_volunteers"
    MANAGE_SHIFTS = "manage_shifts"
    MANAGE_GROUPS = "manage_groups"
    IMPORT_VOLUNTEERS = "import_volunteers"
    VIEW_NETWORK = "view_network"
    MANAGE_SURGES = "manage_surges"
    VIEW_CARE = "view_care"
    ANSWER_DONORS = "answer_donors"
    LEAD_CARE = "lead_care"
    VIEW_NEEDS = "view_needs"
    FIND_NEEDS = "find_needs"
    VERIFY_NEEDS = "verify_needs"
    VIEW_CAMPAIGNS = "view_campaigns"
    MANAGE_CAMPAIGNS = "manage_campaigns"
    APPROVE_BRANCH = "approve_branch"
    MANAGE_EDITIONS = "manage_editions"
    APPROVE_EDITION = "approve_edition"
    PROPOSE_TERMINALS = "propose_terminals"
    DECIDE_TERMINALS = "decide_terminals"
    VIEW_STOCK = "view_stock"
    RECEIVE_GOODS = "receive_goods"
    APPRAISE = "appraise"
    MANAGE_STOCK = "manage_stock"
    MANAGE_PEOPLE = "manage_people"
    LEAD_PEOPLE = "lead_people"
    DECIDE_RESETS = "decide_resets"
    TELL_FIGURES = "tell_figures"
    VIEW_PARTNERS = "view_partners"
    MANAGE_PARTNERS = "manage_partners"
    VIEW_AGREEMENTS = "view_agreements"
    MANAGE_AGREEMENTS = "manage_agreements"
    RECORD_PROMISES = "record_promises"
    CONFIRM_PROMISES = "confirm_promises"
    KNOW_NEIGHBOURHOODS = "know_neighbourhoods"
    VIEW_GAPS = "view_gaps"
    USE_ADMIN = "use_admin"


_PROVINCIAL = {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.PROVINCIAL_ACCOUNTANT}
_HQ = {Role.HQ_ANALYST, Role.HQ_MANAGER, Role.HQ_ACCOUNTANT, Role.ADMINISTRATOR}
_TAKES_CASH = {
    Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_ACCOUNTANT, Role.HQ_ACCOUNTANT,
}  # fmt: skip
_CONFIRMS_CASH = {
    Role.PROVINCIAL_MANAGER, Role.PROVINCIAL_ACCOUNTANT, Role.HQ_MANAGER, Role.HQ_ACCOUNTANT,
}  # fmt: skip
_MINDS_VOLUNTEERS = {
    Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER,
}  # fmt: skip

_LOOKS_AFTER_PARTNERS = {
    Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.HQ_ANALYST, Role.HQ_MANAGER,
}  # fmt: skip

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
    Permission.IMPORT_STATEMENTS: {Role.PROVINCIAL_ACCOUNTANT, Role.HQ_ACCOUNTANT},
    Permission.REQUEST_REFUND: {Role.PROVINCIAL_ACCOUNTANT, Role.HQ_ACCOUNTANT},
    Permission.DECIDE_REFUND: {Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER, Role.HQ_ACCOUNTANT},
    Permission.VIEW_CASH: _TAKES_CASH | _CONFIRMS_CASH,
    Permission.TAKE_CASH: _TAKES_CASH,
    Permission.CONFIRM_CASH: _CONFIRMS_CASH,
    Permission.RECONCILE: {Role.PROVINCIAL_ACCOUNTANT, Role.HQ_ACCOUNTANT},
    Permission.DECIDE_MATCH: {
        Role.PROVINCIAL_MANAGER,
        Role.PROVINCIAL_ACCOUNTANT,
        Role.HQ_MANAGER,
        Role.HQ_ACCOUNTANT,
    },
    Permission.CLOSE_DAY: {
        Role.PROVINCIAL_MANAGER,
        Role.PROVINCIAL_ACCOUNTANT,
        Role.HQ_MANAGER,
        Role.HQ_ACCOUNTANT,
    },
    Permission.CLOSE_UNCLEAN_DAY: {Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER},
    Permission.REOPEN_DAY: {Role.HQ_MANAGER, Role.HQ_ACCOUNTANT},
    Permission.MANAGE_PLACEMENTS: {
        Role.COUNTY_OFFICER,
        Role.PROVINCIAL_EXPERT,
        Role.PROVINCIAL_MANAGER,
        Role.HQ_MANAGER,
    },
    Permission.MANAGE_EVENTS: {
        Role.COUNTY_OFFICER,
        Role.PROVINCIAL_EXPERT,
        Role.PROVINCIAL_MANAGER,
        Role.HQ_MANAGER,
    },
    Permission.VIEW_BOXES: _TAKES_CASH | _CONFIRMS_CASH,
    Permission.COUNT_BOXES: _TAKES_CASH | _CONFIRMS_CASH,  # whoever of two counts first, the other confirms
    Permission.VIEW_CHANNELS: _PROVINCIAL,
    Permission.PROPOSE_CHANNELS: {
        Role.PROVINCIAL_MANAGER,
        Role.PROVINCIAL_ACCOUNTANT,
        Role.HQ_MANAGER,
        Role.HQ_ACCOUNTANT,
    },
    Permission.VERIFY_CHANNELS: {Role.HQ_MANAGER, Role.HQ_ACCOUNTANT},
    Permission.MANAGE_RATES: {Role.HQ_MANAGER, Role.HQ_ACCOUNTANT},
    Permission.MANAGE_OCCASIONS: {Role.HQ_MANAGER},
    Permission.USE_RUNBOOK: {
        Role.COUNTY_OFFICER,
        Role.PROVINCIAL_EXPERT,
        Role.PROVINCIAL_MANAGER,
        Role.HQ_MANAGER,
    },
    Permission.MANAGE_RUNBOOK: {Role.HQ_MANAGER},
    Permission.VIEW_CARE: {
        Role.PROVINCIAL_EXPERT,
        Role.PROVINCIAL_MANAGER,
        Role.HQ_ANALYST,
        Role.HQ_MANAGER,
    },
    Permission.ANSWER_DONORS: {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER},
    Permission.LEAD_CARE: {Role.HQ_ANALYST, Role.HQ_MANAGER},
    Permission.VIEW_NEEDS: {
        Role.COUNTY_OFFICER,
        Role.PROVINCIAL_EXPERT,
        Role.PROVINCIAL_MANAGER,
        Role.HQ_ANALYST,
        Role.HQ_MANAGER,
    },
    Permission.FIND_NEEDS: {Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT},
    Permission.VERIFY_NEEDS: {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER},
    Permission.VIEW_AID: {Role.COUNTY_OFFICER} | _PROVINCIAL | _HQ,
    Permission.ALLOCATE: {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_ACCOUNTANT, Role.HQ_ACCOUNTANT},
    Permission.APPROVE_ALLOCATION: {Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER},
    Permission.DELIVER: {Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT, Role.HQ_ACCOUNTANT},
    Permission.VIEW_EVIDENCE: {
        Role.COUNTY_OFFICER,
        Role.PROVINCIAL_EXPERT,
        Role.PROVINCIAL_MANAGER,
        Role.HQ_MANAGER,
        Role.HQ_ACCOUNTANT,
    },
    Permission.VIEW_VOLUNTEERS: _MINDS_VOLUNTEERS,
    Permission.VET_VOLUNTEERS: {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER},
    Permission.SHOW_NUMBERS: {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER},
    Permission.VIEW_SHOWN_NUMBERS: {Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER},
    Permission.WRITE_TO_VOLUNTEERS: _MINDS_VOLUNTEERS,
    Permission.MANAGE_SHIFTS: _MINDS_VOLUNTEERS,
    Permission.MANAGE_GROUPS: {Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER},
    Permission.IMPORT_VOLUNTEERS: {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER},
    Permission.VIEW_NETWORK: {Role.HQ_ANALYST, Role.HQ_MANAGER},
    Permission.MANAGE_SURGES: {Role.HQ_MANAGER},
    Permission.VIEW_HEALTH: {Role.ADMINISTRATOR, Role.HQ_MANAGER},
    Permission.VIEW_CAMPAIGNS: _PROVINCIAL | _HQ,
    Permission.MANAGE_CAMPAIGNS: {
        Role.PROVINCIAL_EXPERT,
        Role.PROVINCIAL_MANAGER,
        Role.HQ_ANALYST,
        Role.HQ_MANAGER,
    },
    Permission.APPROVE_BRANCH: {Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER},
    Permission.MANAGE_EDITIONS: {Role.HQ_ANALYST, Role.HQ_MANAGER},
    Permission.APPROVE_EDITION: {Role.HQ_MANAGER},
    Permission.PROPOSE_TERMINALS: {Role.ADMINISTRATOR},
    Permission.DECIDE_TERMINALS: {Role.ADMINISTRATOR},
    Permission.VIEW_STOCK: {Role.COUNTY_OFFICER} | _PROVINCIAL | {Role.HQ_MANAGER, Role.HQ_ACCOUNTANT},
    Permission.RECEIVE_GOODS: {Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT, Role.HQ_ACCOUNTANT},
    Permission.APPRAISE: {
        Role.PROVINCIAL_MANAGER,
        Role.PROVINCIAL_ACCOUNTANT,
        Role.HQ_MANAGER,
        Role.HQ_ACCOUNTANT,
    },
    Permission.MANAGE_STOCK: {
        Role.COUNTY_OFFICER,
        Role.PROVINCIAL_EXPERT,
        Role.PROVINCIAL_ACCOUNTANT,
        Role.HQ_ACCOUNTANT,
    },
    Permission.MANAGE_PEOPLE: {Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER, Role.ADMINISTRATOR},
    Permission.LEAD_PEOPLE: {Role.HQ_MANAGER, Role.ADMINISTRATOR},
    Permission.DECIDE_RESETS: {Role.ADMINISTRATOR},
    Permission.TELL_FIGURES: {Role.HQ_ANALYST, Role.HQ_MANAGER},
    Permission.VIEW_PARTNERS: {Role.COUNTY_OFFICER} | _PROVINCIAL | _HQ,
    Permission.MANAGE_PARTNERS: _LOOKS_AFTER_PARTNERS,
    Permission.VIEW_AGREEMENTS: _PROVINCIAL | _HQ,
    Permission.MANAGE_AGREEMENTS: {Role.PROVINCIAL_MANAGER, Role.HQ_ANALYST, Role.HQ_MANAGER},
    Permission.RECORD_PROMISES: {Role.COUNTY_OFFICER} | _LOOKS_AFTER_PARTNERS,
    Permission.CONFIRM_PROMISES: {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER},
    Permission.KNOW_NEIGHBOURHOODS: {Role.COUNTY_OFFICER} | _LOOKS_AFTER_PARTNERS,
    Permission.VIEW_GAPS: {Role.COUNTY_OFFICER} | _PROVINCIAL | _HQ,
    Permission.USE_ADMIN: {Role.ADMINISTRATOR},
}


# Who may ask a colleague into which role; always inside the giver's own province or county, never to oneself.
MAY_GIVE: dict[Role, set[Role]] = {
    Role.PROVINCIAL_MANAGER: {
        Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_ACCOUNTANT,
    },
    Role.HQ_MANAGER: {Role.COUNTY_OFFICER, Role.HQ_ANALYST, Role.HQ_ACCOUNTANT} | _PROVINCIAL,
    Role.ADMINISTRATOR: set(Role),
}  # fmt: skip


def permissions_of(roles: set[Role]) -> set[Permission]:
    """Everything that somebody with these roles may do."""
    return {permission for permission, holders in ROLES.items() if holders & roles}
