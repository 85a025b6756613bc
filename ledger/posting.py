"""The only writers of the books: `post` and `reverse`.

All legs of an entry are written with it in one statement; the database checks that each entry balances per
currency unit, that no leg joins an older entry, and queues the entry for figures and seal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from core.errors import DomainError
from core.jalali import tehran_day
from ledger.accounts import account_id
from ledger.closing import open_days
from ledger.dimensions import Facet, dimension_ids
from ledger.enums import EntryKind
from ledger.models import Entry


@dataclass(frozen=True)
class Leg:
    """One side of an entry: the account's code and whole rials, positive for debit, negative for credit."""

    account: str
    amount_rial: int
    facet: Facet


@dataclass(frozen=True)
class NewEntry:
    """An entry to be written. `source` is unique for ever, e.g. "attempt:12": the same source books once."""

    kind: EntryKind
    source: str
    occurred_at: datetime
    legs: tuple[Leg, ...]
    placement_id: int | None = None
    memo: str = ""
    reverses_id: int | None = None


_POST = """
    WITH written AS (
        INSERT INTO ledger_entry (kind, source, occurred_at, day, placement_id, memo, reverses_id)
        SELECT * FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::date[], %s::bigint[], %s::text[],
                             %s::bigint[])
        ON CONFLICT (source) DO NOTHING
        RETURNING id, source
    ), legs AS (
        INSERT INTO ledger_posting (entry_id, account_id, dimension_id, amount_rial)
        SELECT written.id, leg.account_id, leg.dimension_id, leg.amount_rial
          FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
               AS leg (source, account_id, dimension_id, amount_rial)
          JOIN written USING (source)
    )
    SELECT source, id FROM written
"""


def post(entries: Sequence[NewEntry]) -> dict[str, int]:
    """Write entries in the caller's transaction; returns {source: entry id} of those that are new.

    A closed day takes nothing: its late entry stands on the first open day and keeps `occurred_at`.
    Repeating a source is harmless: it is left out of the answer and nothing is written for it.
    Raises DomainError("unbalanced") before any SQL; the database refuses the rest.
    """
    if not entries:
        return {}
    for entry in entries:
        if len(entry.legs) < 2 or sum(leg.amount_rial for leg in entry.legs):
            raise DomainError("unbalanced", source=entry.source)
    dimensions = dimension_ids(leg.facet for entry in entries for leg in entry.legs)
    accounts = {code: account_id(code) for code in {leg.account for entry in entries for leg in entry.legs}}
    legs = [
        (entry.source, accounts[leg.account], dimensions[leg.facet], leg.amount_rial)
        for entry in entries
        for leg in entry.legs
    ]
    days = open_days([(tehran_day(e.occurred_at), {leg.facet.province for leg in e.legs}) for e in entries])
    heads = [
        (e.kind, e.source, e.occurred_at, day, e.placement_id, e.memo, e.reverses_id)
        for e, day in zip(entries, days, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _POST,
            [list(column) for column in zip(*heads, strict=True)]
            + [list(column) for column in zip(*legs, strict=True)],
        )
        return dict(cursor.fetchall())


def reverse(entry_id: int, *, source: str, memo: str, instead: Mapping[str, str] | None = None) -> int:
    """Book the opposite of an entry today; returns the new entry's id. An entry can be reversed once only
    (enforced by the database); repeating the same `source` returns the reversal made before. `instead` names the
    account on which a leg is undone where its money has left the account it came to: {account: account}."""
    moved = instead or {}
    entry = Entry.objects.get(pk=entry_id)
    legs = tuple(
        Leg(moved.get(p.account.code, p.account.code), -p.amount_rial, facet_of(p.dimension))
        for p in entry.postings.select_related("account", "dimension").order_by("pk")
    )
    new = NewEntry(EntryKind.REVERSAL, source, timezone.now(), legs, entry.placement_id, memo, entry.pk)
    return post([new]).get(source) or Entry.objects.get(source=source).pk


def reverse_many(wanted: Mapping[str, tuple[str, str]]) -> set[str]:
    """Book the opposite of many entries today, in a few statements: {source of the entry: (source of its reversal,
    memo)}. Returns the sources whose entry there is; the others are left to the caller. As repeatable as `reverse`."""
    entries = list(
        Entry.objects.filter(source__in=list(wanted))
        .prefetch_related("postings__account", "postings__dimension")
        .order_by("pk")
    )
    now = timezone.now()
    post(
        [
            NewEntry(
                EntryKind.REVERSAL,
                wanted[entry.source][0],
                now,
                tuple(
                    Leg(p.account.code, -p.amount_rial, facet_of(p.dimension))
                    for p in sorted(entry.postings.all(), key=lambda p: p.pk)
                ),
                entry.placement_id,
                wanted[entry.source][1],
                entry.pk,
            )
            for entry in entries
        ]
    )
    return {entry.source for entry in entries}


def entry_of(source: str) -> int | None:
    """The id of the entry that a source booked; None when it booked none."""
    return Entry.objects.filter(source=source).values_list("pk", flat=True).first()


def facet_of(dimension) -> Facet:
    """The facet of a dimension row."""
    return Facet(
        dimension.fund_id,
        dimension.province_id,
        dimension.county_id,
        dimension.edition_id,
        dimension.branch_id,
        dimension.channel_id,
        dimension.need_id,
    )
