"""Outcomes as the text that PostgreSQL's COPY takes, and the reader as a process of its own.

A process of its own, because a million lines are a processor's work for seconds while the database takes them in
on another, and because whatever a strange file does to a reader must not take the worker along.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from typing import BinaryIO

from payments.statements.base import IDS, FileRefused, Passed, UnreadLine
from payments.statements.profiles import parse_profile
from payments.statements.reading import Reading

STAGE_COLUMNS = (
    "what", "line_no", "key_rank", "fingerprint", "content", "day", "kind", "amount_rial", "fee_rial", "occurred_at",
    *IDS, "card_masked", "description", "ordinal", "reason", "raw",
)  # fmt: skip
LINE, UNREAD = "l", "u"
_LINES_A_BLOCK = 2_000
MOST_MEMORY_BYTES = 3 << 30  # of addresses; the limit on what a file may unpack to keeps it far below


def staged(reading: Reading) -> Iterator[bytes]:
    """Blocks of COPY text of every line read and unread."""
    nothing = "\\N\t" * (len(IDS) + 8)
    block: list[str] = []
    for outcome in reading.outcomes():
        if isinstance(outcome, Passed):
            continue
        if isinstance(outcome, UnreadLine):
            block.append(
                f"u\t{outcome.line_no}\t\\N\t\\\\x{outcome.raw_hash.hex()}\t{nothing}"
                f"{outcome.ordinal}\t{outcome.reason}\t{_escaped(outcome.raw)}\n"
            )
        else:
            description = outcome.description
            if "\\" in description:
                description = description.replace("\\", "\\\\")
            ids = "\t".join(outcome.ids)
            block.append(
                f"l\t{outcome.line_no}\t{outcome.key_rank}\t\\\\x{outcome.fingerprint.hex()}\t"
                f"\\\\x{outcome.content.hex()}\t{outcome.day}\t{outcome.kind}\t{outcome.amount_rial}\t"
                f"{outcome.fee_rial}\t{outcome.occurred_at}\t{ids}\t{outcome.card_masked}\t{description}\t"
                "\\N\t\\N\t\\N\n"
            )
        if len(block) >= _LINES_A_BLOCK:
            yield "".join(block).encode()
            block.clear()
    if block:
        yield "".join(block).encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def summary_of(reading: Reading) -> dict[str, object]:
    return {"counts": dict(reading.counts), "notes": reading.notes, "unmapped": reading.unmapped}


def main(stdin: BinaryIO, stdout: BinaryIO) -> dict[str, object]:
    """The reader's process: a line of JSON (rules, file_format, latest_day, own_accounts), then the file. COPY text
    comes out."""
    job = json.loads(stdin.readline())
    reading = Reading(
        parse_profile(job["rules"], job["file_format"]),
        stdin,
        latest_day=job["latest_day"],
        own_accounts=job["own_accounts"],
    )
    try:
        for block in staged(reading):
            stdout.write(block)
        stdout.flush()
    except FileRefused as refusal:
        return {"refused": refusal.reason, "facts": refusal.facts}
    return summary_of(reading)


def run() -> None:
    """Entry of `python -m payments.statements`; the summary is the last line on stderr."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    try:
        told = main(sys.stdin.buffer, sys.stdout.buffer)
    except MemoryError:
        told = {"refused": "file_too_large", "facts": {}}
    sys.stderr.write("\n" + json.dumps(told))
