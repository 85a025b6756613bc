"""The desk's addresses of this room, below /desk/."""

from django.urls import path, re_path

from payments import cash_views, counter_views, desk_views, held_views

urlpatterns = [
    path("payments/", desk_views.payment_list, name="payments-desk"),
    path("payments/unusual/", held_views.unusual_list, name="unusual-money"),
    path("payments/unusual/new/", held_views.unusual_new, name="unusual-new"),
    path("payments/unusual/<int:held_id>/", held_views.unusual, name="unusual-one"),
    path("payments/<int:attempt_id>/", desk_views.payment, name="payment-desk"),
    path("refunds/", desk_views.refund_list, name="refunds"),
    path("refunds/<int:refund_id>/", desk_views.refund, name="refund"),
    path("counter/", counter_views.home, name="counter"),
    path("counter/new/", counter_views.new, name="counter-new"),
    path("counter/take/<uuid:key>/", counter_views.take, name="counter-take"),
    path("counter/gifts/<int:gift_id>/", counter_views.gift, name="counter-gift"),
    path("counter/cheques/", counter_views.cheque_list, name="counter-cheques"),
    path("counter/count/", cash_views.count_new, name="counter-count"),
    path("counter/counts/<int:count_id>/", cash_views.count, name="counter-count-one"),
    path("counter/deposits/", cash_views.deposit_list, name="counter-deposits"),
    path("counter/deposits/<int:deposit_id>/", cash_views.deposit, name="counter-deposit"),
    path("counter/deposits/<int:deposit_id>/photo/", cash_views.deposit_photo, name="counter-deposit-photo"),
    path("counter/journal/", cash_views.journal, name="counter-journal"),
    re_path(
        r"^counter/journal/(?P<office_id>\d+)\.(?P<form>csv|xlsx)$",
        cash_views.journal_file,
        name="counter-journal-file",
    ),
]
