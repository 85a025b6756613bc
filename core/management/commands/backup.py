from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.backups.manifest import BackupError
from core.backups.runs import back_up


class Command(BaseCommand):
    help = "Copy the database, as of one moment, and all uploaded files into a new directory; gifts go on meanwhile."

    def add_arguments(self, parser):
        parser.add_argument(
            "--to", type=Path, default=None, help="where the new directory is made (BACKUP_DIR)"
        )
        parser.add_argument("--keep", type=int, default=0, help="delete all but the newest so many (0: none)")

    def handle(self, *args, **options):
        directory = options["to"] or (Path(settings.BACKUP_DIR) if settings.BACKUP_DIR else None)
        if directory is None:
            raise CommandError("say where: --to DIR, or BACKUP_DIR in the environment")
        try:
            run = back_up(directory.resolve(), keep=options["keep"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        seconds = (run.ended_at - run.started_at).total_seconds()
        self.stdout.write(f"{run.path}: {run.rows} rows, {run.size_bytes} bytes, {seconds:.1f} s")
