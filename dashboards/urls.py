"""Addresses of this room: the public pages that show sums, the workspaces' dashboards, and the probes."""

from django.urls import path, re_path

from dashboards.views import (
    campaigns,
    channels,
    codes,
    desk,
    headquarters,
    home,
    probes,
    provinces,
    simple,
    transparency,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("campaigns/<slug:slug>/", campaigns.campaign_detail, name="campaign"),
    path("campaigns/<slug:slug>/<slug:province_slug>/", campaigns.campaign_branch, name="campaign-branch"),
    path("provinces/", provinces.province_list, name="provinces"),
    path("provinces/<slug:slug>/", provinces.province_detail, name="province"),
    path("provinces/<slug:slug>/channels/", channels.province_poster, name="province-channels"),
    path("channels/", channels.channels, name="channels"),
    path("needs/", simple.needs, name="needs"),
    path("me/", simple.me, name="me"),
    path("transparency/", transparency.transparency, name="transparency"),
    re_path(
        r"^transparency/data/(?P<name>[a-z]+)\.(?P<form>csv|json)$",
        transparency.transparency_data,
        name="transparency-data",
    ),
    path("hq/", headquarters.national, name="hq"),
    path("hq/provinces/<slug:slug>/", headquarters.province, name="hq-province"),
    path("desk/", desk.desk, name="desk"),
    path("desk/codes/", codes.batches, name="code-batches"),
    path("desk/codes/batches/<int:batch_id>/", codes.batch, name="code-batch"),
    path("desk/codes/<str:code>/", codes.code, name="code"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics_page, name="metrics"),
]
