"""API addresses of this room, below /api/v1/."""

from django.urls import path

from payments import api

urlpatterns = [
    path("donations/", api.Donations.as_view(), name="api-donations"),
    path("donations/<str:tracking_code>/", api.DonationState.as_view(), name="api-donation-status"),
]
