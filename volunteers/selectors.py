"""Reading who offered time."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import QuerySet

from core.errors import DomainError
from core.jalali import from_jalali, tehran_today, to_jalali
from core.text import search_key
from volunteers.enums import Activity, GuardianState, Vetting
from volunteers.models import JoinDraft, Volunteer

ADULT_AT = 18
_LAST_DAY_OF_ANY_YEAR = (12, 29)


def is_minor(born_on: date | None) -> bool:
    """Whether somebody born then is under ADULT_AT today, by the Jalali calendar; False when it is not known."""
    return born_on is not None and born_on > youngest_birthday()


def youngest_birthday() -> date:
    """The birthday of the youngest who are ADULT_AT today, by the Jalali calendar."""
    today = to_jalali(tehran_today())
    try:
        return from_jalali(today.year - ADULT_AT, today.month, today.day)
    except DomainError:  # today is the 30th of Esfand, and that year had none
        return from_jalali(today.year - ADULT_AT, *_LAST_DAY_OF_ANY_YEAR)


def may_lead(volunteer: Volunteer) -> bool:
    """Whether somebody who was named leader of a shift or a group is fit to act as one now."""
    return volunteer.vetting == Vetting.APPROVED and volunteer.activity != Activity.LEFT


def volunteer_of(mobile_hash: str) -> Volunteer | None:
    """Who joined with this number, with their places (one query)."""
    if not mobile_hash:
        return None
    return Volunteer.objects.select_related("province", "county").filter(mobile_hash=mobile_hash).first()


def wards_of(guardian_hash: str) -> QuerySet[Volunteer]:
    """Those under age who named this number as their guardian's."""
    if not guardian_hash:
        return Volunteer.objects.none()
    rows = Volunteer.objects.filter(guardian_hash=guardian_hash).exclude(guardian_state=GuardianState.NONE)
    return rows.select_related("province", "county").order_by("pk")


def is_volunteer(mobile_hash: str) -> bool:
    """Whether somebody joined with this number."""
    return bool(mobile_hash) and Volunteer.objects.filter(mobile_hash=mobile_hash).exists()


def draft_of(mobile_hash: str) -> dict[str, dict[str, list[str]]]:
    """What was filled in so far with this number: step -> field -> what was sent."""
    draft = JoinDraft.objects.filter(mobile_hash=mobile_hash).first()
    return json.loads(draft.answers) if draft else {}


def volunteers_named(typed: str):
    """Volunteers in scope whose name holds what was typed, however its letters and spaces are written."""
    return Volunteer.objects.filter(name_key__contains=search_key(typed))


def work_of(volunteer: Volunteer) -> dict[str, Any]:
    """What the network keeps of a volunteer beside their own answers, as plain data for its owner."""
    return {
        "vetting": volunteer.vetting,
        "activity": volunteer.activity,
        "decisions": list(volunteer.decisions.values("decision", "reason", "decided_at")),
        "documents": list(volunteer.documents.values("kind", "size_bytes", "added_at")),
        "messages": list(volunteer.messages.values("text", "sent_at")),
        "groups": list(volunteer.memberships.values("group__name", "joined_at", "left_at")),
        "shifts": list(
            volunteer.assignments.values(
                "shift__opportunity__title",
                "shift__starts_at",
                "state",
                "said_minutes",
                "confirmed_minutes",
                "rating",
                "feedback",
            )
        ),
        "certificates": list(volunteer.certificates.values("code", "minutes", "issued_at", "replaced_at")),
        "consents": list(
            volunteer.consents.order_by("given_at", "pk").values(
                "kind", "text_version", "given_at", "withdrawn_at"
            )
        ),
    }
