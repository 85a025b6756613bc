"""The outlines of the 31 provinces, for components/iran_map.html. Drawing data only: no model, no query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "map_outlines.json"


@cache
def outlines() -> Mapping[str, Any]:
    """{"view_box", "provinces": {two-digit code: {slug, name, lines, x, y, path}}, "seas"} as in the file."""
    return json.loads(_FILE.read_text(encoding="utf-8"))


def map_rows(figures: Mapping[str, int], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows for the map: every outline with its label and a shade, 0 for nothing, 1–5 by rank in five groups.

    By rank, because one capital would pale all others on a scale of amounts. `figures` and `labels` are keyed
    by the two-digit code; a province that is missing counts as 0.
    """
    ranked = sorted(code for code in outlines()["provinces"] if figures.get(code, 0) > 0)
    ranked.sort(key=lambda code: figures[code])
    shades = {code: 1 + place * 5 // len(ranked) for place, code in enumerate(ranked)}
    return [
        outline | {"code": code, "shade": shades.get(code, 0), "label": labels.get(code, "")}
        for code, outline in outlines()["provinces"].items()
    ]
