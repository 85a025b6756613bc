"""Reading calls in a crisis: what is open, what is wanted, what came of it."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.reference import remembered
from provinces.models import Province
from provinces.scoping import all_provinces
from volunteers.models import Surge, SurgeWant

_BY_SKILL = """
    SELECT w.skill, w.wanted, count(v.id), count(v.id) FILTER (WHERE v.vetting = 'approved')
      FROM volunteers_surgewant w
      LEFT JOIN volunteers_volunteer v ON v.surge_id = w.surge_id AND w.skill = ANY(v.skills)
     WHERE w.surge_id = %s GROUP BY w.id ORDER BY w.id
"""
_ALL = """
    SELECT count(*), count(*) FILTER (WHERE vetting = 'approved'),
           count(*) FILTER (WHERE vetting IN ('waiting', 'asked')),
           count(*) FILTER (WHERE vetting IN ('waiting', 'asked') AND is_priority),
           count(*) FILTER (WHERE joined_at > %s - interval '1 hour')
      FROM volunteers_volunteer WHERE surge_id = %s
"""
_BY_PROVINCE = """
    SELECT p.code, p.name, count(v.id), count(v.id) FILTER (WHERE v.vetting = 'approved')
      FROM volunteers_volunteer v JOIN provinces_province p ON p.code = v.province_id
     WHERE v.surge_id = %s GROUP BY p.code ORDER BY count(v.id) DESC, p.sort_key
"""
_WORK = """
    SELECT count(DISTINCT s.id), coalesce(sum(a.confirmed_minutes), 0),
           count(DISTINCT a.volunteer_id) FILTER (WHERE a.state = 'present')
      FROM volunteers_opportunity o JOIN volunteers_shift s ON s.opportunity_id = o.id
      LEFT JOIN volunteers_assignment a ON a.shift_id = s.id WHERE o.surge_id = %s
"""


def open_surges() -> list[Surge]:
    """The calls that are open with their wants, the newest first."""
    return list(_open_surges())


@remembered(Surge, SurgeWant)
def _open_surges() -> tuple[Surge, ...]:
    """Everybody who joins by a call asks this; a call is for everybody to see."""
    with all_provinces("calls are public"):
        rows = Surge.objects.filter(closed_at=None).select_related("province").prefetch_related("wants")
        return tuple(rows)


def open_surge_of(province: str) -> Surge | None:
    """The call that somebody of this province answers: the province's own before the country's."""
    fitting = [surge for surge in _open_surges() if surge.province_id in (province, None)]
    return min(fitting, key=lambda surge: surge.province_id is None, default=None)


def wanted_skills(surge: Surge) -> set[str]:
    """What a call wants."""
    return {want.skill for want in surge.wants.all()}


def calls_of(provinces: QuerySet[Province]) -> QuerySet[Surge]:
    """The open calls of these provinces and of the whole country, which every office works for."""
    with all_provinces("a call of the whole country is everybody's"):
        return Surge.objects.filter(Q(province__in=provinces) | Q(province=None), closed_at=None)


def closed_surges(limit: int = 20) -> list[Surge]:
    return list(
        Surge.objects.exclude(closed_at=None).select_related("province").order_by("-closed_at")[:limit]
    )


def figures_of(surge: Surge) -> dict[str, Any]:
    """What came of a call so far; of a closed one, as it was then. Counts of people, never people."""
    if surge.closed_at is not None and surge.figures:
        return surge.figures
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_ALL, [now, surge.pk])
        joined, approved, waiting, first, lately = cursor.fetchone()
        cursor.execute(_BY_SKILL, [surge.pk])
        skills = [
            dict(zip(("skill", "wanted", "joined", "approved"), row, strict=True))
            for row in cursor.fetchall()
        ]
        cursor.execute(_BY_PROVINCE, [surge.pk])
        places = [
            dict(zip(("code", "name", "joined", "approved"), row, strict=True)) for row in cursor.fetchall()
        ]
        cursor.execute(_WORK, [surge.pk])
        shifts, minutes, worked = cursor.fetchone()
    return {
        "as_of": now.isoformat(),
        "joined": joined,
        "approved": approved,
        "waiting": waiting,
        "waiting_first": first,
        "last_hour": lately,
        "skills": skills,
        "provinces": places,
        "shifts": shifts,
        "minutes": minutes,
        "worked": worked,
    }
