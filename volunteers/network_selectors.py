"""The network in figures: by section, skill, province, activity and hours; and needs that nobody answers."""

# ruff: noqa: S608 - statements are put together from this module's own words; values are always parameters
from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from provinces.scoping import current_scope
from volunteers.enums import AssignmentState, OpportunityState, Section
from volunteers.models import Shift
from volunteers.skills import all_skills

ACTIVE_DAYS = 90
MOST_PROFESSIONS = 50  # they are typed freely
ANSWER_WITHIN = timedelta(days=14)

# Everybody counted: those who left are not.
_ALL = """
    SELECT count(*), count(*) FILTER (WHERE vetting = 'approved'),
           count(*) FILTER (WHERE vetting IN ('waiting', 'asked')),
           count(*) FILTER (WHERE activity = 'paused') FROM volunteers_volunteer WHERE activity <> 'left'
"""
_ACTIVE = """
    SELECT count(DISTINCT a.volunteer_id), coalesce(sum(a.confirmed_minutes), 0)
      FROM volunteers_assignment a JOIN volunteers_shift s ON s.id = a.shift_id
     WHERE a.state = 'present' AND s.starts_at > %s
"""
_GROUPS = """
    SELECT count(*), count(*) FILTER (WHERE state IN ('asked', 'asleep')) FROM volunteers_volunteergroup
     WHERE state <> 'closed'
"""
_PROVINCES = """
    SELECT p.code, p.name, coalesce(v.everybody, 0), coalesce(v.approved, 0), coalesce(g.groups, 0),
           coalesce(h.active, 0), coalesce(h.minutes, 0)
      FROM provinces_province p
      LEFT JOIN (SELECT province_id, count(*) AS everybody, count(*) FILTER (WHERE vetting = 'approved') AS approved
                   FROM volunteers_volunteer WHERE activity <> 'left' GROUP BY 1) v ON v.province_id = p.code
      LEFT JOIN (SELECT province_id, count(*) AS groups FROM volunteers_volunteergroup
                  WHERE state <> 'closed' GROUP BY 1) g ON g.province_id = p.code
      LEFT JOIN (SELECT o.province_id, count(DISTINCT a.volunteer_id) AS active, sum(a.confirmed_minutes) AS minutes
                   FROM volunteers_assignment a JOIN volunteers_shift s ON s.id = a.shift_id
                   JOIN volunteers_opportunity o ON o.id = s.opportunity_id
                  WHERE a.state = 'present' AND s.starts_at > %s GROUP BY 1) h ON h.province_id = p.code
     ORDER BY p.sort_key
"""
# Who came of late, and for how long; joined to people as h.
_OF_LATE = """
    LEFT JOIN (SELECT a.volunteer_id, sum(a.confirmed_minutes) AS minutes
                 FROM volunteers_assignment a JOIN volunteers_shift s ON s.id = a.shift_id
                WHERE a.state = 'present' AND s.starts_at > %(since)s GROUP BY 1) h ON h.volunteer_id = v.id
"""
_COUNTED = """
    count(*), count(*) FILTER (WHERE v.vetting = 'approved'), count(h.volunteer_id), coalesce(sum(h.minutes), 0)::bigint
"""
_SECTIONS = f"""
    SELECT x.section, {_COUNTED} FROM volunteers_volunteer v CROSS JOIN LATERAL unnest(v.sections) AS x(section)
    {_OF_LATE} WHERE v.activity <> 'left' GROUP BY 1 ORDER BY 2 DESC
"""
_SKILLS = f"""
    SELECT x.skill, {_COUNTED} FROM volunteers_volunteer v CROSS JOIN LATERAL unnest(v.skills) AS x(skill)
    {_OF_LATE} WHERE v.activity <> 'left' GROUP BY 1 ORDER BY 2 DESC, 1
"""
_PROFESSIONS = f"""
    SELECT v.profession, {_COUNTED} FROM volunteers_volunteer v
    {_OF_LATE} WHERE v.activity <> 'left' AND v.profession <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""
_COUNTS = ("everybody", "approved", "active", "minutes")


def network_figures() -> dict[str, Any]:
    """The whole country's network. Only for those who may see all of it."""
    if not current_scope().everything:
        raise PermissionError("the network's figures are of the whole country")
    since = timezone.now() - timedelta(days=ACTIVE_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        everybody, approved, waiting, paused = cursor.fetchone()
        cursor.execute(_ACTIVE, [since])
        active, minutes = cursor.fetchone()
        cursor.execute(_GROUPS)
        groups, silent = cursor.fetchone()
        cursor.execute(_PROVINCES, [since])
        places = _rows(cursor, "code", "name", "everybody", "approved", "groups", "active", "minutes")
        cursor.execute(_SECTIONS, {"since": since})
        sections = _rows(cursor, "section", *_COUNTS)
        cursor.execute(_SKILLS, {"since": since})
        skills = _rows(cursor, "skill", *_COUNTS)
        cursor.execute(_PROFESSIONS, {"since": since, "most": MOST_PROFESSIONS})
        professions = _rows(cursor, "label", *_COUNTS)
    known = all_skills()
    for row in sections:
        row["label"] = str(Section(row["section"]).label)
    for row in skills:
        row["label"] = known[row["skill"]].label if row["skill"] in known else row["skill"]
    return {
        "everybody": everybody,
        "approved": approved,
        "waiting": waiting,
        "paused": paused,
        "active": active,
        "minutes": minutes,
        "groups": groups,
        "silent": silent,
        "provinces": places,
        "sections": sections,
        "skills": skills,
        "professions": professions,
    }


def unanswered_shifts() -> QuerySet[Shift]:
    """Shifts that begin within ANSWER_WITHIN and have room, the emptiest first: needs that nobody answers."""
    now = timezone.now()
    rows = Shift.objects.filter(
        starts_at__gt=now,
        starts_at__lt=now + ANSWER_WITHIN,
        taken__lt=F("capacity"),
        opportunity__state=OpportunityState.OPEN,
    )
    return (
        rows.select_related("opportunity__province", "opportunity__county")
        .annotate(
            asked=Count("assignments", filter=Q(assignments__invited_at__isnull=False)),
            declined=Count("assignments", filter=Q(assignments__state=AssignmentState.DECLINED)),
        )
        .order_by(F("taken") * 1.0 / F("capacity"), "starts_at", "pk")
    )


def _rows(cursor, *names: str) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
