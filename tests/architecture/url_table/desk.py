"""The desk of a province."""

from __future__ import annotations

from tests.architecture.url_table.visitors import (
    ACCOUNTANT,
    ALLOCATES,
    ANSWERS_DONORS,
    APPROVES_BRANCHES,
    DELIVERS,
    EXPERT,
    FINDS_NEEDS,
    HQ,
    HQ_MANAGER,
    MAKES_CAMPAIGNS,
    MANAGER,
    MINDS_CHANNELS,
    OFFICER,
    PLACES_BOXES,
    PROVINCIAL,
    SEES_AID,
    SEES_CAMPAIGNS,
    SEES_CARE,
    SEES_CASH,
    SEES_NEEDS,
    TAKES_CASH,
    USES_RUNBOOK,
    Address,
    desk,
    of_branch,
    staff,
)

DESK: list[Address] = [
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
    desk("branch-desk", SEES_CAMPAIGNS, MAKES_CAMPAIGNS, of_branch),
    desk("branch-goal", MAKES_CAMPAIGNS, MAKES_CAMPAIGNS, of_branch),
    desk("branch-story", MAKES_CAMPAIGNS, MAKES_CAMPAIGNS, of_branch),
    desk("branch-picture", MAKES_CAMPAIGNS, MAKES_CAMPAIGNS, of_branch),
    desk("branch-news", MAKES_CAMPAIGNS, MAKES_CAMPAIGNS, of_branch),
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
]
