"""What a person of staff may do today: what is theirs, what waits for their decision, what belongs to nobody yet."""

from __future__ import annotations

from typing import Any

from core.models import User
from dashboards import search_phrases as words
from provinces.access import Access
from provinces.work import Owned, Waiting, counts, owned_kinds, waiting_kinds

# Owned things that may stand without an owner and still be in order.
MAY_BE_NOBODYS = {"channel", "runbook_task", "promise"}


def todays_work(user: User, access: Access) -> list[dict[str, Any]]:
    """Groups of {title, items: [{text, url, count}]} with something in them, in the order of urgency; one query."""
    groups: list[tuple[str, object, dict[str, tuple[Owned | Waiting, Any]]]] = [
        ("decide", words.TO_DECIDE, _waiting(user, access)),
        ("mine", words.MINE, {k.key: (k, k.of(user)) for k in owned_kinds()}),
        ("nobody", words.NOBODYS, _nobodys(access)),
    ]
    asked = {f"{name}:{key}": rows for name, _title, kinds in groups for key, (_kind, rows) in kinds.items()}
    found = counts(asked)
    shown = []
    for name, title, kinds in groups:
        tasks = [
            {"text": kind.label, "url": _address(kind), "count": found[f"{name}:{key}"]}
            for key, (kind, _rows) in kinds.items()
            if found[f"{name}:{key}"]
        ]
        if tasks:
            shown.append({"title": title, "tasks": tasks})
    return shown


def _waiting(user: User, access: Access) -> dict[str, tuple[Waiting, Any]]:
    return {kind.key: (kind, kind.rows_for(user)) for kind in waiting_kinds() if access.may(kind.permission)}


def _nobodys(access: Access) -> dict[str, tuple[Owned, Any]]:
    return {
        kind.key: (kind, kind.unowned())
        for kind in owned_kinds()
        if access.may(kind.permission) and kind.key not in MAY_BE_NOBODYS
    }


def _address(kind: Owned | Waiting) -> str:
    return kind.queue_url if isinstance(kind, Owned) else kind.url
