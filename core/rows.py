"""Writing many rows of a model in one statement whose size in words does not grow with them."""

from __future__ import annotations

from typing import TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

_Row = TypeVar("_Row", bound=models.Model)
_CARRIED_AS_TEXT = (
    "varchar",
    "char",
    "jsonb",
)  # a cast to varchar(n) would cut what is too long without a word


def insert_rows(rows: list[_Row]) -> list[_Row]:
    """Insert new objects of one model, column by column, and give them their keys; what `bulk_create` does, for
    thousands of rows in a third of its time. The database's rules hold; no signals. All leave the same fields to the
    database's defaults.
    """
    if not rows:
        return rows
    meta = rows[0]._meta
    fields = [f for f in meta.concrete_fields if not _is_left_to_the_database(rows[0], f)]
    names = [connection.ops.quote_name(f.column) for f in fields]
    columns = [[f.get_db_prep_save(f.pre_save(row, True), connection) for row in rows] for f in fields]
    kinds = [f.db_type(connection) for f in fields]
    arrays = ", ".join(f"%s::{_carrier(kind)}[]" for kind in kinds)
    values = ", ".join(f"{n}::jsonb" if k == "jsonb" else n for n, k in zip(names, kinds, strict=True))
    sql = f"""
        INSERT INTO {connection.ops.quote_name(meta.db_table)} ({", ".join(names)})
        SELECT {values} FROM unnest({arrays}) WITH ORDINALITY AS given ({", ".join(names)}, nth) ORDER BY nth
        RETURNING {connection.ops.quote_name(meta.pk.column)}
    """  # noqa: S608 - names of models
    with connection.cursor() as cursor:
        cursor.execute(sql, [_texts(c) if k == "jsonb" else c for c, k in zip(columns, kinds, strict=True)])
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, connection.alias
    return rows


def _is_left_to_the_database(row: models.Model, field: models.Field) -> bool:
    value = getattr(row, field.attname)
    return isinstance(value, DatabaseDefault) or (field.primary_key and value is None)


def _carrier(kind: str) -> str:
    return "text" if kind.startswith(_CARRIED_AS_TEXT) else kind


def _texts(column: list) -> list[str | None]:
    """JSON as text: psycopg's own wrapper cannot stand in an array."""
    return [None if value is None else value.dumps(value.adapted) for value in column]
