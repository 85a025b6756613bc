"""Reading the network at the desk, within the open scope."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from core.crypto import keyed_hash
from core.errors import DomainError
from core.identifiers import parse_mobile, parse_national_id
from core.listing import between
from core.text import search_key
from volunteers.enums import Activity, Vetting
from volunteers.models import Revelation, Volunteer


def volunteers_in_scope(
    *,
    q: str = "",
    skill: str = "",
    priority: bool = False,
    since: date | None = None,
    until: date | None = None,
    **exact,
) -> QuerySet[Volunteer]:
    """Volunteers by name (however it is typed), by a whole number (mobile or national ID), by the days between which
    they joined, and by what is filtered; wanted professions first, then who has waited longest."""
    rows = Volunteer.objects.select_related("county", "province").defer("access_needs", "guardian_mobile")
    rows = between(rows, "joined_at", since, until)
    for name, value in exact.items():
        if value:
            rows = rows.filter(**{name: value})
    if skill:
        rows = rows.filter(skills__contains=[skill])
    if priority:
        rows = rows.filter(is_priority=True)
    if q:
        rows = rows.filter(_named(q))
    return rows.order_by("-is_priority", "joined_at", "pk")


def _named(typed: str) -> Q:
    for parse, field, purpose in (
        (parse_mobile, "mobile_hash", "mobile"),
        (parse_national_id, "national_id_hash", "national_id"),
    ):
        try:
            return Q(**{field: keyed_hash(parse(typed), purpose)})
        except DomainError:
            continue
    return Q(name_key__contains=search_key(typed))


def waiting_count(limit: int = 10_000) -> int:
    """How many wait to be vetted, counted no further than `limit`."""
    return Volunteer.objects.filter(vetting=Vetting.WAITING).order_by()[:limit].count()


def member_count() -> int:
    """How many are in the network of the open scope; those who left are not."""
    return Volunteer.objects.exclude(activity=Activity.LEFT).order_by().count()


def shown_numbers(*, since: date | None = None, until: date | None = None) -> QuerySet[Revelation]:
    """Whose numbers were shown to whom between these days, the newest first."""
    rows = Revelation.objects.select_related("volunteer", "seen_by", "province").order_by("-pk")
    return between(rows, "seen_at", since, until)
