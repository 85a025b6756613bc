"""From the stage into the table of lines, set by set: new, known, the same under a weaker key, revised, in doubt.

All in the caller's transaction, under the source's lock. Each step may be repeated.
"""

# ruff: noqa: S608 – the statements are put together from names in this module alone
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection

from payments.models import StatementImport, UnreadLine
from payments.statements import keys
from payments.statements.base import IDS, KEYLESS, ONLY_COMPARED
from payments.statements.profiles import Profile
from payments.statements.staging import LINE, UNREAD

TWIN_OR_REPEAT = "twin_or_repeat"
READ_LATER = "read"  # how an unread line was settled that a bettered profile could read
MATCHED_WHEN_READ = "matched_when_read"
WRITE_ONCE_FROM = 20_000
FRESH_COLUMNS = (
    "id", "source_id", "first_import_id", "line_no", "day", "fingerprint", "content", "key_rank", "kind",
    "amount_rial", "fee_rial", "occurred_at", *IDS, "card_masked", "description",
)  # fmt: skip
WORK_MEMORY = "128MB"  # a million lines are compared in memory
_KNOWN = "k"  # a staged line that is no new one
_AT_ONCE = 2_000
_IDS = tuple(IDS)
_VALUES = ("kind", "amount_rial", "fee_rial", "occurred_at", *_IDS, "card_masked", "description")
_KEPT = ("content", "key_rank", *_VALUES)
_DAYS_APART = 10  # as far as a payment and its line may be apart
_COLUMN_OF = {"date": "day", "time": "occurred_at", "amount": "amount_rial"}

CREATE = f"""
    CREATE TEMP TABLE statement_stage (
        what "char" NOT NULL, line_no int NOT NULL, key_rank smallint, fingerprint bytea, content bytea, day date,
        kind text, amount_rial bigint, fee_rial bigint, occurred_at timestamptz,
        {", ".join(f"{name} text" for name in _IDS)}, card_masked text, description text, ordinal int, reason text,
        raw text
    ) ON COMMIT DROP
"""


