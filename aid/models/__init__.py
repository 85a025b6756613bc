"""Where gifts went: stock, kits, allocations, deliveries, the trail."""

from aid.models.allocations import Allocation, AllocationShare, Pool
from aid.models.deliveries import Delivery, DeliveryReference, DeliveryShare, TrailWish

__all__ = [
    "Allocation",
    "AllocationShare",
    "Delivery",
    "DeliveryReference",
    "DeliveryShare",
    "Pool",
    "TrailWish",
]
