"""The desk's addresses of goods: offers, warehouses, kits."""

from django.urls import path

from aid import in_kind_views, kit_views, stock_views

urlpatterns = [
    path("in-kind/", in_kind_views.offers, name="in-kind"),
    path("in-kind/new/", in_kind_views.walk_in, name="in-kind-new"),
    path("in-kind/<int:gift_id>/", in_kind_views.gift, name="in-kind-gift"),
    path("in-kind/<int:gift_id>/take/", in_kind_views.take, name="in-kind-take"),
    path("in-kind/offered/<int:line_id>/photo/", in_kind_views.offered_photo, name="in-kind-offered-photo"),
    path("in-kind/given/<int:line_id>/photo/", in_kind_views.given_photo, name="in-kind-given-photo"),
    path("stock/", stock_views.home, name="stock"),
    path("stock/<int:warehouse_id>/", stock_views.warehouse, name="stock-warehouse"),
    path("stock/<int:warehouse_id>/send/", stock_views.send, name="stock-send"),
    path("stock/<int:warehouse_id>/count/", stock_views.count, name="stock-count"),
    path("stock/lots/<int:lot_id>/", stock_views.lot, name="stock-lot"),
    path("stock/transfers/<int:transfer_id>/", stock_views.transfer, name="stock-transfer"),
    path("stock/counts/<int:count_id>/", stock_views.count_one, name="stock-count-one"),
    path("stock/kits/", kit_views.kit_list, name="kits"),
    path("stock/kits/<int:batch_id>/", kit_views.batch, name="kit-batch"),
]
