"""Open work: what belongs to a person, and what waits for somebody's decision. Each room registers its own in its
`open_work` module, so that nothing is orphaned when a person leaves and a desk can say what needs doing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Count, Model, Q, QuerySet, Value
from django.utils.functional import Promise

from core.models import User
from provinces.access import Access
from provinces.permissions import Permission

Statement = tuple[str, tuple]  # SQL and its values


@dataclass(frozen=True)
class Owned:
    """Rows of a model that one person looks after (`field`) as long as `is_open` holds; who may take them over holds
    `permission`. `queue_url` lists those that belong to nobody. With `by_province`, whoever works in an office of the
    row's province may own it, a county's too."""

    key: str
    label: Promise
    model: type[Model]
    field: str
    is_open: Q
    permission: Permission
    queue_url: str
    by_province: bool = False

    def rows(self, **more: object) -> QuerySet:
        return self.model.objects.filter(self.is_open, **more).order_by("pk")

    def of(self, user: User) -> QuerySet:
        return self.rows(**{self.field: user})

    def unowned(self) -> QuerySet:
        return self.rows(**{self.field: None})

    def places(self) -> tuple[str, str | None]:
        """The field paths to province and county."""
        return self.model.province_path, getattr(self.model, "county_path", None)


@dataclass(frozen=True)
class Waiting:
    """Rows that wait for something that anybody with `permission` may do; with four eyes, not their own `maker`."""

    key: str
    label: Promise
    rows: Callable[[], QuerySet]
    permission: Permission
    url: str
    maker: str = ""

    def rows_for(self, user: User) -> QuerySet:
        """Those the person may do something about: not their own proposals."""
        rows = self.rows()
        return rows.exclude(**{self.maker: user}) if self.maker else rows


_owned: dict[str, Owned] = {}
_waiting: dict[str, Waiting] = {}


def register(*kinds: Owned | Waiting) -> None:
    """Add a room's kinds; a key that exists already raises."""
    for kind in kinds:
        table = _owned if isinstance(kind, Owned) else _waiting
        if table.setdefault(kind.key, kind) is not kind:
            raise ValueError(f"two kinds of open work named {kind.key}")


def owned_kinds() -> tuple[Owned, ...]:
    return tuple(_owned.values())


def waiting_kinds() -> tuple[Waiting, ...]:
    return tuple(_waiting.values())


def counts(querysets: Mapping[str, QuerySet]) -> dict[str, int]:
    """How many rows each of these holds, in one query."""
    found = read_counts(statement_of(querysets))
    return {key: found.get(key, 0) for key in querysets}


def statement_of(querysets: Mapping[str, QuerySet]) -> Statement | None:
    """The one query of `counts`, to be read as often as wanted; None where nothing can be found."""
    parts = [
        rows.order_by()
        .annotate(work_key=Value(key, output_field=CharField()))
        .values("work_key")
        .annotate(work_rows=Count("pk"))
        .values_list("work_key", "work_rows")
        for key, rows in querysets.items()
    ]
    if not parts:
        return None
    try:
        return (parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]).query.sql_with_params()
    except EmptyResultSet:
        return None


def read_counts(statement: Statement | None) -> dict[str, int]:
    """What a statement of `statement_of` counts now, by the keys of what it found."""
    if statement is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return dict(cursor.fetchall())


def is_held(kind: Owned, place: tuple[str | None, str | None], access: Access) -> bool:
    """Whether somebody with this access may look after a row of this (province, county)."""
    if access.scope is None or not access.may(kind.permission):
        return False
    return access.scope.holds(*place) or (kind.by_province and place[0] in access.home_provinces)
