"""The desk's addresses of this room, below /desk/."""

from django.urls import path

from campaigns import (
    box_views,
    channel_views,
    desk_views,
    need_views,
    plan_views,
    runbook_views,
    waiting_views,
)

urlpatterns = [
    path("needs/", need_views.need_list, name="needs-desk"),
    path("needs/new/", need_views.need_new, name="need-new"),
    path("needs/<int:need_id>/", need_views.need, name="need-desk"),
    path("needs/<int:need_id>/edit/", need_views.need_edit, name="need-edit"),
    path("campaigns/new/", plan_views.branch_new, name="branch-new"),
    path("campaigns/waiting/", waiting_views.plans_waiting, name="plans-waiting"),
    path("campaigns/own/", plan_views.branch_own, name="branch-own"),
    path("campaigns/pictures/<slug:key>/", plan_views.plan_picture, name="plan-picture"),
    path("campaigns/<int:branch_id>/goal/", plan_views.branch_goal, name="branch-goal"),
    path("campaigns/<int:branch_id>/story/", plan_views.branch_story, name="branch-story"),
    path("campaigns/<int:branch_id>/picture/", plan_views.branch_picture, name="branch-picture"),
    path("campaigns/<int:branch_id>/news/", plan_views.branch_news, name="branch-news"),
    path("campaigns/<int:branch_id>/files/<str:name>", plan_views.branch_file, name="branch-file"),
    path("boxes/new/", desk_views.box_new, name="box-new"),
    path("boxes/permits/", box_views.box_permits, name="box-permits"),
    path("boxes/<str:key>/edit/", box_views.box_edit, name="box-edit"),
    path("stickers/<int:job_id>/", desk_views.sticker_sheet, name="sticker-sheet"),
    path("channels/", channel_views.own_channels, name="channels-desk"),
    path("channels/new/", channel_views.channel_new, name="channel-new"),
    path("channels/<int:channel_id>/", channel_views.own_channel, name="channel-desk"),
    path("channels/<int:channel_id>/edit/", channel_views.channel_edit, name="channel-edit"),
    path("runbook/", runbook_views.own_runbooks, name="runbooks"),
    path("runbook/<int:runbook_id>/", runbook_views.runbook, name="runbook"),
    path("runbook/<int:runbook_id>/runbook.xlsx", runbook_views.runbook_file, name="runbook-file"),
    path("runbook/<int:runbook_id>/changes/", runbook_views.changes, name="runbook-changes"),
    path("runbook/<int:runbook_id>/tasks/new/", runbook_views.task_new, name="runbook-task-new"),
    path("runbook/tasks/<int:task_id>/", runbook_views.task, name="runbook-task"),
    path(
        "runbook/tasks/<int:task_id>/files/<int:attachment_id>/",
        runbook_views.task_file,
        name="runbook-task-file",
    ),
]
