"""What a file is read into."""

from __future__ import annotations

from dataclasses import dataclass

# Texts of a line and how long each may be. What is longer is damaged, never cut.
IDS = {
    "terminal_code": 32,
    "rrn": 32,
    "reference": 64,
    "trace_no": 32,
    "order_id": 50,
    "deposit_id": 30,
    "payout_ref": 64,
}
# Read for the key and for noticing changes, and not kept as such.
ONLY_COMPARED = {"record_no": 40, "balance": 40}
MONEY = ("amount", "debit", "credit", "fee")
OWNER = "own_account"  # whose account the line stands on; looked at in the first lines, never kept
COLUMNS = (
    *MONEY,
    "date",
    "time",
    "status",
    "type",
    "card_masked",
    "description",
    OWNER,
    *IDS,
    *ONLY_COMPARED,
)
KINDS = ("payment", "payout", "fee", "reversal", "credit", "debit")
IGNORE = "ignore"

LONGEST_RAW = 4_000
LONGEST_DESCRIPTION = 300
KEYLESS = 99


class Unreadable(Exception):
    """A line cannot be read; `reason` is one of the codes in payments.statement_phrases."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class FileRefused(Exception):
    """The file as a whole cannot be read; nothing of it was taken."""

    def __init__(self, reason: str, **facts: object) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(reason)


@dataclass(slots=True)
class ReadLine:
    """One line as read. `day` and `occurred_at` are ISO texts of Tehran's day and of the point in time.

    `key_rank` says which of the profile's keys names it: 0 the strongest, KEYLESS its content and an ordinal.
    `damaged` names columns whose text was there and could not be trusted.
    """

    line_no: int
    day: str
    occurred_at: str
    kind: str
    amount_rial: int
    fee_rial: int
    ids: tuple[str, ...]  # in the order of IDS
    card_masked: str
    description: str
    key_rank: int
    fingerprint: bytes
    content: bytes
    damaged: tuple[str, ...] = ()


@dataclass(slots=True)
class UnreadLine:
    """A line that could not be read, its text, and which it is among equal texts of the file."""

    line_no: int
    raw: str
    reason: str
    raw_hash: bytes
    ordinal: int


@dataclass(slots=True)
class Passed:
    """A physical line that is recognised and no money: preamble, header, blank, total, ignored, joined."""

    line_no: int
    what: str
    raw: str


Outcome = ReadLine | UnreadLine | Passed
