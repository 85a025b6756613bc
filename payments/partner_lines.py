"""What a partner sends, read without a database: each line by itself becomes a `Reported` or a `DomainError`.

A line's `content` covers what it says, not how it is written: another order of fields, another zone for the same
moment or another spelling of a mobile number is the same content.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from core.errors import DomainError
from core.identifiers import describe_card, parse_mobile
from core.money import MAX_RIAL
from core.text import ascii_digits, normalise

MOST_LINES = 1_000
MOST_BYTES = 2 * 1024 * 1024
BATCH = "transactions"
TXN_ID = re.compile(r"[A-Za-z0-9._-]{1,50}")
PAID = ("paid", "success", "ok")
RIAL = ("irr", "rial", "rials")

_MASKED_CARD = re.compile(r"[0-9]{6}[*xX]{2,6}[0-9]{4}")
_SIXTEEN_DIGITS = re.compile(r"(?<![0-9])(?:[0-9]{4}[ -]?){3}[0-9]{4}(?![0-9])")
_UNIT_NAMES = ("currency", "unit")
_OTHER_UNITS = ("amount", "amount_toman", "amount_irt", "toman")
_REFERENCE_LENGTHS = {"rrn": 32, "trace_no": 32, "terminal": 32}
_CODE_LENGTHS = {"fund": 40, "province": 60, "county": 10, "campaign": 60}
_DONOR_FIELDS = ("name", "mobile", "message", "is_anonymous")
_FIELDS = {
    "partner_txn_id", "amount_rial", "paid_at", "status", "card_masked", "donor",
    *_UNIT_NAMES, *_REFERENCE_LENGTHS, *_CODE_LENGTHS,
}  # fmt: skip


@dataclass(frozen=True)
class Reported:
    """One paid gift as the partner tells it. Whole rials; `paid_at` in UTC; mobile is +989… or empty."""

    partner_txn_id: str
    amount_rial: int
    paid_at: datetime
    fund: str = ""
    province: str = ""
    county: str = ""
    campaign: str = ""
    rrn: str = ""
    trace_no: str = ""
    terminal: str = ""
    card_masked: str = ""
    name: str = ""
    mobile: str = ""
    message: str = ""
    is_anonymous: bool = False

    @cached_property
    def content(self) -> bytes:
        """32 bytes that are equal when the line says the same."""
        said = [part.isoformat() if isinstance(part, datetime) else part for part in astuple(self)]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).digest()


class _Repeated(dict):
    """An object that says one of its fields twice."""


def read_body(body: bytes) -> list[Any]:
    """The lines of a body: one object, a list, or `{"transactions": [...]}`; each still as JSON gave it.

    DomainError: body_too_large (413), bad_json, no_lines, too_many_lines (413).
    """
    if len(body) > MOST_BYTES:
        raise DomainError("body_too_large", status=413, most_bytes=MOST_BYTES)
    try:
        said = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise DomainError("bad_json") from error
    if isinstance(said, dict) and not isinstance(said, _Repeated) and BATCH in said:
        said = said[BATCH]
        if not isinstance(said, list):
            raise DomainError("bad_json")
    if not isinstance(said, list):
        if not isinstance(said, dict):
            raise DomainError("bad_json")
        said = [said]
    if not said:
        raise DomainError("no_lines")
    if len(said) > MOST_LINES:
        raise DomainError("too_many_lines", status=413, most_lines=MOST_LINES)
    return said


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _object(pairs: list[tuple[str, Any]]) -> dict:
    said = dict(pairs)
    return said if len(said) == len(pairs) else _Repeated(said)


def txn_id_of(line: Any) -> str | None:
    """The number by which the partner finds its line again, as far as it can be read."""
    said = line.get("partner_txn_id") if isinstance(line, dict) else None
    return said if isinstance(said, str) and TXN_ID.fullmatch(said) else None


def ignored_fields(line: Any) -> list[str]:
    """Fields that mean nothing here, by name, so that a slip of the pen shows."""
    if not isinstance(line, dict):
        return []
    donor = line.get("donor")
    inner = (
        [f"donor.{name}" for name in donor if name not in _DONOR_FIELDS] if isinstance(donor, dict) else []
    )
    return sorted(_plain(name) for name in [*(set(line) - _FIELDS), *inner])[:20]


def _plain(name: str) -> str:
    return normalise(name)[:40]


def read_line(line: Any) -> Reported:
    """A line as it should be, or DomainError with the code by which it is refused and its `field`."""
    if not isinstance(line, dict):
        raise DomainError("bad_line")
    if isinstance(line, _Repeated) or isinstance(line.get("donor"), _Repeated):
        raise DomainError("repeated_field")
    if txn_id_of(line) is None:
        raise DomainError("bad_txn_id", field="partner_txn_id")
    _check_unit(line)
    status = line.get("status")
    if status is not None and (not isinstance(status, str) or status.lower() not in PAID):
        raise DomainError("not_paid", field="status")
    return Reported(
        partner_txn_id=line["partner_txn_id"],
        amount_rial=_amount(line.get("amount_rial")),
        paid_at=_moment(line.get("paid_at")),
        card_masked=_card(line),
        **{name: _code(line, name, most) for name, most in _CODE_LENGTHS.items()},
        **{name: _reference(line, name, most) for name, most in _REFERENCE_LENGTHS.items()},
        **_donor(line.get("donor")),
    )


def _check_unit(line: dict) -> None:
    for name in _UNIT_NAMES:
        said = line.get(name)
        if said is not None and (not isinstance(said, str) or said.lower() not in RIAL):
            raise DomainError("wrong_unit", field=name)
    for name in _OTHER_UNITS:
        if name in line:
            raise DomainError("wrong_unit", field=name)


def _amount(said: Any) -> int:
    if said is None:
        raise DomainError("amount_required", field="amount_rial")
    if type(said) is not int:  # True is an int for Python, not for us
        raise DomainError("amount_not_whole", field="amount_rial")
    if said < 1:
        raise DomainError("amount_too_small", field="amount_rial", minimum_rial=1)
    if said > MAX_RIAL:
        raise DomainError("amount_too_large", field="amount_rial", maximum_rial=MAX_RIAL)
    return said


def _moment(said: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) and len(said) <= 40 else None
        if moment is None or moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DomainError("bad_paid_at", field="paid_at") from error


def _text(holder: dict, name: str, most: int, field: str = "") -> str:
    """Text and nothing that could be turned into it: 7 is not "007". Absent and null are as empty."""
    said = holder.get(name)
    if said is None:
        return ""
    if not isinstance(said, str) or len(said) > most:
        raise DomainError("bad_text", field=field or name, most_characters=most)
    return normalise(said)


def _code(line: dict, name: str, most: int) -> str:
    said = ascii_digits(_text(line, name, most))
    if not said.isascii():
        raise DomainError("bad_text", field=name, most_characters=most)
    return said


def _reference(line: dict, name: str, most: int) -> str:
    said = _code(line, name, most)
    _refuse_whole_card(said, name)
    return said


def _card(line: dict) -> str:
    said = _code(line, "card_masked", 20)
    if said and not _MASKED_CARD.fullmatch(said):
        raise DomainError("card_not_masked", field="card_masked")
    return said


def _refuse_whole_card(text: str, field: str) -> None:
    """A card number must never reach a table: sixteen digits of a known bank that pass the check."""
    for found in _SIXTEEN_DIGITS.findall(ascii_digits(text)):
        if _is_card(found):
            raise DomainError("card_not_masked", field=field)


def _is_card(digits: str) -> bool:
    try:
        return bool(describe_card(digits).bank)
    except DomainError as error:
        return error.code == "card_reversed"


def _donor(said: Any) -> dict[str, Any]:
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise DomainError("bad_text", field="donor")
    is_anonymous = said.get("is_anonymous")
    if is_anonymous is not None and not isinstance(is_anonymous, bool):
        raise DomainError("bad_text", field="donor.is_anonymous")
    texts = {
        name: _text(said, name, most, f"donor.{name}") for name, most in (("name", 80), ("message", 300))
    }
    for name, text in texts.items():
        _refuse_whole_card(text, f"donor.{name}")
    return {**texts, "mobile": _mobile(said), "is_anonymous": bool(is_anonymous)}


def _mobile(donor: dict) -> str:
    typed = _text(donor, "mobile", 20, "donor.mobile")
    try:
        return parse_mobile(typed) if typed else ""
    except DomainError as error:
        raise DomainError(error.code, field="donor.mobile") from error
