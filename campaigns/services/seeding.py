"""Funds, channels, campaigns, occasions and rates from this room's data files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from campaigns.channels import canonical_value
from campaigns.enums import YearKind
from campaigns.models import Branch, Campaign, Channel, Edition, Fund, GivingRate, Occasion, OccasionAct
from core.jalali import parse_jalali, tehran_today, to_jalali
from core.money import toman_to_rial
from provinces.models import Province

DATA = Path(__file__).resolve().parents[1] / "data"


def seed_campaigns() -> dict[str, int]:
    """Add what is missing of each; repeatable, never deletes and never overwrites what people changed."""
    _seed_funds()
    _seed_channels()
    _seed_occasions()
    _seed_rates()
    for plan in json.loads((DATA / "campaigns.json").read_text(encoding="utf-8")):
        _seed_campaign(plan)
    _seed_acts()
    models = (Fund, Channel, Campaign, Edition, Branch, Occasion, GivingRate)
    return {model._meta.model_name: model.objects.count() for model in models}


def _seed_funds() -> None:
    for row in _read("funds.csv"):
        values = {
            "name": row["name"],
            "group": row["group"],
            "help_text": row["help_text"],
            "spendable_on": row["spendable_on"].split("|"),
            "rule_text": row["rule_text"],
            "is_movable": row["is_movable"] == "yes",
            "is_deductible": row["is_deductible"] == "yes",
            "distribute_within_hours": int(row["distribute_within_hours"] or 0) or None,
            "rate_kind": row["rate_kind"],
            "position": int(row["position"]),
            "is_active": row["is_active"] == "yes",
        }
        Fund.objects.get_or_create(code=row["code"], defaults=values)


def _seed_channels() -> None:
    for row in _read("channels.csv"):
        is_verified = row["is_verified"] == "yes"
        values = {
            "kind": row["kind"],
            "name": row["name"],
            "value": canonical_value(row["kind"], row["value"]) if row["value"] else "",
            "source": row["source"],
            "announced_year": int(row["announced_year"] or 0) or None,
            "is_verified": is_verified,
            "last_checked_on": tehran_today() if is_verified else None,
            "least_rial": _rial(row["least_toman"]),
            "most_rial": _rial(row["most_toman"]),
        }
        Channel.objects.get_or_create(code=row["code"], defaults=values)


def _seed_occasions() -> None:
    for row in _read("occasions.csv"):
        starts_on, hijri_year = parse_jalali(row["starts_on"]), int(row["hijri_year"])
        jalali_year = to_jalali(starts_on).year
        year = {"hijri_year": hijri_year} if hijri_year else {"hijri_year": 0, "jalali_year": jalali_year}
        values = {
            "jalali_year": jalali_year,
            "name": row["name"],
            "starts_on": starts_on,
            "ends_on": parse_jalali(row["ends_on"]),
            "is_confirmed": row["is_confirmed"] == "yes",
            "confirmed_by": row["confirmed_by"],
            "fund_id": row["fund"] or None,
        }
        Occasion.objects.get_or_create(code=row["code"], **year, defaults=values)


def _seed_acts() -> None:
    for row in _read("occasion_acts.csv"):
        occasion = Occasion.objects.get(code=row["code"], hijri_year=row["hijri_year"])
        if occasion.acts.exists():  # people look after them
            continue
        edition = Edition.objects.filter(
            campaign__slug=row["campaign"], year_kind=YearKind.HIJRI, year=row["hijri_year"]
        ).first()
        OccasionAct.objects.create(
            occasion=occasion,
            kind=row["kind"],
            anchor=row["anchor"],
            offset_days=int(row["offset_days"]),
            edition=edition,
            role=row["role"],
            text=row["text"],
            waits_for_confirmation=False,
        )


def _seed_rates() -> None:
    for row in _read("rates.csv"):
        key = {name: row[name] for name in ("hijri_year", "kind", "marja", "staple", "region")}
        if GivingRate.objects.filter(**key).exists():  # perhaps superseded: what people corrected stays so
            continue
        GivingRate.objects.create(
            **key,
            amount_rial=_rial(row["amount_toman"]),
            is_minimum=row["is_minimum"] == "yes",
            is_default=row["is_default"] == "yes",
            source=row["source"],
            announced_on=parse_jalali(row["announced_on"]),
        )


def _seed_campaign(plan: dict) -> None:
    campaign, _ = Campaign.objects.get_or_create(
        slug=plan["slug"], defaults={k: plan[k] for k in ("name", "scope", "summary")}
    )
    for row in plan["editions"]:
        starts_on, ends_on = _season(row["season"])
        edition, _ = Edition.objects.get_or_create(
            campaign=campaign,
            year_kind=row["year_kind"],
            year=row["year"],
            defaults={
                "title": row["title"],
                "state": row["state"],
                "season_starts_on": starts_on,
                "season_ends_on": ends_on,
                "fund_id": plan["fund"],
            },
        )
        if plan["has_branches"]:
            Branch.objects.bulk_create(
                [Branch(edition=edition, province=p, state=row["state"]) for p in Province.objects.all()],
                ignore_conflicts=True,
            )


def _season(days: list[str]) -> tuple[date, date]:
    return parse_jalali(days[0]), parse_jalali(days[1])


def _rial(toman: str) -> int | None:
    return toman_to_rial(int(toman)) if toman else None


def _read(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
