"""The desk's addresses of this room, below /desk/."""

from django.urls import path, re_path

from payments import (
    box_views,
    cash_views,
    claim_views,
    counter_views,
    desk_views,
    held_views,
    line_views,
    reconciliation_views,
)

urlpatterns = [
    path("payments/", desk_views.payment_list, name="payments-desk"),
    path("payments/unusual/", held_views.unusual_list, name="unusual-money"),
    path("payments/unusual/new/", held_views.unusual_new, name="unusual-new"),
    path("payments/unusual/<int:held_id>/", held_views.unusual, name="unusual-one"),
    path("payments/<int:attempt_id>/", desk_views.payment, name="payment-desk"),
    path("refunds/", desk_views.refund_list, name="refunds"),
    path("refunds/<int:refund_id>/", desk_views.refund, name="refund"),
    path("reconciliation/", reconciliation_views.month, name="reconciliation"),
    path("reconciliation/lines/<int:line_id>/", line_views.line, name="reconciliation-line"),
    path("reconciliation/missing/<int:discrepancy_id>/", line_views.discrepancy, name="discrepancy"),
    path("reconciliation/decisions/<int:decision_id>/", line_views.decision, name="match-decision"),
    path("reconciliation/<str:place>/<str:day>/", reconciliation_views.day, name="reconciliation-day"),
    path("claims/", claim_views.claim_list, name="claims"),
    path("claims/<int:claim_id>/", claim_views.claim, name="claim"),
    path("boxes/deposits/", box_views.deposits, name="box-deposits"),
    path("boxes/<str:key>/", box_views.card, name="box"),
    path("boxes/<str:key>/count/", box_views.count, name="box-count"),
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
