"""Where gifts went: stock, kits, allocations, deliveries, the trail."""
