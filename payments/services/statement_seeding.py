"""Profiles of known layouts of file, and the demo's sources, from this room's data files."""

from __future__ import annotations

import json
from pathlib import Path

from campaigns.models import Channel, Fund
from ledger.accounts import bank_code, clearing_code, receivable_code
from payments.models import MappingProfile, StatementSource, Terminal
from payments.statements.profiles import parse_profile
from provinces.enums import OfficeLevel
from provinces.models import Office

DATA = Path(__file__).resolve().parents[1] / "data"


def seed_profiles() -> dict[str, int]:
    """Add what is missing; repeatable, never overwrites what an administrator changed."""
    for path in sorted((DATA / "profiles").glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        parse_profile(row["rules"], row["file_format"])
        MappingProfile.objects.get_or_create(
            key=row["key"], defaults={name: row[name] for name in ("name", "kind", "file_format", "rules")}
        )
    return {"mappingprofile": MappingProfile.objects.count()}


def seed_demo_sources() -> int:
    """A source of headquarters for each kind of file, marked as the demo's; repeatable. How many there are."""
    rows = json.loads((DATA / "demo_sources.json").read_text(encoding="utf-8"))
    for row in rows:
        StatementSource.objects.get_or_create(key=row["key"], defaults=_facts(row))
    return len(rows)


def _facts(row: dict[str, str]) -> dict[str, object]:
    profile = MappingProfile.objects.get(key=row["profile"])
    gateway = row.get("gateway", "")
    office = Office.objects.get(level=OfficeLevel.HQ)
    terminal = Terminal.objects.filter(gateway=gateway, office=office).first() if gateway else None
    accounts = {"bank": bank_code, "receivable": receivable_code}
    return {
        "name": row["name"],
        "kind": profile.kind,
        "profile": profile,
        "office": office,
        "account": clearing_code(gateway, terminal.pk) if terminal else accounts[row["account"]](row["key"]),
        "gateway": gateway,
        "terminal": terminal,
        "channel": Channel.objects.filter(code=row.get("channel", "")).first(),
        "fund": Fund.objects.filter(code=row.get("fund", "")).first(),
    }
