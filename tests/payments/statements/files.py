"""Files as senders make them, for tests."""

from __future__ import annotations

import io
import random

from payments.statements.base import Outcome, Passed, ReadLine, UnreadLine
from payments.statements.profiles import parse_profile
from payments.statements.reading import Reading

PANEL = {
    "columns": {
        "terminal_code": ["شماره پایانه"],
        "date": ["تاریخ"],
        "time": ["ساعت"],
        "amount": ["مبلغ"],
        "trace_no": ["شماره پیگیری"],
        "rrn": ["شماره مرجع"],
        "card_masked": ["شماره کارت"],
        "status": ["وضعیت"],
        "description": ["شرح"],
    },
    "key": [["terminal_code", "rrn"], ["terminal_code", "date", "trace_no", "amount"]],
    "values": {"status": {"موفق": "", "ناموفق": "ignore", "برگشت": "reversal"}},
    "widths": {"rrn": 12, "terminal_code": 8},
}
HEADING = "شماره پایانه,تاریخ,ساعت,مبلغ,شماره پیگیری,شماره مرجع,شماره کارت,وضعیت,شرح"
BANK = {
    "columns": {
        "date": ["تاریخ"],
        "time": ["ساعت"],
        "debit": ["بدهکار"],
        "credit": ["بستانکار"],
        "record_no": ["سند"],
        "description": ["شرح"],
    },
    "key": [],
    "without_key": "content",
    "kind": "credit",
}
BANK_HEADING = "تاریخ,ساعت,بدهکار,بستانکار,سند,شرح"


def panel_row(number: int = 1, **said: str) -> str:
    cells = {
        "terminal": "12345678",
        "date": "1403/09/07",
        "time": "14:35:12",
        "amount": "250000",
        "trace": f"{number:06}",
        "rrn": f"{number:012}",
        "card": "603799******1234",
        "status": "موفق",
        "text": "",
    } | said
    return ",".join(cells.values())


def panel_file(*rows: str, heading: str = HEADING, encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    text = end.join([heading, *rows]) + end
    if encoding == "cp1256":  # which has the Arabic letters only
        text = text.replace("ی", "ي").replace("ک", "ك")
    return text.encode(encoding)


def bank_file(*rows: str) -> bytes:
    return ("\n".join([BANK_HEADING, *rows]) + "\n").encode()


def read(content: bytes, rules: dict | None = None, file_format: str = "csv", **more) -> list[Outcome]:
    profile = parse_profile(rules or PANEL, file_format)
    return list(Reading(profile, io.BytesIO(content), **more).outcomes())


def lines(outcomes: list[Outcome]) -> list[ReadLine]:
    return [outcome for outcome in outcomes if isinstance(outcome, ReadLine)]


def unread(outcomes: list[Outcome]) -> list[UnreadLine]:
    return [outcome for outcome in outcomes if isinstance(outcome, UnreadLine)]


def passed(outcomes: list[Outcome]) -> list[str]:
    return [outcome.what for outcome in outcomes if isinstance(outcome, Passed)]


def rrn_of(line: ReadLine) -> str:
    return line.ids[1]


DAMAGE = [
    b"\x00",
    b"\xff",
    b'"',
    b"'",
    b",",
    b",,",
    b"\r",
    b"\n",
    b"\n\n",
    b"\t",
    b"=",
    b"-",
    b"E+11",
    b"\xe2\x80\x8c",
    b"(",
    b"\\",
]


def damaged(rng: random.Random, row: bytes) -> bytes:
    """A line as accidents leave it: cut, doubled, overwritten, with strange signs inside."""
    at = rng.randrange(len(row) + 1)
    what = rng.randrange(5)
    if what == 0:
        return row[:at]
    if what == 1:
        return row[:at] + rng.choice(DAMAGE) + row[at:]
    if what == 2:
        return row[:at] + bytes(rng.randrange(256) for _ in range(rng.randrange(1, 6))) + row[at + 3 :]
    if what == 3:
        return row[at:] + row[:at]
    return row[:at] + row[rng.randrange(len(row)) :]
