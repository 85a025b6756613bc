"""The second hash chain: receipts, allocations, deliveries and other rows that rooms above the books register.

It works like the chain of the books (`ledger.seals`): the database queues each new row, the fold seals it within
seconds, and each link covers the one before. What is sealed of a row never changes later, so a row that is sealed
twice with different contents is as suspicious as one that differs from its seal.
"""

from __future__ import annotations

import hashlib
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from core.jalali import tehran_day
from ledger.models import RowSealChunk

# ruff: noqa: S608 - statements are put together from what rooms register, never from what people send

_LEAF = struct.Struct(">Bq16s")
_START = b"\x00" * 32
_TAKE = """
    DELETE FROM ledger_sealrow WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ledger_sealrow ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
    RETURNING kind, row_id
"""


@dataclass(frozen=True)
class SealedKind:
    """What of which rows is sealed. `number` stands in the chain and is never given to another kind; `columns` are
    SQL expressions of facts that never change once `where` holds; times go in as seconds (see `moment`)."""

    number: int
    name: str
    table: str
    columns: tuple[str, ...]
    where: str = "true"

    @property
    def digests(self) -> str:
        """SQL that gives (id, digest) of the rows whose ids are asked for."""
        facts = ", ".join((str(self.number), *self.columns))
        return (
            f"SELECT id, substring(sha256(convert_to(jsonb_build_array({facts})::text, 'UTF8')) FOR 16) "
            f"FROM {self.table} WHERE id = ANY(%s) AND {self.where} ORDER BY id"
        )


_kinds: dict[int, SealedKind] = {}


def moment(column: str) -> str:
    """A time as the same text in every session."""
    return f"extract(epoch FROM {column})"


def register(*kinds: SealedKind) -> None:
    """Let the chain take in these rows; their tables call the database's `ledger_queue_seal` for each new one."""
    for kind in kinds:
        if _kinds.setdefault(kind.number, kind) != kind:
            raise ValueError(f"two kinds of sealed rows have the number {kind.number}")


def seal_waiting(limit: int) -> int:
    """Seal up to `limit` queued rows; returns how many left the queue. The caller holds the fold's lock."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [limit])
        queued = cursor.fetchall()
    if not queued:
        return 0
    by_name: dict[str, set[int]] = defaultdict(set)
    for name, row_id in queued:
        by_name[name].add(row_id)
    leaves = b"".join(
        _LEAF.pack(kind.number, pk, digest)
        for kind in sorted(_kinds.values(), key=lambda kind: kind.number)
        for pk, digest in _digests(kind, by_name.get(kind.name, ()))
    )
    if leaves:
        previous = RowSealChunk.objects.order_by("-pk").values_list("digest", flat=True).first()
        RowSealChunk.objects.create(
            day=tehran_day(timezone.now()),
            rows=len(leaves) // _LEAF.size,
            leaves=leaves,
            digest=_link(bytes(previous or _START), leaves),
        )
    return len(queued)


def row_value_of_day(day: date) -> str:
    """The chain's value at the end of a Tehran day, in hex; empty when nothing was ever sealed by then."""
    digest = (
        RowSealChunk.objects.filter(day__lte=day).order_by("-pk").values_list("digest", flat=True).first()
    )
    return bytes(digest).hex() if digest else ""


def broken_row_seals() -> Iterator[str]:
    """Walk the whole chain and name every link that does not fit and every row that was changed, is missing, was
    sealed anew or was added without a seal."""
    previous = _START
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS sealed_row (kind smallint, id bigint, digest bytea, "
            "PRIMARY KEY (kind, id)) ON COMMIT DROP"
        )
        cursor.execute("TRUNCATE sealed_row")
    for chunk in RowSealChunk.objects.order_by("pk").iterator(chunk_size=50):
        leaves = bytes(chunk.leaves)
        if bytes(chunk.digest) != _link(previous, leaves):
            yield f"row seal {chunk.pk} does not follow from the one before it"
        previous = bytes(chunk.digest)
        promised: dict[int, dict[int, bytes]] = defaultdict(dict)
        for number, pk, digest in _LEAF.iter_unpack(leaves):
            promised[number][pk] = digest
        for number, rows in promised.items():
            yield from _compare(number, rows)
    for kind in _kinds.values():
        yield from _unsealed(kind)


def _compare(number: int, promised: dict[int, bytes]) -> Iterator[str]:
    kind = _kinds.get(number)
    if kind is None:
        yield f"the chain holds rows of an unknown kind {number}"
        return
    found = dict(_digests(kind, promised))
    for pk, digest in promised.items():
        if pk not in found:
            yield f"{kind.name} {pk} is missing"
        elif found[pk] != digest:
            yield f"{kind.name} {pk} was changed"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id FROM sealed_row s JOIN unnest(%s::bigint[], %s::bytea[]) AS new (id, digest) USING (id) "
            "WHERE s.kind = %s AND s.digest <> new.digest ORDER BY 1",
            [list(promised), list(promised.values()), number],
        )
        for (pk,) in cursor.fetchall():
            yield f"{kind.name} {pk} was sealed twice with different contents"
        cursor.execute(
            "INSERT INTO sealed_row SELECT %s, * FROM unnest(%s::bigint[], %s::bytea[]) ON CONFLICT DO NOTHING",
            [number, list(promised), list(promised.values())],
        )


def _unsealed(kind: SealedKind) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT id FROM {kind.table} WHERE {kind.where}
                   AND NOT EXISTS (SELECT 1 FROM sealed_row s WHERE s.kind = %s AND s.id = {kind.table}.id)
                   AND NOT EXISTS (SELECT 1 FROM ledger_sealrow q WHERE q.kind = %s AND q.row_id = {kind.table}.id)
                 ORDER BY id LIMIT 50""",
            [kind.number, kind.name],
        )
        for (pk,) in cursor.fetchall():
            yield f"{kind.name} {pk} is in no seal"


def _digests(kind: SealedKind, ids: Iterable[int]) -> list[tuple[int, bytes]]:
    wanted = list(ids)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(kind.digests, [wanted])
        return [(pk, bytes(digest)) for pk, digest in cursor.fetchall()]


def _link(previous: bytes, leaves: bytes) -> bytes:
    return hashlib.sha256(previous + leaves).digest()
