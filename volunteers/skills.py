"""The taxonomy of skills: data in data/skills.csv, searched the way people type Persian."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.text import search_key

_FILE = Path(__file__).parent / "data" / "skills.csv"


@dataclass(frozen=True, slots=True)
class Skill:
    """`found` is what a folded query is looked for in: the label and other words for it."""

    code: str
    label: str
    section: str
    found: tuple[str, ...]


@cache
def all_skills() -> dict[str, Skill]:
    """Every skill by its code, in the file's order."""
    with _FILE.open(encoding="utf-8", newline="") as rows:
        return {
            row["code"]: Skill(
                row["code"],
                row["label"],
                row["section"],
                (search_key(row["label"]), *map(search_key, row["also"].split())),
            )
            for row in csv.DictReader(rows)
        }


def find_skills(typed: str) -> list[Skill]:
    """The skills that what was typed is part of; all of them for nothing."""
    wanted = search_key(typed[:60])
    return [skill for skill in all_skills().values() if any(wanted in word for word in skill.found)]


def labels_of(codes: list[str]) -> str:
    """The labels of skills in one line; a code that left the taxonomy is shown as it is."""
    known = all_skills()
    return "، ".join(known[code].label if code in known else code for code in codes)
