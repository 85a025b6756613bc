"""The desk's addresses of this room, below /desk/."""

from django.urls import path

from campaigns import box_views, channel_views, desk_views, plan_views

urlpatterns = [
    path("campaigns/new/", plan_views.branch_new, name="branch-new"),
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
]
