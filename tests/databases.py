"""Databases for tests: one migrated and seeded template, copied for each worker and each test that commits.

The books refuse TRUNCATE, as they must, so a test that commits gets a database of its own and no cleaned one.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from ledger import accounts, dimensions

ROOT = Path(__file__).resolve().parents[1]
_LOCK = 4_411
_MAKES_A_TEMPLATE = ("*/migrations/*.py", "*/data/**/*", "*/services/*seeding.py", "ledger/accounts.py")


def template() -> str:
    """The name of a database with all migrations and reference data; made once for their present state."""
    name = f"portal_template_{_fingerprint()}"
    with maintenance() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("SELECT datistemplate FROM pg_database WHERE datname = %s", [name])
        row = cursor.fetchone()
        if row is None or not row[0]:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
            with _pointing_at(name):
                call_command("migrate", verbosity=0)
                call_command("seed_reference", stdout=io.StringIO())
            cursor.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return name


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


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in _MAKES_A_TEMPLATE:
        for path in sorted(ROOT.glob(pattern)):
            if ".venv" not in path.parts and path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
