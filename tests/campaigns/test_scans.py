"""A printed code: counted once a visit, leads to the filled form, and its count survives workers racing."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client

from campaigns.models import Placement, Scan, ScanHour
from campaigns.services.scans import fold_scans
from campaigns.tasks import fold_scans as task
from provinces.scoping import all_provinces
from tests.donations.conftest import place


@pytest.fixture
def browser(db, country) -> Client:
    return Client(enforce_csrf_checks=True)


def test_a_visit_is_counted_and_led_to_the_form(browser):
    box = place("23")
    answer = browser.get(f"/q/{box.code}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/give/?placement={box.code}")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert list(Scan.objects.values_list("placement", flat=True)) == [box.pk]


def test_codes_are_typed_by_people(browser):
    box = place("23")
    typed = f"{box.code[:3]}-{box.code[3:6]}-{box.code[6:]}".lower()
    assert browser.get(f"/q/{typed}/")["Location"] == f"/give/?placement={box.code}"
    assert Scan.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Purpose": "preview"}],
    ids=str,
)
def test_loading_ahead_is_not_counted(browser, headers):
    assert browser.get(f"/q/{place('23').code}/", headers=headers).status_code == 302
    assert not Scan.objects.exists()


def test_head_is_not_counted(browser):
    assert browser.head(f"/q/{place('23').code}/").status_code == 302
    assert browser.post(f"/q/{place('23').code}/").status_code in (403, 405)
    assert not Scan.objects.exists()


def test_a_replaced_code_goes_on(browser):
    old, new = place("23"), place("23")
    Placement.objects.filter(pk=old.pk).update(replaced_by=new, is_active=False)
    assert browser.get(f"/q/{old.code}/")["Location"] == f"/give/?placement={new.code}"
    assert Scan.objects.get().placement == new


@pytest.mark.parametrize("code", ["AAAAAAAAA", "nothing", "%00", "x" * 300, "۱۲۳"])
def test_an_unknown_code_is_a_persian_page(browser, code):
    answer = browser.get(f"/q/{code}/")
    assert answer.status_code == 404
    assert '<html lang="fa" dir="rtl">' in answer.content.decode()
    assert "این کد را نمی‌شناسیم." in answer.content.decode()
    assert not answer.cookies


def test_a_code_taken_down_is_unknown(browser):
    box = place("23", is_active=False)
    assert browser.get(f"/q/{box.code}/").status_code == 404
    assert not Scan.objects.exists()


def test_queries(browser, django_assert_num_queries):
    box = place("23")
    with django_assert_num_queries(2):  # the code; one row
        browser.get(f"/q/{box.code}/")


def test_scans_become_hours_of_tehran(browser):
    box, other = place("23"), place("07")
    times = [
        datetime(2026, 11, 20, 20, 29, 59, tzinfo=UTC),  # 23:59:59 in Tehran
        datetime(2026, 11, 20, 20, 30, 0, tzinfo=UTC),  # midnight
        datetime(2026, 11, 20, 21, 29, 0, tzinfo=UTC),
    ]
    for scanned, at in [(box, times[0]), (box, times[1]), (box, times[2]), (other, times[2])]:
        Scan.objects.filter(pk=Scan.objects.create(placement=scanned).pk).update(at=at)
    assert task() == 4
    midnight = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
    before = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
    rows = ScanHour.objects.order_by("placement", "hour").values_list("placement", "hour", "scans")
    assert list(rows) == [(box.pk, before, 1), (box.pk, midnight, 2), (other.pk, midnight, 1)]
    assert not Scan.objects.exists()
    assert fold_scans() == 0


def test_hours_are_added_to(browser):
    box = place("23")
    for _ in range(3):
        Scan.objects.create(placement=box)
        fold_scans()
    assert sum(ScanHour.objects.values_list("scans", flat=True)) == 3


def test_a_limit_leaves_the_rest(browser):
    box = place("23")
    Scan.objects.bulk_create([Scan(placement=box) for _ in range(5)])
    assert [fold_scans(2), fold_scans(2), fold_scans(2)] == [2, 2, 1]
    assert sum(ScanHour.objects.values_list("scans", flat=True)) == 5


def test_racing_folders_count_each_scan_once(live_db):
    with all_provinces("test"):
        boxes = [place("23"), place("07")]
        Scan.objects.bulk_create([Scan(placement=boxes[n % 2]) for n in range(400)])
    gate, counted = threading.Barrier(4), []

    def fold() -> None:
        try:
            gate.wait()
            while found := fold_scans(30):
                counted.append(found)
        finally:
            connection.close()

    threads = [threading.Thread(target=fold) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fold_scans()
    assert sum(ScanHour.objects.values_list("scans", flat=True)) == 400
    assert not Scan.objects.exists()
    assert sum(counted) <= 400
