"""The set-based half of taking in a registry: lines are copied in, judged together, and become rows together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from volunteers.registry_lines import ReadLine
from volunteers.selectors import youngest_birthday

_TWINS = """
WITH twins AS (
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY mobile_hash ORDER BY line_no) AS by_mobile,
               CASE WHEN national_id_hash = '' THEN 1
                    ELSE row_number() OVER (PARTITION BY national_id_hash ORDER BY line_no) END AS by_person
          FROM volunteers_registryline WHERE registry_id = %(registry)s AND state = 'new') x
     WHERE by_mobile > 1 OR by_person > 1)
UPDATE volunteers_registryline l SET state = 'twin', reason = 'twin' FROM twins t WHERE t.id = l.id
"""
_KNOWN = """
UPDATE volunteers_registryline l
   SET state = CASE WHEN l.national_id_hash IN ('', v.national_id_hash) OR v.national_id_hash = '' THEN 'known'
                    ELSE 'refused' END,
       reason = CASE WHEN l.national_id_hash IN ('', v.national_id_hash) OR v.national_id_hash = '' THEN 'known'
                     ELSE 'mobile_of_another' END
  FROM volunteers_volunteer v
 WHERE l.registry_id = %(registry)s AND l.line_no > %(since)s AND l.line_no <= %(last)s AND l.state = %(state)s
   AND v.mobile_hash = l.mobile_hash;

UPDATE volunteers_registryline l SET state = 'conflict', reason = 'other_mobile'
  FROM volunteers_volunteer v
 WHERE l.registry_id = %(registry)s AND l.line_no > %(since)s AND l.line_no <= %(last)s AND l.state = %(state)s
   AND l.national_id_hash <> '' AND v.national_id_hash = l.national_id_hash;
"""
_LAST = """
    SELECT max(line_no) FROM (SELECT line_no FROM volunteers_registryline
     WHERE registry_id = %s AND line_no > %s ORDER BY line_no LIMIT %s) x
"""
# Lines that were new when they were read may be known by now: the unique keys decide, and what they refuse ('left') is
# judged. Whoever is taken in stays 'new' in a line up to `done_to`: writing 130,000 lines anew says nothing else.
_TAKE = """
WITH made AS (
    INSERT INTO volunteers_volunteer (
        name, name_key, mobile, mobile_hash, national_id, national_id_hash, born_on, province_id, county_id, section,
        sections, role, profession, licence_no, licence_state, skills, languages, availability, guardian_name,
        guardian_mobile, access_needs, guardian_state, source)
    SELECT name, name_key, mobile, mobile_hash, national_id, national_id_hash, born_on, place, county_id, section,
           ARRAY[section], role, profession, licence_no, CASE WHEN licence_no = '' THEN 'none' ELSE 'unchecked' END,
           skills, '{}', '{}', '', '', '', CASE WHEN born_on > %(of_age)s THEN 'waiting' ELSE 'none' END, 'import'
      FROM volunteers_registryline
     WHERE registry_id = %(registry)s AND line_no > %(since)s AND line_no <= %(last)s AND state = 'new'
     ORDER BY line_no
    ON CONFLICT DO NOTHING RETURNING mobile_hash)
UPDATE volunteers_registryline l SET state = 'left'
 WHERE l.registry_id = %(registry)s AND l.line_no > %(since)s AND l.line_no <= %(last)s AND l.state = 'new'
   AND l.mobile_hash NOT IN (SELECT mobile_hash FROM made);
"""
_TAKE_GROUPS = """
INSERT INTO volunteers_volunteergroup (name, name_key, kind, section, province_id, county_id)
SELECT DISTINCT ON (county_id, group_key) group_name, group_key, group_kind, section, place, county_id
  FROM volunteers_registryline
 WHERE registry_id = %(registry)s AND line_no > %(since)s AND line_no <= %(last)s AND state = 'new'
   AND group_key <> '' ORDER BY county_id, group_key, line_no
ON CONFLICT DO NOTHING;

INSERT INTO volunteers_groupmembership (group_id, volunteer_id)
SELECT g.id, v.id FROM volunteers_registryline l
  JOIN volunteers_volunteer v ON v.mobile_hash = l.mobile_hash
  JOIN volunteers_volunteergroup g ON g.county_id = l.county_id AND g.name_key = l.group_key
 WHERE l.registry_id = %(registry)s AND l.line_no > %(since)s AND l.line_no <= %(last)s AND l.state = 'new'
   AND l.group_key <> '' AND g.state <> 'closed'
ON CONFLICT DO NOTHING;

