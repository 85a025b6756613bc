"""Sheets of stickers: promised, made by the long worker, kept privately, tried again when they fail."""

from __future__ import annotations

import errno
import stat
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from campaigns.enums import BoxState, StickerFormat
from campaigns.models import Box, Edition, StickerJob
from campaigns.services import stickers
from campaigns.services.placements import revoke_placement
from campaigns.services.stickers import make_sheet, request_stickers, retry_stickers
from campaigns.sticker_sheet import StickerSize
from core import outbox, tasks
from core.errors import DomainError
from core.jalali import parse_jalali
from core.models import AuditEntry, OutboxMessage, Queue
from provinces.models import County
from provinces.scoping import Scope, open_scope
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY

WAITING, READY, FAILED = StickerJob.State.WAITING, StickerJob.State.READY, StickerJob.State.FAILED


@pytest.fixture
def placements(make_boxes):
    boxes = make_boxes(10, permit_no="۱۲۴/ز", permit_valid_until=parse_jalali("1405/12/29"))
    return [box.placement for box in boxes]


def codes_in(path: Path) -> list[str]:
    pages = (page.render(scale=2).to_pil() for page in pypdfium2.PdfDocument(path))
    return sorted(found.text for page in pages for found in zxingcpp.read_barcodes(page))


def test_a_request_is_a_promise_to_the_long_worker(placements, manager, country):
    sheet = request_stickers(placements, manager)
    message = OutboxMessage.objects.get()
    assert (message.task, message.queue, message.payload) == (
        "campaigns.make_stickers", Queue.LONG, {"job_id": sheet.pk},
    )  # fmt: skip
    assert (sheet.state, sheet.province_id, sheet.county_id) == (WAITING, TEHRAN, None)
    entry = AuditEntry.objects.get(action="stickers.request")
    assert (entry.actor, entry.province_code, entry.data) == (manager, TEHRAN, {"count": 10})


def test_the_long_worker_makes_it_and_every_code_scans(placements, manager, country, media, settings):
    sheet = request_stickers(placements, manager)
    assert tasks.drain_outbox() == 0, "not the quick one"
    assert tasks.drain_long_outbox() == 1
    sheet.refresh_from_db()
    assert (sheet.state, sheet.pages, sheet.error) == (READY, 2, "")
    assert sheet.ready_at is not None
    expected = [f"{settings.PORTAL_BASE_URL}/q/{p.code}/" for p in placements]
    assert codes_in(media / sheet.file.name) == sorted(expected)
    assert set(Box.objects.values_list("state", flat=True)) == {BoxState.PRINTED}
    assert not OutboxMessage.objects.exists()


def test_it_says_in_persian_what_it_is_for(make_boxes, manager, country, media):
    edition = Edition.objects.get(campaign__slug="ziafat-mehrabani", state="open")
    [box] = make_boxes(
        1, county=TEHRAN_COUNTY, edition=edition, fund=edition.fund, number=12,
        permit_no="۱۲۴/ز", permit_valid_until=parse_jalali("1405/12/29"),
    )  # fmt: skip
    sheet = request_stickers([box.placement], manager)
    tasks.drain_long_outbox()
    sheet.refresh_from_db()
    text = pypdfium2.PdfDocument(media / sheet.file.name)[0].get_textpage().get_text_range()
    for words in ("ضیافت مهربانی", "صندوق ۱۲", "استان تهران", "شهرستان", "مجوز", "اعتبار تا ۱۴۰۵/۱۲/۲۹"):
        assert words in text


@pytest.mark.parametrize(("size", "pages"), [("box", 2), ("small", 1), ("poster", 10)])
def test_each_size_fills_its_pages(size, pages, placements, manager, country):
    sheet = request_stickers(placements, manager, size=StickerFormat(size))
    make_sheet(sheet.pk)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.pages) == (READY, pages)


def test_sizes_are_those_that_can_be_drawn():
    assert set(StickerFormat.values) == {size.value for size in StickerSize}


def test_only_the_portals_user_may_read_the_file(placements, manager, country, media):
    sheet = request_stickers(placements, manager)
    make_sheet(sheet.pk)
    sheet.refresh_from_db()
    assert stat.S_IMODE((media / sheet.file.name).stat().st_mode) == 0o600


def test_making_it_twice_changes_nothing(placements, manager, country, media):
    sheet = request_stickers(placements, manager)
    make_sheet(sheet.pk)
    first = StickerJob.objects.values().get(pk=sheet.pk)
    make_sheet(sheet.pk)
    make_sheet(999_999)
    assert StickerJob.objects.values().get(pk=sheet.pk) == first
    assert len(list((media / "stickers").iterdir())) == 1


