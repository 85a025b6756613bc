"""Addresses of this room: where a printed QR leads, and headquarters' list of the ways to give."""

from django.urls import path

from campaigns import (
    channel_views,
    occasion_views,
    plan_views,
    rate_views,
    template_views,
    views,
    waiting_views,
)

urlpatterns = [
    path("q/<str:code>/", views.scan, name="scan"),
    path("pictures/<slug:key>.webp", plan_views.picture, name="picture"),
    path("hq/campaigns/waiting/", waiting_views.national_waiting, name="hq-campaigns-waiting"),
    path("hq/campaigns/<int:edition_id>/picture/", plan_views.edition_picture, name="edition-picture"),
    path("hq/campaigns/<int:edition_id>/news/", plan_views.edition_news, name="edition-news"),
    path("hq/campaigns/<int:edition_id>/files/<str:name>", plan_views.edition_file, name="edition-file"),
    path("hq/channels/", channel_views.all_channels, name="hq-channels"),
    path("hq/channels/<int:channel_id>/", channel_views.any_channel, name="hq-channel"),
    path("hq/occasions/", occasion_views.calendar, name="hq-occasions"),
    path("hq/occasions/new/", occasion_views.occasion_new, name="hq-occasion-new"),
    path("hq/occasions/import/", occasion_views.occasion_import, name="hq-occasion-import"),
    path("hq/occasions/occasions.csv", occasion_views.occasions_file, name="hq-occasions-file"),
    path("hq/occasions/<int:occasion_id>/", occasion_views.occasion, name="hq-occasion"),
    path("hq/runbook/", template_views.country, name="hq-runbook"),
    path("hq/runbook/runbook.xlsx", template_views.country_file, name="hq-runbook-file"),
    path("hq/runbook/templates/new/", template_views.template_new, name="hq-runbook-template-new"),
    path("hq/runbook/templates/<int:template_id>/", template_views.template, name="hq-runbook-template"),
    path(
        "hq/runbook/templates/<int:template_id>/tasks/new/",
        template_views.template_task_new,
        name="hq-runbook-task-new",
    ),
    path("hq/runbook/tasks/<int:task_id>/", template_views.template_task, name="hq-runbook-task"),
    path("hq/runbook/files/<int:attachment_id>/", template_views.template_file, name="hq-runbook-attachment"),
    path("hq/rates/", rate_views.rates, name="hq-rates"),
    path("hq/rates/<int:rate_id>/", rate_views.rate, name="hq-rate"),
]
