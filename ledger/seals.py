"""The hash chain over the books: whoever changes or removes a row, superuser or not, is found and the row named.

Within seconds of its posting every entry is sealed: its digest (over the entry and all its legs) joins a chunk,
and the chunk's digest covers the one before it. The chain's value at the end of a day can be published.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from datetime import date

from django.db import connection
from django.utils import timezone

from core.jalali import tehran_day
from ledger.models import SealChunk

_LEAF = struct.Struct(">q16s")
_START = b"\x00" * 32
_DIGESTS = """
    SELECT e.id, substring(sha256(convert_to(concat_ws('|', e.id, e.kind, e.source, extract(epoch FROM e.occurred_at),
             to_char(e.day, 'YYYY-MM-DD'), extract(epoch FROM e.posted_at), coalesce(e.placement_id, 0),
             coalesce(e.reverses_id, 0), e.memo, legs.text), 'UTF8')) FOR 16)
      FROM ledger_entry e
      LEFT JOIN LATERAL (
        SELECT string_agg(concat_ws(':', p.id, p.account_id, p.dimension_id, p.amount_rial), ',' ORDER BY p.id) AS text
          FROM ledger_posting p WHERE p.entry_id = e.id) legs ON true
     WHERE e.id = ANY(%s)
     ORDER BY e.id
"""


def seal(entry_ids: list[int]) -> None:
    """Add entries to the chain. The caller holds the fold's lock, so links are made one after another."""
    previous = SealChunk.objects.order_by("-pk").values_list("digest", flat=True).first()
    leaves = b"".join(_LEAF.pack(pk, digest) for pk, digest in _digests(entry_ids))
    SealChunk.objects.create(
        day=tehran_day(timezone.now()),
        entries=len(entry_ids),
        leaves=leaves,
        digest=_link(bytes(previous or _START), leaves),
    )


def value_of_day(day: date) -> str:
    """The chain's value at the end of a Tehran day, in hex; empty when nothing was ever sealed by then."""
    digest = SealChunk.objects.filter(day__lte=day).order_by("-pk").values_list("digest", flat=True).first()
    return bytes(digest).hex() if digest else ""


def broken_seals() -> Iterator[str]:
    """Walk the whole chain and name every link that does not fit and every entry that was changed, is missing
    or was added behind the books' back."""
    previous, sealed = _START, 0
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS sealed_entry (id bigint PRIMARY KEY) ON COMMIT DROP")
        cursor.execute("TRUNCATE sealed_entry")
    for chunk in SealChunk.objects.order_by("pk").iterator(chunk_size=50):
        leaves = bytes(chunk.leaves)
        if bytes(chunk.digest) != _link(previous, leaves):
            yield f"seal {chunk.pk} does not follow from the one before it"
        previous = bytes(chunk.digest)
        promised = dict(_LEAF.iter_unpack(leaves))
        sealed += len(promised)
        yield from _compare(promised)
    yield from _unsealed()


def _compare(promised: dict[int, bytes]) -> Iterator[str]:
    found = dict(_digests(list(promised)))
    for pk, digest in promised.items():
        if pk not in found:
            yield f"entry {pk} is missing"
        elif found[pk] != digest:
            yield f"entry {pk} or one of its legs was changed"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sealed_entry SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING", [list(promised)]
        )


def _unsealed() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM ledger_entry e
                WHERE NOT EXISTS (SELECT 1 FROM sealed_entry s WHERE s.id = e.id)
                  AND NOT EXISTS (SELECT 1 FROM ledger_foldrow f WHERE f.entry_id = e.id) ORDER BY id LIMIT 50"""
        )
        for (pk,) in cursor.fetchall():
            yield f"entry {pk} is in no seal"


def _digests(entry_ids: list[int]) -> list[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS, [entry_ids])
        return [(pk, bytes(digest)) for pk, digest in cursor.fetchall()]


def _link(previous: bytes, leaves: bytes) -> bytes:
    return hashlib.sha256(previous + leaves).digest()