def test_a_box_that_stands_stays_placed(make_boxes, manager, country):
    from campaigns.services.box_life import place_boxes

    boxes = make_boxes(1, permit_no="۱", permit_valid_until=parse_jalali("1420/01/01"))
    place_boxes(boxes, actor=manager)
    make_sheet(request_stickers([boxes[0].placement], manager).pk)
    assert Box.objects.get().state == BoxState.PLACED


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (OSError(errno.EACCES, "Permission denied"), "sheet_not_stored"),
        (ZeroDivisionError(), "sheet_not_made"),
    ],
)
def test_a_failure_has_a_reason_and_can_be_tried_again(
    error, code, placements, manager, country, media, monkeypatch
):
    def fail(*args):
        raise error

    sheet = request_stickers(placements, manager)
    with monkeypatch.context() as broken:
        broken.setattr(stickers, "_store", fail)
        assert tasks.drain_long_outbox() == 1, "the promise is kept: a person decides what comes next"
    sheet.refresh_from_db()
    assert (sheet.state, sheet.error) == (FAILED, code)
    assert "انجام نشد" not in sheet.error_words, "a sentence of its own"
    retry_stickers(sheet, manager)
    assert tasks.drain_long_outbox() == 1
    sheet.refresh_from_db()
    assert (sheet.state, sheet.error) == (READY, "")
    assert AuditEntry.objects.get(action="stickers.retry").actor == manager


def test_a_full_disk_leaves_no_half_file(placements, manager, country, media, monkeypatch):
    monkeypatch.setattr(stickers.os, "fsync", lambda fd: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    sheet = request_stickers(placements, manager)
    make_sheet(sheet.pk)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.error, sheet.file.name) == (FAILED, "disk_full", "")
    assert list((media / "stickers").iterdir()) == []


def test_what_the_database_refuses_is_tried_again_by_the_outbox(placements, manager, country, monkeypatch):
    def away(sheet):
        raise DatabaseError

    sheet = request_stickers(placements, manager)
    with monkeypatch.context() as broken:
        broken.setattr(stickers, "_stickers", away)
        assert tasks.drain_long_outbox() == 0
    sheet.refresh_from_db()
    assert sheet.state == WAITING
    assert OutboxMessage.objects.get().tries == 1


def test_a_sheet_that_has_not_failed_is_not_tried_again(placements, manager, country):
    sheet = request_stickers(placements, manager)
    retry_stickers(sheet, manager)
    assert OutboxMessage.objects.count() == 1
    make_sheet(sheet.pk)
    retry_stickers(sheet, manager)
    assert OutboxMessage.objects.count() == 1


def test_what_cannot_be_asked_for(placements, manager, country, monkeypatch):
    with pytest.raises(DomainError, match="nothing_chosen"):
        request_stickers([], manager)
    monkeypatch.setattr(stickers, "MOST_STICKERS", 9)
    with pytest.raises(DomainError, match="too_many_stickers"):
        request_stickers(placements, manager)
    revoked = revoke_placement(placements[0], actor=manager, reason="گم شد")
    with pytest.raises(DomainError, match="placement_revoked"):
        request_stickers([revoked], manager)
    assert not StickerJob.objects.exists()


def test_nobody_gets_stickers_of_another_province(make_boxes, manager):
    [there] = make_boxes(1, KHUZESTAN)
    with open_scope(Scope(provinces=frozenset({TEHRAN}))), pytest.raises(DomainError, match="not_found"):
        request_stickers([there.placement], manager)


def test_a_county_sees_the_sheets_of_its_boxes_and_no_others(make_boxes, manager):
    mine = make_boxes(2, county=TEHRAN_COUNTY)
    other = County.objects.filter(province=TEHRAN).exclude(code=TEHRAN_COUNTY).first()
    theirs = make_boxes(1, county=other.code)
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        request_stickers([b.placement for b in mine + theirs], manager)
    with open_scope(Scope(counties=frozenset({TEHRAN_COUNTY}))):
        sheet = request_stickers([b.placement for b in mine], manager)
        assert list(StickerJob.objects.all()) == [sheet]
    assert sheet.county_id == TEHRAN_COUNTY


def test_the_promise_has_a_keeper():
    assert "campaigns.make_stickers" in outbox.consumer_names()


# --- the command -----------------------------------------------------------------------------------------
def test_the_command_writes_the_sheet_of_a_range(make_boxes, country, tmp_path):
    make_boxes(5)
    out, said = tmp_path / "sheet.pdf", StringIO()
    call_command("make_stickers", province="tehran", boxes="۲-۴", out=out, here=True, stdout=said)
    assert len(codes_in(out)) == 3
    assert "1 pages, 3 codes" in said.getvalue()
    assert AuditEntry.objects.get(action="stickers.request").job == "make_stickers"


def test_the_command_waits_for_the_worker(make_boxes, country, tmp_path, monkeypatch):
    make_boxes(1)
    monkeypatch.setattr("time.sleep", lambda seconds: tasks.drain_long_outbox())
    call_command("make_stickers", province=TEHRAN, out=tmp_path / "sheet.pdf", stdout=StringIO())
    assert len(codes_in(tmp_path / "sheet.pdf")) == 1


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"province": "99"}, "unknown_province"),
        ({"province": TEHRAN, "boxes": "70-80"}, "nothing_chosen"),
        ({"province": TEHRAN, "boxes": "9-1"}, "bad_numbers"),
        ({"province": TEHRAN, "wait": 0}, "still waits"),
    ],
)
def test_the_command_says_why_not(options, why, make_boxes, country, tmp_path):
    make_boxes(1)
    with pytest.raises(CommandError, match=why):
        call_command("make_stickers", out=tmp_path / "sheet.pdf", **options)
    assert not (tmp_path / "sheet.pdf").exists()
