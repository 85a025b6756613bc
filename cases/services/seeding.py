"""What donors may write about, from this room's data file."""

from __future__ import annotations

import csv
from pathlib import Path

from cases.models import CareCategory

_ROWS = Path(__file__).resolve().parents[1] / "data" / "care_categories.csv"


def seed_care() -> dict[str, int]:
    """Add the categories that are missing; repeatable, never overwrites what people changed."""
    with _ROWS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            CareCategory.objects.get_or_create(code=row.pop("code"), defaults=row)
    return {"carecategory": CareCategory.objects.count()}
