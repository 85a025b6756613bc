"""A small network for the demo, made by the services: people, a group, work that was done and work to come."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from core.jalali import tehran_today
from core.models import OutgoingSms, User
from provinces.models import County
from volunteers.enums import Availability, ConsentKind, Decision, Language
from volunteers.models import Opportunity, Shift, Volunteer
from volunteers.services import attendance, groups, opportunities, places
from volunteers.services.joining import Application, join
from volunteers.services.vetting import check_licence, decide

_FILE = Path(__file__).resolve().parents[1] / "data" / "demo_network.json"
TEXT_VERSION = "demo"


def seed_demo_network(officer: User, manager: User) -> None:
    """Six people, a group, a shift that was and one that comes. Repeatable: once only. Sends no message."""
    plan = json.loads(_FILE.read_text(encoding="utf-8"))
    if Volunteer.objects.exists():
        return
    people = {facts["mobile"]: _person(facts, plan["work"], manager) for facts in plan["people"]}
    group = _group(plan["group"], people, officer)
    _work(plan["work"], group.leader, people, officer)
    OutgoingSms.objects.filter(purpose__startswith="volunteer").delete()


def _person(facts: dict[str, Any], work: dict[str, Any], manager: User) -> Volunteer:
    county = County.objects.select_related("province").get(code=facts["county"])
    volunteer = join(
        facts["mobile"],
        Application(
            name=facts["name"],
            national_id=_national_id(facts["national"]),
            born_on=date(1988, 6, 1),
            province=county.province,
            county=county,
            sections=[facts["section"]],
            role=facts["role"],
            profession=facts["profession"],
            licence_no=facts["licence"],
            skills=facts["skills"],
            languages=[Language.PERSIAN],
            availability=[Availability.WEEKENDS],
            consents=[ConsentKind.DATA, ConsentKind.CONDUCT, ConsentKind.CONTACT],
        ),
        text_version=TEXT_VERSION,
    )
    if facts["until"] == "ask":
        decide(volunteer.pk, decision=Decision.ASK, reason=facts["reason"], actor=manager)
    if facts["until"] == "approve":
        if facts["licence"]:
            check_licence(volunteer.pk, is_valid=True, reason=work["licence_checked"], actor=manager)
        decide(volunteer.pk, decision=Decision.APPROVE, reason=work["reason"], actor=manager)
    return Volunteer.objects.get(pk=volunteer.pk)


def _group(facts: dict[str, Any], people: dict[str, Volunteer], officer: User):
    county = County.objects.get(code=facts["county"])
    described = groups.GroupFacts(
        name=facts["name"], kind=facts["kind"], section=facts["section"], county=county
    )
    group = groups.create_group(described, actor=officer)
    for mobile in facts["members"]:
        groups.add_member(group.pk, volunteer_id=people[mobile].pk, actor=officer)
    return groups.set_leader(group.pk, volunteer_id=people[facts["leader"]].pk, actor=officer)


def _work(facts: dict[str, Any], leader: Volunteer, people: dict[str, Volunteer], officer: User) -> None:
    county = leader.county
    work = opportunities.create_opportunity(
        opportunities.OpportunityFacts(
            title=facts["title"],
            story=facts["story"],
            province=county.province,
            county=county,
            place=facts["place"],
            section=facts["section"],
            skills=facts["skills"],
            group=leader.led_groups.first(),
        ),
        actor=officer,
    )
    came = [v for v in people.values() if v.county_id == county.pk and v.vetting == "approved"]
    long_ago = timezone.now() - timedelta(days=3)
    done = _shift(work, timezone.now() + timedelta(hours=1), facts, officer)
    for volunteer in came:
        places.sign_up(done.pk, mobile_hash=volunteer.mobile_hash)
    ends = long_ago + timedelta(hours=facts["hours"])
    Shift.objects.filter(pk=done.pk).update(starts_at=long_ago, ends_at=ends)
    seen = [
        attendance.Seen(
            place.pk, came=True, minutes=60 * facts["hours"] - 30 * (place.volunteer_id == leader.pk)
        )
        for place in done.assignments.all()
    ]
    attendance.confirm(done.pk, seen, actor=officer)
    groups.note_activity(
        leader.led_groups.first().pk, on=tehran_today(), what=facts["activity"], actor=officer
    )
    coming = _shift(work, timezone.now() + timedelta(days=6), facts, officer)
    places.invite(coming.pk, [volunteer.pk for volunteer in came], actor=officer)
    places.sign_up(coming.pk, mobile_hash=came[0].mobile_hash)


def _shift(work: Opportunity, starts, facts: dict[str, Any], officer: User) -> Shift:
    ends = starts + timedelta(hours=facts["hours"])
    return opportunities.add_shift(
        work.pk, starts_at=starts, ends_at=ends, capacity=facts["capacity"], actor=officer
    )


def _national_id(first: str) -> str:
    """Nine digits with the check digit that fits: of the demo, of nobody known."""
    rest = sum(int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)) % 11
    return f"{first}{rest if rest < 2 else 11 - rest}"
