"""What the five practice banks have in common."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from payments.sandbox_bank.book import Book, Payment, State
from payments.sandbox_bank.terminals import Terminal, Terminals

CARD_MASKED = "603799******4321"
CARD_HASH = "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"
SMALLEST_RIAL = 1000

ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

Answered = tuple[int, dict[str, Any]]  # HTTP status and JSON body


@dataclass(frozen=True)
class Return:
    """How the payer's browser goes back to the merchant."""

    method: str
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """For GET: the address with the fields in its query."""
        parts = urlsplit(self.url)
        query = urlencode(parse_qsl(parts.query, keep_blank_values=True) + list(self.fields.items()))
        return parts._replace(query=query).geturl()


class PracticeBank:
    """One gateway. Calls are plain functions of a payload, so they can be asked without a network."""

    gateway: ClassVar[str]
    paths: ClassVar[dict[str, str]]  # path of a JSON call -> its name
    handover_paths: ClassVar[tuple[tuple[str, str], ...]]  # (method, path) of the card page
    token_field: ClassVar[str]  # the field of the hand-over that carries the token

    def __init__(self, book: Book, terminals: Terminals, callback_hosts: frozenset[str]) -> None:
        self.book = book
        self.terminals = terminals
        self.callback_hosts = callback_hosts

    def answer(self, call: str, payload: Mapping[str, Any]) -> Answered:
        """The bank's answer to a call."""
        handler = getattr(self, f"_{call}")
        return handler(payload)

    def read(self, call: str, content: bytes) -> tuple[str, Mapping[str, Any]] | None:
        """(call, payload) of a request body; None when it cannot be read."""
        try:
            payload = json.loads(content)
        except (ValueError, RecursionError):
            return None
        return (call, payload) if isinstance(payload, dict) else None

    def encode(self, call: str, answered: Answered) -> tuple[int, bytes, str]:
        """(HTTP status, body, content type) of an answer."""
        status, body = answered
        content = ENCODER.encode(body).encode()
        return status, content, "application/json"

    def unreadable(self, call: str) -> Answered:
        """The answer to a body that is no JSON object."""
        return 400, {"message": "bad request"}

    def refusal(self, call: str, code: str) -> Answered:
        """The answer of that call that carries this error code."""
        raise NotImplementedError

    def bent(self, call: str, kind: str, answered: Answered) -> Answered:
        """The answer with its amount, order or token falsified (`wrong_amount`, …)."""
        raise NotImplementedError

    def order_of(self, call: str, payload: Mapping[str, Any]) -> str:
        """The order id a call is about, for faults aimed at one order."""
        raise NotImplementedError

    def way_back(self, payment: Payment) -> Return:
        """The callback of a finished payment, exactly as this bank makes it."""
        raise NotImplementedError

    def bent_way_back(self, kind: str, back: Return) -> Return:
        """The callback with one thing falsified."""
        names = self.callback_names[kind]
        fields = dict(back.fields)
        for name in names:
            if fields.get(name):
                fields[name] = falsified(fields[name])
        return Return(back.method, back.url, fields)

    callback_names: ClassVar[dict[str, tuple[str, ...]]]

    def pay(self, payment: Payment, action: str) -> None:
        """What the payer does: `pay`, `cancel` or `fail`. A finished payment stays as it is."""
        if payment.state is not State.CREATED:
            return
        if action == "pay":
            self.book.move(payment, State.PAID, card=CARD_MASKED, **self._new_numbers())
        else:
            self.book.move(payment, State.CANCELLED if action == "cancel" else State.FAILED)

    def terminal(self, identity: Any) -> Terminal | None:
        """The terminal of this gateway with that number."""
        return self.terminals.find(self.gateway, identity)

    def callback_allowed(self, url: Any) -> bool:
        """The bank sends a payer only to hosts that are registered with it."""
        try:
            parts = urlsplit(str(url))
            return parts.scheme in ("http", "https") and parts.hostname in self.callback_hosts
        except ValueError:
            return False

    def _new_numbers(self) -> dict[str, str]:
        """Reference, retrieval number and trace. Random: a bank with a fresh book repeats none."""
        rrn = digits(12)
        return {"reference": self._new_reference(rrn), "rrn": rrn, "trace_no": digits(6)}

    def _new_reference(self, rrn: str) -> str:
        return rrn


def digits(count: int) -> str:
    """Random digits, the first not zero."""
    return str(secrets.randbelow(9 * 10 ** (count - 1)) + 10 ** (count - 1))


def whole(value: Any) -> int | None:
    """A whole number given as number or as digits; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return None


def falsified(value: Any) -> Any:
    """Another value of the same kind and look."""
    if isinstance(value, int):
        return value + 10
    found = str(value)
    if found.isdigit():
        return str(int(found) + 10).zfill(len(found))
    return found[:-1] + ("0" if found[-1:] != "0" else "1")
