"""Profiles of known layouts of file, from this room's data files."""

from __future__ import annotations

import json
from pathlib import Path

from payments.models import MappingProfile
from payments.statements.profiles import parse_profile

PROFILES = Path(__file__).resolve().parents[1] / "data" / "profiles"


def seed_profiles() -> dict[str, int]:
    """Add what is missing; repeatable, never overwrites what an administrator changed."""
    for path in sorted(PROFILES.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        parse_profile(row["rules"], row["file_format"])
        MappingProfile.objects.get_or_create(
            key=row["key"], defaults={name: row[name] for name in ("name", "kind", "file_format", "rules")}
        )
    return {"mappingprofile": MappingProfile.objects.count()}
