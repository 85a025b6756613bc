"""Databases for tests: one migrated and seeded template, copied for each worker and each test that commits.

The books refuse TRUNCATE, as they must, so a test that commits gets a database of its own and no cleaned one.
"""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from ledger import accounts, dimensions

ROOT = Path(__file__).resolve().parents[1]
_LOCK, _TEMPLATE, _MIGRATED = 4_411, "portal_template_", "portal_migrated_"
_MIGRATIONS = ("*/migrations/*.py",)
_SEEDS = ("*/data/**/*", "*/services/*seeding.py", "ledger/accounts.py")


def template() -> str:
    """The name of a database with all migrations and reference data; made once for their present state."""
    tables = migrated()
    parts = _parts(*_MIGRATIONS, *_SEEDS)
    return _made(_TEMPLATE, parts, lambda cursor: tables, _seed)


def migrated() -> str:
    """The same without reference data. An earlier one of which everything is still as it was is only brought up to
    date."""
    parts = _parts(*_MIGRATIONS)
    return _made(_MIGRATED, parts, lambda cursor: _begun(cursor, parts), _migrate)


def _seed() -> None:
    call_command("seed_reference", stdout=io.StringIO())


def _migrate() -> None:
    call_command("migrate", verbosity=0)


def _made(
    prefix: str, parts: dict[str, str], begun: Callable[[Any], str], further: Callable[[], None]
) -> str:
    """A template with these parts: there already, or `begun` and brought `further`."""
    name = f"{prefix}{_digest(json.dumps(parts).encode())}"
    with maintenance() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [_LOCK, name])
        cursor.execute("SELECT FROM pg_database WHERE datname = %s AND datistemplate", [name])
        if cursor.rowcount == 0:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{begun(cursor)}" STRATEGY file_copy')
            with _pointing_at(name):
                further()
            cursor.execute(f'COMMENT ON DATABASE "{name}" IS %s', [json.dumps(parts)])
            cursor.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    return name


def _begun(cursor, parts: dict[str, str]) -> str:
    """The one that holds most of these parts and nothing else; PostgreSQL's empty one at first."""
    cursor.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datistemplate AND starts_with(datname, %s)",
        [_MIGRATED],
    )
    made = [(json.loads(told), name) for name, told in cursor.fetchall() if told]
    fitting = [(len(theirs), name) for theirs, name in made if theirs.items() <= parts.items()]
    return max(fitting, default=(0, "template0"))[1]


@contextmanager
def copy_of(template_name: str) -> Iterator[str]:
    """A fresh copy of the template that Django's connections (of all threads) use until the block ends."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with maintenance() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_name}" STRATEGY file_copy')
    try:
        with _pointing_at(name):
            yield name
    finally:
        with maintenance() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def url_of(name: str) -> str:
    """DATABASE_URL of a database here, for processes."""
    s = settings.DATABASES["default"]
    return f"postgres://{s['USER']}:{s['PASSWORD']}@{s['HOST']}:{s['PORT']}/{name}"


@contextmanager
def _pointing_at(name: str) -> Iterator[None]:
    target = connections["default"].settings_dict
    before = target["NAME"]
    connections.close_all()
    target["NAME"] = name
    _forget_ids()
    try:
        yield
    finally:
        connections.close_all()
        target["NAME"] = before
        _forget_ids()


def _forget_ids() -> None:
    dimensions.forget_remembered()
    accounts.forget_remembered()


@contextmanager
def maintenance(database: str = "postgres"):
    """A cursor that commits each statement, on another database of this server."""
    s = settings.DATABASES["default"]
    connection = psycopg2.connect(
        dbname=database, user=s["USER"], password=s["PASSWORD"], host=s["HOST"], port=s["PORT"]
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _parts(*patterns: str) -> dict[str, str]:
    """The files that make a template, with what each holds."""
    return {
        str(path.relative_to(ROOT)): _digest(path.read_bytes())
        for pattern in patterns
        for path in sorted(ROOT.glob(pattern))
        if path.is_file() and not {".venv", "__pycache__"} & set(path.parts)
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
