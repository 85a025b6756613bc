"""Addresses of this room: the public pages that show sums, the workspaces' dashboards, and the probes."""

from django.urls import path, re_path

from dashboards.views import (
    boxes,
    campaign_desk,
    campaign_hq,
    campaigns,
    channels,
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
    path("hq/campaigns/", campaign_hq.all_editions, name="hq-campaigns"),
    path("hq/campaigns/new/", campaign_hq.edition_new, name="edition-new"),
    path("hq/campaigns/<int:edition_id>/", campaign_hq.edition_one, name="hq-edition"),
    path("hq/campaigns/<int:edition_id>/edit/", campaign_hq.edition_edit, name="edition-edit"),
    path("hq/campaigns/<int:edition_id>/clone/", campaign_hq.edition_clone, name="edition-clone"),
    path("desk/", desk.desk, name="desk"),
    path("desk/campaigns/", campaign_desk.branch_list, name="campaigns-desk"),
    path("desk/campaigns/<int:branch_id>/", campaign_desk.branch_one, name="branch-desk"),
    path("desk/boxes/", boxes.boxes, name="boxes"),
    path("desk/boxes/map/", boxes.boxes_map, name="boxes-map"),
    path("desk/boxes/route/", boxes.boxes_route, name="boxes-route"),
    re_path(r"^desk/boxes/file\.(?P<form>csv|xlsx)$", boxes.boxes_file, name="boxes-file"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics_page, name="metrics"),
]
