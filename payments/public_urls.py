"""Addresses of this room below /channels/ and /hq/."""

from django.urls import path

from payments import claim_views, reconciliation_views

urlpatterns = [
    path("channels/claim/", claim_views.tell, name="donor-claim"),
    path("channels/claim/<str:code>/", claim_views.told, name="donor-claim-status"),
    path("hq/reconciliation/", reconciliation_views.country, name="hq-reconciliation"),
]
