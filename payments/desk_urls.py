"""The desk's addresses of this room, below /desk/."""

from django.urls import path

from payments import desk_views, held_views

urlpatterns = [
    path("payments/", desk_views.payment_list, name="payments-desk"),
    path("payments/unusual/", held_views.unusual_list, name="unusual-money"),
    path("payments/unusual/new/", held_views.unusual_new, name="unusual-new"),
    path("payments/unusual/<int:held_id>/", held_views.unusual, name="unusual-one"),
    path("payments/<int:attempt_id>/", desk_views.payment, name="payment-desk"),
    path("refunds/", desk_views.refund_list, name="refunds"),
    path("refunds/<int:refund_id>/", desk_views.refund, name="refund"),
]
