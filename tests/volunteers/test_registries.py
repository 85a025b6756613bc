"""Old registries: dirty files read line by line, looked at, taken in part by part; nothing overwritten or lost."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone

from core.errors import DomainError
from core.identifiers import show_mobile
from core.jalali import tehran_today, to_jalali
from core.models import OutgoingSms, Queue
from core.outbox import drain
from core.sheets import to_xlsx
from provinces.enums import Role
from provinces.models import County, Province
from provinces.scoping import Scope, all_provinces, open_scope
from tests.factories.doors import come_in
from tests.factories.network import a_volunteer
from tests.factories.people import TEHRAN, browser_of, person
from tests.factories.volunteers import national_id
from volunteers.enums import ImportState
from volunteers.models import Duplicate, RegistryImport, RegistryLine, Volunteer, VolunteerGroup
from volunteers.registry_files import find_columns, rows_of
from volunteers.registry_lines import LineReader
from volunteers.services import registries
from volunteers.services.registries import apply_registry, confirm_registry, read_registry, take_registry

HEAD = "ردیف,نام,نام خانوادگی,شماره همراه,کد ملی,استان,شهرستان,بخش,مهارت ها,تاریخ تولد,نام گروه,نوع گروه"
GOOD = (
    f"1,علي,رضايي,۰۹۱۲۱۱۱۰۰۰۱,{national_id('111111112')},تهران,شهرستان تهران,سلامت,پرستاري، دکتر,۱۳۶۵/۲/۱,"
    "همیاران,همیار"
)
DIRTY = [
    GOOD,
    f"2,مریم,کریمی,9121110002,{national_id('011111112')[1:]},تهران,,فوق‌برنامه,,1990-01-01,,",  # its zero lost
    "3,بی‌شماره,نمونه,,,تهران,,سلامت,,,,",
    "4,بدکد,نمونه,09121110004,1234567890,تهران,,سلامت,,,,",
    "5,ناکجا,نمونه,09121110005,,تهرون,,سلامت,,,,",
    "6,بی‌بخش,نمونه,09121110006,,تهران,,,,,,",
    f"7,علی,رضایی دوم,09121110001,{national_id('222222223')},تهران,,سلامت,,,,",  # the mobile of line 1
    f"8,علی,رضایی سوم,09121110008,{national_id('111111112')},تهران,,سلامت,,,,",  # the person of line 1
    "9,همکار,همیاران,09121110009,,تهران,تهران,سلامت,,,همياران,",
    "10,از قم,نمونه,09121110010,,قم,,سلامت,,,,",
]


@pytest.fixture(autouse=True)
def _start(country, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


def upload(*lines: str, name: str = "دفتر.csv", encoding: str = "utf-8-sig") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\r\n".join([HEAD, *lines]).encode(encoding))


def staged(file: SimpleUploadedFile, province: str = TEHRAN) -> RegistryImport:
    where = Province.objects.get(code=province) if province else None
    registry = take_registry(file, province=where, actor=person())
    read_registry(registry.pk)
    return RegistryImport.objects.get(pk=registry.pk)


def take_all(registry: RegistryImport, **more) -> RegistryImport:
    confirm_registry(registry.pk, actor=person())
    while apply_registry(registry.pk, **more):
        pass
    return RegistryImport.objects.get(pk=registry.pk)


def refusal(call, *args, **more) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **more)
    return caught.value.code


def test_every_line_is_somewhere_with_its_reason(db):
    registry = staged(upload(*DIRTY))
    assert registry.counts == {"lines": 10, "new": 3, "twin": 2, "refused": 5}
    assert dict(RegistryLine.objects.exclude(reason="").values_list("line_no", "reason")) == {
        3: "born_on_left_out", 4: "mobile_missing", 5: "bad_national_id", 6: "unknown_province",
        7: "section_missing", 8: "twin", 9: "twin", 11: "province_elsewhere",
    }  # fmt: skip
    assert not Volunteer.objects.exists()
    done = take_all(registry)
    assert (done.state, done.counts["taken"]) == (ImportState.DONE, 3)
    first = Volunteer.objects.get(national_id_hash=RegistryLine.objects.get(line_no=2).national_id_hash)
    assert (first.name, show_mobile(first.mobile), first.skills) == (
        "علی رضایی", "09121110001", ["nursing", "physician"],
    )  # fmt: skip
    assert (first.vetting, first.source, first.consents.count()) == ("waiting", "import", 0)
    assert first.national_id == national_id("111111112")
    group = VolunteerGroup.objects.get()
    assert (group.kind, group.memberships.count()) == ("hamyar", 2)


def test_whoever_is_under_age_waits_for_a_guardian_whom_they_name_themselves(db, client):
    this_year = to_jalali(tehran_today()).year
    child, adult = (
        f"1,{name},نمونه,{mobile},{national_id(number)},تهران,,سلامت,,{year}/01/31,,"
        for name, mobile, number, year in (
            ("نوجوان", "09351110001", "345678912", this_year - 15),
            ("بزرگسال", "09351110002", "456789123", this_year - 30),
        )
    )
    take_all(staged(upload(child, adult)))
    states = dict(Volunteer.objects.values_list("name", "guardian_state"))
    assert states == {"نوجوان نمونه": "waiting", "بزرگسال نمونه": "none"}
    come_in(client, "09351110001")
    assert "سرپرست خود را بنویسید" in client.get("/me/volunteering/").content.decode()
    named = {"guardian_name": "پدر", "guardian_mobile": "09121112233"}
    assert client.post("/me/volunteering/guardian/", named).status_code == 303
    assert OutgoingSms.objects.get(purpose="guardian").mobile == "+989121112233"


def test_who_is_known_stays_as_they_are_and_a_conflict_waits_for_consent(db):
    known = a_volunteer(name="نام درست")
    person_of_two = a_volunteer()
    lines = [
        f"1,نام,دیگر,{show_mobile(known.mobile)},,تهران,,سلامت,,,,",
        f"2,همان,شخص,09121110002,{person_of_two.national_id},تهران,,سلامت,,,,",
        f"3,غریبه,دیگر,{show_mobile(person_of_two.mobile)},{national_id('333333334')},تهران,,سلامت,,,,",
    ]
    registry = staged(upload(*lines))
    assert registry.counts == {"lines": 3, "known": 1, "conflict": 1, "refused": 1}
    take_all(registry)
    assert Volunteer.objects.count() == 2
    assert Volunteer.objects.get(pk=known.pk).name == "نام درست"
    duplicate = Duplicate.objects.get()
    assert (duplicate.volunteer, duplicate.new_mobile, duplicate.found_in) == (
        person_of_two, "+989121110002", registry,
    )  # fmt: skip


def test_somebody_who_joins_meanwhile_is_not_lost_nor_doubled(db):
    registry = staged(upload(GOOD))
    meanwhile = a_volunteer(
        national_id=national_id("111111112"), national_id_hash=RegistryLine.objects.get().national_id_hash
    )
    done = take_all(registry)
    assert done.counts == {"lines": 1, "conflict": 1}
    assert Volunteer.objects.get() == meanwhile
    assert Duplicate.objects.get().volunteer == meanwhile, "and it is asked whether they are one"


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(db):
    lines = [f"{n},نام,شماره {n},0913000{n:04d},,تهران,,سلامت,,,," for n in range(1, 8)]
    registry = staged(upload(*lines))
    confirm_registry(registry.pk, actor=person())
    assert apply_registry(registry.pk, part=3)
    after_one = RegistryImport.objects.get(pk=registry.pk)
    assert (after_one.done_to, Volunteer.objects.count()) == (4, 3)
    assert 0 < registries.progress_of(after_one) < 100
    assert drain(queue=Queue.LONG) >= 1  # what was promised goes on to the end
    assert RegistryImport.objects.get(pk=registry.pk).state == ImportState.DONE
    assert Volunteer.objects.count() == 7
    assert not apply_registry(registry.pk)


def test_two_workers_at_once_take_each_line_once(live_db, django_db_blocker, settings, tmp_path):
    lines = [
        f"{n},نام,شماره {n},0913000{n:04d},,تهران,تهران,سلامت,,,گروه {n % 3},همیار" for n in range(1, 41)
    ]
    registry = staged(upload(*lines))
    confirm_registry(registry.pk, actor=person())

    def work(_) -> None:
        try:
            with all_provinces("test"):
                while apply_registry(registry.pk, part=7):
                    pass
        finally:
            connections.close_all()

    with django_db_blocker.unblock(), ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
        done = RegistryImport.objects.get(pk=registry.pk)
        assert (done.state, done.counts) == (ImportState.DONE, {"lines": 40, "taken": 40})
        assert Volunteer.objects.count() == 40
        assert sorted(g.memberships.count() for g in VolunteerGroup.objects.all()) == [13, 13, 14]


@pytest.mark.parametrize(
    "county", ["شهرکرد", "شهرستان شهریار", "شهريار", "شهر قدس", "چابهار", "شهرستان طوالش", "ری"]
)
def test_every_county_is_known_by_its_name(db, county):
    reader = LineReader({"name": 0, "mobile": 1, "county": 2, "section": 3})
    assert reader.read(2, ["علی رضایی", "09121110001", county, "سلامت"]).reason == ""


def test_all_counties_are_read_with_their_province(db):
    reader = LineReader({"name": 0, "mobile": 1, "province": 2, "county": 3, "section": 4})
    for place in County.objects.filter(is_active=True).select_related("province"):
        cells = ["علی رضایی", "09121110001", place.province.name, place.name, "سلامت"]
        assert (reader.read(2, cells).county, place.name) == (place.code, place.name)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256", "utf-16"])
def test_files_of_any_usual_encoding(encoding):
    text = "نام و نام خانوادگي;موبايل\nعلي;09121110001\n"  # the yeh that cp1256 has
    head = list(rows_of(text.encode(encoding)))
    assert find_columns(head) == (1, {"name": 0, "mobile": 1})
    assert head[1][1] == ["علي", "09121110001"]


def test_a_workbook_with_a_title_above_its_headings(db):
    rows = [("", ""), ("نام و نام خانوادگی", "موبایل"), ("علی رضایی", 9121110001)]
    content = to_xlsx("دفتر", ["فهرست داوطلبان", ""], rows, made_at=timezone.now())
    assert find_columns(list(rows_of(content)))[1] == {"name": 0, "mobile": 1}
    assert list(rows_of(content))[-1][1] == ["علی رضایی", "9121110001"]


def test_what_is_no_registry_is_refused(db):
    assert (
        refusal(take_registry, SimpleUploadedFile("a.csv", b""), province=None, actor=person())
        == "registry_empty"
    )
    for content, reason in (
        (b"PK\x03\x04broken", "unreadable_file"),
        ("الف,ب\n1,2\n".encode(), "no_headings"),
    ):
        registry = staged(SimpleUploadedFile("a.csv", content))
        assert (registry.state, registry.reason) == (ImportState.UNREADABLE, reason)
    file = upload(GOOD)
    staged(file)
    file.seek(0)
    assert refusal(take_registry, file, province=None, actor=person()) == "registry_known"
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        assert refusal(take_registry, upload(GOOD, "x"), province=None, actor=person()) == "not_found"


def test_at_the_desk_from_file_to_report(db):
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    sent = {"file": upload(*DIRTY), "province": TEHRAN}
    page = browser.post("/desk/volunteers/registries/", sent)["Location"]
    assert "data-status-url" in browser.get(page).content.decode()
    drain(queue=Queue.LONG)
    html = browser.get(page).content.decode()
    assert "علی رضایی" in html
    assert "09121110001" not in html
    report = browser.get(f"{page}report.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(report)))
    assert {row[0] for row in rows[1:]} == {"3", "4", "5", "6", "7", "8", "9", "11"}
    assert "کد ملی درست نیست" in report
    assert "9121110004" not in report
    assert browser.post(page, {"act": "confirm"}).status_code == 303
    drain(queue=Queue.LONG)
    assert Volunteer.objects.count() == 3
    assert browser.get(f"{page}progress.json").json() == {"status": "done-100"}
    assert browser.post(page, {"act": "drop"}).status_code == 403


def test_lines_are_forgotten_after_a_while(db):
    registry = take_all(staged(upload(GOOD)))
    assert registries.forget_registries() == 0
    long_ago = timezone.now() - timedelta(days=registries.KEEP_DAYS + 1)
    RegistryImport.objects.filter(pk=registry.pk).update(finished_at=long_ago)
    assert registries.forget_registries() == 1
    assert not RegistryLine.objects.exists()
    assert RegistryImport.objects.get().counts["taken"] == 1
