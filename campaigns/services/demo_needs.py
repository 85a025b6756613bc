"""Needs of the demo: invented, marked as such, in every state that a visitor and an officer can look at."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from campaigns.models import Fund, Need
from campaigns.services.needs import Facts, Item, find_need, publish_need, verify_need
from core.models import User
from core.money import toman_to_rial
from provinces.models import County, Province

_ROWS = Path(__file__).resolve().parents[1] / "data" / "demo_needs.csv"


def seed_demo_needs(finder: User, verifier: User) -> None:
    """Six that are shown, one that is verified and one that waits. Repeatable: once only."""
    if Need.objects.filter(is_demo=True).exists():
        return
    with _ROWS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            need = find_need(_facts(row), actor=finder, is_demo=True)
            if row["until"] != "find":
                verify_need(need.pk, actor=verifier)
            if row["until"] == "publish":
                publish_need(need.pk, actor=verifier)


def _facts(row: Mapping[str, str]) -> Facts:
    return Facts(
        kind=row["kind"],
        title=row["title"],
        province=Province.objects.get(code=row["province"]),
        county=County.objects.get(code=row["county"]) if row["county"] else None,
        fund=Fund.objects.get(code=row["fund"]),
        persons=int(row["persons"]),
        surplus_rule=row["surplus_rule"],
        story=row["story"],
        urgency=int(row["urgency"]),
        goal_rial=toman_to_rial(int(row["goal_toman"])),
        items=[_item(text) for text in row["items"].split("|") if text],
    )


def _item(text: str) -> Item:
    name, quantity, unit, price_toman = text.split(":")
    return Item(name, int(quantity), unit, toman_to_rial(int(price_toman)))
