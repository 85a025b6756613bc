"""API addresses of this room, below /api/v1/."""

from django.urls import path

from payments import api, partner_api

urlpatterns = [
    path("donations/", api.Donations.as_view(), name="api-donations"),
    path("donations/<str:tracking_code>/", api.DonationState.as_view(), name="api-donation-status"),
    path("partner/transactions/", partner_api.PartnerTransactions.as_view(), name="api-partner-transactions"),
    path(
        "partner/transactions/<str:partner_txn_id>/",
        partner_api.PartnerTransactionState.as_view(),
        name="api-partner-transaction",
    ),
]
