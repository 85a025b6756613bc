"""Addresses of this room: where a printed QR leads, and headquarters' list of the ways to give."""

from django.urls import path

from campaigns import channel_views, views

urlpatterns = [
    path("q/<str:code>/", views.scan, name="scan"),
    path("hq/channels/", channel_views.all_channels, name="hq-channels"),
    path("hq/channels/<int:channel_id>/", channel_views.any_channel, name="hq-channel"),
]
