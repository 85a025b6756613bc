"""Memoranda that are public facts, from this room's data file."""

from __future__ import annotations

import json
from pathlib import Path

from core.jalali import parse_jalali
from core.money import toman_to_rial
from partnerships.enums import PartnerKind, Purpose
from partnerships.models import Agreement, Partner
from partnerships.services.agreements import (
    AgreementFacts,
    ItemFacts,
    add_item,
    draft_agreement,
    sign_by_job,
)
from partnerships.services.partners import REFERENCE, PartnerFacts, create_partner

DATA = Path(__file__).resolve().parents[1] / "data"


def seed_agreements() -> dict[str, int]:
    """Add the memoranda that are missing, signed and with their items; repeatable, never changes what is there."""
    for plan in json.loads((DATA / "agreements.json").read_text(encoding="utf-8")):
        if not Agreement.objects.filter(code=plan["code"]).exists():
            _seed(plan)
    return {"agreements": Agreement.objects.count()}


def _seed(plan: dict) -> None:
    facts = AgreementFacts(
        partner=_partner(plan["partner"]),
        title=plan["title"],
        value_rial=toman_to_rial(plan["value_toman"]),
        source=plan["source"],
        note=plan["note"],
    )
    agreement = draft_agreement(facts, actor=None, job=REFERENCE, code=plan["code"])
    for line in plan["lines"]:
        item = ItemFacts(line["title"], Purpose(line["purpose"]), line["target"], line["unit"])
        add_item(agreement.pk, item, actor=None, job=REFERENCE)
    sign_by_job(agreement.pk, signed_on=parse_jalali(plan["signed_on"]), job=REFERENCE)


def _partner(plan: dict) -> Partner:
    known = Partner.objects.filter(name=plan["name"], province=None).first()
    facts = PartnerFacts(PartnerKind(plan["kind"]), plan["name"], note=plan["note"])
    return known or create_partner(facts, actor=None, job=REFERENCE)
