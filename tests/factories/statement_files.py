"""A source with a file that was read, one line of it and one that could not be."""

from __future__ import annotations

from typing import Any

from payments.models import (
    LineRevision,
    MappingProfile,
    StatementImport,
    StatementLine,
    StatementSource,
    UnreadLine,
)
from payments.services.imports import read_import, take_file
from provinces.models import Office
from tests.payments.statements.files import PANEL, panel_file, panel_row


def a_source(
    office: Office, key: str, rules: dict | None = None, file_format: str = "csv"
) -> StatementSource:
    """A source of panel files (or by other rules) of an office."""
    profile, _ = MappingProfile.objects.get_or_create(
        key=f"of-{key}",
        defaults={
            "name": "گزارش آزمون", "kind": "gateway_transactions", "file_format": file_format, "rules": rules or PANEL,
        },
    )  # fmt: skip
    return StatementSource.objects.create(
        key=key, name="منبع آزمون", kind="gateway_transactions", profile=profile, office=office,
        account="clearing:sep:1", gateway="sep",
    )  # fmt: skip


def a_statement(source: StatementSource, *rows: str, content: bytes = b"") -> StatementImport:
    """A file of a source (of panel rows, or of any content), taken in and read as the long worker does."""
    statement, _ = take_file(source, [content or panel_file(*rows)], name="report.csv", job="test")
    read_import(statement.pk)
    statement.refresh_from_db()
    return statement


def statement_rows(office: Office) -> dict[str, Any]:
    """One row of each model, by label."""
    source = a_source(office, f"panel-{office.pk}")
    statement = a_statement(source, panel_row(1), "ناخوانا")
    a_statement(source, panel_row(1, amount="300000"))
    return {
        "payments.mappingprofile": source.profile,
        "payments.statementsource": source,
        "payments.statementimport": statement,
        "payments.statementline": StatementLine.objects.get(source=source),
        "payments.linerevision": LineRevision.objects.get(line__source=source),
        "payments.unreadline": UnreadLine.objects.get(source=source),
    }
