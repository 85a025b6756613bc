"""The desk's pages of statement files, the admin's preview, the command and the watched folder."""

from __future__ import annotations

import io
import json
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cases.models import Case
from cases.services.cases import open_case
from core import outbox
from core.models import AuditEntry, OutboxMessage
from payments.enums import ImportState
from payments.models import MappingProfile, StatementImport, StatementLine, StatementSource, UnreadLine
from payments.services.imports import read_import, take_file
from payments.services.inbox import RESTS_SECONDS, sweep_inbox
from payments.services.statement_seeding import seed_demo_sources
from provinces.enums import OfficeLevel, Role
from provinces.models import Office
from tests.factories.people import ILAM, TEHRAN, browser_of, person
from tests.factories.statement_files import a_source, a_statement
from tests.payments.statements.files import BANK, PANEL, bank_file, panel_file, panel_row

pytestmark = pytest.mark.django_db

GIFT = "1403/09/07,10:00:00,,500000,,کارت به کارت"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path, country):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def source() -> StatementSource:
    return a_source(Office.objects.get(level=OfficeLevel.PROVINCE, province=TEHRAN), "tehran-panel")


@pytest.fixture
def accountant(db) -> Client:
    return browser_of(person(Role.PROVINCIAL_ACCOUNTANT, TEHRAN))


def upload(browser: Client, source: StatementSource, content: bytes, **more):
    file = SimpleUploadedFile("گزارش.csv", content, "text/csv")
    return browser.post("/desk/statements/", {"source": source.pk, "file": file}, **more)


# --- sending a file --------------------------------------------------------------------------------------
def test_a_file_is_sent_read_and_shown(source, accountant):
    answer = upload(accountant, source, panel_file(panel_row(1), panel_row(2, date="1404/12/30")))
    statement = StatementImport.objects.get()
    assert answer.headers["Location"] == f"/desk/statements/{statement.pk}/"
    waiting = accountant.get(answer.headers["Location"]).content.decode()
    assert "<progress" in waiting
    assert 'http-equiv="refresh"' in waiting
    read_import(statement.pk)
    page = accountant.get(answer.headers["Location"]).content.decode()
    assert "تاریخ خوانا نیست" in page
    assert 'http-equiv="refresh"' not in page
    assert "گزارش.csv" in accountant.get("/desk/statements/").content.decode()


def test_the_same_file_leads_to_the_same_page(source, accountant):
    first, again = (upload(accountant, source, panel_file(panel_row(1))) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]


def test_a_file_that_is_too_large_is_refused_and_never_stored(source, accountant, settings, monkeypatch):
    settings.STATEMENT_MOST_BYTES = 1000
    monkeypatch.setattr("payments.statement_views._BESIDE_THE_FILE", 0)
    answer = upload(accountant, source, b"x" * 100_000)
    assert answer.status_code == 200
    assert "بزرگ‌تر از اندازهٔ مجاز" in answer.content.decode()
    assert not StatementImport.objects.exists()
    assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))


def test_sending_needs_the_token_of_the_page(source):
    browser = browser_of(person(Role.PROVINCIAL_ACCOUNTANT, TEHRAN))
    browser.handler.enforce_csrf_checks = True
    assert upload(browser, source, panel_file(panel_row(1))).status_code == 403
    assert not StatementImport.objects.exists()


def test_another_provinces_source_is_no_choice(source):
    answer = upload(browser_of(person(Role.PROVINCIAL_ACCOUNTANT, ILAM)), source, panel_file(panel_row(1)))
    assert answer.status_code == 200
    assert not StatementImport.objects.exists()


def test_a_refused_file_says_what_was_seen_and_may_be_read_again(source, accountant):
    upload(accountant, source, b"name,age\nx,1\n")
    statement = StatementImport.objects.get()
    read_import(statement.pk)
    page = accountant.get(f"/desk/statements/{statement.pk}/").content.decode()
    assert "سرستون‌های این منبع در فایل پیدا نشد" in page
    assert "name، age" in page
    accountant.post(f"/desk/statements/{statement.pk}/")
    statement.refresh_from_db()
    assert statement.state == ImportState.RECEIVED
    assert OutboxMessage.objects.filter(task="payments.read_import").count() == 2


# --- unread lines ----------------------------------------------------------------------------------------
def test_an_unread_line_is_settled_by_a_person_with_a_reason(source, accountant):
    a_statement(source, "=cmd|x", panel_row(1))
    line = UnreadLine.objects.get()
    address = f"/desk/statements/unread/{line.pk}/"
    assert accountant.post(address, {"resolution": " "}).status_code == 200
    assert UnreadLine.objects.get().resolved_at is None
    assert accountant.post(address, {"resolution": "سرصفحهٔ فایل است"}).status_code == 302
    line.refresh_from_db()
    assert line.resolution == "سرصفحهٔ فایل است"
    assert AuditEntry.objects.get(action="statement.resolve").reason == "سرصفحهٔ فایل است"
    accountant.post(address, {"resolution": "باز"})
    assert UnreadLine.objects.get().resolution == "سرصفحهٔ فایل است"


