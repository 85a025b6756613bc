"""The desk's addresses of goods: offers, warehouses, kits."""

from django.urls import path

from aid.views import goods_deliveries, in_kind_desk, kits, stock

urlpatterns = [
    path("in-kind/", in_kind_desk.offers, name="in-kind"),
    path("in-kind/new/", in_kind_desk.walk_in, name="in-kind-new"),
    path("in-kind/<int:gift_id>/", in_kind_desk.gift, name="in-kind-gift"),
    path("in-kind/<int:gift_id>/take/", in_kind_desk.take, name="in-kind-take"),
    path("in-kind/offered/<int:line_id>/photo/", in_kind_desk.offered_photo, name="in-kind-offered-photo"),
    path("in-kind/given/<int:line_id>/photo/", in_kind_desk.given_photo, name="in-kind-given-photo"),
    path("stock/", stock.home, name="stock"),
    path("stock/<int:warehouse_id>/", stock.warehouse, name="stock-warehouse"),
    path("stock/<int:warehouse_id>/send/", stock.send, name="stock-send"),
    path("stock/<int:warehouse_id>/count/", stock.count, name="stock-count"),
    path("stock/lots/<int:lot_id>/", stock.lot, name="stock-lot"),
    path("stock/transfers/<int:transfer_id>/", stock.transfer, name="stock-transfer"),
    path("stock/counts/<int:count_id>/", stock.count_one, name="stock-count-one"),
    path("stock/kits/", kits.kit_list, name="kits"),
    path("stock/kits/<int:batch_id>/", kits.batch, name="kit-batch"),
    path("stock/kits/<int:batch_id>/deliver/", goods_deliveries.deliver_kits, name="kit-deliver"),
    path("stock/<int:warehouse_id>/give/", goods_deliveries.give_goods, name="stock-give"),
    path("stock/deliveries/<int:delivery_id>/", goods_deliveries.goods_delivery, name="goods-delivery"),
    path("stock/deliveries/<int:delivery_id>/photo/", goods_deliveries.goods_photo, name="goods-photo"),
]
