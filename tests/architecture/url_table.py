"""Who gets which answer at which address. An address that is not here fails the tests.

A row is an address by its URL name, how an example of it is made from a small world of rows (all of Tehran province
and of one of its counties), and the status for each kind of visitor by GET and, where it takes forms, by POST.
Statuses are written out here, not read from provinces.permissions: two people must change two tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from campaigns.models import GivingRate, Occasion
from core.jalali import iso_jalali
from dashboards.models import ToldFigure
from provinces.enums import Role

STRANGER, PASSWORD_ONLY, ENDED = "stranger", "signed in without second factor", "membership ended"
VISITORS: tuple[str, ...] = (STRANGER, PASSWORD_ONLY, ENDED, *Role.values)

OFFICER, EXPERT, MANAGER, ACCOUNTANT = (
    Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.PROVINCIAL_ACCOUNTANT,
)  # fmt: skip
HQ_ANALYST, HQ_MANAGER, HQ_ACCOUNTANT, ADMINISTRATOR = (
    Role.HQ_ANALYST, Role.HQ_MANAGER, Role.HQ_ACCOUNTANT, Role.ADMINISTRATOR,
)  # fmt: skip
TELLS_FIGURES = (HQ_ANALYST, HQ_MANAGER)
HQ = (HQ_ANALYST, HQ_MANAGER, HQ_ACCOUNTANT, ADMINISTRATOR)
PROVINCIAL = (EXPERT, MANAGER, ACCOUNTANT)

Statuses = dict[str, int]
TO_LOGIN, FORBIDDEN = 302, 403


def everyone(status: int = 200) -> Statuses:
    return dict.fromkeys(VISITORS, status)


def staff(*roles: Role, status: int = 200, **others: int) -> Statuses:
    """`status` for these roles; the door for strangers; 403 for all other staff. `others` by role value."""
    answers = dict.fromkeys(VISITORS, FORBIDDEN) | {STRANGER: TO_LOGIN, PASSWORD_ONLY: TO_LOGIN}
    return answers | {str(role): status for role in roles} | others


def signed_in(status: int, **others: int) -> Statuses:
    """`status` for whoever has come in with both factors, in office or not."""
    return dict.fromkeys(VISITORS, status) | {STRANGER: TO_LOGIN, PASSWORD_ONLY: TO_LOGIN} | others


@dataclass(frozen=True)
class Address:
    name: str
    get: Statuses
    post: Statuses = field(default_factory=lambda: everyone(405))
    example: Callable[[Any], dict[str, Any]] = lambda world: {}


def public(name: str, example=lambda world: {}, *, get: int = 200, post: int | None = 405) -> Address:
    """The same answer for everybody."""
    return Address(name, everyone(get), everyone(post), example)


def desk(name: str, looks: tuple, acts: tuple = (), example=lambda world: {}) -> Address:
    """A page that `looks` may read and whose form `acts` may send; without `acts` it takes no form."""
    return Address(name, staff(*looks), staff(*acts) if acts else staff(*looks, status=405), example)


def _admin(name: str, example: Callable[[Any], dict[str, Any]]) -> Address:
    return Address(name, staff(ADMINISTRATOR), staff(ADMINISTRATOR), example)


PLACES_BOXES = (OFFICER, EXPERT, MANAGER, HQ_MANAGER)
SEES_CARE = (EXPERT, MANAGER, HQ_ANALYST, HQ_MANAGER)
ANSWERS_DONORS = (EXPERT, MANAGER, HQ_MANAGER)
USES_RUNBOOK = (OFFICER, EXPERT, MANAGER, HQ_MANAGER)
SEES_NEEDS = (OFFICER, EXPERT, MANAGER, HQ_ANALYST, HQ_MANAGER)
FINDS_NEEDS = (OFFICER, EXPERT)
SEES_MONEY = (MANAGER, ACCOUNTANT, HQ_MANAGER, HQ_ACCOUNTANT)
MINDS_CHANNELS = (MANAGER, ACCOUNTANT, HQ_MANAGER, HQ_ACCOUNTANT)
KEEPS_BOOKS = (ACCOUNTANT, HQ_ACCOUNTANT)
TAKES_CASH = (OFFICER, EXPERT, ACCOUNTANT, HQ_ACCOUNTANT)
CONFIRMS_CASH = (MANAGER, ACCOUNTANT, HQ_MANAGER, HQ_ACCOUNTANT)
SEES_CAMPAIGNS = (*PROVINCIAL, *HQ)
MAKES_CAMPAIGNS = (EXPERT, MANAGER, HQ_ANALYST, HQ_MANAGER)
APPROVES_BRANCHES = (MANAGER, HQ_MANAGER)
MAKES_EDITIONS = (HQ_ANALYST, HQ_MANAGER)
SEES_CASH = (OFFICER, *PROVINCIAL, HQ_MANAGER, HQ_ACCOUNTANT)

LEADS = (MANAGER, HQ_MANAGER, ADMINISTRATOR)
SEES_GOODS = (OFFICER, *PROVINCIAL, HQ_MANAGER, HQ_ACCOUNTANT)
TAKES_GOODS = (OFFICER, EXPERT, HQ_ACCOUNTANT)
KEEPS_STOCK = (OFFICER, EXPERT, ACCOUNTANT, HQ_ACCOUNTANT)


def _of_branch(world: Any) -> dict[str, Any]:
    return {"branch_id": world.branch.pk}


def _of_edition(world: Any) -> dict[str, Any]:
    return {"edition_id": world.branch.edition_id}


SEES_PARTNERS = (OFFICER, *PROVINCIAL, *HQ)
MINDS_PARTNERS = (EXPERT, MANAGER, HQ_ANALYST, HQ_MANAGER)
RECORDS_PROMISES = (OFFICER, *MINDS_PARTNERS)
SEES_AGREEMENTS = (*PROVINCIAL, *HQ)
MAKES_AGREEMENTS = (MANAGER, HQ_ANALYST, HQ_MANAGER)


def _of_partner(world: Any) -> dict[str, Any]:
    return {"partner_id": world.rows["partnerships.partner"].pk}


def _county_of(world: Any) -> str:
    return world.rows["partnerships.communityasset"].county_id


def _of_agreement(world: Any) -> dict[str, Any]:
    return {"agreement_id": world.rows["partnerships.agreement"].pk}


SEES_AID = (OFFICER, *PROVINCIAL, *HQ)
ALLOCATES = (EXPERT, ACCOUNTANT, HQ_ACCOUNTANT)
DELIVERS = (OFFICER, EXPERT, HQ_ACCOUNTANT)

MINDS_VOLUNTEERS = (OFFICER, EXPERT, MANAGER, HQ_MANAGER)
VETS = (EXPERT, MANAGER, HQ_MANAGER)


def of_network(key: str, model: str) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {key: world.rows[f"volunteers.{model}"].pk}


def acting(name: str, looks: tuple, example=lambda world: {}) -> Address:
    """A page of small forms: sent without an act, it leads back to itself."""
    return Address(name, staff(*looks), staff(*looks, status=303), example)


NETWORK: list[Address] = [
    desk("volunteers-desk", MINDS_VOLUNTEERS),
    acting("volunteer-desk", MINDS_VOLUNTEERS, of_network("volunteer_id", "volunteer")),
    desk("volunteer-document", VETS, example=of_network("document_id", "volunteerdocument")),
    desk("shown-numbers", (MANAGER, HQ_MANAGER)),
    desk("groups-desk", MINDS_VOLUNTEERS),
    desk("group-new", (OFFICER, EXPERT, MANAGER), (OFFICER, EXPERT, MANAGER)),
    acting("group-desk", MINDS_VOLUNTEERS, of_network("group_id", "volunteergroup")),
    desk("opportunities-desk", MINDS_VOLUNTEERS),
    desk("opportunity-new", MINDS_VOLUNTEERS, MINDS_VOLUNTEERS),
    acting("opportunity-desk", MINDS_VOLUNTEERS, of_network("opportunity_id", "opportunity")),
    desk("opportunity-edit", MINDS_VOLUNTEERS, MINDS_VOLUNTEERS, of_network("opportunity_id", "opportunity")),
    acting("shift-desk", MINDS_VOLUNTEERS, of_network("shift_id", "shift")),
    desk(
        "volunteer-check-in",  # before the shift's day nobody is let in
        MINDS_VOLUNTEERS,
        MINDS_VOLUNTEERS,
        lambda w: {"code": w.rows["volunteers.assignment"].code},
    ),
    public("opportunity", of_network("opportunity_id", "opportunity")),
    public("certificate-check", lambda w: {"code": w.rows["volunteers.certificate"].code}, post=422),
    desk("registries-desk", VETS, VETS),
    acting("registry-desk", VETS, of_network("registry_id", "registryimport")),
    desk("registry-progress", VETS, example=of_network("registry_id", "registryimport")),
    desk("registry-report", VETS, example=of_network("registry_id", "registryimport")),
    desk("duplicates-desk", VETS),
    acting("duplicate-desk", VETS, of_network("duplicate_id", "duplicate")),
    public("join-merge", get=302, post=302),
    public("surges"),
    public("surge", of_network("surge_id", "surge")),
    public("join-quick-sign-in", post=422),
    public("join-quick-code", get=302, post=302),
    public("join-quick", get=302, post=302),
    desk("hq-volunteers", (HQ_ANALYST, HQ_MANAGER)),
    desk("hq-volunteers-file", (HQ_ANALYST, HQ_MANAGER), example=lambda w: {"form": "csv"}),
    desk("hq-surges", (HQ_ANALYST, HQ_MANAGER), (HQ_MANAGER,)),
    acting("hq-surge", (HQ_ANALYST, HQ_MANAGER), of_network("surge_id", "surge")),
    desk("hq-surge-figures", (HQ_ANALYST, HQ_MANAGER), example=of_network("surge_id", "surge")),
    # nobody here has proved a number
    public("me-volunteering", get=302),
    public("me-profile", get=302, post=302),
    public("me-activity", get=405, post=302),
    public("me-consent", get=405, post=302),
    public("me-shift", of_network("shift_id", "shift"), get=302, post=302),
    public("me-lead", of_network("shift_id", "shift"), get=302, post=302),
    public("attend", lambda w: {"code": w.rows["volunteers.assignment"].code}, get=302),
    public("me-attend", lambda w: {"code": w.rows["volunteers.assignment"].code}, get=302, post=302),
    public("me-group", of_network("group_id", "volunteergroup"), get=302, post=302),
    public("me-certificate-new", of_network("opportunity_id", "opportunity"), get=405, post=302),
    public("me-certificate", lambda w: {"code": w.rows["volunteers.certificate"].code}, get=302),
]

TABLE: list[Address] = [
    # --- for everybody -----------------------------------------------------------------------------------
    public("home"),
    public("campaigns"),
    public("campaign", lambda w: {"slug": "ziafat-mehrabani"}),
    public("campaign-branch", lambda w: {"slug": "ziafat-mehrabani", "province_slug": "tehran"}),
    public("campaign-share", lambda w: {"slug": "ziafat-mehrabani"}),
    public("campaign-report", lambda w: {"slug": "ziafat-mehrabani"}),
    public("campaign-branch-share", lambda w: {"slug": "ziafat-mehrabani", "province_slug": "tehran"}),
    public("campaign-branch-report", lambda w: {"slug": "ziafat-mehrabani", "province_slug": "tehran"}),
    public("picture", lambda w: {"key": w.picture.key}),
    public("provinces"),
    public("province", lambda w: {"slug": "tehran"}),
    public("province-channels", lambda w: {"slug": "tehran"}),
    public("channels", post=200),
    public("event", lambda w: {"slug": w.rows["campaigns.guest"].event.slug}),
    Address(  # staff of the place are led to the door
        "invitation",
        everyone(200) | {str(role): 302 for role in PLACES_BOXES},
        example=lambda w: {"code": w.rows["campaigns.guest"].code},
    ),
    public("needs"),
    public("need", lambda w: {"code": w.rows["campaigns.need"].code}),
    public("me"),
    public("me-sign-in", post=422),
    public("me-code", get=302, post=302),  # nobody here has asked for a code, nor proved a number
    public("me-sign-out", get=405, post=303),
    public("me-reminders", get=405, post=302),
    public("me-erase", get=302, post=302),
    public("me-messages"),  # of the demo
    public("me-data", lambda w: {"form": "json"}, get=302),
    public("transparency"),
    public("open-data-package"),
    public("open-data", lambda w: {"name": "receipts-by-province", "form": "json"}),
    public("transparency-data", lambda w: {"name": "province", "form": "csv"}),
    public("scan", lambda w: {"code": w.placement.code}, get=302),
    public("give", post=422),
    public("give-in-kind", post=422),
    public(
        "in-kind-status",
        lambda w: {"tracking_code": w.rows["donations.giftinkind"].tracking_code},
        post=200,
    ),
    public("donation-status", lambda w: {"tracking_code": w.donation.tracking_code}),
    public("trail", lambda w: {"tracking_code": w.donation.tracking_code}, post=303),
    public("receipt", lambda w: {"token": w.receipt.token}),
    public("receipt-pdf", lambda w: {"token": w.receipt.token}),
    public("verify"),
    public("verify-code", lambda w: {"code": w.receipt.code}),
    public("donor-claim", post=422),
    public("donor-claim-status", lambda w: {"code": w.rows["payments.donorclaim"].code}),
    public("care", post=422),
    public("care-status", lambda w: {"code": w.rows["cases.carecase"].code}, post=422),
    public("payments:start", lambda w: {"tracking_code": w.donation.tracking_code}, get=303),
    public("payments:callback", lambda w: {"gateway": "zarinpal"}, get=404, post=404),
    public("volunteers"),
    public("volunteers-join"),
    public("join-sign-in", post=422),
    public("join-code", get=302, post=302),  # nobody here has asked for a code, nor proved a number
    public("join-pause", get=405, post=303),
    public("join-step", lambda w: {"step": "identity"}, get=302, post=302),
    # --- machines ----------------------------------------------------------------------------------------
    public("healthz"),
    public("readyz"),
    public("metrics", get=404),
    public("api-donations", get=405, post=415),  # JSON only
    public("api-donation-status", lambda w: {"tracking_code": w.donation.tracking_code}),
    public("api-campaigns"),
    public("api-campaign", lambda w: {"slug": "ziafat-mehrabani"}),
    public("api-channels"),
    public("api-needs"),
    public("api-need", lambda w: {"code": w.rows["campaigns.need"].code}),
    public("api-provinces"),
    public("api-counties", lambda w: {"province": "tehran"}),
    public("api-totals"),
    public("api-schema"),
    public("api-docs"),
    public("api-partner-docs"),
    public("api-partner-transactions", get=405, post=401),  # signed by a partner's key, not by a person
    public("api-partner-transaction", lambda w: {"partner_txn_id": "T-1"}, get=401),
    # --- the door ----------------------------------------------------------------------------------------
    Address("login", everyone(302) | {STRANGER: 200, PASSWORD_ONLY: 200}, everyone(200)),
    Address("logout", everyone(405), everyone(302)),
    Address("staff-home", signed_in(302) | {ENDED: 403}),
    Address("staff-reminders", signed_in(200), signed_in(200)),
    Address("staff-password", signed_in(200), signed_in(200)),
    Address("staff-sessions", signed_in(200), signed_in(302)),
    Address("staff-recovery", signed_in(200), signed_in(200)),
    public("staff-invitation", lambda w: {"token": w.rows["token of the invitation"]}, post=422),
    public("staff-factor", lambda w: {"token": w.rows["token of the reset"]}, post=422),
    # --- people ------------------------------------------------------------------------------------------
    desk("people", LEADS),
    desk("people-invite", LEADS, LEADS),
    desk("person", LEADS, LEADS, lambda w: {"membership_id": w.rows["provinces.membership"].pk}),
    Address(
        "invitation-withdraw",
        staff(*LEADS, status=405),
        staff(*LEADS, status=302),
        lambda w: {"invitation_id": w.rows["provinces.invitation to withdraw"].pk},
    ),
    Address(
        "hand-over-seen",
        staff(*LEADS, status=405),
        staff(*LEADS, status=302),
        lambda w: {"hand_over_id": w.rows["provinces.handover"].pk},
    ),
    desk("hq-people", (HQ_MANAGER, ADMINISTRATOR)),
    Address(
        "reset-decide",
        staff(ADMINISTRATOR, status=405),
        staff(ADMINISTRATOR, status=302),
        lambda w: {"reset_id": w.rows["provinces.factorreset"].pk},
    ),
    # --- the desk ----------------------------------------------------------------------------------------
    Address("desk", staff(OFFICER, *PROVINCIAL, *HQ)),
    desk("desk-search", (OFFICER, *PROVINCIAL, *HQ)),
    desk("events-desk", PLACES_BOXES),
    desk("event-new", PLACES_BOXES, PLACES_BOXES),
    Address(
        "event-desk",  # a form without an act leads back to the page
        staff(*PLACES_BOXES),
        staff(*PLACES_BOXES, status=303),
        lambda w: {"event_id": w.rows["campaigns.guest"].event_id},
    ),
    desk(
        "event-edit", PLACES_BOXES, PLACES_BOXES, lambda w: {"event_id": w.rows["campaigns.guest"].event_id}
    ),
    desk(
        "event-invitations", PLACES_BOXES, example=lambda w: {"event_id": w.rows["campaigns.guest"].event_id}
    ),
    Address(
        "event-check-in",
        staff(*PLACES_BOXES),
        staff(*PLACES_BOXES, status=303),
        lambda w: {"code": w.rows["campaigns.guest"].code},
    ),
    desk("code-batches", PLACES_BOXES, PLACES_BOXES),
    desk("code-places", PLACES_BOXES),
    Address(
        "code-batch",
        staff(*PLACES_BOXES),
        staff(*PLACES_BOXES, status=302),
        lambda w: {"batch_id": w.rows["campaigns.codebatch"].pk},
    ),
    desk("code", PLACES_BOXES, PLACES_BOXES, lambda w: {"code": w.box.placement.code}),
    desk("campaigns-desk", SEES_CAMPAIGNS),
    desk("branch-new", MAKES_CAMPAIGNS, MAKES_CAMPAIGNS),
    desk("plans-waiting", APPROVES_BRANCHES, APPROVES_BRANCHES),
    desk("branch-own", MAKES_CAMPAIGNS, MAKES_CAMPAIGNS),
    desk("branch-desk", SEES_CAMPAIGNS, MAKES_CAMPAIGNS, _of_branch),
    desk("branch-goal", MAKES_CAMPAIGNS, MAKES_CAMPAIGNS, _of_branch),
    desk("branch-story", MAKES_CAMPAIGNS, MAKES_CAMPAIGNS, _of_branch),
    desk("branch-picture", MAKES_CAMPAIGNS, MAKES_CAMPAIGNS, _of_branch),
    desk("branch-news", MAKES_CAMPAIGNS, MAKES_CAMPAIGNS, _of_branch),
    desk("branch-file", SEES_CAMPAIGNS, example=lambda w: {"branch_id": w.branch.pk, "name": "qr.svg"}),
    desk("plan-picture", SEES_CAMPAIGNS, example=lambda w: {"key": w.picture.key}),
    desk("boxes", SEES_CASH, PLACES_BOXES),
    desk("boxes-map", SEES_CASH),
    desk("boxes-route", SEES_CASH),
    desk("boxes-file", SEES_CASH, example=lambda w: {"form": "csv"}),
    desk("box-new", PLACES_BOXES, PLACES_BOXES),
    desk("box-permits", PLACES_BOXES, PLACES_BOXES),
    desk("box-edit", PLACES_BOXES, PLACES_BOXES, lambda w: {"key": w.box.placement.code}),
    Address(
        "box",  # a form without an action leads back to the card
        staff(*SEES_CASH),
        staff(*PLACES_BOXES, status=303),
        lambda w: {"key": w.box.placement.code},
    ),
    desk(
        "box-count", SEES_CASH, SEES_CASH, lambda w: {"key": w.rows["payments.boxcount"].box.placement.code}
    ),
    desk("box-deposits", TAKES_CASH, TAKES_CASH),
    Address(
        "sticker-sheet",
        staff(*PLACES_BOXES),
        staff(*PLACES_BOXES, status=302),
        lambda w: {"job_id": w.sheet.pk},
    ),
    desk("channels-desk", PROVINCIAL),
    desk("channel-new", MINDS_CHANNELS, MINDS_CHANNELS),
    Address(
        "channel-desk",
        staff(*PROVINCIAL),
        staff(MANAGER, ACCOUNTANT, status=302),
        lambda w: {"channel_id": w.channel.pk},
    ),
    desk("channel-edit", MINDS_CHANNELS, MINDS_CHANNELS, lambda w: {"channel_id": w.channel.pk}),
    *NETWORK,
    Address(
        "care-desk", staff(*SEES_CARE), staff(*ANSWERS_DONORS, status=302)
    ),  # nothing chosen: it leads back
    desk("care-desk-new", ANSWERS_DONORS, ANSWERS_DONORS),
    desk("care-desk-one", SEES_CARE, ANSWERS_DONORS, lambda w: {"case_id": w.rows["cases.carecase"].pk}),
    desk("runbooks", USES_RUNBOOK),
    desk("runbook", USES_RUNBOOK, USES_RUNBOOK, lambda w: {"runbook_id": w.runbook.pk}),
    desk("runbook-file", USES_RUNBOOK, example=lambda w: {"runbook_id": w.runbook.pk}),
    desk("runbook-task-new", USES_RUNBOOK, USES_RUNBOOK, lambda w: {"runbook_id": w.runbook.pk}),
    desk("runbook-task", USES_RUNBOOK, USES_RUNBOOK, lambda w: {"task_id": w.runbook_task.pk}),
    Address(
        "runbook-changes",
        staff(*USES_RUNBOOK),
        staff(*USES_RUNBOOK, status=302),
        lambda w: {"runbook_id": w.runbook.pk},
    ),
    desk(
        "runbook-task-file",
        USES_RUNBOOK,
        example=lambda w: {"task_id": w.runbook_task.pk, "attachment_id": w.attachment.pk},
    ),
    desk("needs-desk", SEES_NEEDS),
    desk("need-new", FINDS_NEEDS, FINDS_NEEDS),
    Address(  # a form that names no step asks for verifying
        "need-desk",
        staff(*SEES_NEEDS),
        staff(EXPERT, MANAGER, HQ_MANAGER, status=422),
        lambda w: {"need_id": w.rows["campaigns.need"].pk},
    ),
    Address(  # one that was verified is only looked at
        "need-edit",
        staff(*FINDS_NEEDS, status=302),
        staff(*FINDS_NEEDS, status=302),
        lambda w: {"need_id": w.rows["campaigns.need"].pk},
    ),
    desk("aid-desk", SEES_AID),
    desk("aid-pools-file", SEES_AID, example=lambda w: {"form": "csv"}),
    Address(
        "allocation-new", staff(*ALLOCATES, status=303), staff(*ALLOCATES, status=303)
    ),  # no pool is named
    desk("allocations", SEES_AID),
    desk("allocations-file", SEES_AID, example=lambda w: {"form": "xlsx"}),
    desk(
        "allocation",
        SEES_AID,
        (MANAGER, HQ_MANAGER),
        lambda w: {"allocation_id": w.rows["aid.allocation"].pk},
    ),
    desk(
        "delivery-new",
        DELIVERS,
        DELIVERS,
        lambda w: {"allocation_id": w.rows["aid.delivery"].allocation_id},
    ),
    desk(
        "delivery",
        SEES_AID,
        (*DELIVERS, MANAGER, HQ_MANAGER),
        lambda w: {"delivery_id": w.rows["aid.delivery"].pk},
    ),
    desk(
        "delivery-photo",
        (*DELIVERS, MANAGER, HQ_MANAGER),
        example=lambda w: {"delivery_id": w.rows["aid.delivery"].pk},
    ),
    # --- partners and promises ---------------------------------------------------------------------------
    desk("partners", SEES_PARTNERS),
    desk("partners-file", SEES_PARTNERS, example=lambda w: {"form": "csv"}),
    desk("partner-new", MINDS_PARTNERS, MINDS_PARTNERS),
    Address(  # a form without an act leads back to the page
        "partner", staff(*SEES_PARTNERS), staff(*SEES_PARTNERS, status=303), _of_partner
    ),
    desk("partner-edit", MINDS_PARTNERS, MINDS_PARTNERS, _of_partner),
    desk("agreements", SEES_AGREEMENTS),
    desk("agreement-new", MAKES_AGREEMENTS, MAKES_AGREEMENTS),
    Address("agreement", staff(*SEES_AGREEMENTS), staff(*SEES_AGREEMENTS, status=303), _of_agreement),
    Address(  # one that was signed is only looked at
        "agreement-edit",
        staff(*MAKES_AGREEMENTS, status=303),
        staff(*MAKES_AGREEMENTS, status=303),
        _of_agreement,
    ),
    desk(
        "agreement-file",
        SEES_AGREEMENTS,
        example=lambda w: {**_of_agreement(w), "file_id": w.rows["partnerships.agreementfile"].pk},
    ),
    desk("promises", SEES_PARTNERS),
    desk("promises-file", SEES_PARTNERS, example=lambda w: {"form": "xlsx"}),
    desk("promise-new", RECORDS_PROMISES, RECORDS_PROMISES),
    Address(
        "promise",
        staff(*SEES_PARTNERS),
        staff(*RECORDS_PROMISES, status=303),
        lambda w: {"promise_id": w.rows["partnerships.commitment"].pk},
    ),
    desk(
        "promise-edit",
        RECORDS_PROMISES,
        RECORDS_PROMISES,
        lambda w: {"promise_id": w.rows["partnerships.commitment"].pk},
    ),
    desk(
        "promise-delivery-file",
        SEES_PARTNERS,
        example=lambda w: {"delivery_id": w.rows["partnerships.promisedelivery"].pk},
    ),
    desk("gap-map", SEES_PARTNERS),
    desk("gap-file", SEES_PARTNERS, example=lambda w: {"form": "csv"}),
    desk("gap-county", SEES_PARTNERS, example=lambda w: {"county": _county_of(w)}),
    Address("neighbourhoods", staff(*SEES_PARTNERS), staff(*RECORDS_PROMISES)),
    desk("asset-new", RECORDS_PROMISES, RECORDS_PROMISES),
    desk(
        "asset",
        RECORDS_PROMISES,
        RECORDS_PROMISES,
        lambda w: {"asset_id": w.rows["partnerships.communityasset"].pk},
    ),
    desk("cases", SEES_MONEY),
    Address("cases-give", staff(*KEEPS_BOOKS, status=405), staff(*KEEPS_BOOKS, status=302)),
    desk("cases-file", SEES_MONEY, example=lambda w: {"form": "xlsx"}),
    desk("case", SEES_MONEY, KEEPS_BOOKS, lambda w: {"case_id": w.case.pk}),
    desk("payments-desk", SEES_MONEY),
    desk("payment-desk", SEES_MONEY, KEEPS_BOOKS, lambda w: {"attempt_id": w.attempt.pk}),
    Address(  # where nothing was chosen, it leads back
        "unusual-money",
        staff(*SEES_MONEY),
        staff(*KEEPS_BOOKS, status=302),
    ),
    Address("unusual-new", staff(*KEEPS_BOOKS), staff(*KEEPS_BOOKS)),
    desk("unusual-one", SEES_MONEY, KEEPS_BOOKS, lambda w: {"held_id": w.held.pk}),
    desk("refunds", SEES_MONEY),
    desk("refund", SEES_MONEY, (MANAGER, HQ_MANAGER, HQ_ACCOUNTANT), lambda w: {"refund_id": w.refund.pk}),
    # --- goods -------------------------------------------------------------------------------------------
    desk("in-kind", SEES_GOODS),
    desk("in-kind-new", TAKES_GOODS, TAKES_GOODS),
    Address(  # a form without a known act is refused
        "in-kind-gift", staff(*SEES_GOODS), staff(), lambda w: {"gift_id": w.rows["donations.giftinkind"].pk}
    ),
    desk(
        "in-kind-take",
        TAKES_GOODS,
        TAKES_GOODS,
        lambda w: {"gift_id": w.rows["donations.giftinkind"].pk},
    ),
    desk(
        "in-kind-offered-photo",
        SEES_GOODS,
        example=lambda w: {"line_id": w.rows["donations.offeredgoods"].pk},
    ),
    desk("in-kind-given-photo", SEES_GOODS, example=lambda w: {"line_id": w.rows["donations.givengoods"].pk}),
    Address("stock", staff(*SEES_GOODS), staff(*KEEPS_STOCK)),
    desk("stock-warehouse", SEES_GOODS, example=lambda w: {"warehouse_id": w.rows["aid.warehouse"].pk}),
    desk("stock-send", KEEPS_STOCK, KEEPS_STOCK, lambda w: {"warehouse_id": w.rows["aid.warehouse"].pk}),
    desk("stock-count", KEEPS_STOCK, KEEPS_STOCK, lambda w: {"warehouse_id": w.rows["aid.warehouse"].pk}),
    desk("stock-lot", SEES_GOODS, KEEPS_STOCK, lambda w: {"lot_id": w.rows["aid.lot"].pk}),
    desk("stock-transfer", SEES_GOODS, KEEPS_STOCK, lambda w: {"transfer_id": w.rows["aid.transfer"].pk}),
    desk("stock-count-one", SEES_GOODS, KEEPS_STOCK, lambda w: {"count_id": w.rows["aid.stockcount"].pk}),
    desk("kits", SEES_GOODS, KEEPS_STOCK),
    desk("kit-batch", SEES_GOODS, KEEPS_STOCK, lambda w: {"batch_id": w.rows["aid.kitbatch"].pk}),
    desk("kit-deliver", DELIVERS, DELIVERS, lambda w: {"batch_id": w.rows["aid.readykits"].pk}),
    desk("stock-give", DELIVERS, DELIVERS, lambda w: {"warehouse_id": w.rows["aid.warehouse"].pk}),
    Address(  # a form without a known act is refused
        "goods-delivery",
        staff(*SEES_GOODS),
        staff(),
        lambda w: {"delivery_id": w.rows["aid.goodsdelivery"].pk},
    ),
    desk(
        "goods-photo",
        (*DELIVERS, MANAGER, HQ_MANAGER),
        example=lambda w: {"delivery_id": w.rows["aid.goodsdelivery"].pk},
    ),
    # --- the counter -------------------------------------------------------------------------------------
    desk("counter", SEES_CASH),
    Address("counter-new", staff(*TAKES_CASH, status=303), staff(*TAKES_CASH, status=405)),
    Address(
        "counter-take",  # a form that became a gift leads to it
        staff(*TAKES_CASH, status=303),
        staff(*TAKES_CASH, status=303),
        lambda w: {"key": w.counter_gift.key},
    ),
    desk("counter-gift", SEES_CASH, TAKES_CASH, lambda w: {"gift_id": w.counter_gift.pk}),
    desk("counter-cheques", SEES_CASH),
    desk("counter-count", TAKES_CASH, TAKES_CASH),
    desk("counter-count-one", SEES_CASH, CONFIRMS_CASH, lambda w: {"count_id": w.cash_count.pk}),
    desk("counter-deposits", SEES_CASH, TAKES_CASH),
    desk("counter-deposit", SEES_CASH, TAKES_CASH, lambda w: {"deposit_id": w.cash_deposit.pk}),
    desk("counter-deposit-photo", SEES_CASH, example=lambda w: {"deposit_id": w.cash_deposit.pk}),
    desk("counter-journal", SEES_CASH),
    desk(
        "counter-journal-file",
        SEES_CASH,
        example=lambda w: {"office_id": w.counter_gift.office_id, "form": "xlsx"},
    ),
    desk("statements", SEES_MONEY, KEEPS_BOOKS),
    Address(
        "statement",
        staff(*SEES_MONEY),
        staff(*KEEPS_BOOKS, status=302),
        lambda w: {"import_id": w.rows["payments.statementimport"].pk},
    ),
    desk(
        "statement-unread-csv",
        SEES_MONEY,
        example=lambda w: {"import_id": w.rows["payments.statementimport"].pk},
    ),
    desk(
        "statement-unread",
        KEEPS_BOOKS,
        KEEPS_BOOKS,
        lambda w: {"unread_id": w.rows["payments.unreadline"].pk},
    ),
    # --- reconciling -------------------------------------------------------------------------------------
    Address("reconciliation", staff(*SEES_MONEY), staff(*SEES_MONEY, status=302)),
    desk(
        "reconciliation-day",
        SEES_MONEY,
        SEES_MONEY,
        lambda w: {
            "place": w.rows["payments.daybalance"].office.province_id,
            "day": iso_jalali(w.rows["payments.daybalance"].day),
        },
    ),
    Address(  # somebody's proposal for it waits
        "reconciliation-line",
        staff(*SEES_MONEY),
        staff(),
        lambda w: {"line_id": w.rows["payments.manualdecision"].line_id},
    ),
    desk(
        "discrepancy",
        SEES_MONEY,
        KEEPS_BOOKS,
        lambda w: {"discrepancy_id": w.rows["payments.discrepancy"].pk},
    ),
    desk(
        "match-decision",
        SEES_MONEY,
        SEES_MONEY,
        lambda w: {"decision_id": w.rows["payments.manualdecision"].pk},
    ),
    desk("claims", SEES_MONEY),
    desk("claim", SEES_MONEY, KEEPS_BOOKS, lambda w: {"claim_id": w.rows["payments.donorclaim"].pk}),
    # --- headquarters ------------------------------------------------------------------------------------
    desk("hq-care", (HQ_ANALYST, HQ_MANAGER)),
    Address("hq", staff(*HQ)),
    desk("hq-reconciliation", HQ),
    desk("hq-campaigns", HQ),
    desk("hq-partners", HQ),
    desk("hq-map", HQ),
    desk("hq-map-province", HQ, example=lambda w: {"slug": "tehran"}),
    desk("edition-new", MAKES_EDITIONS, MAKES_EDITIONS),
    desk("hq-edition", HQ, MAKES_EDITIONS, _of_edition),
    desk("edition-edit", MAKES_EDITIONS, MAKES_EDITIONS, _of_edition),
    desk("edition-clone", MAKES_EDITIONS, MAKES_EDITIONS, _of_edition),
    desk("edition-picture", MAKES_EDITIONS, MAKES_EDITIONS, _of_edition),
    desk("edition-news", MAKES_EDITIONS, MAKES_EDITIONS, _of_edition),
    desk("edition-file", HQ, example=lambda w: {**_of_edition(w), "name": "qr.png"}),
    desk("hq-channels", HQ),
    Address(
        "hq-channel",
        staff(*HQ),
        staff(HQ_MANAGER, HQ_ACCOUNTANT, status=302),
        lambda w: {"channel_id": w.channel.pk},
    ),
    desk("hq-runbook", HQ),
    desk("hq-report", HQ),
    desk("hq-fair-share", HQ),
    desk("hq-fair-share-import", TELLS_FIGURES, TELLS_FIGURES),
    desk("hq-fair-share-file", HQ, example=lambda w: {"form": "csv"}),
    desk("hq-small-gifts", HQ),
    desk("hq-public-figures", HQ, TELLS_FIGURES),
    desk(
        "hq-public-figure",
        TELLS_FIGURES,
        TELLS_FIGURES,
        lambda w: {"figure_id": ToldFigure.objects.earliest("pk").pk},
    ),
    desk("hq-public-figures-file", HQ, example=lambda w: {"form": "csv"}),
    desk("hq-report-file", HQ, example=lambda w: {"form": "xlsx"}),
    desk("hq-health", (HQ_MANAGER, ADMINISTRATOR)),
    desk("hq-runbook-file", HQ),
    desk("hq-runbook-template-new", (HQ_MANAGER,), (HQ_MANAGER,)),
    desk("hq-runbook-template", HQ, (HQ_MANAGER,), lambda w: {"template_id": w.runbook.template_id}),
    desk(
        "hq-runbook-task-new", (HQ_MANAGER,), (HQ_MANAGER,), lambda w: {"template_id": w.runbook.template_id}
    ),
    desk("hq-runbook-task", (HQ_MANAGER,), (HQ_MANAGER,), lambda w: {"task_id": w.runbook_task.origin_id}),
    desk("hq-runbook-attachment", HQ, example=lambda w: {"attachment_id": w.attachment.pk}),
    desk("hq-occasions", HQ),
    desk("hq-occasion-new", (HQ_MANAGER,), (HQ_MANAGER,)),
    desk("hq-occasion-import", (HQ_MANAGER,), (HQ_MANAGER,)),
    desk("hq-occasions-file", HQ),
    Address(
        "hq-occasion",
        staff(*HQ),
        staff(HQ_MANAGER, status=302),
        lambda w: {"occasion_id": Occasion.objects.latest("pk").pk},
    ),
    desk("hq-rates", HQ, (HQ_MANAGER, HQ_ACCOUNTANT)),
    desk(
        "hq-rate", HQ, (HQ_MANAGER, HQ_ACCOUNTANT), lambda w: {"rate_id": GivingRate.objects.latest("pk").pk}
    ),
    Address("hq-province", staff(*HQ), example=lambda w: {"slug": "tehran"}),
]

# --- /admin/ ---------------------------------------------------------------------------------------------
# One kind of page has one rule for all models; what a model may not is named. For the administrator only.
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
    "campaigns.occasion", "payments.terminal", "payments.partner",
    "payments.mappingprofile", "payments.statementsource",
}  # fmt: skip
CHANGED_IN_ADMIN = ADDED_IN_ADMIN | {
    "provinces.county",
    "campaigns.box",
    "campaigns.channel",
    "payments.gatewaysetting",
}
ADDED_IN_ADMIN |= {"campaigns.placement"}  # made here, replaced or revoked with a reason, never edited

# Pages of the admin beside those of the models, by URL name.
ADMIN_EXTRAS: list[Address] = [
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
    _admin("admin:app_list", lambda w: {"app_label": "payments"}),
    _admin("admin:auth_user_password_change", lambda w: {"id": w.person.pk}),
    _admin("admin:core_user_second_factor", lambda w: {"object_id": w.person.pk}),
    _admin("admin:campaigns_placement_revoke", lambda w: {"object_id": w.placement.pk}),
    _admin("admin:campaigns_placement_replace", lambda w: {"object_id": w.placement.pk}),
    _admin("admin:payments_terminal_switch", lambda w: {"object_id": w.proposal.terminal_id}),
    _admin("admin:payments_terminalproposal_approve", lambda w: {"object_id": w.proposal.pk}),
    _admin("admin:payments_terminalproposal_refuse", lambda w: {"object_id": w.proposal.pk}),
    _admin("admin:payments_terminalproposal_withdraw", lambda w: {"object_id": w.proposal.pk}),
    _admin(
        "admin:payments_mappingprofile_preview",
        lambda w: {"object_id": w.rows["payments.mappingprofile"].pk},
    ),
    _admin("admin:payments_partner_new_key", lambda w: {"object_id": w.rows["payments.partner"].pk}),
    _admin("admin:payments_partnerkey_rotate", lambda w: {"object_id": w.rows["payments.partnerkey"].pk}),
    _admin("admin:payments_partnerkey_revoke", lambda w: {"object_id": w.rows["payments.partnerkey"].pk}),
    _admin("admin:campaigns_stickerjob_file", lambda w: {"job_id": w.sheet.pk}),
]
