"""The books' side of payouts: one entry a payout, with its legs for each purpose, put together by the database.

A payout's entry moves, for each purpose, what the gateway owed us to what is on its way to the bank, less the fee.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from django.db import connection
from django.utils import timezone

from core.jalali import TEHRAN
from ledger.accounts import FEES, account_id
from ledger.dimensions import Facet
from ledger.enums import EntryKind
from ledger.many_legs import fill_dimensions, open_work_table, post_work_legs
from ledger.posting import NewEntry
from payments.models import Payout, StatementSource
from payments.reconciliation_selectors import transit_account

OTHERWISE_FUND = "general"
_FACET = ", ".join(f"{name}_id" for name in Facet._fields)

_PAID = """
    DROP TABLE IF EXISTS pg_temp.payout_line, pg_temp.payout_sum;
    CREATE TEMP TABLE payout_line ON COMMIT DROP AS
    SELECT payout_id, donation_id,
           CASE kind WHEN 'payment' THEN amount_rial WHEN 'reversal' THEN -amount_rial ELSE 0 END AS gross_rial,
           CASE kind WHEN 'fee' THEN amount_rial ELSE fee_rial END AS fee_rial
      FROM payments_statementline
     WHERE source_id = %s AND day BETWEEN %s AND %s AND payout_id = ANY(%s);
    ANALYZE payout_line
"""
# Ids rise with time: the range leaves the gifts of past years unread.
_SUMS = f"""
    CREATE TEMP TABLE payout_sum ON COMMIT DROP AS
    SELECT p.payout_id, {_FACET}, NULL::bigint AS dimension_id,
           sum(p.gross_rial)::bigint AS gross_rial, sum(p.fee_rial)::bigint AS fee_rial
      FROM payout_line p LEFT JOIN donations_donation d ON d.id = p.donation_id
       AND d.id BETWEEN (SELECT min(donation_id) FROM payout_line) AND (SELECT max(donation_id) FROM payout_line)
     GROUP BY p.payout_id, {_FACET}
"""  # noqa: S608
# A fee that belongs to no gift of its payout.
_COMMON = """
    SELECT payout_id, sum(fee_rial)::bigint FROM payout_sum WHERE fund_id IS NULL GROUP BY 1 HAVING sum(fee_rial) <> 0
"""
_LEGS = """
    INSERT INTO work_leg (source, account_id, dimension_id, amount_rial)
    SELECT 'payout:' || s.payout_id, leg.account, s.dimension_id, leg.rial
      FROM (SELECT payout_id, dimension_id, sum(gross_rial)::bigint AS gross_rial, sum(fee_rial)::bigint AS fee_rial
              FROM payout_sum WHERE dimension_id IS NOT NULL GROUP BY 1, 2) s
     CROSS JOIN LATERAL (VALUES (%s, -s.gross_rial), (%s, s.fee_rial), (%s, s.gross_rial - s.fee_rial))
           AS leg (account, rial)
     WHERE leg.rial <> 0
"""


def noon(day: date) -> datetime:
    """A time on a Tehran day, for what is known by its day only."""
    return datetime.combine(day, time(12), tzinfo=TEHRAN)


def fallback_facet(source: StatementSource) -> Facet:
    """The place of money whose purpose no gift names: the source's fund, in the province of its office."""
    return Facet(source.fund_id or OTHERWISE_FUND, source.office.province_id)


def post_parts(source: StatementSource, payouts: Sequence[Payout]) -> None:
    """Book these payouts of a source, each once: clearing (or receivable) → transit and fee, for each purpose."""
    if not payouts:
        return
    ids = [payout.pk for payout in payouts]
    first, last = min(p.first_day for p in payouts), max(p.day for p in payouts)
    open_work_table()
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [source.pk, first, last, ids])
        cursor.execute(_SUMS)
        cursor.execute(_COMMON)
        common = dict(cursor.fetchall())
    for payout_id, fee_rial in common.items():
        _share(source, payout_id, fee_rial)
    fill_dimensions("payout_sum")
    accounts = (source.account, FEES, transit_account(source))
    with connection.cursor() as cursor:
        cursor.execute(_LEGS, [account_id(code) for code in accounts])
    post_work_legs([NewEntry(EntryKind.PAYOUT, p.entry_source, noon(p.day), (), memo=p.ref) for p in payouts])
    Payout.objects.filter(pk__in=ids).update(posted_at=timezone.now())


def _share(source: StatementSource, payout_id: int, fee_rial: int) -> None:
    """Add a fee of the whole payout to its purposes by their size, to the last rial."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_FACET}, gross_rial FROM payout_sum WHERE payout_id = %s AND fund_id IS NOT NULL",  # noqa: S608
            [payout_id],
        )
        gross = {Facet(*row[:-1]): row[-1] for row in cursor.fetchall()}
        parts = shared(fee_rial, gross or {fallback_facet(source): 1})
        rows = [(payout_id, *facet, 0, part) for facet, part in parts.items() if part]
        cursor.executemany(
            f"INSERT INTO payout_sum (payout_id, {_FACET}, gross_rial, fee_rial) VALUES ({', '.join(['%s'] * 10)})",  # noqa: S608
            rows,
        )


def shared(amount: int, sizes: Mapping[Facet, int]) -> dict[Facet, int]:
    """An amount divided in the proportion of these sizes; the rest of the division goes to the largest."""
    weights = {facet: abs(size) for facet, size in sizes.items() if size} or dict.fromkeys(sizes, 1)
    total = sum(weights.values())
    parts = {facet: amount * weight // total for facet, weight in weights.items()}
    largest = max(weights, key=lambda facet: (weights[facet], str(facet)))
    parts[largest] += amount - sum(parts.values())
    return parts
