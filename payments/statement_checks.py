"""What must be true of statement files; registered by `payments.checks`."""

from core.invariants import invariant, violations


@invariant("payments: every statement line and unread line belongs to a file of its source")
def lines_have_their_file():
    return violations(
        """SELECT l.source_id, l.first_import_id, count(*) AS lines
             FROM (SELECT source_id, first_import_id FROM payments_statementline
                   UNION ALL SELECT source_id, first_import_id FROM payments_unreadline) l
             LEFT JOIN payments_statementimport i ON i.id = l.first_import_id AND i.source_id = l.source_id
            WHERE i.id IS NULL GROUP BY 1, 2""",
        "{lines} lines of source {source_id} name file {first_import_id}, which is not one of its",
    )


@invariant("payments: every line of a statement file that was read is here")
def files_are_whole():
    return violations(
        """SELECT i.id, (i.counts->>'new')::int AS said, n.lines
             FROM payments_statementimport i
             LEFT JOIN LATERAL (SELECT count(*) AS lines FROM payments_statementline l
                                 WHERE l.source_id = i.source_id AND l.first_import_id = i.id
                                   AND l.day BETWEEN (i.counts->>'first_day')::date
                                                 AND (i.counts->>'last_day')::date) n ON true
            WHERE i.state IN ('read', 'posted') AND i.counts ? 'first_day'
              AND n.lines < (i.counts->>'new')::int""",
        "file {id} brought {said} new lines, {lines} are here",
    )
