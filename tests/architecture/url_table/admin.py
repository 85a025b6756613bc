"""/admin/: one kind of page has one rule for all models; what a model may not is named. For the administrator only."""

from __future__ import annotations

from tests.architecture.url_table.visitors import (
    ADMINISTRATOR,
    Address,
    Statuses,
    admin_page,
    everyone,
    staff,
)

ADMIN_PAGES: dict[str, Statuses] = {
    "changelist": staff(ADMINISTRATOR),
    "add": staff(ADMINISTRATOR),
    "change": staff(ADMINISTRATOR),
    "history": staff(ADMINISTRATOR),
    "delete": staff(),
    "open": staff(ADMINISTRATOR, status=302),  # the address without a word behind the key
}
ADDED_IN_ADMIN = {
    "payments.denomination",
    "core.user", "provinces.office", "provinces.neighbourhood", "campaigns.fund", "campaigns.campaign",
    "campaigns.occasion", "payments.terminal", "payments.partner", "cases.carecategory", "aid.stockitem",
    "payments.mappingprofile", "payments.statementsource",
}  # fmt: skip
CHANGED_IN_ADMIN = ADDED_IN_ADMIN | {
    "provinces.county",
    "campaigns.box",
    "campaigns.channel",
    "payments.gatewaysetting",
}
ADDED_IN_ADMIN |= {"campaigns.placement"}  # made here, replaced or revoked with a reason, never edited

# Reference data that leaves and comes as a sheet.
EXCHANGED = (
    "provinces_county", "campaigns_fund", "campaigns_campaign", "cases_carecategory", "aid_stockitem",
    "payments_denomination",
)  # fmt: skip

# Pages of the admin beside those of the models, by URL name.
ADMIN_EXTRAS: list[Address] = [
    *(
        Address(f"admin:{model}_export_sheet", staff(ADMINISTRATOR), staff(ADMINISTRATOR, status=405))
        for model in EXCHANGED
    ),
    *(
        Address(f"admin:{model}_import_sheet", staff(ADMINISTRATOR), staff(ADMINISTRATOR))
        for model in EXCHANGED
    ),
    Address("admin:index", staff(ADMINISTRATOR), staff(ADMINISTRATOR)),
    Address("admin:login", everyone(302), everyone(302)),
    Address("admin:logout", staff(ADMINISTRATOR, status=405), staff(ADMINISTRATOR, status=302)),
    Address("admin:password_change", staff(ADMINISTRATOR, status=302), staff(ADMINISTRATOR, status=302)),
    Address("admin:password_change_done", staff(ADMINISTRATOR), staff(ADMINISTRATOR, status=405)),
    Address("admin:autocomplete", staff(), staff(ADMINISTRATOR, status=405)),  # without a field: 403
    Address("admin:jsi18n", staff(ADMINISTRATOR), staff(ADMINISTRATOR, status=405)),
    Address("admin:search", staff(ADMINISTRATOR), staff(ADMINISTRATOR)),
    Address(
        "admin:view_on_site",
        staff(ADMINISTRATOR, status=404),
        staff(ADMINISTRATOR, status=404),
        lambda w: {"content_type_id": 1, "object_id": 1},
    ),
    admin_page("admin:app_list", lambda w: {"app_label": "payments"}),
    admin_page("admin:auth_user_password_change", lambda w: {"id": w.person.pk}),
    admin_page("admin:core_user_second_factor", lambda w: {"object_id": w.person.pk}),
    admin_page("admin:campaigns_placement_revoke", lambda w: {"object_id": w.placement.pk}),
    admin_page("admin:campaigns_placement_replace", lambda w: {"object_id": w.placement.pk}),
    admin_page("admin:payments_terminal_switch", lambda w: {"object_id": w.proposal.terminal_id}),
    admin_page("admin:payments_terminalproposal_approve", lambda w: {"object_id": w.proposal.pk}),
    admin_page("admin:payments_terminalproposal_refuse", lambda w: {"object_id": w.proposal.pk}),
    admin_page("admin:payments_terminalproposal_withdraw", lambda w: {"object_id": w.proposal.pk}),
    admin_page(
        "admin:payments_mappingprofile_preview",
        lambda w: {"object_id": w.rows["payments.mappingprofile"].pk},
    ),
    admin_page("admin:payments_partner_new_key", lambda w: {"object_id": w.rows["payments.partner"].pk}),
    admin_page("admin:payments_partnerkey_rotate", lambda w: {"object_id": w.rows["payments.partnerkey"].pk}),
    admin_page("admin:payments_partnerkey_revoke", lambda w: {"object_id": w.rows["payments.partnerkey"].pk}),
    admin_page("admin:campaigns_stickerjob_file", lambda w: {"job_id": w.sheet.pk}),
]
