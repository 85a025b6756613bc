"""The desk's addresses of this room, below /desk/."""

from django.urls import path

from payments import desk_views

urlpatterns = [
    path("payments/", desk_views.payment_list, name="payments-desk"),
    path("payments/<int:attempt_id>/", desk_views.payment, name="payment-desk"),
    path("refunds/", desk_views.refund_list, name="refunds"),
    path("refunds/<int:refund_id>/", desk_views.refund, name="refund"),
]
