"""Partners, a memorandum, promises and capitals of the demo: invented, named and marked as invented."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from campaigns.models import Event
from core.jalali import tehran_today
from core.models import User
from core.money import toman_to_rial
from partnerships.enums import Capital, CommitmentState, DeliveryForm, Measure, PartnerKind, Purpose
from partnerships.models import AgreementItem, Commitment, Partner
from partnerships.services.agreements import (
    AgreementFacts,
    ItemFacts,
    add_item,
    draft_agreement,
    sign_by_job,
    split_item,
    start_agreement,
)
from partnerships.services.assets import AssetFacts, write_asset
from partnerships.services.deliveries import Proof, decide_delivery, record_delivery
from partnerships.services.partners import PartnerFacts, add_site, create_partner
from partnerships.services.promises import Part, PromiseFacts, follow_promise, make_promise, promise_at_event
from provinces.models import County, Province
from provinces.services.neighbourhoods import add_neighbourhood

_DATA = Path(__file__).resolve().parents[1] / "data"
JOB = "seed_demo"


def seed_demo_promises(people: Mapping[str, User]) -> None:
    """What guests of the demo's events promised, then partners with a memorandum in two provinces, promises near, late
    and partly kept, and the capitals of one county. Repeatable: once only."""
    if Partner.objects.filter(is_demo=True).exists():
        return
    minder, other = people["hq.manager"], people["hq.analyst"]
    _of_events(minder)
    plan = json.loads((_DATA / "demo.json").read_text(encoding="utf-8"))
    partners = {row["key"]: _partner(row) for row in plan["partners"]}
    lines = _agreement(plan["agreement"], partners)
    for row in plan["promises"]:
        _promise(row, partners[row["partner"]], lines, minder, other)
    _capitals(plan)


def _of_events(actor: User) -> None:
    events = {event.title: event for event in Event.objects.select_related("province", "county")}
    with (_DATA / "demo_event_promises.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            event = events.get(row["event"])
            if event is None:
                continue
            promise = promise_at_event(
                event,
                who=row["who"],
                what=row["what"],
                due_on=_day(int(row["days"])),
                amount_rial=toman_to_rial(int(row["toman"])),
                guest=event.guests.filter(name=row["who"]).first(),
                actor=actor,
            )
            if row["state"] != CommitmentState.OPEN:
                follow_promise(promise.pk, note=row["note"], state=CommitmentState(row["state"]), actor=actor)


def _partner(row: Mapping[str, Any]) -> Partner:
    facts = PartnerFacts(
        PartnerKind(row["kind"]),
        row["name"],
        province=Province.objects.filter(code=row["province"]).first(),
        county=County.objects.filter(code=row.get("county", "")).first(),
    )
    partner = create_partner(facts, actor=None, job=JOB, is_demo=True)
    for county, name in row["sites"]:
        add_site(partner.pk, name=name, county=County.objects.get(code=county), actor=None, job=JOB)
    return partner


def _agreement(row: Mapping[str, Any], partners: Mapping[str, Partner]) -> dict[str, AgreementItem]:
    facts = AgreementFacts(partners[row["partner"]], row["title"])
    agreement, lines = draft_agreement(facts, actor=None, job=JOB, is_demo=True), {}
    for line in row["lines"]:
        item = ItemFacts(
            line["title"], Purpose(line["purpose"]), line["target"], line["unit"], due_on=_day(line["due"])
        )
        lines[line["title"]] = add_item(agreement.pk, item, actor=None, job=JOB)
    sign_by_job(agreement.pk, signed_on=_day(row["days"]), job=JOB)
    start_agreement(agreement.pk, actor=None, job=JOB)
    for line in row["lines"]:
        split_item(lines[line["title"]].pk, line["shares"], actor=None, job=JOB)
    return {name: AgreementItem.objects.select_related("agreement").get(pk=i.pk) for name, i in lines.items()}


def _promise(
    row: Mapping[str, Any], partner: Partner, lines: Mapping[str, AgreementItem], minder: User, other: User
) -> Commitment:
    line = lines.get(row.get("line", ""))
    facts = PromiseFacts(
        what=row["what"],
        due_on=_day(row["plan"][-1][0]),
        measure=Measure(row.get("measure", "goods")),
        quantity=row["quantity"],
        unit=row.get("unit", ""),
        purpose=Purpose(row.get("purpose", "other")),
        partner=None if line else partner,
        item=line,
        province=Province.objects.get(code=row["province"]),
        county=County.objects.get(code=row["county"]),
        promised_on=_day(-60),
    )
    plan = [Part(_day(days), quantity) for days, quantity in row["plan"]]
    promise = make_promise(facts, plan, actor=minder, is_demo=True)
    for name in ("came", "waits"):
        if quantity := row.get(name):
            proof = Proof(DeliveryForm.DIRECT, _day(-3), row["evidence"], quantity=quantity)
            delivery = record_delivery(promise.pk, proof, actor=other)
            if name == "came":
                decide_delivery(delivery.pk, approve=True, actor=minder)
    return promise


def _capitals(plan: Mapping[str, Any]) -> None:
    places = {}
    for code, name in plan["neighbourhoods"]:
        county = County.objects.get(code=code)
        places[name] = add_neighbourhood(county, name, actor=None, job=JOB)
    for code, place, capital, title, holder, uses in plan["capitals"]:
        county = County.objects.get(code=code)
        facts = AssetFacts(county, Capital(capital), title, holder, uses, places.get(place))
        write_asset(facts, actor=None, job=JOB, is_demo=True)


def _day(days: int) -> date:
    return tehran_today() + timedelta(days=days)
