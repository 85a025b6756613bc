"""Kinds of goods and kits from this room's data files."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

from aid.models import Kit, KitLine, StockItem
from aid.services.stock_books import seed_stock_accounts
from core.money import toman_to_rial

DATA = Path(__file__).resolve().parents[1] / "data"


def seed_goods() -> dict[str, int]:
    """Add what is missing of each; repeatable, never deletes and never overwrites what people changed."""
    seed_stock_accounts()
    with (DATA / "items.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            StockItem.objects.get_or_create(
                code=row["code"],
                defaults={
                    "name": row["name"],
                    "aliases": row["aliases"].replace("|", "، "),
                    "category": row["category"],
                    "unit": row["unit"],
                    "has_expiry": row["has_expiry"] == "yes",
                },
            )
    for plan in json.loads((DATA / "kits.json").read_text(encoding="utf-8")):
        _seed_kit(plan)
    return {"items": StockItem.objects.count(), "kits": Kit.objects.count()}


def _seed_kit(plan: dict) -> None:
    facts = {name: plan[name] for name in ("name", "purpose", "description")}
    kit, is_new = Kit.objects.get_or_create(code=plan["code"], defaults=facts)
    if not is_new:
        return
    for position, line in enumerate(plan["lines"], start=1):
        row = KitLine.objects.create(
            kit=kit,
            item_id=line["item"],
            quantity=Decimal(line["quantity"]),
            price_rial=toman_to_rial(line["toman"]),
            position=position * 10,
        )
        row.substitutes.set(line.get("substitutes", []))
