import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.backups.manifest import BackupError
from core.backups.restoring import restore


class Command(BaseCommand):
    help = (
        "Put a backup back into an empty database and an empty directory, compare it to the row, prove the books. "
        "The portal's own database is never written to."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("backup", type=Path, help="the directory that `backup` made")
        parser.add_argument("--database-url", required=True, help="postgres://… of a new, empty database")
        parser.add_argument(
            "--media", type=Path, required=True, help="a new directory for the uploaded files"
        )

    def handle(self, *args, **options):
        url, media = options["database_url"], options["media"].resolve()
        try:
            told = restore(options["backup"], url=url, media_root=media)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"as of {told.as_of}: {sum(told.rows.values())} rows in {len(told.rows)} tables, all there"
        )
        there = os.environ | {"DATABASE_URL": url, "MEDIA_ROOT": str(media)}
        self.stdout.flush()
        books = subprocess.run(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "check_books"], env=there, check=False
        )
        if books.returncode:
            raise CommandError("the restored books do not hold")