def test_unread_lines_leave_with_a_guard_against_formulas(source, accountant):
    statement = a_statement(source, "=cmd|x", panel_row(1))
    answer = accountant.get(f"/desk/statements/{statement.pk}/unread.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=cmd|x" in text


def twins_of(accountant) -> tuple[StatementSource, list[UnreadLine]]:
    office = Office.objects.get(level=OfficeLevel.PROVINCE, province=TEHRAN)
    source = a_source(office, "tehran-bank", BANK)
    for content in (bank_file(GIFT, GIFT), bank_file("", GIFT, GIFT)):
        statement, _ = take_file(source, [content], name="x", job="test")
        read_import(statement.pk)
    return source, list(UnreadLine.objects.order_by("pk"))


def test_a_twin_becomes_a_line_and_a_repetition_does_not(accountant):
    source, (first, second) = twins_of(accountant)
    assert "۵۰٬۰۰۰ تومان" in accountant.get(f"/desk/statements/unread/{first.pk}/").content.decode()
    words = {"resolution": "رسید بانک دیده شد"}
    accountant.post(f"/desk/statements/unread/{first.pk}/", words | {"decision": "twin"})
    assert StatementLine.objects.filter(source=source, amount_rial=500_000).count() == 3
    accountant.post(f"/desk/statements/unread/{second.pk}/", words | {"decision": "repeat"})
    assert StatementLine.objects.filter(source=source).count() == 3
    assert not UnreadLine.objects.filter(resolved_at=None).exists()


def test_the_case_of_twins_closes_with_the_last_of_them(accountant):
    _source, lines = twins_of(accountant)
    outbox.drain()
    case = Case.objects.get(kind="twin_or_repeat")
    answer = accountant.post(f"/desk/cases/{case.pk}/", {"resolution": "تمام شد"})
    assert "با دست بسته نمی‌شود" in answer.content.decode()
    for at, line in enumerate(lines):
        case.refresh_from_db()
        assert case.state == "open", at
        words = {"resolution": "تکرار همان ردیف", "decision": "repeat"}
        accountant.post(f"/desk/statements/unread/{line.pk}/", words)
        outbox.drain()
    case.refresh_from_db()
    assert case.state == "closed"


def test_all_equal_ones_of_a_file_are_decided_at_once(accountant):
    source, (first, _) = twins_of(accountant)
    data = {"resolution": "دو فایل از دو شعبه", "decision": "twin", "all_equal": "on"}
    accountant.post(f"/desk/statements/unread/{first.pk}/", data)
    assert StatementLine.objects.filter(source=source).count() == 4
    assert len({bytes(line.fingerprint) for line in StatementLine.objects.filter(source=source)}) == 4


def test_the_case_of_unread_lines_closes_with_the_last_and_is_open_again_with_new_ones(source, accountant):
    rows = ("زباله", "آشغال", panel_row(2, date="1404/12/30"), panel_row(3, status="مغایرت"))
    upload(accountant, source, panel_file(*rows))
    read_import(StatementImport.objects.get().pk)
    outbox.drain()
    case = Case.objects.get(kind="unread_lines")
    page = accountant.post(f"/desk/cases/{case.pk}/", {"resolution": "تمام شد"}).content.decode()
    assert "با دست بسته نمی‌شود" in page
    assert "شمار ردیف‌ها" in page
    said = {"resolution": "سطر تبلیغ", "all_equal": "on"}
    accountant.post(f"/desk/statements/unread/{unread('column_count').pk}/", said)
    assert sorted(UnreadLine.objects.filter(resolved_at=None).values_list("reason", flat=True)) == [
        "bad_date", "unknown_status",
    ]  # fmt: skip
    for reason in ("bad_date", "unknown_status"):
        assert Case.objects.get(pk=case.pk).state == "open"
        accountant.post(f"/desk/statements/unread/{unread(reason).pk}/", {"resolution": "از نو فرستادند"})
        outbox.drain()
    closed = Case.objects.get(pk=case.pk)
    assert (closed.state, closed.resolution) == ("closed", "از نو فرستادند")
    UnreadLine.objects.filter(reason="bad_date").update(resolved_at=None, resolution="")
    assert open_case("unread_lines", case.subject).state == "open"


def unread(reason: str) -> UnreadLine:
    return UnreadLine.objects.filter(reason=reason, resolved_at=None).order_by("line_no").first()


# --- the admin -------------------------------------------------------------------------------------------
def preview(profile: MappingProfile, rules: dict, content: bytes) -> str:
    browser = browser_of(person(Role.ADMINISTRATOR))
    file = SimpleUploadedFile("x.csv", content, "text/csv")
    data = {"rules": json.dumps(rules), "file": file}
    address = reverse("admin:payments_mappingprofile_preview", args=[profile.pk])
    return browser.post(address, data).content.decode()


def test_rules_are_tried_on_a_real_file_and_nothing_is_stored(source):
    content = panel_file(panel_row(1), panel_row(2, date="1404/12/30"), heading=panel_heading("رنگ"))
    page = preview(source.profile, PANEL, content)
    for words in ("۲۵۰٬۰۰۰ ریال", "000000000001", "تاریخ خوانا نیست", "رنگ"):
        assert words in page
    assert "سرستون‌های این منبع" in preview(source.profile, PANEL, b"a,b\n1,2\n")
    assert "calendar" in preview(source.profile, {**PANEL, "calendar": "lunar"}, content)
    assert not StatementImport.objects.exists()


def panel_heading(last: str) -> str:
    from tests.payments.statements.files import HEADING

    return HEADING.replace("شرح", last)


def test_what_makes_a_line_itself_is_not_changed_once_lines_were_read(source):
    a_statement(source, panel_row(1))
    browser = browser_of(person(Role.ADMINISTRATOR))
    address = f"/admin/payments/mappingprofile/{source.profile_id}/change/"
    data = {"name": "x", "file_format": "csv"}
    frozen = browser.post(address, data | {"rules": json.dumps({**PANEL, "calendar": "gregorian"})})
    assert "الگوی تازه بسازید" in frozen.content.decode()
    better = json.loads(json.dumps(PANEL))
    better["values"]["status"]["مغایرت"] = "ignore"
    assert browser.post(address, data | {"rules": json.dumps(better)}).status_code == 302
    assert AuditEntry.objects.filter(action="admin.change").exists()


# --- the command -----------------------------------------------------------------------------------------
def test_a_file_comes_by_the_command(source, tmp_path):
    path = tmp_path / "day.csv"
    path.write_bytes(panel_file(panel_row(1), "ناخوانا"))
    out = io.StringIO()
    call_command("import_statement", "--source", source.key, str(path), "--dry-run", stdout=out)
    assert json.loads(out.getvalue())["new"] == 1
    assert not StatementLine.objects.exists()
    assert not StatementImport.objects.exists()
    out = io.StringIO()
    call_command("import_statement", "--source", source.key, str(path), stdout=out)
    assert json.loads(out.getvalue())["unread"] == 1
    assert StatementLine.objects.count() == 1


@pytest.mark.parametrize("flag", [[], ["--dry-run"]])
def test_the_command_says_why_not(source, tmp_path, flag):
    path = tmp_path / "x.csv"
    path.write_bytes(b"name,age\n")
    for key, name, words in (
        (source.key, path, "no_header"), ("nobody", path, "no source nobody"), (source.key, tmp_path / "none", "none"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=words):
            call_command("import_statement", "--source", key, str(name), *flag)


# --- the watched folder ----------------------------------------------------------------------------------
@pytest.fixture
def inbox(source, settings, tmp_path):
    settings.STATEMENTS_INBOX_DIR = str(tmp_path / "inbox")
    folder = tmp_path / "inbox" / source.key
    folder.mkdir(parents=True)
    return folder


def put(folder, name: str, content: bytes, seconds_ago: float = RESTS_SECONDS + 1):
    path = folder / name
    path.write_bytes(content)
    rests = path.stat().st_mtime - seconds_ago
    os.utime(path, (rests, rests))
    return path


def test_files_of_the_folder_are_taken_once_they_rest(inbox):
    put(inbox, "day.csv", panel_file(panel_row(1)))
    put(inbox, "half.csv", panel_file(panel_row(2)), seconds_ago=0)
    put(inbox, ".hidden", b"x")
    sweep_inbox()
    assert StatementImport.objects.count() == 1
    read_import(StatementImport.objects.get().pk)
    sweep_inbox()
    assert sorted(str(path.relative_to(inbox)) for path in inbox.rglob("*") if path.is_file()) == [
        ".hidden", "done/day.csv", "half.csv",
    ]  # fmt: skip


def test_refused_files_lie_beside_their_reason(inbox):
    put(inbox, "empty.csv", b"")
    put(inbox, "other.csv", b"name,age\n")
    sweep_inbox()
    read_import(StatementImport.objects.get().pk)
    sweep_inbox()
    refused = inbox / "refused"
    assert "empty_file" in (refused / "empty.csv.reason.txt").read_text()
    assert "no_header" in (refused / "other.csv.reason.txt").read_text()
    assert (refused / "other.csv").exists()


def test_a_full_disk_leaves_the_file_for_later(inbox, monkeypatch):
    from payments.services import statement_files

    def full(*_):
        raise OSError(28, "No space left on device")

    path = put(inbox, "day.csv", panel_file(panel_row(1)))
    monkeypatch.setattr(statement_files.SealedWriter, "write", full)
    assert sweep_inbox() == 0
    assert path.exists()


def test_the_demo_has_a_source_of_each_kind():
    count = seed_demo_sources()
    assert StatementSource.objects.count() == count == seed_demo_sources()
    assert len(set(StatementSource.objects.values_list("kind", flat=True))) == 6
