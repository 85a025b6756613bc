"""Entries with very many legs, which the database puts together itself from a work table that their writer fills.

`open_work_table`, then INSERT INTO work_leg (source, account_id, dimension_id, amount_rial), then `post_work_legs`: the
same rules as `posting.post`, without carrying a million legs through Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from core.errors import DomainError
from core.jalali import tehran_day
from ledger.closing import open_days
from ledger.posting import NewEntry

_TABLE = """
    CREATE TEMP TABLE IF NOT EXISTS work_leg (
        source text NOT NULL, account_id bigint NOT NULL, dimension_id bigint NOT NULL, amount_rial bigint NOT NULL
    ) ON COMMIT DROP;
    TRUNCATE work_leg
"""
_UNBALANCED = """
    SELECT source FROM work_leg l JOIN ledger_account a ON a.id = l.account_id
     GROUP BY source, a.unit HAVING sum(amount_rial) <> 0 LIMIT 1
"""
_PLACES = """
    SELECT l.source, coalesce(d.province_id, '')
      FROM (SELECT DISTINCT source, dimension_id FROM work_leg) l JOIN ledger_dimension d ON d.id = l.dimension_id
     GROUP BY 1, 2
"""
_POST = """
    WITH written AS (
        INSERT INTO ledger_entry (kind, source, occurred_at, day, placement_id, memo)
        SELECT * FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::date[], %s::bigint[], %s::text[])
        ON CONFLICT (source) DO NOTHING
        RETURNING id, source
    ), legs AS (
        INSERT INTO ledger_posting (entry_id, account_id, dimension_id, amount_rial)
        SELECT w.id, l.account_id, l.dimension_id, l.amount_rial FROM work_leg l JOIN written w USING (source)
    )
    SELECT source, id FROM written
"""
# As in the index that keeps a combination once; none of them is ever an empty text or zero.
_TEXTS, _NUMBERS = ("province_id", "county_id"), ("edition_id", "branch_id", "channel_id", "need_id")
_COLUMNS = ("fund_id", *_TEXTS, *_NUMBERS)
_SAME = " AND ".join(
    [
        "d.fund_id = t.fund_id",
        *(f"coalesce(d.{c}, '') = coalesce(t.{c}, '')" for c in _TEXTS),
        *(f"coalesce(d.{c}, 0) = coalesce(t.{c}, 0)" for c in _NUMBERS),
    ]
)


def open_work_table() -> None:
    """An empty `work_leg` for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)


def fill_dimensions(table: str) -> None:
    """Set `dimension_id` in a work table that has the columns of a facet (fund_id, province_id …); rows without a fund
    are left. Combinations that are missing are made."""
    columns = ", ".join(_COLUMNS)
    fill = f"""
        UPDATE {table} t SET dimension_id = d.id FROM ledger_dimension d
         WHERE t.dimension_id IS NULL AND {_SAME}
    """  # noqa: S608 - a work table of our own
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(fill)
        cursor.execute(
            f"""INSERT INTO ledger_dimension ({columns})
                SELECT DISTINCT {columns} FROM {table} WHERE dimension_id IS NULL AND fund_id IS NOT NULL
                ON CONFLICT DO NOTHING"""  # noqa: S608
        )
        if cursor.rowcount:
            cursor.execute(fill)


def post_work_legs(entries: Sequence[NewEntry]) -> dict[str, int]:
    """Write entries whose legs stand in `work_leg` under their source (`legs` is empty); {source: entry id} of the new.

    As with `post`: a closed day takes nothing, repeating a source writes nothing. An entry without legs is left out.
    DomainError("unbalanced").
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE work_leg")
        cursor.execute(_UNBALANCED)
        if (row := cursor.fetchone()) is not None:
            raise DomainError("unbalanced", source=row[0])
        places: dict[str, set[str]] = defaultdict(set)
        cursor.execute(_PLACES)
        for source, province in cursor.fetchall():
            places[source].add(province)
        entries = [entry for entry in entries if entry.source in places]
        days = open_days([(tehran_day(e.occurred_at), places[e.source]) for e in entries])
        heads = [
            (e.kind, e.source, e.occurred_at, day, e.placement_id, e.memo)
            for e, day in zip(entries, days, strict=True)
        ]
        if not heads:
            return {}
        cursor.execute(_POST, [list(column) for column in zip(*heads, strict=True)])
        return dict(cursor.fetchall())
