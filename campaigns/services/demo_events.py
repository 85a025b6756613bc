"""Events of the demo, one of each kind, in different standings."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from campaigns.enums import CostSource, EventKind, NeedState
from campaigns.models import Event, Fund, Need
from campaigns.services.events import (
    EventFacts,
    announce_event,
    create_event,
    hold_event,
    report_event,
    write_cost,
)
from campaigns.services.guests import add_guest, check_in
from core.jalali import tehran_today
from core.models import User
from core.money import toman_to_rial
from provinces.models import County, Province

_ROWS = Path(__file__).resolve().parents[1] / "data" / "demo_events.csv"
_STEPS = ("plan", "announce", "hold", "report")


def seed_demo_events(actor: User) -> None:
    """An iftar for chosen needs, an iftar of officials, a celebration, a delivery, a programme.
    Repeatable: once only."""
    if Event.objects.exists():
        return
    with _ROWS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            _event(row, actor)


def _event(row: Mapping[str, str], actor: User) -> None:
    province = Province.objects.get(code=row["province"])
    day = tehran_today() + timedelta(days=int(row["days"]))
    starts_at = datetime.combine(day, time(int(row["hour"])), tzinfo=ZoneInfo("Asia/Tehran"))
    facts = EventFacts(
        title=row["title"],
        address=row["address"],
        starts_at=starts_at,
        capacity=int(row["capacity"]),
        fund=Fund.objects.get(code=row["fund"]),
        story=row["story"],
    )
    is_targeted = row["kind"] == EventKind.IFTAR
    event = create_event(
        EventKind(row["kind"]),
        facts,
        province=province,
        county=County.objects.get(code=row["county"]) if row["county"] else None,
        needs=Need.objects.filter(province=province, state=NeedState.PUBLISHED) if is_targeted else (),
        actor=actor,
    )
    for text in _parts(row["costs"]):
        title, toman, source = text.split(":")
        write_cost(
            event.pk,
            title=title,
            amount_rial=toman_to_rial(int(toman)),
            source=CostSource(source),
            actor=actor,
        )
    came = _guests(event, row, actor)
    reached = _STEPS.index(row["until"])
    if reached:
        announce_event(event.pk, actor=actor, at=min(timezone.now(), starts_at - timedelta(days=10)))
    for guest_id in came:
        check_in(guest_id, actor=actor, at=starts_at)
    if reached > 1:
        hold_event(event.pk, others_came=int(row["others_came"]), actor=actor)
    if reached > 2:
        report_event(event.pk, report=row["report"], actor=actor)


def _guests(event: Event, row: Mapping[str, str], actor: User) -> list[int]:
    """Invite them; gives the ids of those who came."""
    came = []
    for text in _parts(row["guests"]):
        name, role, seats, is_there = text.split(":")
        guest = add_guest(event.pk, name=name, role=role, seats=int(seats), actor=actor)
        if is_there:
            came.append(guest.pk)
    return came


def _parts(text: str) -> list[str]:
    return [part for part in text.split("|") if part]
