"""Provinces, counties and the offices that must exist, from this room's data files."""

import csv
from pathlib import Path

from core.text import search_key, sort_key
from provinces.enums import OfficeLevel
from provinces.models import County, Office, Province

DATA = Path(__file__).resolve().parents[1] / "data"


def seed_places() -> dict[str, int]:
    """Provinces and counties (names follow the files), headquarters and one general office a province.

    Repeatable; never deletes. Returns how many rows there are of each.
    """
    provinces = list(_read("provinces.csv"))
    Province.objects.bulk_create(
        [
            Province(
                code=row["code"],
                slug=row["slug"],
                name=row["name_fa"],
                name_en=row["name_en"],
                capital=row["capital_fa"],
                population_1395=int(row["population_1395"]),
                tel_prefix=row["tel_prefix"],
                search_key=search_key(row["name_fa"]),
                sort_key=sort_key(row["name_fa"]),
            )
            for row in provinces
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "name",
            "name_en",
            "capital",
            "population_1395",
            "tel_prefix",
            "search_key",
            "sort_key",
        ],
    )
    County.objects.bulk_create(
        [
            County(
                code=row["code"],
                province_id=row["province_code"],
                name=row["name_fa"],
                search_key=search_key(f"{row['name_fa']} {row['alias_fa']}")[:80],
                sort_key=sort_key(row["name_fa"]),
            )
            for row in _read("counties.csv")
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "search_key", "sort_key"],
    )
    Office.objects.get_or_create(level=OfficeLevel.HQ, defaults={"name": "سازمان بهزیستی کشور (ستاد)"})
    for row in provinces:
        Office.objects.get_or_create(
            level=OfficeLevel.PROVINCE, province_id=row["code"], defaults={"name": row["office_fa"]}
        )
    return {
        "provinces": Province.objects.count(),
        "counties": County.objects.count(),
        "offices": Office.objects.count(),
    }


def _read(name: str):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
