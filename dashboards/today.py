"""What a person of staff may do today: what is theirs, what waits for their decision, what belongs to nobody yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from core.jalali import tehran_today
from core.models import User
from dashboards import search_phrases as words
from provinces.access import Access
from provinces.permissions import Permission
from provinces.scoping import Scope, current_scope
from provinces.work import (
    Owned,
    Statement,
    Waiting,
    owned_kinds,
    read_counts,
    statement_of,
    waiting_kinds,
)

# Owned things that may stand without an owner and still be in order.
MAY_BE_NOBODYS = {"channel", "runbook_task", "promise"}
_PERSONS = 256  # whose statements a process keeps
_TITLES = {"decide": words.TO_DECIDE, "mine": words.MINE, "nobody": words.NOBODYS}

Kinds = dict[str, dict[str, Owned | Waiting]]


def todays_work(user: User, access: Access) -> list[dict[str, Any]]:
    """Groups of {title, tasks: [{text, url, count}]} with something in them, in the order of urgency; one query, which
    is counted anew each time."""
    found = read_counts(_statement(user.pk, access.permissions, current_scope(), tehran_today()))
    shown = []
    for name, kinds in _kinds(access.permissions).items():
        tasks = [
            {"text": kind.label, "url": _address(kind), "count": found[f"{name}:{key}"]}
            for key, kind in kinds.items()
            if found.get(f"{name}:{key}")
        ]
        if tasks:
            shown.append({"title": _TITLES[name], "tasks": tasks})
    return shown


def _kinds(permissions: frozenset[Permission]) -> Kinds:
    return {
        "decide": {kind.key: kind for kind in waiting_kinds() if kind.permission in permissions},
        "mine": {kind.key: kind for kind in owned_kinds()},
        "nobody": {
            kind.key: kind
            for kind in owned_kinds()
            if kind.permission in permissions and kind.key not in MAY_BE_NOBODYS
        },
    }


@lru_cache(maxsize=_PERSONS)
def _statement(
    user_id: int, permissions: frozenset[Permission], scope: Scope, today: date
) -> Statement | None:
    """Putting the statement together costs more than asking it: it is kept for a person, what they may do, the open
    scope and a day."""
    user = User(pk=user_id)
    rows: Mapping[str, Any] = {
        "decide": lambda kind: kind.rows_for(user),
        "mine": lambda kind: kind.of(user),
        "nobody": lambda kind: kind.unowned(),
    }
    return statement_of(
        {
            f"{name}:{key}": rows[name](kind)
            for name, kinds in _kinds(permissions).items()
            for key, kind in kinds.items()
        }
    )


def _address(kind: Owned | Waiting) -> str:
    return kind.queue_url if isinstance(kind, Owned) else kind.url