INSERT INTO volunteers_duplicate (volunteer_id, new_mobile, new_mobile_hash, state, found_in_id, code_hash,
                                  other_code_hash, tries, consent, note)
SELECT v.id, l.mobile, l.mobile_hash, 'open', l.registry_id, '', '', 0, '', ''
  FROM volunteers_registryline l JOIN volunteers_volunteer v ON v.national_id_hash = l.national_id_hash
 WHERE l.registry_id = %(registry)s AND l.line_no > %(since)s AND l.line_no <= %(last)s AND l.state = 'conflict'
   AND NOT EXISTS (SELECT 1 FROM volunteers_duplicate d
                    WHERE d.volunteer_id = v.id AND d.new_mobile_hash = l.mobile_hash AND d.state = 'open');
"""
_LAST_LINE = 2**31 - 1
ROWS_AT_ONCE = 50  # some tens of kilobytes: psycopg sends what it is given at once
_COUNT = """
    SELECT CASE WHEN state = 'new' AND line_no <= %s THEN 'taken' ELSE state END, count(*)
      FROM volunteers_registryline WHERE registry_id = %s GROUP BY 1
"""


def copy_row(registry_id: int, line: ReadLine) -> str:
    """A line in the text format of COPY. What was normalised has neither tabs nor line breaks left: only the escape
    itself is to be escaped."""
    skills = "{" + ",".join(line.skills) + "}"
    born = line.born_on.isoformat() if line.born_on else "\\N"
    plain = (
        line.name, line.name_key, line.mobile, line.mobile_hash, line.national_id, line.national_id_hash,
    )  # fmt: skip
    rest = (line.profession, line.licence_no)
    group = (line.group_name, line.group_key, line.group_kind)
    return (
        f"{registry_id}\t{line.line_no}\t{line.state}\t{line.reason}\t"
        + "\t".join(plain).replace("\\", "\\\\")
        + f"\t{line.county or chr(92) + 'N'}\t{line.place}\t{line.section}\t{line.role}\t"
        + "\t".join(rest).replace("\\", "\\\\")
        + f"\t{skills}\t{born}\t"
        + "\t".join(group).replace("\\", "\\\\")
        + "\n"
    )


class _Stream:
    """Rows as a file that COPY reads while they are made: the database works on one part as the next is read."""

    def __init__(self, rows: Iterator[str]) -> None:
        self._rows = rows
        self.fault: Exception | None = None

    def read(self, size: int = 0) -> str:
        try:
            return "".join(islice(self._rows, ROWS_AT_ONCE))
        except Exception as fault:
            self.fault = fault
            raise


def copy_lines(cursor, columns: tuple[str, ...], rows: Iterator[str]) -> None:
    """Copy rows (`copy_row`) in. What goes wrong while they are made goes wrong here."""
    stream = _Stream(rows)
    try:
        cursor.copy_expert(f"COPY volunteers_registryline ({', '.join(columns)}) FROM STDIN", stream)
    except Exception:
        if stream.fault is not None:
            raise stream.fault from None
        raise


def judge_lines(cursor, registry_id: int) -> None:
    """Say of the lines of a file which are twins, known, in conflict, or of another's number."""
    cursor.execute("ANALYZE volunteers_registryline")
    cursor.execute(_TWINS, {"registry": registry_id})
    values = {"registry": registry_id, "since": -1, "last": _LAST_LINE, "state": "new"}
    cursor.execute(_KNOWN, values)


def last_of_part(cursor, registry_id: int, since: int, part: int) -> int | None:
    """The number of the last line of the next part; None when there are no more."""
    cursor.execute(_LAST, [registry_id, since, part])
    return cursor.fetchone()[0]


def take_part(cursor, registry_id: int, since: int, last: int) -> None:
    """Make volunteers, groups, memberships and suspected duplicates of the lines of a part. By index, for the length of
    the transaction: the tables grow by every part, and what PostgreSQL remembers of them is of the one before."""
    values = {"registry": registry_id, "since": since, "last": last, "of_age": youngest_birthday()}
    cursor.execute("SET LOCAL enable_seqscan = off")
    cursor.execute(_TAKE, values)
    cursor.execute(_KNOWN, values | {"state": "left"})
    cursor.execute(_TAKE_GROUPS, values)


def count_states(cursor, registry_id: int, done_to: int) -> dict[str, int]:
    """How many lines are in which state; new ones up to the line `done_to` are taken in."""
    cursor.execute(_COUNT, [done_to, registry_id])
    return dict(cursor.fetchall())
