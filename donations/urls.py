"""Addresses of this room: giving, the state of a gift, receipts and their proof."""

from django.urls import path, re_path

from donations.views import gifts, giving, in_kind, receipts

_KEY = r"(?P<token>[A-Za-z0-9_-]{8,40})"

urlpatterns = [
    path("give/", giving.give, name="give"),
    path("give/in-kind/", in_kind.offer, name="give-in-kind"),
    path("give/<str:tracking_code>/", gifts.status, name="donation-status"),
    re_path(rf"^receipts/{_KEY}\.pdf$", receipts.receipt_pdf, name="receipt-pdf"),
    re_path(rf"^receipts/{_KEY}/$", receipts.receipt, name="receipt"),
    path("verify/", receipts.verify, name="verify"),
    path("verify/<str:code>/", receipts.verify_code, name="verify-code"),
]
