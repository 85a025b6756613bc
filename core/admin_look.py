"""Tables that are written at the desk or by a job: in the admin for looking, without a class of their own."""

from __future__ import annotations

import re

from django.contrib import admin
from django.db import models
from django.db.models import Q

from core.admin_base import LargeReadOnlyAdmin, by_key
from core.fields import EncryptedTextField

_COLUMNS = 7
_LONG = (models.TextField, models.JSONField)
_SECRET = re.compile(
    "hash|digest|token|secret|sha256|fingerprint|_path$|_key$|^key$|^donor|^message$|^mobile$"
)


def look_only(*tables: type[models.Model]) -> None:
    """Register tables that administrators may look at: what has a Persian name, never what is encrypted, a secret or
    of a donor; the newest first, found by their key."""
    for table in tables:
        key = table._meta.pk.name
        names = [column.name for column in table._meta.concrete_fields if _is_shown(column)]
        short = [name for name in names if not isinstance(table._meta.get_field(name), _LONG)]
        columns = [key, *(name for name in short[:_COLUMNS] if name != key)]
        related = [name for name in columns if table._meta.get_field(name).is_relation]
        words = {
            "list_display": columns,
            "list_display_links": [key],
            "list_select_related": related or False,
            "fields": names,
            "search_fields": ["pk"],
            "find": _find,
        }
        admin.site.register(table, type(f"{table.__name__}Admin", (LargeReadOnlyAdmin,), words))


def _find(self: LargeReadOnlyAdmin, typed: str) -> Q | None:
    return by_key(typed)


def _is_shown(column: models.Field) -> bool:
    return (
        not str(column.verbose_name).isascii()
        and not isinstance(column, EncryptedTextField)
        and not _SECRET.search(column.name)
    )
