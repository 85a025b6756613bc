"""Reference data leaves as a sheet and comes back by the admin's own forms: all of it or nothing, with a trail."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from aid.models import StockItem
from cases.models import CareCategory
from core.admin_exchange import exchanged_admins
from core.models import AuditEntry
from payments.models import Denomination
from provinces.models import County
from tests.architecture.url_table.admin import EXCHANGED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]

CARE = "/admin/cases/carecategory"


def taken(browser, address: str) -> list[list[str]]:
    """The rows of an exported CSV, headings first."""
    answer = browser.get(f"{address}/export/", {"file": "csv"})
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def as_file(rows: list[list[str]]) -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return SimpleUploadedFile("sheet.csv", text.getvalue().encode("utf-8-sig"))


def looked_at(browser, address: str, rows: list[list[str]]):
    """The context of the page that says what a sheet would do."""
    answer = browser.post(f"{address}/import/", {"file": as_file(rows)})
    assert answer.status_code == 200
    return answer.context


def test_the_tables_of_reference_data_are_those_of_the_url_table():
    names = {f"{m._meta.app_label}_{m._meta.model_name}" for m in exchanged_admins(admin.site._registry)}
    assert names == set(EXCHANGED)


def test_what_was_taken_changes_nothing_when_it_comes_back(browser):
    Denomination.objects.get_or_create(value_rial=100_000, defaults={"name": "ده هزار تومانی"})
    for name in EXCHANGED:
        address = f"/admin/{name.replace('_', '/')}"
        rows = taken(browser, address)
        assert len(rows) > 1, name
        shown = looked_at(browser, address, rows[:40])
        assert not shown["faults"], name
        assert {str(line.state) for line in shown["lines"]} == {"همان است"}, (
            name, [(line.key, line.what) for line in shown["lines"] if str(line.state) != "همان است"],
        )  # fmt: skip
    assert not AuditEntry.objects.filter(action__startswith="admin.").exists()


def test_a_changed_and_a_new_line_are_shown_first_and_written_when_confirmed(browser, administrator):
    heads, first, *_ = rows = taken(browser, CARE)
    name, hours = heads.index("نام"), heads.index("مهلت پاسخ (ساعت)")
    first[hours] = "۳۶"
    rows = [heads, first, ["new-kind", *["" for _ in heads[1:]]]]
    rows[2][name], rows[2][heads.index("گونه")] = "دستهٔ تازه", first[heads.index("گونه")]
    rows[2][hours], rows[2][heads.index("از مدیر تا ستاد (ساعت)")] = "24", "48"
    rows[2][heads.index("ترتیب")], rows[2][heads.index("فعال")] = "7", "بله"
    shown = looked_at(browser, CARE, rows)
    assert [str(line.state) for line in shown["lines"]] == ["عوض می‌شود", "تازه"]
    assert not CareCategory.objects.filter(pk="new-kind").exists()

    answer = browser.post(f"{CARE}/import/", {"lines": shown["again"], "confirm": "1"})
    assert answer.status_code == 302
    assert CareCategory.objects.get(pk=first[0]).due_hours == 36
    assert CareCategory.objects.get(pk="new-kind").is_active
    written = AuditEntry.objects.filter(actor=administrator, subject_type="cases.carecategory")
    assert set(written.values_list("action", "subject_id")) == {
        ("admin.change", first[0]), ("admin.add", "new-kind"),
    }  # fmt: skip


def test_one_wrong_line_and_none_is_written(browser):
    heads, first, second, *_ = taken(browser, CARE)
    first[heads.index("نام")] = "نام دیگر"
    second[heads.index("مهلت پاسخ (ساعت)")] = "بسیار"
    shown = looked_at(browser, CARE, [heads, first, second, first])
    assert [str(line.state) for line in shown["lines"]] == ["عوض می‌شود", "نادرست", "نادرست"]
    assert not shown["may_take"]
    answer = browser.post(f"{CARE}/import/", {"lines": shown["again"], "confirm": "1"})
    assert answer.status_code == 200
    assert not CareCategory.objects.filter(name="نام دیگر").exists()


def test_what_is_fixed_stays_and_no_county_is_made(browser):
    address = "/admin/provinces/county"
    heads, first, *_ = taken(browser, address)
    before = County.objects.count()
    first[heads.index("نام")] = "نامی دیگر"
    new = ["9999", "شهرستان تازه", *first[2:]]
    shown = looked_at(browser, address, [heads, first, new])
    assert [str(line.state) for line in shown["lines"]] == ["نادرست", "نادرست"]
    assert County.objects.count() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "CSV"),
        (b"", "file"),
        ("کد,بیگانه\nx,1\n".encode(), "بیگانه"),
        ("نام\nx\n".encode(), "کد"),
    ],
)
def test_a_file_that_is_none_of_ours_says_what_is_wrong(browser, content, said):
    answer = browser.post("/admin/campaigns/fund/import/", {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 200
    assert answer.context["faults"] or answer.context["form"].errors
    assert not answer.context["lines"]
    assert said in answer.content.decode()


def test_no_cell_of_the_sheet_is_a_formula(browser):
    StockItem.objects.create(code="trick", name="=HYPERLINK(1)", category="food")
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get("/admin/aid/stockitem/export/").content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert "'=HYPERLINK(1)" in cells
