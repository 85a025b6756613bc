"""Where gifts went: stock, kits, allocations, deliveries, the trail."""

from aid.models.allocations import Allocation, AllocationShare, Pool
from aid.models.deliveries import Delivery, DeliveryReference, DeliveryShare, TrailWish
from aid.models.goods import GoodsDelivery, GoodsReference
from aid.models.kits import BatchLine, Kit, KitBatch, KitFunding, KitHandOver, KitLine
from aid.models.stock import (
    Intake,
    Lot,
    StockCount,
    StockCountLine,
    StockItem,
    StockLoss,
    StockMove,
    Transfer,
    TransferLine,
    Warehouse,
)

__all__ = [
    "Allocation",
    "AllocationShare",
    "BatchLine",
    "Delivery",
    "DeliveryReference",
    "DeliveryShare",
    "GoodsDelivery",
    "GoodsReference",
    "Intake",
    "Kit",
    "KitBatch",
    "KitFunding",
    "KitHandOver",
    "KitLine",
    "Lot",
    "Pool",
    "StockCount",
    "StockCountLine",
    "StockItem",
    "StockLoss",
    "StockMove",
    "TrailWish",
    "Transfer",
    "TransferLine",
    "Warehouse",
]
