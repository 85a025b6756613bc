"""API addresses of this room, below /api/v1/."""

from django.urls import path

from campaigns import api

urlpatterns = [
    path("campaigns/", api.CampaignList.as_view(), name="api-campaigns"),
    path("campaigns/<slug:slug>/", api.CampaignDetail.as_view(), name="api-campaign"),
    path("channels/", api.ChannelList.as_view(), name="api-channels"),
    path("needs/", api.NeedList.as_view(), name="api-needs"),
]
