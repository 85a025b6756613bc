"""Province scope: which rows the code that runs now may see and write.

A query on a scoped model without an open scope raises. "All provinces" is a scope with a name and a reason,
never a default. Managers are the net; services that write also call `check_write`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import models

from core.errors import DomainError


class ScopeMissing(RuntimeError):
    """A scoped model was asked without an open scope."""


@dataclass(frozen=True)
class Scope:
    """`everything`, or the named provinces (whole) and counties. Codes, not rows."""

    everything: bool = False
    provinces: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()
    reason: str = ""

    def holds(self, province: str | None, county: str | None = None) -> bool:
        """May a row of this province and county be seen or written here? National rows: only with everything."""
        return (
            self.everything or province in self.provinces or (county is not None and county in self.counties)
        )

    def condition(self, province_path: str, county_path: str | None) -> models.Q:
        """The same as a filter on a model whose province and county are reached by these paths."""
        condition = models.Q(**{f"{province_path}__in": self.provinces})
        if county_path and self.counties:
            condition |= models.Q(**{f"{county_path}__in": self.counties})
        return condition


_current: ContextVar[Scope | None] = ContextVar("province_scope", default=None)


def current_scope() -> Scope:
    """The open scope; ScopeMissing when none is open."""
    scope = _current.get()
    if scope is None:
        raise ScopeMissing("no province scope is open")
    return scope


@contextmanager
def open_scope(scope: Scope) -> Iterator[Scope]:
    """Run a block (or, as a decorator, a function) inside `scope`."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def all_provinces(reason: str):
    """The named scope of the whole country, for public pages, headquarters and jobs."""
    return open_scope(Scope(everything=True, reason=reason))


def check_write(province: str | None, county: str | None = None) -> None:
    """Raise DomainError("not_found") when a row of this place may not be written in the open scope."""
    if not current_scope().holds(province, county):
        raise DomainError("not_found", status=404)


class ScopedManager(models.Manager):
    """Limits every query to the open scope. The model names its way to the place:
    `province_path` (a field path to a province code) and, where it has one, `county_path`."""

    def get_queryset(self) -> models.QuerySet:
        queryset = super().get_queryset()
        scope = current_scope()
        if scope.everything:
            return queryset
        return queryset.filter(
            scope.condition(self.model.province_path, getattr(self.model, "county_path", None))
        )
