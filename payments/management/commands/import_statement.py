"""A statement file from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from payments.enums import ImportState
from payments.models import StatementImport, StatementSource
from payments.services.imports import read_import as read
from payments.services.imports import rehearse, take_file
from payments.services.statement_files import blocks_of
from provinces.scoping import all_provinces


class Command(BaseCommand):
    help = (
        "Take in a file of a source and read it here; matching follows in the long worker. "
        "--dry-run reads it, says what would become of it and stores nothing."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--source", required=True, metavar="KEY")
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true")

    @all_provinces("import_statement")
    def handle(self, *args, **options) -> None:
        path, source = options["file"], _source(options["source"])
        try:
            with path.open("rb") as file:
                if options["dry_run"]:
                    self._say(rehearse(source, file, path.stat().st_size, name=path.name))
                    return
                statement, created = take_file(
                    source, blocks_of(file), name=path.name, job="import_statement"
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except DomainError as error:
            raise CommandError(f"{path}: {error.code} {error.data or ''}") from error
        read(statement.pk)
        statement.refresh_from_db()
        if statement.state == ImportState.REFUSED:
            raise CommandError(f"{path}: refused, {statement.reason} {_brief(statement)}")
        if not created:
            self.stderr.write(f"{path}: taken before as import {statement.pk}")
        self._say(statement.counts | {"import": statement.pk})

    def _say(self, counts: dict) -> None:
        self.stdout.write(json.dumps({k: v for k, v in counts.items() if k != "notes"}, ensure_ascii=False))


def _source(key: str) -> StatementSource:
    source = StatementSource.objects.select_related("office", "profile").filter(key=key).first()
    if source is None:
        known = ", ".join(StatementSource.objects.values_list("key", flat=True)) or "none"
        raise CommandError(f"no source {key}; there are: {known}")
    return source


def _brief(statement: StatementImport) -> str:
    return ", ".join(f"{name}: {value}" for name, value in statement.counts.items())
