"""The one exception that carries a refusal from a rule to the edge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A rule said no.

    `code` is stable and read by programs; the edge (form, view, API) turns it into a Persian sentence.
    `data` holds the numbers and names that sentence needs (a limit, a field), never what the person typed
    when that could be a card number, a national ID or a telephone number: exceptions end up in logs.
    Survives pickling, so a Celery task may raise it.
    """

    def __init__(self, code: str, data: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        self.code = code
        self.data: dict[str, Any] = {**(data or {}), **more}
        super().__init__(code, self.data)

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f"DomainError({self.code!r}, {self.data!r})"
