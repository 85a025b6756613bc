"""Who fits a shift: by skills, nearness and how much they did lately. One query, bounded whatever the size."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from provinces.scoping import check_write, current_scope
from volunteers.models import Shift

MOST_COMPARED = 400
LATELY_DAYS = 60

# Among equals the draw differs by shift: nobody is always the first to be asked.
_QUERY = """
WITH near AS (
    SELECT v.id, v.name, v.profession, v.skills, v.county_id, {fits} AS fits,
           CASE WHEN v.county_id = %(county)s THEN 0 WHEN v.province_id = %(province)s THEN 1 ELSE 2 END AS far,
           hashint8(v.id * 31 + %(shift)s) AS draw
      FROM volunteers_volunteer v
     WHERE v.activity = 'active' AND v.vetting = ANY(%(vetting)s) AND {place} AND {wanted} AND {seen}
       AND v.guardian_state IN ('none', 'agreed')
     ORDER BY fits DESC, far, draw LIMIT {most}
)
SELECT n.id, n.name, n.profession, n.skills, c.name, n.fits, n.far, l.load
  FROM near n LEFT JOIN provinces_county c ON c.code = n.county_id
 CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE s.starts_at > now() - interval '{days} days') AS load,
           coalesce(bool_or(s.id = %(shift)s OR (a.state = 'signed_up' AND s.starts_at < %(ends)s
                            AND s.ends_at > %(starts)s)), false) AS busy
      FROM volunteers_assignment a JOIN volunteers_shift s ON s.id = a.shift_id
     WHERE a.volunteer_id = n.id AND (s.id = %(shift)s OR a.state IN ('signed_up', 'present'))) l
 WHERE NOT l.busy AND EXISTS (
    SELECT 1 FROM volunteers_consent k
     WHERE k.volunteer_id = n.id AND k.kind = 'contact' AND k.withdrawn_at IS NULL)
 ORDER BY n.fits DESC, n.far, l.load, n.draw LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Match:
    """Somebody who could come: how many of the wanted skills fit, how far (0 the county, 1 the province, 2 from afar),
    and at how many shifts they were lately."""

    volunteer_id: int
    name: str
    profession: str
    skills: list[str]
    county: str
    fits: int
    far: int
    load: int


def find_matches(shift: Shift, *, limit: int = 30) -> list[Match]:
    """Active volunteers who agreed to be called (under age: whose guardian agreed), are vetted where clients are met,
    are free at that time and were not asked to this shift yet; the best first, and nobody whom the open scope does not
    hold.

    DomainError("not_found") outside the scope.
    """
    wanted, scope = shift.opportunity, current_scope()
    check_write(wanted.province_id, wanted.county_id)
    values = {
        "shift": shift.pk,
        "county": wanted.county_id,
        "province": wanted.province_id,
        "vetting": ["approved"] if wanted.meets_clients else ["approved", "waiting", "asked"],
        "starts": shift.starts_at,
        "ends": shift.ends_at,
        "limit": limit,
        "skills": wanted.skills,
        "provinces": list(scope.provinces),
        "counties": list(scope.counties),
        "section": wanted.section,
    }
    fits = " + ".join(
        f"(v.skills @> ARRAY[%(skill{at})s]::varchar[])::int" for at in range(len(wanted.skills))
    )
    values |= {f"skill{at}": skill for at, skill in enumerate(wanted.skills)}
    query = _QUERY.format(
        fits=fits or "0",
        place="(v.province_id = %(province)s OR v.is_remote)"
        if wanted.is_remote
        else "v.province_id = %(province)s",
        wanted="v.skills && %(skills)s::varchar[]" if wanted.skills else "v.section = %(section)s",
        seen="true"
        if scope.everything
        else "(v.province_id = ANY(%(provinces)s) OR v.county_id = ANY(%(counties)s))",
        most=MOST_COMPARED,
        days=LATELY_DAYS,
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [Match(*row) for row in cursor.fetchall()]
