"""The desk's pages of boxes: what one sees, makes and asks for, and nothing of another province."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.enums import BoxState
from campaigns.models import Box, ScanHour, StickerJob
from campaigns.services.stickers import make_sheet, request_stickers
from core.codes import show_code
from core.jalali import tehran_today
from core.models import OutboxMessage
from dashboards.rollups import fold_all
from provinces.enums import Role
from provinces.models import County
from provinces.scoping import all_provinces
from tests.factories.boxes import collected, counted, planned, sealed
from tests.factories.gifts import receive
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, office_for, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(manager):
    return browser_of(manager)


def page(browser, address="/desk/boxes/", **query) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def sheet_of(boxes, manager) -> StickerJob:
    with all_provinces("test"):
        sheet = request_stickers([b.placement for b in boxes], manager)
        make_sheet(sheet.pk)
        sheet.refresh_from_db()
    return sheet


def test_the_list_shows_codes_permits_and_scans_of_ones_own_boxes(browser, make_boxes):
    [mine] = make_boxes(1, permit_no="۱۲۴/ز", permit_valid_until=tehran_today() + timedelta(days=9))
    [late] = make_boxes(1, permit_no="۹۹/ز", permit_valid_until=tehran_today() - timedelta(days=1))
    [theirs] = make_boxes(1, KHUZESTAN)
    now = timezone.now()
    for hour in range(3):
        ScanHour.objects.create(placement=mine.placement, hour=now - timedelta(hours=hour), scans=411)
    text = page(browser)
    assert show_code(mine.placement.code) in text
    assert show_code(late.placement.code) in text
    assert show_code(theirs.placement.code) not in text
    assert "۱٬۲۳۳" in text
    assert "مجوز به پایان رسیده" in text
    assert f"/q/{mine.placement.code}" not in text, "looking is no scan"


def test_the_list_costs_the_same_with_one_and_with_many_boxes(browser, make_boxes, django_assert_num_queries):
    make_boxes(1)
    with CaptureQueriesContext(connection) as one:
        page(browser)
    make_boxes(30)
    with django_assert_num_queries(len(one)):
        page(browser)


def test_boxes_are_found_by_number_code_place_and_state(browser, make_boxes):
    boxes = make_boxes(3, address="مسجد جامع")
    make_boxes(1, address="مترو صادقیه")
    shown = show_code(boxes[1].placement.code)
    assert shown in page(browser, q="۲")
    assert shown in page(browser, q=boxes[1].placement.code.lower())
    assert shown in page(browser, q="جامع")
    assert shown not in page(browser, q="صادقيه")
    assert shown not in page(browser, state=BoxState.PLACED)
    assert "صندوقی نیست" in page(browser, q="ناکجا")


def test_a_box_is_made_with_persian_digits_and_a_jalali_day(browser):
    form = {
        "province": TEHRAN, "county": "", "count": "۳", "number": "۱۰", "address": "حسینیه",
        "permit_no": "۱۲۴/ز", "permit_valid_until": "۱۴۰۵/۱۲/۲۹", "edition": "", "fund": "fitriyeh_general",
    }  # fmt: skip
    answer = browser.post("/desk/boxes/new/", form, follow=True)
    assert "۳ صندوق با شماره‌های ۱۰ تا ۱۲ ساخته شد" in answer.content.decode()
    with all_provinces("test"):
        boxes = list(Box.objects.all())
    assert [b.number for b in boxes] == [10, 11, 12]
    assert boxes[0].permit_valid_until.isoformat() == "2027-03-20"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"count": "0"}, "1"),
        ({"count": "هزار"}, ""),
        ({"permit_no": "۱۲"}, "با هم"),
        ({"permit_valid_until": "1405/12/31", "permit_no": "۱۲"}, "تاریخ درست نیست"),
        ({"permit_valid_until": "2026/12/31", "permit_no": "۱۲"}, "تاریخ درست نیست"),
        ({"number": "5"}, "به کار رفته"),
        ({"province": KHUZESTAN}, ""),
        ({"county": "0601"}, ""),
    ],
)
def test_bad_input_keeps_what_was_typed_and_makes_nothing(wrong, words, browser, make_boxes):
    make_boxes(1, number=5)
    form = {"province": TEHRAN, "count": "1", "address": "همان که نوشتم"} | wrong
    answer = browser.post("/desk/boxes/new/", form)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "همان که نوشتم" in text
    assert words in text
    with all_provinces("test"):
        assert Box.objects.count() == 1


def test_a_county_officer_is_not_asked_for_the_county():
    officer = person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY)
    browser = browser_of(officer)
    text = page(browser, "/desk/boxes/new/")
    assert f'type="hidden" name="county" value="{TEHRAN_COUNTY}"' in text
    form = {"province": TEHRAN, "county": TEHRAN_COUNTY, "count": "1"}
    assert browser.post("/desk/boxes/new/", form).status_code == 302
    other = County.objects.filter(province=TEHRAN).exclude(code=TEHRAN_COUNTY).first()
    assert browser.post("/desk/boxes/new/", form | {"county": other.code}).status_code == 200
    assert browser.post("/desk/boxes/new/", form | {"county": ""}).status_code == 200
    with all_provinces("test"):
        assert Box.objects.get().county_id == TEHRAN_COUNTY


def test_headquarters_chooses_the_province(make_boxes):
    browser = browser_of(person(Role.HQ_MANAGER))
    make_boxes(2, KHUZESTAN)
    form = {"province": KHUZESTAN, "count": "1"}
    assert browser.post("/desk/boxes/new/", form).status_code == 302
    asked = {"numbers": "1-3", "size": "box", "stickers": "1"}
    assert "نخست استان را" in browser.post("/desk/boxes/", asked).content.decode()
    assert browser.post(f"/desk/boxes/?province={KHUZESTAN}", asked).status_code == 302
    with all_provinces("test"):
        assert StickerJob.objects.get().placements.count() == 3


def test_stickers_are_asked_for_and_fetched(browser, make_boxes):
    boxes = make_boxes(3)
    asked = {"boxes": [b.pk for b in boxes[:2]], "numbers": "", "size": "small", "stickers": "1"}
    answer = browser.post("/desk/boxes/", asked)
    with all_provinces("test"):
        sheet = StickerJob.objects.get()
    assert answer.headers["Location"] == f"/desk/boxes/?sheet={sheet.pk}"
    waiting = page(browser, sheet=sheet.pk)
    assert 'http-equiv="refresh"' in waiting
    assert browser.get(f"/desk/stickers/{sheet.pk}/").status_code == 302
    with all_provinces("test"):
        make_sheet(sheet.pk)
    ready = page(browser, sheet=sheet.pk)
    assert 'http-equiv="refresh"' not in ready
    assert f'href="/desk/stickers/{sheet.pk}/"' in ready
    file = browser.get(f"/desk/stickers/{sheet.pk}/")
    assert (file.status_code, file.headers["Content-Type"]) == (200, "application/pdf")
    assert file.headers["Cache-Control"] == "private, no-store"
    assert b"".join(file.streaming_content).startswith(b"%PDF")


def test_the_page_does_not_look_again_for_ever(browser, make_boxes, manager):
    with all_provinces("test"):
        sheet = request_stickers([b.placement for b in make_boxes(1)], manager)
        StickerJob.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
    assert 'http-equiv="refresh"' not in page(browser, sheet=sheet.pk)


@pytest.mark.parametrize("numbers", ["1-2", "۱-۲", "۱ تا ۲", "1 – 2"])
def test_a_range_of_numbers_names_boxes(numbers, browser, make_boxes):
    make_boxes(3)
    asked = {"numbers": numbers, "size": "box", "stickers": "1"}
    assert browser.post("/desk/boxes/", asked).status_code == 302
    with all_provinces("test"):
        assert StickerJob.objects.get().placements.count() == 2


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "دست‌کم یک صندوق"),
        ({"numbers": "5-1"}, "مانند ۱-۵۰"),
        ({"numbers": "چند"}, "مانند ۱-۵۰"),
        ({"numbers": "70-80"}, "دست‌کم یک صندوق"),
    ],
)
def test_a_request_that_names_nothing_is_explained(asked, words, browser, make_boxes):
    make_boxes(1)
    answer = browser.post("/desk/boxes/", {"size": "box", "stickers": "1", **asked})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not OutboxMessage.objects.exists()


def test_boxes_are_placed_with_a_permit_and_otherwise_the_number_is_named(browser, make_boxes):
    good = make_boxes(1, permit_no="۱", permit_valid_until=tehran_today())
    bad = make_boxes(1)
    asked = {"boxes": [good[0].pk, bad[0].pk], "size": "box", "place": "1"}
    answer = browser.post("/desk/boxes/", asked)
    assert "صندوق ۲: " in answer.content.decode()
    assert browser.post("/desk/boxes/", asked | {"boxes": [good[0].pk]}).status_code == 302
    with all_provinces("test"):
        assert [b.state for b in Box.objects.order_by("number")] == [BoxState.PLACED, BoxState.PLANNED]


@pytest.mark.parametrize("button", ["stickers", "place"])
def test_another_provinces_box_is_a_404(button, browser, make_boxes):
    mine, theirs = make_boxes(1), make_boxes(1, KHUZESTAN)
    asked = {"boxes": [mine[0].pk, theirs[0].pk], "size": "box", button: "1"}
    assert browser.post("/desk/boxes/", asked).status_code == 404
    with all_provinces("test"):
        assert not StickerJob.objects.exists()
        assert not Box.objects.filter(state=BoxState.PLACED).exists()


def test_another_provinces_sheet_is_a_404(browser, make_boxes, manager):
    sheet = sheet_of(make_boxes(1, KHUZESTAN), manager)
    for answer in (browser.get(f"/desk/stickers/{sheet.pk}/"), browser.post(f"/desk/stickers/{sheet.pk}/")):
        assert answer.status_code == 404
    assert f"برگهٔ {sheet.pk}" not in page(browser, sheet=sheet.pk)


def test_a_failed_sheet_says_why_and_is_tried_again(browser, make_boxes, manager):
    with all_provinces("test"):
        sheet = request_stickers([b.placement for b in make_boxes(1)], manager)
        StickerJob.objects.update(state=StickerJob.State.FAILED, error="disk_full")
        OutboxMessage.objects.all().delete()
    assert "جای ذخیره‌سازی پر است" in page(browser, sheet=sheet.pk)
    assert browser.post(f"/desk/stickers/{sheet.pk}/").status_code == 302
    assert OutboxMessage.objects.count() == 1


def test_a_sheet_whose_file_is_gone_is_a_404(browser, make_boxes, manager, media):
    sheet = sheet_of(make_boxes(1), manager)
    (media / sheet.file.name).unlink()
    assert browser.get(f"/desk/stickers/{sheet.pk}/").status_code == 404


def test_files_are_served_by_the_guarded_page_only(browser, make_boxes, manager):
    sheet = sheet_of(make_boxes(1), manager)
    for address in (f"/{sheet.file.name}", f"/media/{sheet.file.name}", f"/static/{sheet.file.name}"):
        assert browser.get(address).status_code == 404


# --- what a county officer looks for ---------------------------------------------------------------------
def test_permits_that_end_and_boxes_that_bring_nothing_are_found(browser, manager, country):
    soon = sealed(permit_valid_until=tehran_today() + timedelta(days=20))
    fine = sealed(permit_valid_until=tehran_today() + timedelta(days=300))
    bare = planned(permit_no="", permit_valid_until=None)
    shown = {
        name: show_code(box.placement.code) for name, box in (("soon", soon), ("fine", fine), ("bare", bare))
    }

    def listed(**query) -> set[str]:
        text = page(browser, **query)
        return {name for name, code in shown.items() if code in text}

    assert listed(permit="soon") == {"soon"}
    assert listed(permit="none") == {"bare"}
    assert listed(permit="expired") == set()
    assert listed(silent="on") == {"soon", "fine"}
    receive(300_000, placement=soon.placement.code)
    fold_all()
    assert listed(silent="on") == {"fine"}


def test_cash_stands_next_to_what_came_by_the_code(browser, country):
    box = collected()
    counted(box, office_for(Role.PROVINCIAL_ACCOUNTANT), 1_110_000)
    receive(2_220_000, placement=box.placement.code)
    fold_all()
    text = page(browser)
    assert "۱۱۱٬۰۰۰ تومان" in text
    assert "۲۲۲٬۰۰۰ تومان" in text
    table = browser.get("/desk/boxes/file.csv").content.decode("utf-8-sig")
    assert ",2220000,1110000" in table
    assert browser.get("/desk/boxes/file.xlsx").content.startswith(b"PK")


def test_the_map_and_the_route_hold_ones_own_boxes(browser, country):
    near, far, next_to = (sealed(TEHRAN, TEHRAN_COUNTY, number=n) for n in (1, 2, 3))
    theirs = sealed(KHUZESTAN)
    for box, latitude in ((near, 35), (far, 36), (next_to, "35.1")):
        Box.objects.filter(pk=box.pk).update(latitude=latitude, longitude=51)
    drawing = page(browser, "/desk/boxes/map/")
    assert drawing.count('class="point-target"') == 3
    assert 'href="geo:36.000000,51.000000"' in drawing
    assert theirs.placement.code not in drawing
    way = page(browser, "/desk/boxes/route/", state="sealed")
    order = [way.index(show_code(box.placement.code)) for box in (near, next_to, far)]
    assert order == sorted(order), "from the first box always to the nearest"


def test_printed_is_written_down_for_many(browser, make_boxes):
    boxes = make_boxes(3)
    asked = {"boxes": [b.pk for b in boxes], "size": "box", "printed": "1"}
    assert browser.post("/desk/boxes/", asked).status_code == 302
    with all_provinces("test"):
        assert set(Box.objects.values_list("state", flat=True)) == {BoxState.PRINTED}


def test_an_accountant_sees_the_list_and_has_no_buttons(make_boxes):
    [box] = make_boxes(1)
    browser = browser_of(person(Role.PROVINCIAL_ACCOUNTANT))
    assert 'name="stickers"' not in page(browser)
    assert browser.post("/desk/boxes/", {"boxes": [box.pk], "size": "box", "place": "1"}).status_code == 403
