"""A print-ready sheet of boxes' stickers from the command line."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from campaigns.desk_forms import parse_numbers
from campaigns.enums import StickerFormat
from campaigns.models import Box, StickerJob
from campaigns.services.stickers import make_sheet, request_stickers
from core.errors import DomainError
from provinces.scoping import all_provinces
from provinces.selectors import find_province

LOOK_EVERY_SECONDS = 0.5


class Command(BaseCommand):
    help = (
        "Have the long worker make stickers and wait for them. --here makes them in this process, "
        "for a machine on which no worker runs."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--province", required=True, help="two-digit code or slug")
        parser.add_argument("--boxes", help="box numbers, as 1-50; all without it")
        parser.add_argument("--size", choices=StickerFormat.values, default=StickerFormat.BOX.value)
        parser.add_argument("--out", type=Path, required=True, help="where to put the PDF")
        parser.add_argument("--wait", type=int, default=120, metavar="SECONDS", help="for the worker (120)")
        parser.add_argument("--here", action="store_true", help="make it in this process")

    @all_provinces("make_stickers")
    def handle(self, *args, **options) -> None:
        try:
            sheet = request_stickers(
                _placements(options), None, size=StickerFormat(options["size"]), job="make_stickers"
            )
        except (DomainError, ValidationError) as error:
            raise CommandError(getattr(error, "code", error)) from error
        if options["here"]:
            make_sheet(sheet.pk)
        sheet = _wait_for(sheet, 0 if options["here"] else options["wait"])
        if sheet.state == StickerJob.State.FAILED:
            raise CommandError(f"sheet {sheet.pk} failed: {sheet.error}")
        if sheet.state != StickerJob.State.READY:
            raise CommandError(f"sheet {sheet.pk} still waits for the long worker; it will be made and kept")
        shutil.copyfile(Path(settings.MEDIA_ROOT) / sheet.file.name, options["out"])
        self.stdout.write(f"{options['out']}: {sheet.pages} pages, {sheet.placements.count()} codes")


def _placements(options: dict) -> list:
    boxes = Box.objects.filter(province=find_province(options["province"]), placement__is_active=True)
    if options["boxes"]:
        boxes = boxes.filter(number__range=parse_numbers(options["boxes"]))
    return [box.placement for box in boxes.select_related("placement")]


def _wait_for(sheet: StickerJob, seconds: int) -> StickerJob:
    until = time.monotonic() + seconds
    while True:
        sheet.refresh_from_db()
        if sheet.state != StickerJob.State.WAITING or time.monotonic() >= until:
            return sheet
        time.sleep(LOOK_EVERY_SECONDS)
