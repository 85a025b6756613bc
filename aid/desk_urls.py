"""The desk's addresses of goods: offers, warehouses, kits."""

from django.urls import path

from aid import in_kind_views

urlpatterns = [
    path("in-kind/", in_kind_views.offers, name="in-kind"),
    path("in-kind/new/", in_kind_views.walk_in, name="in-kind-new"),
    path("in-kind/<int:gift_id>/", in_kind_views.gift, name="in-kind-gift"),
    path("in-kind/<int:gift_id>/take/", in_kind_views.take, name="in-kind-take"),
    path("in-kind/offered/<int:line_id>/photo/", in_kind_views.offered_photo, name="in-kind-offered-photo"),
    path("in-kind/given/<int:line_id>/photo/", in_kind_views.given_photo, name="in-kind-given-photo"),
]
