"""Goods, kits and where they went."""

from __future__ import annotations

from tests.architecture.url_table.visitors import (
    DELIVERS,
    HQ_MANAGER,
    KEEPS_STOCK,
    MANAGER,
    SEES_GOODS,
    TAKES_GOODS,
    Address,
    desk,
    staff,
)

GOODS: list[Address] = [
    desk("in-kind", SEES_GOODS),
    desk("in-kind-new", TAKES_GOODS, TAKES_GOODS),
    Address(  # a form without a known act is refused
        "in-kind-gift", staff(*SEES_GOODS), staff(), lambda w: {"gift_id": w.rows["donations.giftinkind"].pk}
    ),
    desk(
        "in-kind-take",
        TAKES_GOODS,
        TAKES_GOODS,
        lambda w: {"gift_id": w.rows["donations.giftinkind"].pk},
    ),
    desk(
        "in-kind-offered-photo",
        SEES_GOODS,
        example=lambda w: {"line_id": w.rows["donations.offeredgoods"].pk},
    ),
    desk("in-kind-given-photo", SEES_GOODS, example=lambda w: {"line_id": w.rows["donations.givengoods"].pk}),
    Address("stock", staff(*SEES_GOODS), staff(*KEEPS_STOCK)),
    desk("stock-warehouse", SEES_GOODS, example=lambda w: {"warehouse_id": w.rows["aid.warehouse"].pk}),
    desk("stock-send", KEEPS_STOCK, KEEPS_STOCK, lambda w: {"warehouse_id": w.rows["aid.warehouse"].pk}),
    desk("stock-count", KEEPS_STOCK, KEEPS_STOCK, lambda w: {"warehouse_id": w.rows["aid.warehouse"].pk}),
    desk("stock-lot", SEES_GOODS, KEEPS_STOCK, lambda w: {"lot_id": w.rows["aid.lot"].pk}),
    desk("stock-transfer", SEES_GOODS, KEEPS_STOCK, lambda w: {"transfer_id": w.rows["aid.transfer"].pk}),
    desk("stock-count-one", SEES_GOODS, KEEPS_STOCK, lambda w: {"count_id": w.rows["aid.stockcount"].pk}),
    desk("kits", SEES_GOODS, KEEPS_STOCK),
    desk("kit-batch", SEES_GOODS, KEEPS_STOCK, lambda w: {"batch_id": w.rows["aid.kitbatch"].pk}),
    desk("kit-deliver", DELIVERS, DELIVERS, lambda w: {"batch_id": w.rows["aid.readykits"].pk}),
    desk("stock-give", DELIVERS, DELIVERS, lambda w: {"warehouse_id": w.rows["aid.warehouse"].pk}),
    Address(  # a form without a known act is refused
        "goods-delivery",
        staff(*SEES_GOODS),
        staff(),
        lambda w: {"delivery_id": w.rows["aid.goodsdelivery"].pk},
    ),
    desk(
        "goods-photo",
        (*DELIVERS, MANAGER, HQ_MANAGER),
        example=lambda w: {"delivery_id": w.rows["aid.goodsdelivery"].pk},
    ),
]
