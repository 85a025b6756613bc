"""A sheet says who printed it, and is printed once more only for a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaigns.enums import StickerFormat
from campaigns.models import SheetPrint, StickerJob
from campaigns.services.sheet_prints import mark_batch_printed, mark_printed, print_again
from campaigns.services.stickers import request_stickers
from core.errors import DomainError
from core.models import AuditEntry
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.campaigns.test_code_batches import ask
from tests.factories.people import ILAM, browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")


@pytest.fixture
def sheet(make_boxes, media) -> StickerJob:
    """A finished one of three boxes."""
    [box, *_] = make_boxes(3)
    sheet = request_stickers([box.placement], person(), size=StickerFormat.BOX)
    return finished(sheet, media)


def finished(sheet: StickerJob, media: Path) -> StickerJob:
    (media / "stickers").mkdir(exist_ok=True)
    (media / "stickers" / f"{sheet.pk}.pdf").write_bytes(b"%PDF-")
    sheet.state, sheet.file.name = StickerJob.State.READY, f"stickers/{sheet.pk}.pdf"
    sheet.save()
    return sheet


def refusal(act) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def test_the_first_print_needs_no_reason_and_the_next_one_does(sheet):
    first, second = person(), person()
    assert refusal(lambda: print_again(sheet.pk, reason="پاره شد", actor=first)) == "not_printed_yet"
    mark_printed(sheet.pk, actor=first)
    assert refusal(lambda: mark_printed(sheet.pk, actor=second)) == "printed_already"
    assert refusal(lambda: print_again(sheet.pk, reason=" ", actor=second)) == "reason_required"
    print_again(sheet.pk, reason="پاره شد", actor=second)
    assert list(SheetPrint.objects.values_list("by", "reason")) == [(first.pk, ""), (second.pk, "پاره شد")]
    assert list(AuditEntry.objects.filter(action__startswith="stickers.print").order_by("pk").values_list(
        "action", "reason"
    )) == [("stickers.print", ""), ("stickers.print_again", "پاره شد")]  # fmt: skip


def test_what_is_not_finished_or_not_ones_own_is_not_marked(sheet):
    StickerJob.objects.filter(pk=sheet.pk).update(state=StickerJob.State.WAITING)
    assert refusal(lambda: mark_printed(sheet.pk, actor=person())) == "sheet_not_ready"
    with open_scope(Scope(provinces=frozenset({ILAM}))):
        assert refusal(lambda: mark_printed(sheet.pk, actor=person())) == "not_found"


def test_at_the_desk_a_printed_sheet_asks_why(sheet):
    browser, address = browser_of(person(Role.PROVINCIAL_EXPERT)), f"/desk/stickers/{sheet.pk}/"
    assert b"".join(browser.get(address)) == b"%PDF-"
    assert "چاپ شد" in browser.get("/desk/boxes/").content.decode()
    browser.post(address, {"printed": "1"})
    asked = browser.get(address)
    assert asked["Content-Type"].startswith("text/html")
    assert "چاپ شده است" in asked.content.decode()
    assert "reason" in browser.post(address, {"again": "1", "reason": ""}).context["form"].errors
    assert b"".join(browser.post(address, {"again": "1", "reason": "پاره شد"})) == b"%PDF-"
    assert SheetPrint.objects.count() == 2


def test_a_whole_batch_is_marked_at_once(media):
    batch, clerk = ask(3), person(Role.PROVINCIAL_EXPERT)
    sheets = [
        finished(StickerJob.objects.create(batch=batch, province=batch.province), media) for _ in range(3)
    ]
    mark_printed(sheets[0].pk, actor=clerk)
    browser, address = browser_of(clerk), f"/desk/codes/batches/{batch.pk}/"
    answer = browser.post(address, follow=True)
    assert "چاپ ۲ برگه به نام شما ثبت شد" in answer.content.decode()
    assert SheetPrint.objects.count() == 3
    assert mark_batch_printed(batch, actor=clerk) == 0
