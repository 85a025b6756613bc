"""Figures that were told in public, from this room's data file."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from core.jalali import parse_jalali
from dashboards.models import ToldFigure

_FILE = Path(__file__).resolve().parents[1] / "data" / "told_figures.csv"
_DAYS = ("starts_on", "ends_on", "told_on")


def seed_told_figures() -> dict[str, int]:
    """Add what is missing; repeatable, never deletes, and what people withdrew stays withdrawn."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            days = {name: parse_jalali(row[name]) if row[name] else None for name in _DAYS}
            key = {"topic": row["topic"], "source": row["source"], "amount": Decimal(row["amount"])}
            if not ToldFigure.objects.filter(**key).exists():
                facts = {name: row[name] for name in ("kind", "unit", "precision", "note")}
                ToldFigure.objects.create(**key, **facts, **days)
    return {"toldfigure": ToldFigure.objects.count()}
