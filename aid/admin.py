"""Kinds of goods are data; everything else of this room is written at the desk."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from aid.models import (
    Allocation,
    Delivery,
    GoodsDelivery,
    Intake,
    Kit,
    KitBatch,
    Lot,
    Pool,
    StockCount,
    StockItem,
    StockLoss,
    StockMove,
    Transfer,
    Warehouse,
)
from core.admin_base import PortalAdmin
from core.admin_exchange import Exchanged
from core.admin_look import look_only


@admin.register(StockItem)
class StockItemAdmin(Exchanged, PortalAdmin):
    """Its code never changes: lots, kits and receipts name it."""

    exchange_fields = ("name", "aliases", "category", "unit", "has_expiry", "is_active")
    list_display = ["code", "name", "category", "unit", "has_expiry", "is_active"]
    list_display_links = ["code", "name"]
    list_filter = ["category", "unit", "is_active"]
    search_fields = ["code"]
    folded_search_fields = ("search_key",)
    fields = ["code", "name", "aliases", "category", "unit", "has_expiry", "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["code"] if obj else []


look_only(
    Allocation, Delivery, GoodsDelivery, Intake, Kit, KitBatch, Lot, Pool, StockCount, StockLoss, StockMove, Transfer,
    Warehouse,
)  # fmt: skip
