"""API addresses of this room, below /api/v1/."""

from django.urls import path

from campaigns import api, need_api

urlpatterns = [
    path("campaigns/", api.CampaignList.as_view(), name="api-campaigns"),
    path("campaigns/<slug:slug>/", api.CampaignDetail.as_view(), name="api-campaign"),
    path("channels/", api.ChannelList.as_view(), name="api-channels"),
    path("needs/", need_api.NeedList.as_view(), name="api-needs"),
    path("needs/<str:code>/", need_api.NeedDetail.as_view(), name="api-need"),
]
