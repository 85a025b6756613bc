"""Where gifts went: stock, kits, allocations, deliveries, the trail."""

from aid.models.kits import BatchLine, Kit, KitBatch, KitFunding, KitHandOver, KitLine
from aid.models.stock import (
    Intake,
    Lot,
    StockCount,
    StockCountLine,
    StockItem,
    StockMove,
    Transfer,
    TransferLine,
    Warehouse,
)

__all__ = [
    "BatchLine",
    "Intake",
    "Kit",
    "KitBatch",
    "KitFunding",
    "KitHandOver",
    "KitLine",
    "Lot",
    "StockCount",
    "StockCountLine",
    "StockItem",
    "StockMove",
    "Transfer",
    "TransferLine",
    "Warehouse",
]