class Stage:
    """The staged lines of one import."""

    def __init__(self, statement: StatementImport, profile: Profile) -> None:
        self._statement, self._profile = statement, profile
        self._values = {"source": statement.source_id, "import": statement.pk, "keyless": KEYLESS}
        self._has_lines = False

    def open(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "DROP TABLE IF EXISTS pg_temp.statement_stage, pg_temp.statement_met, pg_temp.fresh_line,"
                " pg_temp.statement_again"
            )
            cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEMORY])
            cursor.execute(CREATE)

    def merge(self, write_matched: Callable[[], None] | None = None) -> dict[str, object]:
        """Take in what is staged; the counts of what became of it, with the first and last moment of the file.

        Of a large file `write_matched` is left to write the new lines (the work table `fresh_line`) with what matching
        finds, so that each is written once."""
        lines, first, last = self._measure()
        counts: dict[str, object] = {"lines": lines}
        if lines:
            counts |= {"first_at": first.isoformat(), "last_at": last.isoformat()}
            counts |= {name: self._values[name].isoformat() for name in ("first_day", "last_day")}
            counts["renamed"] = self._follow_weaker_keys()
            counts["moved"] = self._follow_to_another_day()
            # The stage stands in the file's order until one of its rows is written again.
            order = "ORDER BY line_no" if counts["renamed"] or counts["moved"] else ""
            if write_matched is not None and lines >= WRITE_ONCE_FROM:
                counts["new"] = self._collect_fresh(order)
                write_matched()
                counts[MATCHED_WHEN_READ] = True
            else:
                counts["new"] = self._run(_INSERT.format(order=order))
            counts["known"] = lines - counts["new"]
            if counts["known"]:
                what = _KNOWN if MATCHED_WHEN_READ in counts else LINE
                counts |= self._compare(first, last, what)
        counts["unread_new"] = self._keep_unread()
        counts["now_read"] = self._resolve_what_is_read_now()
        return counts

    def _collect_fresh(self, order: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence('payments_statementline', 'id')")
            values = self._values | {"sequence": cursor.fetchone()[0]}
            _by_hash(cursor, True)
            cursor.execute(_FRESH.format(order=order), values)
            fresh = cursor.rowcount
            _by_hash(cursor, False)
        return fresh

    def _measure(self) -> tuple[int, datetime | None, datetime | None]:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE statement_stage")
            cursor.execute(
                "SELECT count(*), min(occurred_at), max(occurred_at), min(day), max(day) FROM statement_stage"
                " WHERE what = %s",
                [LINE],
            )
            lines, first, last, first_day, last_day = cursor.fetchone()
        self._values |= {"first_day": first_day, "last_day": last_day}
        return lines, first, last

    def _run(self, sql: str, **more: object) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, self._values | more)
            return cursor.rowcount

    # --- the same line under another key -----------------------------------------------------------------
    def _follow_weaker_keys(self) -> int:
        """A line whose strong id is damaged here and whole there, or the other way round, is one line.

        Only where exactly one pair fits and no id speaks against it.
        """
        followed = 0
        for rank, columns in enumerate(self._profile.key):
            if rank == 0 or set(columns) & set(ONLY_COMPARED):
                continue
            names = [_COLUMN_OF.get(column, column) for column in columns]
            same = " AND ".join(f"l.{name} = s.{name}" for name in names)
            agree = " AND ".join(f"(s.{n} = '' OR l.{n} = '' OR s.{n} = l.{n})" for n in _IDS)
            fits = f"{same} AND {agree}"
            followed += self._run(_STAGED_IS_WEAKER.format(fits=fits), rank=rank)
            followed += self._run(_KNOWN_IS_WEAKER.format(fits=fits), rank=rank)
        return followed

    # --- the same line on another day --------------------------------------------------------------------
    def _follow_to_another_day(self) -> int:
        """A line whose number a later file tells of another day is one line: what nothing hangs on moves there, of
        the rest a person is asked. Only where the number alone names the line, and once."""
        ranks = [
            rank
            for rank, columns in enumerate(self._profile.key)
            if _LASTING & set(columns) and "date" not in columns
        ]
        if not ranks:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(_MOVED, self._values | {"ranks": ranks})
            if not cursor.rowcount:
                return 0
            cursor.execute(_MOVE_LINES)
            cursor.execute(_MOVE_STAGED)
            moved = cursor.rowcount
        self._measure()
        return moved

    # --- lines that were here ----------------------------------------------------------------------------
    def _compare(self, first: datetime, last: datetime, what: str) -> dict[str, object]:
        with connection.cursor() as cursor:
            _by_hash(cursor, what == _KNOWN)
            cursor.execute(_MET, self._values | {"what": what})
            _by_hash(cursor, False)
            cursor.execute("ANALYZE statement_met")
        revised = self._run(_REVISE)
        applied = self._run(_APPLY)
        counts = {"revised": applied, "contradicted": revised - applied}
        if self._profile.without_key == "content":
            counts[TWIN_OR_REPEAT] = self._ask_about_twins(first, last)
        return counts

    def _ask_about_twins(self, first: datetime, last: datetime) -> int:
        with connection.cursor() as cursor:
            cursor.execute(_IN_DOUBT, self._values | {"first": first, "last": last})
            names = [column.name for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        before = self._unread_rows()
        for at in range(0, len(rows), _AT_ONCE):
            questions = [self._question(row) for row in rows[at : at + _AT_ONCE]]
            UnreadLine.objects.bulk_create(questions, ignore_conflicts=True)
        return self._unread_rows() - before

    def _question(self, row: dict) -> UnreadLine:
        fields = {name: _plain(row[name]) for name in ("day", "content", *_VALUES)}
        raw = " | ".join(str(fields[name]) for name in ("day", *_VALUES) if fields[name])
        digest = keys.raw_hash(f"{self._statement.pk}:{bytes(row['fingerprint']).hex()}")
        return self._unread(row["line_no"], raw, digest, 1, TWIN_OR_REPEAT, fields)

    # --- unread ------------------------------------------------------------------------------------------
    def _keep_unread(self) -> int:
        before, last = self._unread_rows(), 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(_UNREAD, {"last": last, "limit": _AT_ONCE})
                rows = cursor.fetchall()
            if not rows:
                return self._unread_rows() - before
            lines = [self._unread(no, raw, digest, nth, why, {}) for no, raw, digest, nth, why in rows]
            UnreadLine.objects.bulk_create(lines, ignore_conflicts=True)
            last = rows[-1][0]

    def _unread_rows(self) -> int:
        return UnreadLine.objects.filter(first_import=self._statement).count()

    def _unread(self, line_no: int, raw: str, digest, ordinal: int, reason: str, fields: dict) -> UnreadLine:
        return UnreadLine(
            source_id=self._statement.source_id, first_import=self._statement, line_no=line_no, raw=raw,
            raw_hash=bytes(digest), ordinal=ordinal, reason=reason, fields=fields,
        )  # fmt: skip

    def _resolve_what_is_read_now(self) -> int:
        return self._run(_NOW_READ, twin=TWIN_OR_REPEAT)


def _by_hash(cursor, only: bool) -> None:
    """Join by hash alone, or as the planner likes."""
    usual = "off" if only else "on"
    cursor.execute(
        "SELECT set_config('enable_nestloop', %s, true), set_config('enable_mergejoin', %s, true)",
        [usual, usual],
    )


def _plain(value: object) -> object:
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    return value if isinstance(value, int | str) else value.isoformat()


_IN_DAYS = "l.source_id = %(source)s AND l.day BETWEEN %(first_day)s AND %(last_day)s"

# A number of one payment that no other has for months.
_LASTING = {"rrn", "reference", "order_id", "record_no"}
_MOVED = f"""
    DROP TABLE IF EXISTS pg_temp.statement_moved;
    CREATE TEMP TABLE statement_moved ON COMMIT DROP AS
    SELECT s.line_no, l.id, l.day AS old_day, s.day AS new_day,
           l.attempt_id IS NULL AND l.donation_id IS NULL AND l.payout_id IS NULL AND l.entry_source = ''
             AND l.state IN ('new', 'suggested') AS is_free,
           row_number() OVER (PARTITION BY l.id ORDER BY s.line_no) AS nth
      FROM statement_stage s
      JOIN payments_statementline l ON l.fingerprint = s.fingerprint AND l.source_id = %(source)s AND l.day <> s.day
       AND l.day BETWEEN %(first_day)s - {_DAYS_APART} AND %(last_day)s + {_DAYS_APART}
       AND l.day BETWEEN s.day - {_DAYS_APART} AND s.day + {_DAYS_APART}
     WHERE s.what = '{LINE}' AND s.key_rank = ANY(%(ranks)s)
       AND NOT EXISTS (SELECT 1 FROM payments_statementline o WHERE o.source_id = %(source)s AND o.day = s.day
                          AND o.fingerprint = s.fingerprint)
"""
_MOVE_LINES = """
    UPDATE payments_statementline l SET day = m.new_day FROM statement_moved m
     WHERE l.id = m.id AND m.is_free AND m.nth = 1
"""
_MOVE_STAGED = """
    UPDATE statement_stage s SET day = l.day FROM statement_moved m JOIN payments_statementline l ON l.id = m.id
     WHERE s.line_no = m.line_no
"""

_INSERT = f"""
    INSERT INTO payments_statementline
           (source_id, first_import_id, line_no, day, fingerprint, state, {", ".join(_KEPT)})
    SELECT %(source)s, %(import)s, line_no, day, fingerprint, 'new', {", ".join(_KEPT)}
      FROM statement_stage WHERE what = '{LINE}' {{order}}
        ON CONFLICT (source_id, day, fingerprint) DO NOTHING
"""
# New lines, each with its id, in the file's order: what is said again or known is marked, the rest stays where it is.
# The caller holds the source: nobody else adds lines to it. Joins by hash: how many lines there are, the planner learns
# too late.
_FRESH = f"""
    CREATE TEMP TABLE statement_again ON COMMIT DROP AS
    SELECT day, fingerprint, min(line_no) AS line_no FROM statement_stage WHERE what = '{LINE}'
     GROUP BY 1, 2 HAVING count(*) > 1;
    ANALYZE statement_again;
    UPDATE statement_stage s SET what = '{_KNOWN}' FROM statement_again o
     WHERE s.what = '{LINE}' AND o.day = s.day AND o.fingerprint = s.fingerprint AND s.line_no > o.line_no;
    UPDATE statement_stage s SET what = '{_KNOWN}' FROM payments_statementline l
     WHERE s.what = '{LINE}' AND {_IN_DAYS} AND l.day = s.day AND l.fingerprint = s.fingerprint;
    CREATE TEMP TABLE fresh_line ON COMMIT DROP AS
    SELECT nextval(%(sequence)s::regclass) AS id, %(source)s AS source_id, %(import)s AS first_import_id, line_no, day,
           fingerprint, {", ".join(_KEPT)}
      FROM (SELECT * FROM statement_stage WHERE what = '{LINE}' {{order}}) s
"""
_STAGED_IS_WEAKER = f"""
    UPDATE statement_stage t SET fingerprint = known.fingerprint, key_rank = known.key_rank
      FROM (SELECT s.line_no, min(l.fingerprint) AS fingerprint, min(l.key_rank) AS key_rank
              FROM statement_stage s
              JOIN payments_statementline l ON {_IN_DAYS} AND l.day = s.day AND l.kind = s.kind AND {{fits}}
             WHERE s.what = '{LINE}' AND s.key_rank = %(rank)s AND l.key_rank < %(rank)s
             GROUP BY s.line_no HAVING count(*) = 1) known
     WHERE t.line_no = known.line_no
"""
_KNOWN_IS_WEAKER = f"""
    UPDATE payments_statementline t SET fingerprint = strong.fingerprint, key_rank = strong.key_rank
      FROM (SELECT l.id, min(s.fingerprint) AS fingerprint, min(s.key_rank) AS key_rank
              FROM payments_statementline l
              JOIN statement_stage s ON l.day = s.day AND l.kind = s.kind AND {{fits}}
             WHERE {_IN_DAYS} AND l.key_rank = %(rank)s AND l.key_rank BETWEEN 1 AND %(keyless)s - 1
               AND s.what = '{LINE}' AND s.key_rank < %(rank)s
             GROUP BY l.id HAVING count(*) = 1) strong
     WHERE t.id = strong.id
       AND NOT EXISTS (SELECT 1 FROM payments_statementline o WHERE o.source_id = t.source_id AND o.day = t.day
                          AND o.fingerprint = strong.fingerprint)
"""
# Lines that stood here before this file, or that this file says twice.
_MET = f"""
    CREATE TEMP TABLE statement_met ON COMMIT DROP AS
    SELECT s.*, l.id AS line_id, l.first_import_id,
           (l.first_import_id = %(import)s AND l.line_no <> s.line_no)
             OR row_number() OVER (PARTITION BY l.id ORDER BY s.line_no) > 1 AS said_twice,
           l.content <> s.content AND (
             row_number() OVER (PARTITION BY l.id ORDER BY s.line_no) = 1
             OR s.content <> first_value(s.content) OVER (PARTITION BY l.id ORDER BY s.line_no)) AS differs
      FROM statement_stage s
      JOIN payments_statementline l ON {_IN_DAYS} AND l.day = s.day AND l.fingerprint = s.fingerprint
     WHERE s.what = %(what)s
       AND (l.first_import_id <> %(import)s OR l.line_no <> s.line_no OR l.content <> s.content)
"""
_TEXTS = (*_IDS, "card_masked", "description")
_NEW_VALUE = {
    name: f"coalesce(nullif(m.{name}, ''), l.{name})" if name in _TEXTS else f"m.{name}" for name in _VALUES
}
_OLD_JSON = ", ".join(f"'{name}', l.{name}" for name in _VALUES)
_NEW_JSON = ", ".join(f"'{name}', {value}" for name, value in _NEW_VALUE.items())
# A blank never takes a value away. What only fills blanks, or hangs on nothing yet, is applied.
_REVISE = f"""
    INSERT INTO payments_linerevision (line_id, found_in_id, before, after, is_applied)
    SELECT line_id, %(import)s, before, after,
           NOT said_twice AND (is_free OR NOT EXISTS (SELECT 1 FROM jsonb_each(before) b WHERE b.value <> '""'))
      FROM (SELECT m.line_id, m.said_twice,
                   l.attempt_id IS NULL AND l.donation_id IS NULL AND l.payout_id IS NULL AND l.entry_source = ''
                     AND l.state IN ('new', 'suggested') AS is_free,
                   changed.before, changed.after
              FROM statement_met m JOIN payments_statementline l ON l.id = m.line_id
             CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(o.key, o.value) AS before, jsonb_object_agg(n.key, n.value) AS after
                  FROM jsonb_each(jsonb_build_object({_OLD_JSON})) o
                  JOIN jsonb_each(jsonb_build_object({_NEW_JSON})) n ON n.key = o.key AND n.value <> o.value) changed
             WHERE m.differs AND changed.before IS NOT NULL
             ORDER BY m.line_no) r
     WHERE NOT EXISTS (SELECT 1 FROM payments_linerevision x
                        WHERE x.line_id = r.line_id AND x.after = r.after AND NOT x.is_applied)
"""
_APPLY = f"""
    UPDATE payments_statementline t
       SET content = m.content, state = CASE WHEN t.state = 'suggested' THEN 'new' ELSE t.state END,
           {", ".join(f"{name} = {value.replace('l.', 't.')}" for name, value in _NEW_VALUE.items())}
      FROM statement_met m
     WHERE m.line_id = t.id AND m.differs AND NOT m.said_twice
       AND EXISTS (SELECT 1 FROM payments_linerevision r
                    WHERE r.line_id = t.id AND r.found_in_id = %(import)s AND r.is_applied)
"""
# A keyless line that another file has too. Both files hold its moment within them, or share more than one such
# line: then they overlap and it is a repetition. Otherwise nobody knows.
_IN_DOUBT = """
    SELECT m.* FROM statement_met m JOIN payments_statementimport i ON i.id = m.first_import_id
     WHERE m.key_rank = %(keyless)s AND m.first_import_id <> %(import)s
       AND NOT (m.occurred_at > %(first)s AND m.occurred_at < %(last)s
                AND m.occurred_at > (i.counts->>'first_at')::timestamptz
                AND m.occurred_at < (i.counts->>'last_at')::timestamptz)
       AND (m.day, m.first_import_id) NOT IN (
             SELECT day, first_import_id FROM statement_met
              GROUP BY 1, 2 HAVING count(DISTINCT content) > 1 OR min(key_rank) < %(keyless)s)
     ORDER BY m.line_no
"""
_UNREAD = f"""
    SELECT line_no, raw, fingerprint, ordinal, reason FROM statement_stage
     WHERE what = '{UNREAD}' AND line_no > %(last)s ORDER BY line_no LIMIT %(limit)s
"""
_NOW_READ = f"""
    UPDATE payments_unreadline u SET resolved_at = now(), resolution = '{READ_LATER}'
     WHERE u.first_import_id = %(import)s AND u.resolved_at IS NULL AND u.reason <> %(twin)s
       AND (u.raw_hash, u.ordinal) NOT IN (SELECT fingerprint, ordinal FROM statement_stage WHERE what = '{UNREAD}')
"""
